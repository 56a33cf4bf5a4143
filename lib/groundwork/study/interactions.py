"""What moves the lead alone and what only together with something else: Sobol' indices of the lead's rank, on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from groundwork.analysis.conditional import equal_count_bins, mid_ranks
from groundwork.analysis.interactions import shares_of_runs, total_error_ratio
from groundwork.analysis.sensitivity import first_order_shares
from groundwork.draws import Points, unit_points
from groundwork.quantities import Array, Quantity
from groundwork.scenario import Scenario, dimensions
from groundwork.strategy.simulation import simulate
from groundwork.study.doubts import uncertain
from groundwork.study.runs import points_of

NAMED_BELIEFS = 8  # asked one by one; all others together are one group, the dice another
SCREENED_SAMPLES = 4_096
SAMPLES = 2_048
ELSEWHERE = 8_192  # columns of the second sample begin here: beyond every column that a scenario owns
OTHERS, DICE = "other beliefs", "dice"

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interactions:
    """Shares of the spread of the lead's rank, all [group]; `groups` are paths of beliefs, then the others, then the dice.

    Parameters
    ----------
    alone_ratio
        First order: what knowing the group alone would explain.
    total_ratio
        What stays open while the group alone is unknown; more than alone by what it does together with others.
    error_ratio
        Standard error of the total.
    """

    pair: tuple[str, str]
    groups: tuple[str, ...]
    alone_ratio: Array
    total_ratio: Array
    error_ratio: Array


def interactions(
    scenario: Scenario[Quantity],
    pair: tuple[str, str],
    seed: int,
    samples: int = SAMPLES,
    named: int = NAMED_BELIEFS,
    report: Report = lambda share: None,
) -> Interactions:
    """Sobol' indices of the lead by groups: the beliefs that say most, all other beliefs, the dice.

    What a user would get wrong: the totals add up to more than one, since what two groups do together stands in both. They are
    shares of the spread of ranks, not of money: the tail of the money would be all noise.

    Parameters
    ----------
    scenario, pair, seed
        Whose lead over whom, in which futures.
    samples
        A power of two; there are as many runs of it as groups, and two more.
    named
        Beliefs asked one by one.
    report
        Called with the share done; what it raises ends the work.
    """

    def lead(points: Points) -> Array:
        value = simulate(scenario, points, pair, record=()).npv_usd
        return np.asarray(value[0] - value[1])

    open_paths = [belief.path for belief in uncertain(scenario)]
    screened = points_of(scenario, max(samples, SCREENED_SAMPLES), seed)
    places = [screened.names.index(path) for path in open_paths]
    told = first_order_shares(equal_count_bins(screened.matrix[:, places]), lead(screened)).share_ratio
    order = np.argsort(-told, kind="stable")[:named]
    groups = [*(open_paths[int(place)] for place in order), OTHERS, DICE]
    first, second = _two_samples(scenario, samples, seed)
    runs = []
    for number, points in enumerate([first, second, *(_mixed(first, second, group, groups) for group in groups)]):
        report((number + 1) / (len(groups) + 3))
        runs.append(lead(points))
    ranks = mid_ranks(np.concatenate(runs)).reshape(len(runs), samples) / (len(runs) * samples)
    found = shares_of_runs(ranks[0], ranks[1], ranks[2:])
    return Interactions(
        pair=pair,
        groups=tuple(groups),
        alone_ratio=found.first_order_ratio,
        total_ratio=found.total_ratio,
        error_ratio=total_error_ratio(ranks[0], ranks[1], ranks[2:]),
    )


def _two_samples(scenario: Scenario[Quantity], samples: int, seed: int) -> tuple[Points, Points]:
    """Two independent samples out of one set of points, each with dice of its own."""
    owners = dimensions(scenario)
    both = unit_points(owners | {f"{name}/again": ELSEWHERE + column for name, column in owners.items()}, samples, seed)
    names, count = tuple(owners), len(owners)
    first = Points(seed=seed, names=names, matrix=both.matrix[:, :count])
    return first, Points(seed=seed, names=names, matrix=both.matrix[:, count:], dice_seed=seed + 1)


def _mixed(first: Points, second: Points, group: str, groups: list[str]) -> Points:
    """The first sample with one group taken from the second."""
    if group == DICE:
        return replace(first, dice_seed=second.dice_seed)
    chosen = [name == group if group != OTHERS else name not in groups for name in first.names]
    matrix = np.where(np.array(chosen), second.matrix, first.matrix)
    return replace(first, matrix=np.asfortranarray(matrix))
