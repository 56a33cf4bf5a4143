"""The tables behind "How sure?": what to find out first, what turns the answer alone, and the corners in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from groundwork.analysis.search import Limit
from groundwork.quantities import Quantity
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import Words, fact, quantity_words, token, words
from groundwork.scenario import Belief, Scenario, beliefs

LONGEST = 9  # rows of a table that a reader takes in at once


def said(belief: Belief[Any], value: float) -> str:
    """A value of a belief with its unit."""
    return quantity_words(belief.name, value)


def corner_words(
    scenario: Scenario[Quantity],
    strategy: str,
    limits: Sequence[tuple[str, Limit]],
    coverage: float,
    density: float,
    share: float,
) -> Words:
    """One corner: who wins in how many of 100 futures where, against everywhere, and how many of its wins lie there."""
    known = {belief.path: belief for belief in beliefs(scenario)}
    where = " and ".join(_limit_words(scenario, known[path], limit) for path, limit in limits)
    return words(
        (scenario.strategies[strategy].label, token(scenario, strategy)),
        " wins in ",
        fact(f"{round(100 * density)} of 100"),
        f" futures with {where}, against {round(100 * share)} of 100 everywhere. ",
        f"{round(100 * coverage)} of 100 of its wins lie there.",
    )


def _limit_words(scenario: Scenario[Any], belief: Belief[Any], limit: Limit) -> str:
    name = in_sentence(belief_label(scenario, belief))
    if np.isinf(limit.low):
        return f"{name} below {said(belief, limit.high)}"
    if np.isinf(limit.high):
        return f"{name} above {said(belief, limit.low)}"
    return f"{name} between {said(belief, limit.low)} and {said(belief, limit.high)}"
