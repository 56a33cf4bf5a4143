"""What a reader changed: values by dotted path over a profile and a preset, and the scenario that comes of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundwork.errors import Fault, InputFault
from groundwork.levers import Strategy
from groundwork.presets import with_presets
from groundwork.quantities import Fixed, Lognormal, Quantity, middle, moved, support
from groundwork.scenario import Belief, Scenario, beliefs, replaced


@dataclass(frozen=True, slots=True)
class State:
    """Everything a reader decides: presets of the profile, and values by dotted path."""

    presets: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)

    def with_value(self, path: str, value: Any) -> State:
        return State(self.presets, {**self.values, path: value})

    def without(self, paths: set[str]) -> State:
        return State(self.presets, {path: value for path, value in self.values.items() if path not in paths})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that stands elsewhere than in the profile. `kind` is belief, lever or switch; values in the model's units."""

    path: str
    kind: str
    label: str
    was: Any
    now: Any


def believed(scenario: Scenario[Quantity]) -> dict[str, Belief[Quantity]]:
    """Every belief by its path."""
    return {belief.path: belief for belief in beliefs(scenario)}


def based(profile: Scenario[Quantity], presets: Sequence[str]) -> Scenario[Quantity]:
    """The profile with presets of its own laid on it; none is the profile itself."""
    return with_presets(profile, presets) if presets else profile


def scenario_of(base: Scenario[Quantity], values: Mapping[str, Any]) -> Scenario[Quantity]:
    """The base with every changed value in its place.

    Raises
    ------
    InputFault
        With every value that has no such place or lies outside its range; nothing is changed then.
    """
    faults: list[Fault] = []
    known = believed(base) if values else {}
    scenario = base
    for path, value in values.items():
        try:
            scenario = _changed(scenario, known.get(path), path, value)
        except InputFault as fault:
            faults += fault.faults
        except (KeyError, TypeError, AttributeError):
            faults.append(Fault(path=path, rule="no such place in this profile", came=repr(value)[:40]))
    if not faults and not any(item.enabled for item in scenario.workloads.values()):
        faults.append(Fault(path="workloads", rule="at least one workload must stay switched on"))
    if faults:
        raise InputFault(faults)
    return scenario


def _changed(scenario: Scenario[Quantity], belief: Belief[Quantity] | None, path: str, value: Any) -> Scenario[Quantity]:
    if belief is None:
        return replaced(scenario, path, checked_lever(scenario, path, value))
    number = _number(path, value)
    low, high = belief_range(belief)
    if not low <= number <= high:
        raise InputFault([Fault(path=path, rule=f"between {low:g} and {high:g}", came=f"{number:g}")])
    return replaced(scenario, path, moved(belief.value, number, (belief.low, belief.high)))


def belief_range(belief: Belief[Quantity]) -> tuple[float, float]:
    """Where the middle of a belief may be put: its field's range, and strictly inside it where the kind needs room."""
    low, high = belief.low, belief.high
    if math.isinf(high):  # a size may be any size
        high = 1e15 if isinstance(belief.value, Lognormal) else max(1e3 * abs(middle(belief.value)), support(belief.value)[1])
    return low, high


def _number(path: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputFault([Fault(path=path, rule="a number", came=repr(value)[:40])])
    return float(value)


def checked_lever(scenario: Scenario[Quantity], path: str, value: Any) -> Any:
    """The value of a lever or switch in its own type; `InputFault` when it is none or out of range."""
    parts = path.split(".")
    if parts[0] in {"workloads", "channels"} and parts[-1] == "enabled" and len(parts) == 3:
        if not isinstance(value, bool):
            raise InputFault([Fault(path=path, rule="on or off", came=repr(value)[:40])])
        return value
    entries = {entry.name: entry for entry in dataclasses.fields(Strategy) if entry.metadata}
    if len(parts) != 3 or parts[0] != "strategies" or parts[2] not in entries or parts[1] not in scenario.strategies:
        raise KeyError(path)
    entry = entries[parts[2]]
    if parts[2] == "buys":
        names = tuple(str(name) for name in value) if isinstance(value, list | tuple) else None
        if names is None or any(name != "*" and name not in scenario.workloads for name in names):
            raise InputFault([Fault(path=path, rule="names of workloads, or *", came=repr(value)[:40])])
        return names
    if entry.metadata["low"] is None:
        raise KeyError(path)
    if value is None and parts[2].endswith("_start_month"):
        return None
    number = _number(path, value)
    low, high = entry.metadata["low"], entry.metadata["high"]
    if not low <= number <= high:
        raise InputFault([Fault(path=path, rule=f"between {low:g} and {high:g}", came=f"{number:g}")])
    return round(number) if parts[2].endswith(("_month", "_count")) else number


def changes_of(base: Scenario[Quantity], values: Mapping[str, Any]) -> list[Change]:
    """The reader's changes in the order in which they were made."""
    known = believed(base)
    found = []
    for path, value in values.items():
        if path in known:
            belief = known[path]
            found.append(Change(path=path, kind="belief", label=belief.label, was=middle(belief.value), now=value))
            continue
        parts = path.split(".")
        record: Any = base
        for part in parts:
            record = record[part] if isinstance(record, Mapping) else getattr(record, part)
        if parts[0] == "strategies":
            entry = next(entry for entry in dataclasses.fields(Strategy) if entry.name == parts[2])
            label = f"{entry.metadata['label']} ({base.strategies[parts[1]].label})"
            found.append(Change(path=path, kind="lever", label=label, was=record, now=value))
        elif parts[0] == "workloads":
            found.append(Change(path=path, kind="switch", label=base.workloads[parts[1]].label, was=record, now=value))
        else:
            label = next(e.metadata["label"] for e in dataclasses.fields(base.channels) if e.name == parts[1])
            found.append(Change(path=path, kind="switch", label=label, was=record, now=value))
    return found


def is_home(base: Scenario[Quantity], path: str, value: Any) -> bool:
    """Whether a value is what the base already says."""
    record: Any = base
    for part in path.split("."):
        record = record[part] if isinstance(record, Mapping) else getattr(record, part)
    if hasattr(record, "kind") and hasattr(record, "mark"):
        if isinstance(record, Fixed) and value == record.value:
            return True
        home = middle(record)
        return bool(value == home)
    return bool(tuple(value) == record if isinstance(value, list) else value == record)
