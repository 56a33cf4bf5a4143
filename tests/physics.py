"""Units as pint knows them, and bare functions called with quantities: the names of their numbers say what they take and give.

Money and people are dimensions of their own here, bits are no mere numbers, and a year has 365 days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pint
import pytest

from groundwork import units

REGISTRY: pint.UnitRegistry[Any] = pint.UnitRegistry(on_redefinition="ignore")
for line in ("USD = [money]", "person = [people]", "bit = [information]", "year = 365 * day"):
    REGISTRY.define(line)
REGISTRY._build_cache()  # else bits stay the pure numbers that they were when the registry was made
Q = REGISTRY.Quantity


def of(name: str) -> Any:
    """One of the unit that a name ends in, as pint knows it."""
    return Q(units.expression_of(name))


def number(name: str, value: Any) -> Any:
    """The bare number that goes by this name; refuses a value of another dimension."""
    return (Q(value) / of(name)).to("").magnitude


def called(function: Callable[..., Any], **given: Any) -> Any:
    """What a function of bare numbers says to these quantities, as a quantity of what its own name promises."""
    said = function(**{name: number(name, value) for name, value in given.items()})
    return float(said) * of(function.__name__)


def same(found: Any, expected: Any) -> None:
    assert (found / expected).to("").magnitude == pytest.approx(1.0, rel=1e-12)
