"""The tables and words behind *When to move?*: value by start month and rules compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.timing import Corner, Kind, Rule, Timing
from groundwork.results.watched import mark_words
from groundwork.results.words import NO_BREAK, MoneyScale, ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario

Rows = list[dict[str, Any]]
NEAR_RATIO = 0.02  # months whose mean is so near to the best, as a share of the whole rise and fall, are named with it
FAR = 0.5  # a rule further behind than this share of what hindsight is ahead is written at the edge of the picture
ERRORS = 2.0  # standard errors on either side


def timing_scale(timing: Timing) -> MoneyScale:
    """The unit of the page's amounts."""
    return money_scale(max(float(np.abs(timing.curve.over_never_usd).max()), timing.rules["foresight"].gain_usd))


def month_words(month: float) -> str:
    """When a platform begins: now, or in a month counted from now."""
    return "now" if month == 0 else f"month{NO_BREAK}{month:.0f}"


def near_best(timing: Timing) -> tuple[int, int, int]:
    """The month of the highest mean, and the first and last month around it that come within two per cent of it."""
    over = timing.curve.over_never_usd
    best = int(over.argmax())
    least = over[best] - NEAR_RATIO * float(np.ptp(np.append(over, 0.0)))
    inside = over >= least
    first, last = best, best
    while first > 0 and inside[first - 1]:
        first -= 1
    while last + 1 < over.size and inside[last + 1]:
        last += 1
    return best, first, last


def curve_rows(scenario: Scenario[Any], timing: Timing, levers_of: str, day_one: str, never: str) -> dict[str, Rows]:
    """Data sets of the value by start month: `belt`, `line`, `near`, `dots`, `said`, in the unit of `timing_scale`.

    "Never" stands two months after the last start month, apart from the line.
    """
    scale = timing_scale(timing)
    over = timing.curve.over_never_usd / scale.divisor
    error = ERRORS * timing.curve.over_never_error_usd / scale.divisor
    colour, text = shape(scenario, levers_of), ink(scenario, levers_of)
    months = range(over.size)
    line = [{"month": month, "value": float(over[month]), "colour": colour} for month in months]
    belt = [
        {"month": month, "low": float(over[month] - error[month]), "high": float(over[month] + error[month]), "colour": colour}
        for month in months
    ]
    apart = over.size + 1
    dots = [
        {"month": 0, "value": float(over[0]), "colour": shape(scenario, day_one)},
        {"month": apart, "value": 0.0, "colour": shape(scenario, never)},
    ]
    low, high = curve_domain(timing)
    line_of_text = (high - low) * 0.075
    above = 1.0 if over[0] >= over[1] else -1.0
    said = [
        {
            "month": 0,
            "value": float(over[0]) + (error[0] + line_of_text * 0.6) * above,
            "text": f"now {scale.signed(float(timing.curve.over_never_usd[0]))}",
            "colour": ink(scenario, day_one),
            "kind": "start",
        },
        {"month": apart, "value": line_of_text, "text": "never 0", "colour": ink(scenario, never), "kind": "end"},
        {"month": apart, "value": low, "text": "never", "colour": "", "kind": "foot"},
    ]
    best, first, last = near_best(timing)
    near: Rows = []
    if best > 0:
        dots.append({"month": best, "value": float(over[best]), "colour": colour})
        figure_said = scale.signed(float(timing.curve.over_never_usd[best]))
        said.append(
            {
                "month": best,
                "value": float(over[best]) + line_of_text,
                "text": f"month {best}: {figure_said}",
                "colour": text,
                "kind": "middle",
            }
        )
    if last > first and best > 0:
        near.append({"month": first, "until": last, "low": low, "high": high, "colour": colour})
        said.append(
            {
                "month": 0.5 * (first + last),
                "value": high - 0.5 * line_of_text,
                "text": f"months {first}\N{EN DASH}{last}: much the same",
                "colour": text,
                "kind": "middle",
            }
        )
    return {"belt": belt, "line": line, "near": near, "dots": dots, "said": said}


def curve_domain(timing: Timing) -> tuple[float, float]:
    """The axis of the value by start month; nought, "never", is always in it."""
    scale = timing_scale(timing)
    over = timing.curve.over_never_usd / scale.divisor
    error = ERRORS * timing.curve.over_never_error_usd / scale.divisor
    low, high = float(min(0.0, (over - error).min())), float(max(0.0, (over + error).max()))
    room = 0.12 * (high - low)
    return rounded_domain(low - room, high + room)


def curve_table(scenario: Scenario[Any], timing: Timing) -> dict[str, Any]:
    """Every start month against never, its error, and what one month more costs."""
    scale = timing_scale(timing)
    drawn = timing.curve
    rows = [
        [
            month_words(month),
            scale.signed(float(drawn.over_never_usd[month])),
            scale.figure(float(drawn.over_never_error_usd[month])),
            scale.signed(float(drawn.delay_usd[month])),
            scale.figure(float(drawn.delay_error_usd[month])),
        ]
        for month in range(drawn.over_never_usd.size)
    ]
    rows.append(["never", "0", "0", "", ""])
    unit = f"{scenario.currency} {scale.word}".strip()
    return {
        "columns": ["Platform begins", f"Over never, {unit}", "Standard error", "Cost of one month more", "Standard error "],
        "rows": rows,
    }


def rule_label(timing: Timing, kind: Kind, currency: str) -> str:
    """What a rule does, in a few words."""
    if kind == "trigger":
        said = mark_words(timing.watched.mark, currency) if timing.watched else "no sign to wait for"
        return said[:1].upper() + said[1:]
    return {
        "now": "Start now",
        "never": "Never start",
        "nothing": "Do nothing at all",
        "month": f"Fixed month, the best: {month_words(near_best(timing)[0])}",
        "regression": "By all that is known",
        "foresight": "Hindsight (limit)",
    }[kind]


def ordered_rules(timing: Timing) -> list[Rule]:
    """Hindsight first, then the rules by what they are worth; the fixed month where it is another than now."""
    rules = [
        rule for rule in timing.rules.values() if rule.kind != "foresight" and not (rule.kind == "month" and near_now(timing))
    ]
    return [timing.rules["foresight"], *sorted(rules, key=lambda rule: -rule.mean_usd)]


def near_now(timing: Timing) -> bool:
    """Whether the best fixed month is now."""
    return near_best(timing)[0] == 0


def recommended(timing: Timing) -> Kind | None:
    """The rule that the verdict names, or none."""
    named: dict[str, Kind | None] = {"look": "trigger", "open": None, "now": "now", "never": "never", "nothing": "nothing"}
    return named[timing.verdict]


def rule_rows(scenario: Scenario[Any], timing: Timing, levers_of: str, day_one: str, never: str) -> dict[str, Rows]:
    """Data sets of the rules compared: `rules`, gain over the best corner with two standard errors, in `timing_scale`."""
    scale = timing_scale(timing)
    whose = {"now": day_one, "never": never}
    low, _ = rule_domain(timing)
    rows: Rows = []
    for place, rule in enumerate(ordered_rules(timing)):
        value, error = rule.gain_usd / scale.divisor, ERRORS * rule.gain_error_usd / scale.divisor
        far = value < low
        limit = rule.kind == "foresight"
        neutral = limit or rule.kind == "nothing"
        strategy = whose.get(rule.kind, levers_of)
        rows.append(
            {
                "row": place,
                "label": rule_label(timing, rule.kind, scenario.currency),
                "value": low if far else value,
                "low": low if far else max(low, value - error),
                "high": low if far else value + error,
                "said": ("\N{LEFTWARDS ARROW} " if far else "") + ("0" if rule.gain_usd == 0.0 else scale.signed(rule.gain_usd)),
                "weight": 600 if rule.kind == recommended(timing) else 400,
                "colour": "var(--gw-edge)" if neutral else shape(scenario, strategy),
                "ink": "var(--gw-ink2)" if neutral else ink(scenario, strategy),
            }
        )
    return {"rules": rows}


def rule_domain(timing: Timing) -> tuple[float, float]:
    """The axis of the rules: from what hindsight gains to as far below nought as is of interest."""
    scale = timing_scale(timing)
    ahead = timing.rules["foresight"].gain_usd / scale.divisor
    gains = [rule.gain_usd / scale.divisor for rule in timing.rules.values()]
    kept = [gain for gain in gains if gain >= -FAR * ahead]
    return rounded_domain(min(kept) - 0.08 * ahead, 1.12 * max(kept))


def rule_table(scenario: Scenario[Any], timing: Timing) -> dict[str, Any]:
    """Every rule: value, gain with its error, how often and when it begins."""
    scale = money_scale(max(abs(rule.mean_usd) for rule in timing.rules.values()))
    rows = []
    for rule in ordered_rules(timing):
        when = "" if rule.month_p50 is None else f"{rule.month_p10:.0f}, {rule.month_p50:.0f}, {rule.month_p90:.0f}"
        rows.append(
            [
                rule_label(timing, rule.kind, scenario.currency),
                scale.signed(rule.mean_usd),
                scale.signed(rule.p10_usd),
                scale.signed(rule.p90_usd),
                scale.signed(rule.gain_usd),
                scale.figure(rule.gain_error_usd),
                f"{100.0 * rule.starts_ratio:.0f}",
                when,
            ]
        )
    unit = f"{scenario.currency} {scale.word}".strip()
    return {
        "columns": [f"Rule, {unit}", "Mean", "p10", "p90", "Over best corner", "Error", "Begins, of 100", "Month p10, p50, p90"],
        "rows": rows,
    }


def corner_words(corner: Corner) -> str:
    """A corner inside a sentence."""
    return {"now": "starting now", "never": "never starting", "nothing": "doing nothing"}[corner]
