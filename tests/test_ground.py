"""The map of scale and criticality: factors reach what they should, and the winner of a cell is the one of a run of its own."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from groundwork.analysis.search import WinnerMap
from groundwork.quantities import Quantity, percentile
from groundwork.results.ground import ground_rows, ground_shares, ground_table, ground_title, scale_words
from groundwork.scenario import Scenario, beliefs, replaced
from groundwork.strategy.simulation import simulate
from groundwork.study.ground import CRITICALITIES, GROUND_SAMPLES, SCALES, Ground, ground, scaled, times
from groundwork.study.jobs import Dropped
from groundwork.study.runs import points_of
from invented import about, invented, sure


@pytest.fixture(scope="module")
def found() -> Ground:
    return ground(invented(), 3)


def test_factors_reach_demand_and_the_hour_down_and_nothing_else() -> None:
    before, after = invented(), scaled(invented(), 10.0, 100.0)
    for one, other in zip(beliefs(before), beliefs(after), strict=True):
        factor = 10.0 if one.name == "units_per_day" else 100.0 if one.name == "incident_usd_per_hour" else 1.0
        assert percentile(other.value, 0.3) == pytest.approx(factor * percentile(one.value, 0.3))
    assert scaled(before, 1.0, 1.0) == before


@pytest.mark.parametrize("quantity", [sure(2.0), about(1.0, 2.0, 5.0)])
def test_a_factor_moves_the_whole_distribution(quantity: Quantity) -> None:
    for level in (0.05, 0.5, 0.95):
        assert percentile(times(quantity, 3.0), level) == pytest.approx(3.0 * percentile(quantity, level))


def test_only_plans_that_act_and_buy_nothing_are_compared(found: Ground) -> None:
    assert found.strategies == ("model_first", "infrastructure_first", "staged")


def test_a_cell_is_what_a_run_of_its_own_says(found: Ground) -> None:
    scenario = invented()
    points = points_of(scenario, GROUND_SAMPLES, 3)
    for row, column in np.argwhere(found.map.evaluated)[::17].tolist():
        alone = simulate(scaled(scenario, SCALES[column], CRITICALITIES[row]), points, found.strategies, record=()).npv_usd
        assert found.map.winner[row, column] == int(np.argmax(alone.mean(axis=1)))


def test_today_stands_on_the_grid_and_words_fit(found: Ground) -> None:
    assert any(abs(scale - 1.0) < 1e-12 for scale in SCALES)
    assert any(abs(factor - 1.0) < 1e-12 for factor in CRITICALITIES)
    scenario = invented()
    rows = ground_rows(scenario, found.strategies, found.map)
    assert sum((cell["x2"] - cell["x"]) * (cell["y2"] - cell["y"]) for cell in rows["cells"]) == SCALES.size * CRITICALITIES.size
    assert [label["label"] for label in rows["across"]] == ["1/100", "1/10", "today", scale_words(10.0), scale_words(100.0)]
    assert len(ground_title(scenario, found.strategies, found.map)) <= 60
    shares = [int(count) for count in re.findall(r"(\d+) %", ground_shares(scenario, found.strategies, found.map))]
    assert sum(shares) == 100
    assert len(ground_table(scenario, found.strategies, found.map)["rows"]) == 5


def test_the_title_names_the_nearest_turn() -> None:
    flat = ground_of(lambda row, column: 0)
    assert ground_title(invented(), flat.strategies, flat.map) == "x is worth most on the whole map"
    turned = ground_of(lambda row, column: int(column >= 10))
    assert "from 2 times today" in ground_title(named(), turned.strategies, turned.map)
    dear = ground_of(lambda row, column: int(row >= 5))
    assert "leads above USD" in ground_title(named(), dear.strategies, dear.map)


def ground_of(winner: object) -> Ground:
    won = np.array([[winner(row, column) for column in range(SCALES.size)] for row in range(CRITICALITIES.size)])  # type: ignore[operator]
    share = np.full((2, *won.shape), 0.5)
    return Ground(
        strategies=("model_first", "infrastructure_first"),
        map=WinnerMap(across=SCALES, up=CRITICALITIES, winner=won, share_ratio=share, evaluated=np.ones(won.shape, dtype=bool)),
    )


def named() -> Scenario[Quantity]:
    scenario = invented()
    labelled = {name: replace(lever, label=name.replace("_", "-").capitalize()) for name, lever in scenario.strategies.items()}
    return replaced(scenario, "strategies", labelled)


def test_work_that_nobody_waits_for_ends() -> None:
    def stop(share: float) -> None:
        raise Dropped

    with pytest.raises(Dropped):
        ground(invented(), 3, stop)
