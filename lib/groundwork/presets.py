"""Presets: a named set of changes to a profile, such as a proof of concept or a small organisation.

A preset is data (`Preset` in `scenario`); here it is laid on a scenario. It may change any belief and lever, and both sides
of every comparison meet it alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from groundwork.errors import Fault, InputFault
from groundwork.profiles import from_plain, plain
from groundwork.quantities import Quantity
from groundwork.scenario import Preset, Scenario

_NUMBERS = ("value", "low", "central", "high", "p10", "p90")  # the fields of a quantity that carry its unit


def with_presets(scenario: Scenario[Quantity], names: Sequence[str]) -> Scenario[Quantity]:
    """The scenario with presets laid on it, sizes before stages: factors multiply, the last new value holds.

    What a user would get wrong: a factor moves the whole distribution, ends included, and turns the belief's mark into the
    preset's, because the product is no longer what the source said. Counts stay whole numbers, 1 or more.

    Raises
    ------
    InputFault
        When a preset is unknown, when one of its paths fits nothing, or when a number leaves its field's range.
    """
    unknown = [name for name in names if name not in scenario.presets]
    if unknown:
        raise InputFault([Fault(rule=f"a preset of {', '.join(scenario.presets)}", came=name) for name in unknown])
    data = plain(scenario)
    faults: list[Fault] = []
    # a proof of concept has its three engineers in a small firm and in a large one: the stage speaks last
    for name in sorted(names, key=lambda name: scenario.presets[name].group == "stage"):
        faults += _laid(data, scenario.presets[name], name)
    if faults:
        raise InputFault(faults)
    return from_plain(data, "presets")


def _laid(data: dict[str, Any], preset: Preset, name: str) -> list[Fault]:
    """Change plain data in place; what fits nothing comes back as faults."""
    faults = []
    for path, value in preset.set.items():
        places = list(_places(data, path.split(".")))
        for record, key in places:
            record[key] = value
        if not places:
            faults.append(Fault(path=f"presets.{name}.set", rule="a path of the profile", came=path))
    for path, factor in preset.scale.items():
        places = list(_places(data, path.split(".")))
        for record, key in places:
            record[key] = _scaled(record[key], factor, preset)
        if not places:
            faults.append(Fault(path=f"presets.{name}.scale", rule="a path of the profile", came=path))
    if preset.workloads_count is not None:
        for number, item in enumerate(data["workloads"].values()):
            item["enabled"] = item["enabled"] and number < preset.workloads_count
    return faults


def _places(record: Any, steps: Sequence[str]) -> Iterator[tuple[dict[str, Any], str]]:
    head, rest = steps[0], steps[1:]
    if not isinstance(record, dict):
        return
    for key in list(record) if head == "*" else [head] if head in record else []:
        if rest:
            yield from _places(record[key], rest)
        else:
            yield record, key


def _scaled(value: Any, factor: float, preset: Preset) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return max(1, round(value * factor))
    if isinstance(value, float):
        return value * factor
    if not isinstance(value, dict) or value.get("kind") == "beta":
        raise InputFault(f"a factor needs a number or a quantity with a unit; came {value!r}")
    old = value["source"]
    changed = {key: number * factor if key in _NUMBERS else number for key, number in value.items()}
    if value["kind"] == "choice":
        changed["values"] = [number * factor for number in value["values"]]
    note = f"{factor:g} times the profile's value, whose source is {old}"
    return changed | {"source": preset.source, "mark": preset.mark, "grade": "D", "note": note}
