"""The inputs beside the pages, as records: what each control is called, where its slider goes, where its number comes from."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from groundwork.levers import Strategy
from groundwork.quantities import Fixed, Lognormal, Quantity, middle, percentile
from groundwork.results.assumptions import GRADES, belief_label
from groundwork.results.words import money, quantity_figure
from groundwork.scenario import Belief, Scenario
from groundwork.study.changes import belief_range
from groundwork.units import scale_of, unit_of

STEPS = 200  # of a slider from end to end
KINDS = {"published": "measured", "derived": "derived", "estimate": "estimate", "recalled": "recalled", "secondary": "secondary"}
NEVER = "never"
FIRST_LEVERS = ("platform_start_month", "platform_team_fte", "use_cases_wait_months", "commit_ratio")  # the others fold


def belief_control(scenario: Scenario[Quantity], belief: Belief[Quantity]) -> dict[str, Any]:
    """One belief: values in the unit a reader sees."""
    value = belief.value
    scale = scale_of(belief.name)
    start = rounded(middle(value) * scale)
    low, high = (bound * scale for bound in belief_range(belief))
    left, right = _ends(value, scale, low, high)
    log = isinstance(value, Lognormal) and left > 0.0
    belt = [_place(percentile(value, level) * scale, left, right, log) for level in (0.1, 0.9)]
    kind = "judged" if value.mark == "judgement" else KINDS.get(value.mark, value.mark)
    year = value.date[:4] or _year(scenario, value.source)
    return {
        "path": belief.path,
        "kind": "number",
        "label": belief_label(scenario, belief),
        "help": belief.help,
        "unit": unit_of(belief.name),
        "value": start,
        "low": low,
        "high": high,
        "left": left,
        "right": right,
        "log": log,
        "belt": [] if isinstance(value, Fixed) else belt,
        "tick": _place(start, left, right, log),
        "grade": value.grade,
        "chip": f"{kind}, {year}" if year else kind,
        "chip_help": f"Grade {value.grade}: {GRADES[value.grade]}. {value.note}",
    }


def _year(scenario: Scenario[Quantity], source: str) -> str:
    return scenario.sources[source].year[:4] if source in scenario.sources else ""


def _ends(value: Quantity, scale: float, low: float, high: float) -> tuple[float, float]:
    """Where the slider begins and ends: from the first to the ninety-ninth percentile, never beyond what is allowed.

    What a user would get wrong: a box takes every value that is allowed; the slider keeps to what is believed.
    """
    if isinstance(value, Fixed):
        centre = value.value * scale
        left, right = (0.5 * centre, 1.5 * centre) if centre > 0.0 else (low, min(high, low + 1.0))
        if centre > 0.0 and high <= 100.0 and scale == 100.0:
            right = min(high, max(1.5 * centre, 1.0))
    else:
        left, right = percentile(value, 0.01) * scale, percentile(value, 0.99) * scale
    return max(left, low), min(right, high)


def _place(value: float, left: float, right: float, log: bool) -> float:
    if right <= left:
        return 50.0
    share = math.log(max(value, left) / left) / math.log(right / left) if log else (value - left) / (right - left)
    return round(100.0 * min(1.0, max(0.0, share)), 2)


def rounded(value: float) -> float:
    """The number a control shows: four significant digits."""
    return float(f"{value:.4g}")


def lever_controls(scenario: Scenario[Quantity], strategy: str) -> list[dict[str, Any]]:
    """The levers of one strategy that a reader can move."""
    record = scenario.strategies[strategy]
    found = []
    for entry in dataclasses.fields(Strategy):
        if not entry.metadata or entry.name == "platform_trigger":
            continue
        path = f"strategies.{strategy}.{entry.name}"
        own = {
            "path": path,
            "label": entry.metadata["label"],
            "help": entry.metadata["help"],
            "first": entry.name in FIRST_LEVERS,
            "chip": lever_note(scenario, entry.name),
        }
        value = getattr(record, entry.name)
        if isinstance(value, tuple):
            named: Any = scenario.workloads if entry.name == "buys" else scenario.components
            options = [(name, item.label) for name, item in named.items() if entry.name != "buys" or item.buyable]
            chosen = [name for name, _ in options if "*" in value or name in value]
            if options:
                found.append(own | {"kind": "several", "options": options, "value": chosen})
            continue
        found.append(own | _lever_number(entry, value))
    return found


def _lever_number(entry: Any, value: Any) -> dict[str, Any]:
    unit = entry.metadata["unit"]
    scale = 100.0 if unit.startswith("%") else 1.0
    low, high = entry.metadata["low"] * scale, entry.metadata["high"] * scale
    whole = entry.name.endswith(("_month", "_count"))
    is_month = entry.name.endswith("_start_month")
    right = min(high, {"people": 30.0, "months": 12.0, "month": 60.0}.get(unit, high))
    shown = NEVER if value is None else rounded(value * scale)
    place = _place(right + 1.0 if value is None else value * scale, low, right + (1.0 if is_month else 0.0), False)
    return {
        "kind": "month" if is_month else "number",
        "unit": unit,
        "value": shown,
        "low": low,
        "high": high,
        "left": low,
        "right": right,
        "log": False,
        "whole": whole,
        "belt": [],
        "tick": place,
    }


def lever_note(scenario: Scenario[Quantity], name: str) -> str:
    """What one step costs, where that can be said."""
    if name == "platform_team_fte":
        yearly = 12.0 * middle(scenario.organisation.wage_usd_per_month)
        return f"each {money(yearly, scenario.currency)} a year"
    return ""


def to_model(scenario: Scenario[Quantity], path: str, shown: Any, home: Any) -> Any:
    """The model's value of what a control shows; what a control shows at home is exactly the home value."""
    if home is not None and shown == home[0]:
        return home[1]
    name = path.rsplit(".", 1)[-1]
    if shown == NEVER:
        return None
    if isinstance(shown, bool | list):
        return shown
    if path.startswith("strategies."):
        entry = next(entry for entry in dataclasses.fields(Strategy) if entry.name == name)
        return float(shown) / (100.0 if entry.metadata["unit"].startswith("%") else 1.0)
    return float(shown) / scale_of(name)


def to_shown(path: str, value: Any) -> Any:
    """What a control shows for a value of the model."""
    if value is None:
        return NEVER
    if isinstance(value, bool | list | tuple):
        return list(value) if isinstance(value, tuple) else value
    name = path.rsplit(".", 1)[-1]
    if path.startswith("strategies."):
        entry = next(entry for entry in dataclasses.fields(Strategy) if entry.name == name)
        return rounded(value * (100.0 if entry.metadata["unit"].startswith("%") else 1.0))
    return rounded(value * scale_of(name))


def said(path: str, value: Any) -> str:
    """A changed value as the page writes it behind `was`."""
    shown = to_shown(path, value)
    if isinstance(shown, bool):
        return "on" if shown else "off"
    if isinstance(shown, list):
        return ", ".join(shown) or "nothing"
    if shown == NEVER:
        return NEVER
    name = path.rsplit(".", 1)[-1]
    unit = next((e.metadata["unit"] for e in dataclasses.fields(Strategy) if e.name == name and e.metadata), None)
    unit = unit if path.startswith("strategies.") and unit is not None else unit_of(name)
    return f"{quantity_figure(float(shown))} {unit}".strip()
