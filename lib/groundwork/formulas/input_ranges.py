"""Which numbers a formula accepts: each check gives a `Fault` or nothing, `refuse` throws them all at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from groundwork.errors import Fault, InputFault


def between(field: str, value: ArrayLike, low: float, high: float) -> Fault | None:
    """A fault unless every element lies in [low, high]; not-a-number lies nowhere."""
    numbers = np.asarray(value, dtype=np.float64)
    inside = (numbers >= low) & (numbers <= high)
    return None if inside.all() else _fault(field, numbers, inside, f"must lie between {low:g} and {high:g}")


def at_least(field: str, value: ArrayLike, low: float) -> Fault | None:
    """A fault unless every element is finite and not below `low`."""
    numbers = np.asarray(value, dtype=np.float64)
    inside = (numbers >= low) & np.isfinite(numbers)
    return None if inside.all() else _fault(field, numbers, inside, f"must be finite and at least {low:g}")


def above(field: str, value: ArrayLike, low: float) -> Fault | None:
    """A fault unless every element is finite and strictly above `low`."""
    numbers = np.asarray(value, dtype=np.float64)
    inside = (numbers > low) & np.isfinite(numbers)
    return None if inside.all() else _fault(field, numbers, inside, f"must be finite and above {low:g}")


def finite(field: str, value: ArrayLike) -> Fault | None:
    """A fault unless every element is finite."""
    numbers = np.asarray(value, dtype=np.float64)
    inside = np.isfinite(numbers)
    return None if inside.all() else _fault(field, numbers, inside, "must be finite")


def holds(field: str, condition: bool | np.bool_, rule: str) -> Fault | None:
    """A fault with this rule unless the condition holds: for rules that bind two fields."""
    return None if condition else Fault(rule=rule, path=field)


def refuse(checks: Iterable[Fault | None]) -> None:
    """Throw every fault among the checks in one `InputFault`; nothing when there is none."""
    faults = [fault for fault in checks if fault is not None]
    if faults:
        raise InputFault(faults)


def _fault(field: str, numbers: np.ndarray, inside: np.ndarray, rule: str) -> Fault:
    """Name the first element that broke the rule, with its place when there are several."""
    if numbers.ndim == 0:
        return Fault(rule=rule, path=field, came=f"{float(numbers):g}")
    place = tuple(int(index) for index in np.argwhere(~inside)[0])
    return Fault(rule=rule, path=field, came=f"{float(numbers[place]):g} at {list(place)}")
