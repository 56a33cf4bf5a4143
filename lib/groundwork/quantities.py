"""How an uncertain thing is distributed: seven kinds, each with its source, date and grade.

A quantity turns a point of the unit interval into a value by its inverse distribution function, so
that one matrix of points drives every belief and moving one belief leaves the others where they were.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Index: TypeAlias = NDArray[np.int64]
Grade: TypeAlias = Literal["A", "B", "C", "D"]
Mark: TypeAlias = Literal["published", "derived", "estimate", "recalled", "secondary", "judgement", "user"]

Number: TypeAlias = Annotated[float, Field(strict=True)]  # a text that looks like a number is none

_STRICT = {"extra": "forbid", "allow_inf_nan": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sourced:
    """What every number about the world carries. `source` names a record of the profile or of the catalogue."""

    source: str
    mark: Mark
    grade: Grade
    date: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed(_Sourced):
    """A number that is taken as known."""

    __pydantic_config__ = _STRICT
    kind: Literal["fixed"]
    value: Number

    def at(self, point: Array) -> Array:
        return np.full_like(point, self.value)

    def faults(self) -> list[str]:
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniform(_Sourced):
    """Every value between `low` and `high` is as likely as any other."""

    __pydantic_config__ = _STRICT
    kind: Literal["uniform"]
    low: Number
    high: Number

    def at(self, point: Array) -> Array:
        return self.low + (self.high - self.low) * point

    def faults(self) -> list[str]:
        return [] if self.low < self.high else ["low must lie below high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triangular(_Sourced):
    """Straight lines from nothing at `low` up to `central` and down to nothing at `high`."""

    __pydantic_config__ = _STRICT
    kind: Literal["triangular"]
    low: Number
    central: Number
    high: Number

    def at(self, point: Array) -> Array:
        width, left, right = self.high - self.low, self.central - self.low, self.high - self.central
        return np.where(
            point * width <= left,
            self.low + np.sqrt(point * width * left),
            self.high - np.sqrt((1.0 - point) * width * right),
        )

    def faults(self) -> list[str]:
        return _ordered(self.low, self.central, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pert(_Sourced):
    """A smooth hump between `low` and `high` whose most likely value is `central` (beta with weight 4)."""

    __pydantic_config__ = _STRICT
    kind: Literal["pert"]
    low: Number
    central: Number
    high: Number

    def at(self, point: Array) -> Array:
        from scipy.special import betaincinv

        width = self.high - self.low
        alpha = 1.0 + 4.0 * (self.central - self.low) / width
        beta = 1.0 + 4.0 * (self.high - self.central) / width
        return np.asarray(self.low + width * betaincinv(alpha, beta, point))

    def faults(self) -> list[str]:
        return _ordered(self.low, self.central, self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal(_Sourced):
    """A factor or size that is as likely to be twice as to be half: given by its tenth and ninetieth percentiles, and with ends.

    Without the first and the last hundredth of the curve, and stretched so that `p10` and `p90` hold exactly: the ends lie 1.88
    times as far from the middle, in logs, as they do. Nobody who states a tenth and a ninetieth percentile has looked at what
    lies a hundred times beyond them, and there products of such curves invent organisations that are not the one described: a
    retailer of 100 million USD a year that gains three billion.
    """

    __pydantic_config__ = _STRICT
    kind: Literal["lognormal"]
    p10: Number
    p90: Number

    def at(self, point: Array) -> Array:
        from scipy.special import ndtri

        middle = 0.5 * (math.log(self.p10) + math.log(self.p90))
        spread = (math.log(self.p90) - math.log(self.p10)) / (2.0 * _Z90_CUT)
        return np.asarray(np.exp(middle + spread * ndtri(_CUT_RATIO + (1.0 - 2.0 * _CUT_RATIO) * point)))

    def faults(self) -> list[str]:
        return [] if 0.0 < self.p10 < self.p90 else ["p10 must be positive and lie below p90"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta(_Sourced):
    """A share between 0 and 1 with `alpha` successes and `beta` failures of evidence."""

    __pydantic_config__ = _STRICT
    kind: Literal["beta"]
    alpha: Number
    beta: Number

    def at(self, point: Array) -> Array:
        from scipy.special import betaincinv

        return np.asarray(betaincinv(self.alpha, self.beta, point))

    def faults(self) -> list[str]:
        return [] if self.alpha > 0.0 and self.beta > 0.0 else ["alpha and beta must be positive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(_Sourced):
    """One of a few values, each with its weight."""

    __pydantic_config__ = _STRICT
    kind: Literal["choice"]
    values: tuple[Number, ...]
    weights: tuple[Number, ...]

    def at(self, point: Array) -> Array:
        edges = np.cumsum(self.weights) / sum(self.weights)
        return np.asarray(self.values)[np.minimum(np.searchsorted(edges, point, side="right"), len(self.values) - 1)]

    def faults(self) -> list[str]:
        found = []
        if len(self.values) != len(self.weights) or not self.values:
            found.append("values and weights must be lists of the same length, not empty")
        if any(weight < 0.0 for weight in self.weights) or sum(self.weights) <= 0.0:
            found.append("weights must not be negative and not all zero")
        return found


Quantity: TypeAlias = Annotated[
    Fixed | Uniform | Triangular | Pert | Lognormal | Beta | Choice,
    Field(discriminator="kind"),
]

_CUT_RATIO = 0.01  # of a lognormal at each end
_Z90_CUT = 1.2372345991628273  # the standard normal's percentile 100 (0.01 + 0.98 x 0.9): the ninetieth of what is left


def _ordered(low: float, central: float, high: float) -> list[str]:
    return (
        [] if low <= central <= high and low < high else ["low, central and high must stand in this order and not all be equal"]
    )


def percentile(quantity: Quantity, probability: float) -> float:
    """The value below which the share `probability` (0 to 1) of the belief lies."""
    return float(quantity.at(np.array([probability]))[0])


def support(quantity: Quantity) -> tuple[float, float]:
    """The lowest and highest value that the quantity can take."""
    if isinstance(quantity, Fixed):
        return quantity.value, quantity.value
    if isinstance(quantity, Lognormal):
        return percentile(quantity, 0.0), percentile(quantity, 1.0)
    if isinstance(quantity, Beta):
        return 0.0, 1.0
    if isinstance(quantity, Choice):
        return min(quantity.values), max(quantity.values)
    return quantity.low, quantity.high


def moved(quantity: Quantity, central: float, limits: tuple[float, float] = (-math.inf, math.inf)) -> Quantity:
    """The same belief with its middle at `central` and its width kept: what a slider does.

    A lognormal keeps its ratio, a bounded kind keeps its shape and is pushed as a whole; what the push
    would carry past the field's `limits` (lowest, highest allowed) ends at the limit. A fixed number becomes
    `central`. The origin of the new number is the user, and the record says so.
    """
    own: dict[str, Any] = {"source": quantity.source, "mark": "user", "grade": "D", "date": quantity.date, "note": quantity.note}
    if isinstance(quantity, Fixed):
        return Fixed(kind="fixed", value=central, **own)
    if isinstance(quantity, Lognormal):
        factor = central / percentile(quantity, 0.5)
        return Lognormal(kind="lognormal", p10=quantity.p10 * factor, p90=quantity.p90 * factor, **own)
    if isinstance(quantity, Uniform):
        half = 0.5 * (quantity.high - quantity.low)
        return Uniform(kind="uniform", low=max(central - half, limits[0]), high=min(central + half, limits[1]), **own)
    if isinstance(quantity, Beta):
        weight = quantity.alpha + quantity.beta
        return Beta(kind="beta", alpha=max(central, 1e-6) * weight, beta=max(1.0 - central, 1e-6) * weight, **own)
    if isinstance(quantity, Choice):
        nearest = min(quantity.values, key=lambda value: abs(value - central))
        return Fixed(kind="fixed", value=nearest, **own)
    shift = central - quantity.central
    low, high = max(quantity.low + shift, limits[0]), min(quantity.high + shift, limits[1])
    if isinstance(quantity, Pert):
        return Pert(kind="pert", low=low, central=central, high=high, **own)
    return Triangular(kind="triangular", low=low, central=central, high=high, **own)


def middle(quantity: Quantity) -> float:
    """The number that a slider shows: the most likely value where one is stated, the median elsewhere."""
    return quantity.central if isinstance(quantity, Triangular | Pert) else percentile(quantity, 0.5)
