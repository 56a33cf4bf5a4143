"""What to watch while the platform has not begun: its words, its rows, its table."""

from __future__ import annotations

from typing import Any

from groundwork.analysis.timing import Mark, Watched
from groundwork.results.words import NO_BREAK, figure, ink, money, money_scale, quantity_figure, rounded_domain, shape
from groundwork.scenario import Scenario

Rows = list[dict[str, Any]]

WATCHES: dict[str, tuple[str, str]] = {
    "busy_accelerators": ("busy accelerators", ""),
    "live_use_cases": ("use cases live", ""),
    "graduated_pilots": ("pilots graduated", ""),
    "finished_pilots": ("pilots decided", ""),
    "monthly_spend_usd": ("spend in a month", "money"),
    "monthly_value_usd": ("value in a month", "money"),
    "graduation_learned_ratio": ("graduation rate learned", "percent"),
}
"""What is watched, as it is called, and how its amounts are said."""


def mark_words(mark: Mark, currency: str) -> str:
    """A mark in a few words: spend in a month \u2265 USD 99 k."""
    label, kind = WATCHES[mark.watch]
    return f"{label} \N{GREATER-THAN OR EQUAL TO}{NO_BREAK}{amount_words(mark.at_least, kind, currency)}"


def amount_words(amount: float, kind: str, currency: str) -> str:
    """An amount of what is watched."""
    if kind == "money":
        return money(amount, currency)
    return f"{100.0 * amount:.0f}{NO_BREAK}%" if kind == "percent" else quantity_figure(amount)


def watch_rows(scenario: Scenario[Any], watched: Watched, levers_of: str) -> dict[str, Rows]:
    """Data sets of what to watch: `belt`, `line`, `mark`, `bars` (share of futures that begin in the month), `said`."""
    kind = WATCHES[watched.mark.watch][1]
    scale = watch_scale(watched)
    colour, text = shape(scenario, levers_of), ink(scenario, levers_of)
    months = range(watched.p50.size)
    at = watched.mark.at_least / scale
    low, high = watch_domain(watched)
    foot = 0.36 * (high - low) / max(float(watched.begins_ratio.max()), 1e-9)
    most = int(watched.begins_ratio.argmax())
    line_of_text = 0.06 * (high - low)
    last_level = float(watched.p50[-1]) / scale
    above = 1.0 if at < 0.9 * high and not at < last_level < at + 3.0 * line_of_text else -1.0
    bar_label = low + foot * float(watched.begins_ratio.max()) + 0.6 * line_of_text
    if abs(bar_label - at) < 1.2 * line_of_text:
        bar_label = at - 1.6 * line_of_text
    return {
        "belt": [{"month": month, "low": watched.p10[month] / scale, "high": watched.p90[month] / scale} for month in months],
        "line": [{"month": month, "value": watched.p50[month] / scale} for month in months],
        "mark": [{"value": at, "colour": colour}],
        "bars": [
            {"month": month, "low": low, "high": low + foot * float(watched.begins_ratio[month]), "colour": colour}
            for month in months
            if watched.begins_ratio[month] > 0.0
        ],
        "said": [
            {
                "month": watched.p50.size - 1,
                "value": at + above * line_of_text,
                "text": f"begin at {amount_words(watched.mark.at_least, kind, scenario.currency)}",
                "colour": text,
                "kind": "end",
            },
            {
                "month": min(most + 1, watched.p50.size * 2 // 3),
                "value": bar_label,
                "text": f"most often in month {most}",
                "colour": text,
                "kind": "start",
            },
        ],
    }


def watch_scale(watched: Watched) -> float:
    """What the watched amounts are divided by: percent, or thousands of money, or nothing."""
    kind = WATCHES[watched.mark.watch][1]
    if kind == "percent":
        return 0.01
    return money_scale(max(float(watched.p90.max()), watched.mark.at_least)).divisor if kind == "money" else 1.0


def watch_unit(scenario: Scenario[Any], watched: Watched) -> str:
    """The unit of the watched amounts in words."""
    kind = WATCHES[watched.mark.watch][1]
    if kind == "percent":
        return "%"
    return f"{scenario.currency} {money_scale(watch_scale(watched)).word}" if kind == "money" else ""


def watch_domain(watched: Watched) -> tuple[float, float]:
    """The axis of what is watched, from nought."""
    highest = max(float(watched.p90.max()), watched.mark.at_least) / watch_scale(watched)
    return 0.0, rounded_domain(0.0, 1.08 * highest)[1]


def watch_table(scenario: Scenario[Any], watched: Watched) -> dict[str, Any]:
    """What is known by month, and in how many futures the mark is reached then."""
    scale = watch_scale(watched)
    label = WATCHES[watched.mark.watch][0].capitalize()
    rows = [
        [
            str(month),
            *(figure(float(level[month]) / scale) for level in (watched.p50, watched.p10, watched.p90)),
            f"{100.0 * watched.begins_ratio[month]:.1f}",
        ]
        for month in range(watched.p50.size)
    ]
    unit = watch_unit(scenario, watched)
    return {"columns": ["Month", f"{label}{f', {unit}' if unit else ''}", "p10", "p90", "Begins, of 100"], "rows": rows}
