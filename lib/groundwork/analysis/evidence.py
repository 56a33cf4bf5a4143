"""What is left of a verdict when only good evidence may say where in its range a number lies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from groundwork.quantities import Beta, Choice, Fixed, Grade, Lognormal, Pert, Quantity, Triangular, Uniform, percentile, support
from groundwork.scenario import Scenario, beliefs, mapped

GOOD: tuple[Grade, ...] = ("A", "B")
STEPS = 33  # equal steps in the logarithm that stand for a flat one: finer than any bin of the analysis


def only_good_evidence(scenario: Scenario[Quantity], grades: Collection[Grade] = GOOD) -> Scenario[Quantity]:
    """The scenario in which a number of any other grade may lie anywhere in its stated range with equal chance.

    In one sentence for a reader: *Numbers of grade C or D keep their range and lose their most likely value.*

    Triangular, PERT -> uniform between low and high; beta -> uniform between its 1st and 99th percentile; choice -> equal
    weights; lognormal -> equal chances on a logarithmic scale between its ends, median kept.

    What a user would get wrong: it is neither "without those numbers", which no model can be, nor "those numbers at their
    middle", which would make the worst-founded ones look certain. Switching off every channel without good evidence would
    call an effect nought because nobody has measured it, and decide the question by that. Ranges themselves may be judged
    too: this asks only how much of the verdict hangs on where inside them somebody put the weight. A fixed number has no
    range and stays.

    Parameters
    ----------
    scenario
        Beliefs with their grades.
    grades
        Grades that keep their distribution.
    """
    return mapped(scenario, lambda _, quantity: quantity if quantity.grade in grades else _flat(quantity))


def flattened_count(scenario: Scenario[Quantity], grades: Collection[Grade] = GOOD) -> tuple[int, int, int]:
    """How many uncertain numbers keep their distribution, how many lose it, and how many fixed ones of other grades stay."""
    held = [belief.value for belief in beliefs(scenario)]
    uncertain = [quantity for quantity in held if not isinstance(quantity, Fixed)]
    good = sum(quantity.grade in grades for quantity in uncertain)
    return good, len(uncertain) - good, sum(isinstance(quantity, Fixed) and quantity.grade not in grades for quantity in held)


def _flat(quantity: Quantity) -> Quantity:
    own: dict[str, Any] = {
        "source": quantity.source,
        "mark": quantity.mark,
        "grade": quantity.grade,
        "date": quantity.date,
        "note": quantity.note,
    }
    if isinstance(quantity, Triangular | Pert):
        return Uniform(kind="uniform", low=quantity.low, high=quantity.high, **own)
    if isinstance(quantity, Beta):
        low, high = percentile(quantity, 0.01), percentile(quantity, 0.99)
        return Uniform(kind="uniform", low=low, high=high, **own)
    if isinstance(quantity, Lognormal):
        low, high = support(quantity)
        values = tuple(float(value) for value in np.geomspace(low, high, STEPS))
        return Choice(kind="choice", values=values, weights=(1.0,) * STEPS, **own)
    if isinstance(quantity, Choice):
        return Choice(kind="choice", values=quantity.values, weights=(1.0,) * len(quantity.values), **own)
    return quantity
