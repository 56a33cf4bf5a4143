"""The map of winners of a real profile, 21 x 21, against playing every cell."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from groundwork.profiles import load
from groundwork.results import TIE_USD
from groundwork.strategy.simulation import simulate
from groundwork.study.maps import CELLS, winner_maps
from groundwork.study.runs import held, points_of

ACROSS, UP = "demand.shock_factor", "workloads.support_assistant.units_per_day"
SAMPLES, SEED = 128, 2026


@pytest.mark.slow
def test_the_map_of_a_real_profile_is_brute_force_where_the_difference_is_told() -> None:
    """By either measure: equal in every cell in which the best is two standard errors ahead of the next, and most cells are."""
    scenario = load("retail")
    points, names = points_of(scenario, SAMPLES, SEED), tuple(scenario.strategies)
    *_, by_mean = winner_maps(scenario, ACROSS, UP, SEED, samples=SAMPLES, judged="mean")
    *_, by_futures = winner_maps(scenario, ACROSS, UP, SEED, samples=SAMPLES, judged="futures")
    told = {"mean": 0, "futures": 0}
    wrong = []
    for row, up in enumerate(by_mean.up):
        for column, across in enumerate(by_mean.across):
            changed = held(held(scenario, ACROSS, float(across)), UP, float(up))
            value = simulate(changed, points, names, record=()).npv_usd
            best = (value >= value.max(axis=0) - TIE_USD).astype(float)
            for measure, each, found in (("mean", value, by_mean), ("futures", best / best.sum(axis=0), by_futures)):
                order = np.argsort(-each.mean(axis=1))
                lead: NDArray[np.float64] = each[order[0]] - each[order[1]]
                if lead.mean() <= 2.0 * lead.std(ddof=1) / np.sqrt(SAMPLES):
                    continue
                told[measure] += 1
                if found.judged(measure)[row, column] != order[0]:  # type: ignore[arg-type]
                    wrong.append((measure, row, column))
    assert by_mean.winner.shape == (CELLS, CELLS)
    assert wrong == []
    assert min(told.values()) > CELLS * CELLS / 4
    assert by_futures.evaluated.sum() < CELLS * CELLS / 3
