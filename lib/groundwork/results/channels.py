"""The tables behind the waterfall: the difference between two strategies, split over the channels."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

from groundwork.results.words import NO_BREAK, MoneyScale, ink, money_scale, rounded_domain, shape
from groundwork.scenario import Scenario

SPEND = "without_channels"
SPEND_LABEL = "Platform spend"
PLANS_LABEL = "The plans as such"
LEAST_RATIO = 0.004  # parts smaller than this share of the picture's width are written as one row


def channel_labels(scenario: Scenario[Any], between: Sequence[str]) -> dict[str, str]:
    """The name of every channel on a page, and of what no channel explains.

    With every channel off, two strategies that start the same use cases and buy the same differ by what the platform costs.
    """
    first, second = (scenario.strategies[name] for name in between)
    alike = (first.use_cases_start_month, first.buys) == (second.use_cases_start_month, second.buys)
    labels = {entry.name: entry.metadata["label"] for entry in dataclasses.fields(scenario.channels)}
    return labels | {SPEND: SPEND_LABEL if alike else PLANS_LABEL}


def ordered_parts(split: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Gains by size, then losses by size; parts of nothing are left out."""
    parts = [(name, float(amount)) for name, amount in split["parts_usd"].items() if abs(float(amount)) > 0.5]
    return sorted(parts, key=lambda part: (part[1] < 0.0, -abs(part[1])))


def part_errors(split: Mapping[str, Any]) -> dict[str, float]:
    """The standard error of every part, over orders and futures together; none where a split says none."""
    return {name: float(amount) for name, amount in split.get("part_errors_usd", {}).items()}


def sure_parts(split: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The parts that stand out of their error: at least twice as large."""
    errors = part_errors(split)
    return [(name, amount) for name, amount in ordered_parts(split) if abs(amount) >= 2.0 * errors.get(name, 0.0)]


def waterfall_scale(split: Mapping[str, Any]) -> MoneyScale:
    """The unit of the waterfall's amounts."""
    start = float(split["from_usd"])
    return money_scale(max(abs(start), abs(start + float(split["total_usd"]))))


def waterfall_rows(scenario: Scenario[Any], split: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the waterfall from rival to winner: `bars`, `joins` between them, `ground`, in the unit of `waterfall_scale`.

    `split` is `study.runs.channel_split` with `from_usd`, the rival's mean value in the same futures.
    """
    first, second = (str(name) for name in split["between"])
    start = float(split["from_usd"])
    scale = waterfall_scale(split)
    labels = channel_labels(scenario, split["between"])
    errors = part_errors(split)
    steps = _merged(ordered_parts(split), errors, abs(start) + abs(float(split["total_usd"])))
    bars = [_bar(scenario.strategies[second].label, 0.0, start, second, scenario, scale, total=True)]
    level = start
    for name, amount, error in steps:
        whose = first if amount > 0.0 else second
        bar = _bar(labels.get(name, name), level, level + amount, whose, scenario, scale, total=False)
        bars.append(bar | _uncertain(bar, error, scale))
        level += amount
    bars.append(_bar(scenario.strategies[first].label, 0.0, level, first, scenario, scale, total=True))
    bars = [bar | {"row": row} for row, bar in enumerate(bars)]
    joins = [{"at": bar["end"], "row": bar["row"], "next": bar["row"] + 1} for bar in bars[:-1]]
    whiskers = [{"row": bar["row"], "low": bar["low"], "high": bar["high"]} for bar in bars if "low" in bar]
    return {"bars": bars, "joins": joins, "whiskers": whiskers, "ground": [{"at": 0.0}]}


def _merged(
    parts: list[tuple[str, float]], errors: Mapping[str, float], width_usd: float
) -> list[tuple[str, float, float | None]]:
    every = [(name, amount, errors.get(name)) for name, amount in parts]
    small = [part for part in every if abs(part[1]) < LEAST_RATIO * width_usd]
    if len(small) < 2:
        return every
    kept = [part for part in every if part not in small]
    error = math.hypot(*(part[2] or 0.0 for part in small)) if errors else None
    rest = (f"{len(small)} smaller ones", sum(amount for _, amount, _ in small), error)
    return sorted([*kept, rest], key=lambda part: (part[1] < 0.0, -abs(part[1])))


def _uncertain(bar: Mapping[str, Any], error_usd: float | None, scale: MoneyScale) -> dict[str, Any]:
    """What a bar says and draws of its standard error."""
    if error_usd is None:
        return {}
    error = error_usd / scale.divisor
    low, high = bar["end"] - error, bar["end"] + error
    said = f"{bar['said']}{NO_BREAK}±{NO_BREAK}{scale.figure(error_usd)}"
    return {"low": low, "high": high, "right": max(bar["right"], high), "said": said}


def _bar(
    label: str, start: float, end: float, whose: str, scenario: Scenario[Any], scale: MoneyScale, *, total: bool
) -> dict[str, Any]:
    said = scale.figure(end) if total else scale.signed(end - start)
    ends = {"start": start / scale.divisor, "end": end / scale.divisor}
    right = max(ends.values())
    return ends | {
        "label": label,
        "right": right,
        "said": said,
        "colour": shape(scenario, whose),
        "ink": ink(scenario, whose),
        "weight": 600 if total else 400,
    }


def waterfall_domain(rows: Mapping[str, list[dict[str, Any]]]) -> tuple[float, float]:
    """The axis of the waterfall; bars start at nought, so nought is always in it."""
    values = [float(bar[end]) for bar in rows["bars"] for end in ("start", "end", "low", "high") if end in bar]
    return rounded_domain(min([0.0, *values]), max([0.0, *values]), marks=12)


def waterfall_table(scenario: Scenario[Any], split: Mapping[str, Any]) -> dict[str, Any]:
    """Every channel with its part, the largest first, and the error of the parts."""
    scale = money_scale(max(abs(amount) for _, amount in ordered_parts(split)) if ordered_parts(split) else 1.0)
    labels = channel_labels(scenario, split["between"])
    errors = part_errors(split)
    rows = [
        [labels[name], scale.signed(amount), scale.figure(errors[name]) if name in errors else ""]
        for name, amount in ordered_parts(split)
    ]
    error = split.get("total_error_usd")
    rows.append(["Together", scale.signed(float(split["total_usd"])), "" if error is None else scale.figure(float(error))])
    return {"columns": ["Channel", f"{scenario.currency} {scale.word}".strip(), "Standard error"], "rows": rows}
