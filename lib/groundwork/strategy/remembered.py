"""What was worked out before and still holds: while a slider moves, all records but one are the very same as in the last run."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from groundwork.draws import Points
from groundwork.quantities import Array, Quantity
from groundwork.scenario import Made, Scenario, mapped

KEPT_SAMPLES = 4_096
"""Samples up to which drawn beliefs are kept: a page draws no more, and a report draws once."""

Records = TypeVarTuple("Records")
R = TypeVar("R")

_made: WeakKeyDictionary[Points, Made] = WeakKeyDictionary()


def drawn(scenario: Scenario[Quantity], points: Points) -> Scenario[Array]:
    """The scenario with every belief turned into an array over samples; read-only.

    Records of beliefs that are still the same objects as in the last draw with these points are not drawn again.
    """
    column = {name: number for number, name in enumerate(points.names)}

    def values(path: str, quantity: Quantity) -> Array:
        drawn_values = quantity.at(points.matrix[:, column[path]])
        drawn_values.flags.writeable = False
        return drawn_values

    return mapped(scenario, values, _made.setdefault(points, {}) if points.samples <= KEPT_SAMPLES else None)


def remembered(results: int) -> Callable[[Callable[[*Records], R]], Callable[[*Records], R]]:
    """Keep so many last results of a function of records, and give one back while the very same records come.

    Records are told apart by identity, not by what is in them: nothing is compared, and nothing may change in place.
    """

    def keeping(function: Callable[[*Records], R]) -> Callable[[*Records], R]:
        kept: list[tuple[tuple[Any, ...], R]] = []

        @wraps(function)
        def recalled(*records: *Records) -> R:
            for known, result in tuple(kept):
                if len(known) == len(records) and all(map(_same, known, records)):
                    return result
            result = function(*records)
            kept.append((records, result))
            del kept[:-results]
            return result

        return recalled

    return keeping


def _same(known: object, record: object) -> bool:
    return known is record
