"""What would change our mind: in which corner of the beliefs who wins, what the dice do, what was changed, what reaches a goal.

Every run of one question meets the same futures, so what differs is what was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from groundwork.analysis.changes import SplitChange, split_change
from groundwork.analysis.comparison import wins
from groundwork.analysis.conditional import equal_count_bins
from groundwork.analysis.search import Box, GoalSought, goal_seek, scenario_boxes
from groundwork.analysis.sensitivity import FirstOrderShares, chance_share, first_order_shares
from groundwork.draws import Points
from groundwork.quantities import Array, Fixed, Quantity
from groundwork.results.assumptions import LEAST_BINS_SAMPLES
from groundwork.results.documents import spread_of, strategy_document
from groundwork.results.verdicts import TIE_USD, rival
from groundwork.scenario import Belief, Scenario, beliefs, replaced
from groundwork.strategy.simulation import Outcome, drawn, simulate
from groundwork.study.runs import held, points_of

SEARCHED_BELIEFS = 24  # corners are looked for among those that decide most: more find chance, not corners
LEAST_WINS_RATIO = 0.05  # who wins more rarely has no corner worth a sentence

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """A corner of the beliefs in which a strategy wins; `paths` names the columns of the box."""

    strategy: str
    box: Box
    paths: tuple[str, ...]


def uncertain(scenario: Scenario[Quantity]) -> list[Belief[Quantity]]:
    """Beliefs that can have more than one value, those of a workload that is switched off left out."""
    return [
        belief
        for belief in beliefs(scenario)
        if not isinstance(belief.value, Fixed) and (belief.workload is None or scenario.workloads[belief.workload].enabled)
    ]


def decisive(scenario: Scenario[Quantity], points: Array, outcome: Outcome) -> FirstOrderShares | None:
    """What each belief explains of the rank of the winner's lead over the best rival in each future; nothing where all are level.

    `points` are [sample, belief], columns in the order of the scenario's beliefs.
    """
    row = int(np.argmax(wins(outcome.npv_usd, TIE_USD).best_ratio))
    rivals = np.delete(outcome.npv_usd, row, axis=0)
    lead = outcome.npv_usd[row] - (rivals.max(axis=0) if len(rivals) else 0.0)
    if not np.ptp(lead):
        return None
    return first_order_shares(equal_count_bins(points, 16 if outcome.samples >= LEAST_BINS_SAMPLES else 4), lead)


def leading_beliefs(scenario: Scenario[Quantity], points: Array, outcome: Outcome) -> list[str]:
    """Paths of the uncertain beliefs, those that say most about who wins first."""
    known = list(beliefs(scenario))
    free = {belief.path for belief in uncertain(scenario)}
    told = decisive(scenario, points, outcome)
    if told is None:
        return [belief.path for belief in known if belief.path in free]
    order = np.argsort(-told.share_ratio, kind="stable").tolist()
    return [known[place].path for place in order if known[place].path in free]


def corners(scenario: Scenario[Quantity], outcome: Outcome, points: Points, report: Report = lambda share: None) -> list[Corner]:
    """Where each strategy that wins at all wins most surely, in at most two boxes each, largest coverage first.

    Only beliefs are searched: a corner of the dice could not be told from outside.
    """
    open_beliefs = [belief for belief in uncertain(scenario) if belief.path in points.names]
    matrix = np.stack([belief.value.at(points.column(belief.path)) for belief in open_beliefs], axis=1)
    binned = equal_count_bins(matrix)
    share = wins(outcome.npv_usd, TIE_USD).best_ratio
    best = outcome.npv_usd >= outcome.npv_usd.max(axis=0) - TIE_USD
    found: list[Corner] = []
    order = [int(row) for row in np.argsort(-share, kind="stable") if LEAST_WINS_RATIO <= share[row] < 1.0]
    for step, row in enumerate(order):
        report(step / len(order))
        rivals = np.delete(outcome.npv_usd, row, axis=0).max(axis=0) if len(share) > 1 else np.zeros(outcome.samples)
        told = first_order_shares(binned, outcome.npv_usd[row] - rivals).share_ratio
        columns = np.sort(np.argsort(-told, kind="stable")[:SEARCHED_BELIEFS])
        paths = tuple(open_beliefs[int(column)].path for column in columns)
        boxes = scenario_boxes(matrix[:, columns], best[row], boxes=2)
        found += [Corner(strategy=outcome.strategies[row], box=box, paths=paths) for box in boxes]
    return found


def dice_share(scenario: Scenario[Quantity], outcome: Outcome, points: Points, pair: tuple[str, str]) -> float:
    """Share of the spread of the lead that is dice: the same beliefs are played once more with other dice."""
    other = replace(points, dice_seed=points.seed + 1)
    again = simulate(scenario, other, pair, record=()).npv_usd
    rows = [outcome.strategies.index(name) for name in pair]
    return chance_share(outcome.npv_usd[rows[0]] - outcome.npv_usd[rows[1]], again[0] - again[1])


def split_of_changes(
    base: Scenario[Quantity], changed: Scenario[Quantity], samples: int, seed: int, measure: Callable[[Outcome], Any]
) -> tuple[SplitChange, Outcome, Outcome]:
    """How much of a change came from beliefs, how much from levers; the runs with one kind alone are the baselines to draw.

    Strategies hold all levers; everything else of a scenario, switches of channels and workloads too, is what is believed.
    """
    belief_only, lever_only = replace(changed, strategies=base.strategies), replace(base, strategies=changed.strategies)

    def played(scenario: Scenario[Quantity]) -> Outcome:
        return simulate(scenario, points_of(scenario, samples, seed), tuple(scenario.strategies))

    runs = [played(scenario) for scenario in (base, belief_only, lever_only, changed)]
    return split_change(*(measure(outcome) for outcome in runs)), runs[1], runs[2]


def reached(
    scenario: Scenario[Quantity],
    path: str,
    low: float,
    high: float,
    strategy: str,
    output: str,
    goal: float,
    samples: int,
    seed: int,
    report: Report = lambda share: None,
) -> GoalSought:
    """The value of a belief or lever at which an output of a strategy reaches a goal.

    Parameters
    ----------
    path
        Dotted path of a belief (held there) or of a numeric lever; a lever in whole months or pieces is rounded.
    low, high
        Range searched, in the model's unit.
    output
        Place in the run document of a strategy: `npv_usd.p50`, `cost_usd.mean`, `slo_miss_probability`; or `p_best`; or
        `lead_usd.mean` (or p10, p50, p90) for the lead over the strategy it is compared with.
    goal
        Value wanted, in that output's unit.
    """
    points = points_of(scenario, samples, seed)
    known = {belief.path for belief in beliefs(scenario)}
    slo_ratio = np.asarray(drawn(scenario, points).operations.slo_ratio)
    asked = 0

    def play(value: float) -> float:
        nonlocal asked
        report(min(0.98, asked / 16.0))
        asked += 1
        moved = held(scenario, path, value) if path in known else replaced(scenario, path, _lever(path, value))
        outcome = simulate(moved, points, tuple(moved.strategies))
        row = outcome.strategies.index(strategy)
        if output == "p_best":
            return float(wins(outcome.npv_usd, TIE_USD).best_ratio[row])
        place: Any = strategy_document(outcome, row, slo_ratio)
        against = outcome.npv_usd[outcome.strategies.index(rival(outcome.strategies, strategy))]
        place["lead_usd"] = spread_of(outcome.npv_usd[row] - against)
        for part in output.split("."):
            place = place[part] if isinstance(place, Mapping) else None
        if not isinstance(place, int | float):
            raise KeyError(output)
        return float(place)

    return goal_seek(play, low, high, goal, (high - low) / 512.0)


def _lever(path: str, value: float) -> float:
    return round(value) if path.endswith(("_month", "_count")) else value
