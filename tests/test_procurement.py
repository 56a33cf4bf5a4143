"""Monthly cuts against the full linear program, whole nodes, newsvendor and the farmer."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_problems import synthetic_problem
from groundwork.errors import InputFault
from groundwork.formulas import procurement as buy

METHODS = Path(__file__).parent / "published" / "cost_methods.csv"


def printed(method: str) -> str:
    with METHODS.open(encoding="utf-8", newline="") as file:
        return next(row["expected"] for row in csv.DictReader(file) if row["method"] == method)


# --- the monthly cuts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tail_weight", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("limits", [{}, {"a": 0.2, "own": 0.1}], ids=["free", "vendor limits"])
def test_monthly_cuts_equal_the_full_program(tail_weight: float, limits: dict[str, float]) -> None:
    problem = synthetic_problem(12, 40, 4, 3, tail_weight, limits)
    plan = buy.cheapest_plan(problem)
    _, cost = buy.full_program_plan(problem)
    assert cost <= plan.cost_usd * (1 + 1e-9)
    assert plan.cost_usd <= cost * (1 + 1e-5)
    assert plan.lower_bound_usd <= cost * (1 + 1e-9)
    assert plan.gap_ratio <= 5e-6


@pytest.mark.slow
def test_monthly_cuts_equal_the_full_program_at_size() -> None:
    problem = synthetic_problem(36, 100, 8, 0)
    _, cost = buy.full_program_plan(problem)
    assert buy.cheapest_plan(problem).cost_usd == pytest.approx(cost, rel=1e-5)


def test_one_month_is_the_newsvendor() -> None:
    # one commitment at 60 against on demand at 100 without limit: reserve the 40 % quantile of demand
    demand = np.arange(1.0, 101.0)[None, :]
    problem = buy.CapacityProblem(
        commitments=buy.Commitments(
            names=("reserved",),
            vendors=("a",),
            fixed_usd_per_gpu=np.array([60.0]),
            usage_usd_per_gpu_month=np.zeros((1, 1, 1)),
            available_ratio=np.ones((1, 1, 1)),
            limit_gpus=np.array([1000.0]),
        ),
        open_sources=buy.OpenSources(
            names=("on demand",), usd_per_gpu_month=np.full((1, 1, 1), 100.0), limit_gpus=np.full((1, 1, 1), 1000.0)
        ),
        demand_gpus=demand,
        unserved_usd_per_gpu_month=1000.0,
        discount_ratio=np.ones(1),
    )
    quantity = float(buy.newsvendor_from_samples(demand[0], 0.4))
    assert quantity == 40.0
    plan = buy.cheapest_plan(problem, 1e-8)
    assert plan.cost_usd == pytest.approx(float(buy.newsvendor_sample_cost_usd(quantity, demand[0], 60.0, 100.0)), rel=1e-8)


def test_support_is_a_plane_from_below_that_touches() -> None:
    problem = synthetic_problem(12, 30, 6, 5, 0.4)
    merit = buy.MeritOrder(problem)
    generator = np.random.default_rng(1)
    for _ in range(20):
        here, there = generator.uniform(0, 40, (2, 6))
        plane, value = merit.support(here), merit.support(there)
        step = there - here
        assert np.all(value.month_usd >= plane.month_usd + plane.month_slope_usd_per_gpu @ step - 1e-6)
        assert value.tail_usd >= plane.tail_usd + plane.tail_slope_usd_per_gpu @ step - 1e-6
        nearby = merit.support(here + 1e-7 * step)
        assert nearby.month_usd.sum() == pytest.approx(plane.month_usd.sum(), rel=1e-6)


def test_dispatch_serves_demand_cheapest_first_and_adds_up() -> None:
    problem = synthetic_problem(6, 20, 3, 2)
    reserved = np.array([10.0, 5.0, 20.0])
    dispatch = buy.merit_order_dispatch(problem, reserved)
    assert dispatch.used_gpus.sum(axis=0) + dispatch.unserved_gpus == pytest.approx(problem.demand_gpus)
    assert np.all(dispatch.used_gpus >= 0)
    support = buy.MeritOrder(problem).support(reserved)
    assert dispatch.running_usd.mean(axis=1) == pytest.approx(support.month_usd)
    # a free committed GPU never stands idle while on demand is paid
    idle = problem.commitments.available_ratio[0] * 10.0 - dispatch.used_gpus[0]
    assert np.all(np.minimum(idle, dispatch.used_gpus[3]) <= 1e-9)


def test_a_source_dearer_than_unserved_demand_is_not_used() -> None:
    problem = replace(synthetic_problem(6, 20, 3, 2), unserved_usd_per_gpu_month=730.0)
    dispatch = buy.merit_order_dispatch(problem, np.zeros(3))
    assert dispatch.used_gpus[5].max() == 0.0  # the API at 4.5 an hour
    assert dispatch.running_usd.max() <= 730.0 * problem.demand_gpus.max()


def test_vendor_shadow_price_is_the_slope_of_the_cost() -> None:
    tight = {"a": 0.20}
    cost = {
        share: buy.cheapest_plan(synthetic_problem(12, 40, 4, 3, 0.0, {"a": share}), 1e-9).cost_usd for share in (0.199, 0.201)
    }
    plan = buy.cheapest_plan(synthetic_problem(12, 40, 4, 3, 0.0, tight), 1e-9)
    assert plan.vendor_shadow_usd["a"] == pytest.approx((cost[0.199] - cost[0.201]) / 0.002, rel=0.05)
    loose = buy.cheapest_plan(synthetic_problem(12, 40, 4, 3, 0.0, {"a": 50.0}))
    assert loose.vendor_shadow_usd["a"] == pytest.approx(0.0, abs=1e-6)


def test_a_limit_of_zero_commits_nothing_there() -> None:
    plan = buy.cheapest_plan(synthetic_problem(12, 40, 4, 3, 0.0, {"a": 0.0}))
    assert plan.reserved_gpus[:2] == pytest.approx([0, 0], abs=1e-6)


def test_more_weight_on_the_tail_costs_mean_and_saves_tail() -> None:
    plans = [buy.cheapest_plan(synthetic_problem(12, 60, 4, 7, weight), 1e-7) for weight in (0.0, 0.5, 1.0)]
    assert plans[0].mean_cost_usd <= plans[1].mean_cost_usd + 1 <= plans[2].mean_cost_usd + 2
    problem = synthetic_problem(12, 60, 4, 7, 1.0)
    tails = [buy.objective_usd(problem, buy.MeritOrder(problem).support(plan.reserved_gpus)) for plan in plans]
    assert tails[0] >= tails[1] - 1 >= tails[2] - 2


# --- commitments from terms ----------------------------------------------------------------------------------------------------


def terms(**changes: object) -> buy.Commitments:
    arguments: dict[str, object] = {
        "names": ("one year", "bought"),
        "vendors": ("a", "own"),
        "order_months": [2, 0],
        "lead_months": [1, 3],
        "term_months": [12, 60],
        "usd_per_gpu_month": [10.0, 0.0],
        "upfront_usd_per_gpu": [0.0, 500.0],
        "terminal_usd_per_gpu": [0.0, 100.0],
        "usage_usd_per_gpu_month": [0.0, 1.0],
        "limit_gpus": 50.0,
        "discount_ratio": np.ones(24),
    }
    return buy.commitments_from_terms(**(arguments | changes))  # type: ignore[arg-type]


def test_terms_open_after_the_lead_time_and_close_after_the_term() -> None:
    made = terms()
    assert np.flatnonzero(made.available_ratio[0, :, 0]).tolist() == list(range(3, 15))
    assert np.flatnonzero(made.available_ratio[1, :, 0]).tolist() == list(range(3, 24))
    assert made.fixed_usd_per_gpu.tolist() == [120.0, 400.0]


def test_lead_times_may_differ_by_sample() -> None:
    made = terms(lead_months=[[1, 5], [3, 30]])
    assert made.available_ratio.shape == (2, 24, 2)
    assert made.available_ratio[1, :, 1].sum() == 0  # never delivered within the plan, and still paid for
    assert made.fixed_usd_per_gpu[1] == 400.0


def test_bad_terms_are_refused_by_name() -> None:
    with pytest.raises(InputFault, match="order_months: must lie between 0 and 23; came 30"):
        terms(order_months=[30, 0])
    with pytest.raises(InputFault, match="whole months"):
        terms(lead_months=[0.5, 3])
    with pytest.raises(InputFault, match="terminal_usd_per_gpu"):
        terms(terminal_usd_per_gpu=[0.0, 600.0])
    problem = synthetic_problem(6, 10, 2, 0)
    with pytest.raises(InputFault, match="no commitment has this vendor"):
        replace(problem, vendor_share_limits={"nobody": 0.5})
    with pytest.raises(InputFault, match="discount_ratio: shape must be"):
        replace(problem, discount_ratio=np.ones(5))
    with pytest.raises(InputFault, match="tail_weight_ratio: must lie between 0 and 1; came 2"):
        replace(problem, tail_weight_ratio=2.0)


# --- whole nodes ---------------------------------------------------------------------------------------------------------------


def test_whole_nodes_against_every_plan_in_reach() -> None:
    problem = synthetic_problem(8, 30, 3, 4)
    plan = buy.cheapest_plan(problem, 1e-8)
    whole = buy.whole_node_plan(problem, plan, 8.0, 0.0)
    merit = buy.MeritOrder(problem)
    centre = np.floor(plan.reserved_gpus / 8.0)
    every = [centre + shift for shift in product((-1, 0, 1, 2), repeat=3)]
    best = min(buy.objective_usd(problem, merit.support(nodes * 8.0)) for nodes in every if np.all(nodes >= 0))
    assert whole.cost_usd == pytest.approx(best, rel=1e-9)
    assert whole.bound_usd >= best - plan.cost_usd - 1e-6
    assert whole.cost_usd - plan.cost_usd <= whole.rounding_up_bound_usd + 1e-6
    assert whole.reserved_gpus.tolist() == (whole.nodes * 8.0).tolist()


def test_whole_nodes_keep_minimum_and_vendor_limits() -> None:
    problem = synthetic_problem(12, 40, 4, 3, 0.0, {"a": 0.2})
    plan = buy.cheapest_plan(problem)
    whole = buy.whole_node_plan(problem, plan, 8.0, 3.0)
    assert np.all((whole.nodes == 0) | (whole.nodes >= 3))
    rows, bounds = problem.vendor_rows()
    assert np.all(rows @ whole.reserved_gpus <= bounds * (1 + 1e-9))


# --- closed forms and the literature -------------------------------------------------------------------------------------------


def test_newsvendor() -> None:
    assert printed("newsvendor uniform") == "reserve Q=40 (quantile 1-0.6); expected cost 42 against 50 all on-demand"
    quantity = float(buy.newsvendor_uniform(0, 100, 1 - 0.6))
    assert quantity == pytest.approx(40)
    assert float(buy.newsvendor_uniform_cost_usd(quantity, 0, 100, 0.6, 1.0)) == pytest.approx(42)
    assert float(buy.newsvendor_uniform_cost_usd(0, 0, 100, 0.6, 1.0)) == pytest.approx(50)
    assert float(buy.newsvendor_normal(100, 30, 0.40)) == pytest.approx(92.40, abs=5e-3)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(demand=st.lists(st.floats(0, 1e3), min_size=1, max_size=20), discount=st.floats(0, 1))
def test_no_reservation_is_cheaper_than_the_newsvendor(demand: list[float], discount: float) -> None:
    samples = np.array(demand)
    reserved = float(buy.newsvendor_from_samples(samples, discount))
    cost = float(buy.newsvendor_sample_cost_usd(reserved, samples, 1 - discount, 1.0))
    others = [float(buy.newsvendor_sample_cost_usd(other, samples, 1 - discount, 1.0)) for other in [0.0, *demand]]
    assert cost <= min(others) + 1e-6


def farmer() -> buy.TwoStageProgram:
    """Birge and Louveaux, ch. 1: 500 acres of wheat, corn, beets; cattle need 200 and 240 t; beet quota 6,000 t.

    First stage: acres. Second: buy wheat and corn, sell wheat and corn, sell beets at the high and the low price.
    """
    base = np.array([2.5, 3.0, 20.0])
    technology = np.array([[[y[0], 0, 0], [0, y[1], 0], [0, 0, y[2]], [0, 0, 0]] for y in (base * f for f in (1.2, 1.0, 0.8))])
    recourse = np.array([[1, 0, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 0, 0, -1, -1], [0, 0, 0, 0, -1, 0]], dtype=float)
    return buy.TwoStageProgram(
        first_cost=np.array([150.0, 230.0, 260.0]),
        first_rows=np.ones((1, 3)),
        first_bounds=np.array([500.0]),
        second_cost=np.tile([238.0, 210.0, -170.0, -150.0, -36.0, -10.0], (3, 1)),
        technology=technology,
        recourse=recourse,
        requirement=np.tile([200.0, 240.0, 0.0, -6000.0], (3, 1)),
        probability=np.full(3, 1 / 3),
    )


def test_the_farmer() -> None:
    assert printed("two-stage LP farmer") == "RP 108390 at (170,80,250); EV 118600; WS 115406; EVPI 7016; EEV 107240; VSS 1150"
    values = buy.two_stage_values(farmer())
    assert values.first_stage == pytest.approx([170, 80, 250], rel=1e-4)
    assert -values.recourse_problem == pytest.approx(108_390, rel=1e-4)
    assert -values.expected_value == pytest.approx(118_600, rel=1e-4)
    assert -values.wait_and_see == pytest.approx(115_406, rel=1e-4)
    assert -values.expected_value_plan_cost == pytest.approx(107_240, rel=1e-4)
    assert values.evpi == pytest.approx(7_016, rel=1e-3)
    assert values.vss == pytest.approx(1_150, rel=1e-3)


def test_two_stage_program_refuses_what_does_not_fit() -> None:
    with pytest.raises(InputFault, match="probability: must sum to 1"):
        replace(farmer(), probability=np.full(3, 0.3))
    with pytest.raises(InputFault, match="recourse"):
        replace(farmer(), recourse=np.ones((4, 5)))
