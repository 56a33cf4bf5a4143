"""The grid: which settings are varied, over which values, and whether the scenario takes them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from groundwork import __version__
from groundwork.errors import Fault, InputFault
from groundwork.profiles import apply_settings
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, digest
from groundwork.study.changes import checked_lever

MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One thing that is varied: its dotted path and the texts of its values, as `--set` takes them."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A grid over a scenario: every combination of the axes' values, each played in the same futures."""

    scenario: Scenario[Quantity]
    axes: tuple[Axis, ...]
    samples: int
    seed: int

    @property
    def count(self) -> int:
        """Number of points."""
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def name(self) -> str:
        """Sixteen hex digits for everything that the rows depend on."""
        grid = repr([(axis.path, axis.values) for axis in self.axes])
        plain = f"{digest(self.scenario, self.samples, self.seed, __version__)} {grid}"
        return hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()

    def points(self) -> Iterator[dict[str, str]]:
        """Settings of every point, the last axis fastest."""
        for values in product(*(axis.values for axis in self.axes)):
            yield {axis.path: value for axis, value in zip(self.axes, values, strict=True)}


def axes_of(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Axes from `PATH=LOW:HIGH:STEPS` (equal steps, both ends in) or `PATH=VALUE,VALUE,...`.

    Raises
    ------
    InputFault
        With everything that is wrong with any of them.
    """
    faults: list[Fault] = []
    axes: list[Axis] = []
    for text in texts:
        path, mark, said = text.partition("=")
        try:
            if not mark or not path or not said:
                raise ValueError("PATH=LOW:HIGH:STEPS or PATH=VALUE,VALUE")
            axes.append(Axis(path=path, values=_values(said)))
        except ValueError as wrong:
            faults.append(Fault(path=f"--vary {path}", rule=str(wrong), came=text))
    paths = [axis.path for axis in axes]
    faults += [
        Fault(path=f"--vary {path}", rule="varied twice") for path in sorted({path for path in paths if paths.count(path) > 1})
    ]
    if not texts:
        faults.append(Fault(path="--vary", rule="at least one PATH=LOW:HIGH:STEPS"))
    if faults:
        raise InputFault(faults)
    return tuple(axes)


def _values(said: str) -> tuple[str, ...]:
    if ":" not in said or said.lstrip().startswith("{"):
        values = tuple(part.strip() for part in said.split(","))
        if "" in values:
            raise ValueError("an empty value in the list")
        return values
    parts = said.split(":")
    if len(parts) != 3:
        raise ValueError("LOW:HIGH:STEPS has three numbers")
    try:
        low, high, steps = float(parts[0]), float(parts[1]), int(parts[2])
    except ValueError:
        raise ValueError("LOW and HIGH are numbers, STEPS is a whole number") from None
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        raise ValueError("LOW lies at or below HIGH, both finite")
    if steps < 1 or (steps == 1) != (low == high):
        raise ValueError("STEPS: 2 or more (1 where LOW is HIGH)")
    return tuple(_number(float(value)) for value in np.linspace(low, high, steps))


def _number(value: float) -> str:
    """A number as text: without the last digits that equal steps leave behind, whole where it is whole."""
    short = float(f"{value:.12g}")
    return str(int(short)) if short.is_integer() and abs(short) < 1e15 else repr(short)


def checked(sweep: Sweep) -> Sweep:
    """The sweep, once every value of every axis was tried by itself.

    Raises
    ------
    InputFault
        With every value that the scenario does not take, and a grid that is too large.
    """
    faults: list[Fault] = []
    if sweep.count > MOST_POINTS:
        faults.append(Fault(path="--vary", rule=f"at most {MOST_POINTS:,} points", came=f"{sweep.count:,}"))
    for axis in sweep.axes:
        for value in axis.values[:: max(1, len(axis.values) - 1)]:  # a range is allowed where both its ends are
            try:
                changed = apply_settings(sweep.scenario, [f"{axis.path}={value}"])
                if axis.path.startswith("strategies."):
                    with suppress(KeyError):  # a lever that is no number: the profile's own rules have seen it
                        checked_lever(sweep.scenario, axis.path, _at(changed, axis.path))
            except InputFault as fault:
                faults += [one for one in fault.faults if one not in faults]
    if faults:
        raise InputFault(faults)
    return sweep


def _at(scenario: Any, path: str) -> Any:
    for part in path.split("."):
        scenario = scenario[part] if isinstance(scenario, Mapping) else getattr(scenario, part)
    return scenario
