"""Units of what is too long to be written twice: serving by its limiting cases, the chain by changing its base units.

Serving is played with every term of the measurements off but one: what is left is a line of physics that pint can say. The chain
is played twice, once with money counted in half-dollars (or people in half-posts, or data in half-gigabytes): every number whose
name holds that dimension must change by it, and no other number may change at all.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from groundwork import profiles
from groundwork.formulas.cost import owned_usd_per_gpu_hour, owned_usd_per_year, ownership_tco
from groundwork.formulas.cost.ownership import HOURS_PER_YEAR, MONTHS_PER_YEAR
from groundwork.formulas.data_flow import DAYS_PER_MONTH
from groundwork.formulas.demand import peak_units_per_second
from groundwork.formulas.latency import BatchingServer, knee_requests_per_second
from groundwork.formulas.queueing import modified_offered_load_erlang, pointwise_offered_load_erlang
from groundwork.formulas.reliability import fleet
from groundwork.formulas.reliability.steps import bad_changes
from groundwork.formulas.serving import Replica, ServingTerms, closed_loop, decode_step, memory_batch_count, replica_capacity
from groundwork.formulas.serving.steps import prefill_seconds
from groundwork.levers import Trigger
from groundwork.quantities import Choice, Fixed, Lognormal, Quantity, Uniform
from groundwork.scenario import Scenario, beliefs, mapped, replaced
from groundwork.strategy import future
from groundwork.strategy.outcome import MONTHLY, ON_REQUEST, Outcome
from groundwork.strategy.servers import servers_of
from groundwork.strategy.simulation import drawn, simulate
from groundwork.strategy.supply import committed_usd_per_hour
from groundwork.workloads import BatchWork, EdgeWork, RenderWork, TrainingWork, Workload
from invented import invented, points, strategy, sure, workload
from physics import REGISTRY, Q, number, of, same

# --- serving ----------------------------------------------------------------------------------------------------------------

PARAMETERS, WEIGHT, CACHED = 12e9, Q(12, "bit"), Q(16, "bit")
LAYERS, HIDDEN, ELEMENTS, CONTEXT, BATCH = 40, 5_000, 2_048, 3_000, 24
MEMORY, BANDWIDTH, LINK = Q(6e11, "bit"), Q(180, "terabyte / minute"), Q(7.2, "terabit / second")
PEAK, ATTENTION_PEAK, ATTENDED = Q(4.2e16, "1 / minute"), Q(2.4e16, "1 / minute"), 4_096


def replica(accelerators: int = 1) -> Replica:
    """A dense model, cut over all its accelerators, the sizes given in units that the fields do not have."""
    given: dict[str, Any] = {
        "parameters_b": PARAMETERS,
        "active_b": PARAMETERS,
        "experts_count": 1,
        "experts_active_count": 1,
        "layers_count": LAYERS,
        "hidden_count": HIDDEN,
        "kv_heads_count": 8,
        "kv_elements_per_layer_count": ELEMENTS,
        "full_layers_count": LAYERS,
        "window_layers_count": 0,
        "window_tokens": 0,
        "decode_attention_count": ATTENDED,
        "prefill_attention_count": ATTENDED,
        "expert_weight_bytes": WEIGHT,
        "dense_weight_bytes": WEIGHT,
        "kv_element_bytes": CACHED,
        "accelerators_count": accelerators,
        "tensor_ways_count": accelerators,
        "sequence_ways_count": 1,
        "expert_ways_count": 1,
        "peak_tflops": PEAK,
        "attention_tflops": ATTENTION_PEAK,
        "memory_gib": MEMORY,
        "bandwidth_gb_per_second": BANDWIDTH,
        "link_gb_per_second": LINK,
    }
    return Replica(**{name: np.array([number(name, value)]) for name, value in given.items()})


def only(**given: Any) -> ServingTerms:
    """Terms of which only these are on."""
    on = {name: number(name, value) for name, value in given.items()}
    return ServingTerms(**{field.name: np.array([on.get(field.name, 0.0)]) for field in fields(ServingTerms)})


def told(record: Any, name: str) -> Any:
    return float(np.ravel(getattr(record, name))[0]) * of(name)


WEIGHTS, CACHE = PARAMETERS * WEIGHT, ELEMENTS * CACHED * LAYERS * CONTEXT


def test_a_decode_step_is_bytes_over_bandwidth_and_operations_over_the_peak() -> None:
    on = only(whole_factor=1, weights_factor=1, cache_factor=1, decode_factor=1, step_seconds=Q(3, "millisecond"))
    step = decode_step(replica(), on, BATCH, CONTEXT)
    same(told(step, "weights_seconds"), WEIGHTS / BANDWIDTH)
    same(told(step, "cache_seconds"), BATCH * CACHE / BANDWIDTH)
    arithmetic = 2 * PARAMETERS / PEAK + 4 * ATTENDED * LAYERS * CONTEXT / ATTENTION_PEAK
    same(told(step, "compute_seconds"), BATCH * arithmetic)
    same(told(step, "overhead_seconds"), Q(3, "millisecond"))
    assert float(step.exchange_seconds[0]) == 0.0


def test_an_exchange_is_bytes_over_the_link() -> None:
    step = decode_step(replica(2), only(whole_factor=1, link_factor=1), BATCH, CONTEXT)
    sent_and_received, exchanges = 2, 2 * LAYERS
    same(told(step, "exchange_seconds"), BATCH * HIDDEN * Q(16, "bit") * exchanges * sent_and_received / LINK)


def test_a_prefill_is_operations_over_the_peak() -> None:
    seconds = float(prefill_seconds(replica(), only(prefill_factor=1), CONTEXT)[0]) * of("seconds")
    before = CONTEXT / 2
    arithmetic = 2 * PARAMETERS * CONTEXT / PEAK + 4 * ATTENDED * LAYERS * CONTEXT * before / ATTENTION_PEAK
    same(seconds, arithmetic)


def test_what_fits_is_memory_over_the_bytes_of_a_sequence() -> None:
    on = only(usable_ratio=0.9, reserve_gb=Q(5, "gibibyte"))
    found = float(memory_batch_count(replica(), on, CONTEXT)[0])
    same(Q(found), (0.9 * MEMORY - Q(5, "gibibyte") - WEIGHTS) / CACHE)


def test_a_replica_writes_its_batch_each_step() -> None:
    """A step grows with each request in it and the first token also takes a fixed while."""
    step, grows, first = Q(25, "millisecond"), Q(500, "microsecond"), Q(0.01, "minute")
    on = only(
        whole_factor=1,
        step_seconds=step,
        sequence_seconds=grows,
        first_seconds=first,
        step_wait_factor=1,
        usable_ratio=0.9,
        offline_batch_count=64,
    )
    loop = closed_loop(replica(), on, in_flight_count=4, input_tokens=600, output_tokens=300)
    for name in ("tpot_ms", "decode_step_ms"):
        same(told(loop, name), step + 4 * grows)
    same(told(loop, "ttft_ms"), first + step + 4 * grows)
    same(told(loop, "output_tokens_per_second"), 4 / (step + 4 * grows))
    limits = {"ttft_limit_ms": number("ms", Q(1, "second")), "tpot_limit_ms": number("ms", Q(28, "millisecond"))}
    most = replica_capacity(replica(), on, input_tokens=600, output_tokens=300, **limits)
    assert most.within_limits.all()
    assert most.batch_count == pytest.approx(((Q(28, "millisecond") - step) / grows).to("").magnitude, rel=1e-6)
    assert most.requests_per_second == pytest.approx(number("requests_per_second", 6 / (300 * Q(28, "millisecond"))), rel=1e-6)
    tight = replica_capacity(replica(), on, input_tokens=600, output_tokens=300, **(limits | {"tpot_limit_ms": 24.0}))
    assert not tight.within_limits.any()


def test_a_lone_request_turns_round_in_its_own_time() -> None:
    step, prefill, tokens = Q(30, "millisecond"), Q(0.4, "second"), 100
    server = BatchingServer(
        decode_seconds=np.array([number("seconds", step)]),
        prefill_seconds=np.array([number("seconds", prefill)]),
        output_tokens=np.array([float(tokens)]),
    )
    same(told(server, "saturation_requests_per_second"), 1 / (prefill + tokens * step))
    assert 0.0 < knee_requests_per_second(server) <= server.saturation_requests_per_second


# --- records of several numbers, hours of a day ------------------------------------------------------------------------------

OWNED: dict[str, Any] = {
    "capex_usd": Q(2e5, "USD"),
    "power_kw": Q(5_600, "watt"),
    "load_ratio": Q(0.6),
    "pue_ratio": Q(1.25),
    "power_usd_per_kwh": Q(3e-8, "USD / joule"),
    "colocation_usd_per_month": Q(50, "USD / day"),
    "staff_usd_per_year": Q(3_000, "USD / month"),
    "maintenance_ratio_per_year": Q(0.004, "1 / month"),
}
RUNNING = {
    "power_usd": Q(5_600, "watt") * 0.75 * Q(3e-8, "USD / joule"),
    "colocation_usd": Q(50, "USD / day"),
    "staff_usd": Q(3_000, "USD / month"),
    "maintenance_usd": Q(2e5, "USD") * Q(0.004, "1 / month"),
}


def named(given: dict[str, Any]) -> dict[str, float]:
    return {name: number(name, value) for name, value in given.items()}


def test_what_owning_costs_in_a_year_and_over_its_life() -> None:
    free = {"residual_ratio": 0.0, "life_years": number("years", Q(48, "month")), "cost_of_capital_ratio": 0.0}
    yearly = owned_usd_per_year(**named(OWNED), **free)
    same(told(yearly, "capital_usd"), Q(2e5, "USD") / Q(4, "year") * Q(1, "year"))
    whole = ownership_tco(**named(OWNED), years=number("years", Q(30, "month")))
    for part, rate in RUNNING.items():
        same(told(yearly, part), rate * Q(1, "year"))
        same(told(whole, part), rate * Q(30, "month"))
    busy = float(owned_usd_per_gpu_hour(yearly, 8, 0.5)) * of("usd_per_gpu_hour")
    same(busy, told(yearly, "total_usd") / Q(1, "year") / (8 * 0.5))


def test_a_day_has_hours_and_seconds() -> None:
    peak = float(peak_units_per_second(number("units_per_day", Q(30, "1 / minute")), np.ones(24), 2.0)) * of("units_per_second")
    same(peak, 2 * Q(30, "1 / minute"))
    steady = np.full(24, number("arrivals_per_second", Q(30, "1 / minute")))
    for load in (pointwise_offered_load_erlang, modified_offered_load_erlang):
        held = load(steady, number("mean_service_seconds", Q(4, "minute")))
        np.testing.assert_allclose(held, (Q(30, "1 / minute") * Q(4, "minute")).to("").magnitude, rtol=1e-9)


def test_who_came_in_one_hour_leaves_by_the_clock() -> None:
    rush = np.zeros(24)
    rush[0] = number("arrivals_per_second", Q(5, "1 / minute"))
    held = modified_offered_load_erlang(rush, number("mean_service_seconds", Q(150, "minute")))
    np.testing.assert_allclose(held[6] / held[5], np.exp(-(Q("hour") / Q(150, "minute")).to("").magnitude), rtol=1e-9)


def test_months_and_years_are_one_calendar() -> None:
    for found, exact in (
        (HOURS_PER_YEAR * of("hours"), Q("year")),
        (fleet.HOURS_PER_YEAR * of("hours"), Q("year")),
        (MONTHS_PER_YEAR * of("months"), Q("year")),
        (DAYS_PER_MONTH * of("days"), Q("month")),
        (future.DAYS_PER_MONTH * of("days"), Q("month")),
        (future.HOURS_PER_MONTH * of("hours"), Q("month")),
    ):
        same(found, exact)


def test_a_bad_change_comes_as_often_as_it_is_said_to() -> None:
    made = bad_changes(
        deploys_per_month=number("deploys_per_month", Q(2, "1 / day")),
        change_failure_ratio=0.1,
        exposed_ratio=0.3,
        restore_hours=number("restore_hours", Q(30, "minute")),
    )
    same(told(made, "mean_down_hours"), Q(30, "minute"))
    same(told(made, "mean_up_hours"), 1 / (Q(2, "1 / day") * 0.1 * 0.3))


# --- the chain ----------------------------------------------------------------------------------------------------------------


def work_of(record: Any, **given: Any) -> Workload[Any]:
    """A workload of such work with every belief an array of one sample."""
    plain = {name: value for name, value in given.items() if isinstance(value, str)}
    values = {name: np.array([number(name, value)]) for name, value in given.items() if name not in plain}
    item = workload(None)
    return replace(
        item,
        work=record(**plain, price_ratio=np.ones(1), **values),
        units_per_day=np.array([number("units_per_day", Q(2, "1 / second"))]),
    )


@pytest.mark.parametrize(
    ("item", "each"),
    [
        (
            work_of(
                BatchWork,
                kind="batch",
                accelerator="H100",
                accelerator_seconds_per_unit=Q(0.2, "minute"),
                deadline_hours=Q("day"),
            ),
            Q(0.2, "minute"),
        ),
        (
            work_of(
                RenderWork,
                kind="render",
                accelerator="H100",
                accelerator_minutes_per_unit=Q(30, "second"),
                deadline_hours=Q("day"),
            ),
            Q(30, "second"),
        ),
        (
            work_of(
                TrainingWork,
                kind="training",
                accelerator="H100",
                parameters_b=Q(7e9),
                tokens_b=Q(1e12),
                mfu_ratio=Q(0.4),
                peak_tflops=Q(6e16, "1 / minute"),
                goodput_ratio=Q(0.9),
                deadline_hours=Q("day"),
            ),
            6 * 7e9 * 1e12 / (Q(6e16, "1 / minute") * 0.4 * 0.9),
        ),
        (
            work_of(
                EdgeWork,
                kind="edge",
                accelerator="L4",
                sites_count=Q(50),
                streams_per_site=Q(6),
                stream_units_per_second=Q(120, "1 / minute"),
                device_units_per_second=Q(240, "1 / minute"),
                uplink_mbit_per_second=Q(1, "megabyte / second"),
                uplink_kbit_per_unit=Q(1, "kilobyte"),
                autonomy_hours=Q("day"),
            ),
            50 * 3 / Q(2, "1 / second"),
        ),
    ],
    ids=["batch", "render", "training", "edge"],
)
def test_a_unit_of_work_takes_its_accelerator_time(item: Workload[Any], each: Any) -> None:
    same(told(servers_of(item), "hours_per_unit"), each)


def test_a_committed_accelerator_is_paid_by_the_hour() -> None:
    drew = drawn(invented(), points(invented(), 8))
    hourly = drew.market.on_demand_usd_per_accelerator_hour * of("usd_per_accelerator_hour")
    found = committed_usd_per_hour(drew) * of("usd_per_accelerator_hour")
    np.testing.assert_allclose(
        (found / (hourly * (1.0 - drew.market.commitment_discount_ratio))).to("").magnitude, 1.0, rtol=1e-12
    )


HIDDEN_IN_WORDS = {  # what a name of the profile leaves to its help text: the wage of one engineer
    "wage_usd_per_month": "[people]"
}


def power(name: str, dimension: str) -> int:
    """How often a dimension stands in the unit of a name: 1 for USD in `cost_usd`, -1 for people in a wage of one."""
    over = -1 if HIDDEN_IN_WORDS.get(name) == dimension else 0
    return int(REGISTRY.get_dimensionality(of(name).units).get(dimension, 0)) + over


def scaled(quantity: Quantity, factor: float) -> Quantity:
    """The same belief in other units."""
    if isinstance(quantity, Fixed):
        return replace(quantity, value=quantity.value * factor)
    if isinstance(quantity, Lognormal):
        return replace(quantity, p10=quantity.p10 * factor, p90=quantity.p90 * factor)
    if isinstance(quantity, Choice):
        return replace(quantity, values=tuple(value * factor for value in quantity.values))
    if isinstance(quantity, Uniform):
        return replace(quantity, low=quantity.low * factor, high=quantity.high * factor)
    return replace(quantity, low=quantity.low * factor, central=quantity.central * factor, high=quantity.high * factor)


def in_other_units(scenario: Scenario[Quantity], dimension: str) -> Scenario[Quantity]:
    """The scenario with one dimension counted in halves, beliefs and levers alike."""
    factors = {belief.path: 2.0 ** power(belief.name, dimension) for belief in beliefs(scenario)}
    changed = mapped(scenario, lambda path, value: value if factors[path] == 1.0 else scaled(value, factors[path]))
    plans = {}
    for name, plan in scenario.strategies.items():
        trigger = plan.platform_trigger
        if trigger is not None and trigger.watch.endswith("_usd"):
            trigger = replace(trigger, at_least=trigger.at_least * 2.0 ** power(trigger.watch, dimension))
        team = plan.platform_team_fte * 2.0 ** power("platform_team_fte", dimension)
        plans[name] = replace(plan, platform_trigger=trigger, platform_team_fte=team)
    return replace(changed, strategies=plans)


def played(scenario: Scenario[Quantity]) -> Outcome:
    return simulate(scenario, points(scenario, 32), tuple(scenario.strategies), record=(*MONTHLY, *ON_REQUEST))


def dimension_of(name: str, dimension: str) -> int:
    try:
        return power(name, dimension)
    except KeyError:  # a share, a flag, a number of things
        return 0


@pytest.mark.parametrize("dimension", ["[money]", "[people]", "[information]"])
@pytest.mark.parametrize("name", ["invented", *profiles.available()])
def test_other_units_of_the_inputs_are_other_units_of_the_results_and_nothing_else(name: str, dimension: str) -> None:
    scenario = MIXED if name == "invented" else profiles.load(name)
    moved = [belief.name for belief in beliefs(scenario) if power(belief.name, dimension)]
    assert len(moved) >= {"[money]": 10, "[people]": 7, "[information]": 4}[dimension]
    one, other = played(scenario), played(in_other_units(scenario, dimension))
    compared = {"npv_usd": (one.npv_usd, other.npv_usd), "npv_path_usd": (one.npv_path_usd, other.npv_path_usd)}
    compared |= {"terminal_usd": (one.terminal_usd, other.terminal_usd), "rebuilds": (one.rebuilds, other.rebuilds)}
    compared |= {f"cost_{part}_usd": (values, other.cost_usd[part]) for part, values in one.cost_usd.items()}
    compared |= {series: (values, other.monthly[series]) for series, values in one.monthly.items()}
    for series, (before, after) in compared.items():
        size = float(np.abs(before).max(initial=0.0)) or 1.0
        factor = 2.0 ** dimension_of(series, dimension)
        np.testing.assert_allclose(after / factor, before, rtol=1e-9, atol=1e-9 * size, err_msg=series)


# Every way of paying at once: owned and rented machines, two vendors, a trigger on money, bought services, pipelines too small.
MIXED = replace(
    invented(),
    strategies={
        **invented().strategies,
        "mixed": strategy(
            platform_trigger=Trigger(watch="monthly_spend_usd", at_least=200_000.0),
            owned_ratio=0.4,
            vendors_count=2,
            zones_count=1,
        ),
    },
)
MIXED = replaced(replaced(MIXED, "data.pipeline_gb_per_day", sure(2.0)), "operations.incident_usd_per_hour", sure(5e4))
