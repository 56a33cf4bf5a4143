"""The chain, month by month: the only way to run it is `simulate`.

Order within a month: platform, maturity, demand and load, scaling wall, orders and capacity, incidents, cash, delivery,
reach. Arrays are [strategy, workload, sample] or [strategy, sample]; the sample axis is last and contiguous. Strategies
differ by their levers only; whatever the world does comes from one `Future` that all of them meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.draws import Points
from groundwork.errors import InputFault
from groundwork.quantities import Array, Quantity
from groundwork.scenario import Scenario, mapped
from groundwork.strategy import delivery, foundation, supply
from groundwork.strategy.future import DAYS_PER_MONTH, HOURS_PER_MONTH, Future, future
from groundwork.strategy.sizing import accelerator_hours_per_unit, peak_ratio

COSTS = (
    "engineers",
    "platform",
    "rebuild",
    "committed_capacity",
    "on_demand_capacity",
    "waste",
    "api",
    "data",
    "incidents",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every strategy in every sample.

    `monthly` holds [month, strategy, sample] by name: cash_usd (not discounted), value_usd, live_use_cases, accelerators,
    needed_accelerators, busy_accelerators, downtime_hours, unserved_ratio, stalled, maturity. `cost_usd` holds the present
    value of each cost category, [strategy, sample], terminal run cost of the platform included in `platform`.
    """

    strategies: tuple[str, ...]
    workloads: tuple[str, ...]
    months: int
    samples: int
    seed: int
    npv_usd: Array
    npv_path_usd: Array
    cost_usd: Mapping[str, Array]
    terminal_usd: Array
    rebuilds: Array
    monthly: Mapping[str, Array]
    balances: Mapping[str, Array]


def drawn(scenario: Scenario[Quantity], points: Points) -> Scenario[Array]:
    """The scenario with every belief turned into an array over samples."""
    column = {name: number for number, name in enumerate(points.names)}
    return mapped(scenario, lambda path, quantity: quantity.at(points.matrix[:, column[path]]))


def simulate(scenario: Scenario[Quantity], points: Points, strategies: Sequence[str]) -> Outcome:
    """Play every strategy through every sample.

    Parameters
    ----------
    scenario
        The beliefs and levers.
    points
        One row of random points for each sample; every belief of the scenario owns a column.
    strategies
        Names of the scenario's strategies, in the order of the result.

    Raises
    ------
    InputFault
        When a strategy is not in the scenario.
    """
    unknown = [name for name in strategies if name not in scenario.strategies]
    if unknown:
        raise InputFault(f"no strategy called {', '.join(unknown)}; there are {', '.join(scenario.strategies)}")
    beliefs = drawn(scenario, points)
    samples = points.matrix.shape[0]
    world = future(beliefs, scenario.months, samples, points.seed)
    return _played(beliefs, world, tuple(strategies), scenario.months, samples, points.seed)


def _played(beliefs: Scenario[Array], world: Future, names: tuple[str, ...], months: int, samples: int, seed: int) -> Outcome:
    work = {name: item for name, item in beliefs.workloads.items() if item.enabled}
    levers = [beliefs.strategies[name] for name in names]
    shape = (len(names), samples)
    channels, people, run, platform = beliefs.channels, beliefs.organisation, beliefs.operations, beliefs.platform

    def column(values: Sequence[float]) -> Array:
        return np.array(values, dtype=float)[:, None]

    def stacked(values: Sequence[Array]) -> Array:
        return np.stack([np.broadcast_to(value, (samples,)) for value in values])

    team = column([lever.platform_team_fte for lever in levers])
    begins = column([np.inf if lever.use_cases_start_month is None else lever.use_cases_start_month for lever in levers])
    fixed_start = column([np.inf if lever.platform_start_month is None else lever.platform_start_month for lever in levers])
    waits = column([lever.use_cases_wait_months for lever in levers]) * float(channels.sequencing.enabled)
    diverted = column([lever.diverted_ratio for lever in levers])
    bought = np.array(
        [[float(item.buyable and ("*" in lever.buys or name in lever.buys)) for name, item in work.items()] for lever in levers]
    )[:, :, None]

    hours_per_unit = accelerator_hours_per_unit(list(work.values()), samples)
    peaks = peak_ratio(list(work.values()), samples)
    value_usd = stacked([item.value_usd_per_unit for item in work.values()])
    api_usd = stacked([item.api_usd_per_unit for item in work.values()])
    gigabytes = stacked([item.gb_per_unit for item in work.values()]) * beliefs.data.replication_factor
    kept_months = np.maximum(stacked([item.retention_months for item in work.values()]), 1e-9)
    markup = channels.api_markup.factor if channels.api_markup.enabled else 1.0
    quality = 1.0 - bought * (1.0 - (channels.bought_quality.ratio if channels.bought_quality.enabled else 1.0))

    logs = foundation.log_factors(beliefs)
    facts = foundation.build(beliefs, world.tail_dice, world.failure_dice)
    pipeline = delivery.Pipeline.fresh(beliefs, work, bought, world)
    stock = supply.Stock.fresh(beliefs, levers, months, shape)
    wall = foundation.WallState.fresh(shape)
    monthly_rate = (1.0 + people.discount_ratio_per_year) ** (1.0 / 12.0)

    work_done, adoption, started_at = np.zeros(shape), np.zeros(shape), np.full(shape, np.inf)
    stored = np.zeros((len(names), len(work), samples))
    complete = np.zeros(shape)
    cost_usd = {name: np.zeros(shape) for name in COSTS}
    monthly = {name: np.zeros((months, *shape)) for name in MONTHLY}
    npv_path = np.zeros((months, *shape))
    npv, run_margin = np.zeros(shape), np.zeros(shape)
    engineers_gap = np.zeros(shape)
    busy = np.zeros(shape)

    for month in range(months):
        active = (month >= begins) & np.ones(shape, dtype=bool)
        triggered = delivery.triggered(levers, pipeline, busy, monthly["spend_usd"][month - 1] if month else np.zeros(shape))
        started_at = np.where(np.isinf(started_at) & ((month >= fixed_start) | triggered), month, started_at)
        building = (month >= started_at) & (complete < 1.0)
        work_done = work_done + building * team
        complete = np.maximum(complete, np.minimum(1.0, work_done / facts.target_engineer_months))
        adoption = np.where(
            complete > 0.3, adoption + platform.adoption_ratio_per_month * (facts.adoption_max - adoption), adoption
        )
        maturity = complete * adoption
        act = foundation.multipliers(logs, maturity)
        dip = (month >= started_at) & (month < started_at + channels.early_dip.months) & channels.early_dip.enabled

        reach = pipeline.reach
        units = reach * world.units_per_month[month]
        load = (units * (1.0 - bought) * hours_per_unit).sum(axis=1) / HOURS_PER_MONTH * world.own_cost_ratio[month]
        carried, frozen, rebuild_usd = wall.stepped(beliefs, load, maturity, complete)
        complete = np.where(wall.finished, 1.0, complete)
        share_of_wall = np.minimum(1.0, carried / np.maximum(load, 1e-12))
        busy = load * share_of_wall
        weights = units * (1.0 - bought) * hours_per_unit
        pool_peak = (weights * peaks).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-12)
        inverse_use = np.maximum(1.0 / (channels.utilisation.without_ratio * act.utilisation), pool_peak)
        capacity = stock.stepped(beliefs, month, busy, inverse_use, maturity, world.state[month])
        served_here = share_of_wall * np.minimum(1.0, capacity.total / np.maximum(busy * inverse_use, 1e-12))

        live = pipeline.live.sum(axis=1)
        anything_live = (live > 0.0).astype(float)
        bad_changes = run.deploys_per_month * run.change_failure_ratio * run.exposed_ratio * run.restore_hours
        failing = (1.0 - channels.failover.without_ratio) * act.uncovered
        one_zone = stock.one_zone
        zone_hours = (
            run.zone_outages_per_year
            / 12.0
            * np.where(one_zone, run.zone_outage_hours, failing * run.manual_hours + (1.0 - failing) * run.switch_minutes / 60.0)
        )
        down_hours = anything_live * np.minimum(
            HOURS_PER_MONTH, bad_changes * act.change_restore * (1.0 + dip * channels.early_dip.stability_ratio) + zone_hours
        )
        up = 1.0 - down_hours / HOURS_PER_MONTH

        served = bought + (1.0 - bought) * served_here[:, None, :] * up[:, None, :]
        served_units = units * served
        fresh = 1.0 - beliefs.delivery.drift_ratio * act.drift
        earned = (served_units * value_usd * quality).sum(axis=1) * fresh
        stored = stored + units * gigabytes - stored / np.maximum(kept_months, 1.0)
        moving = beliefs.data.cross_ratio * act.data_waste * beliefs.data.egress_usd_per_gb
        effort = delivery.effort(
            beliefs, pipeline, act, dip, frozen, diverted * team * building, active, waits, started_at, month
        )
        price = world.on_demand_price[month] * HOURS_PER_MONTH
        committed_usd = capacity.committed * committed_usd_per_month(beliefs)
        on_demand_usd = capacity.on_demand * price
        flows = {
            "engineers": effort.paid_fte * people.wage_usd_per_month,
            "platform": (building + (complete >= 1.0) * np.isfinite(started_at) * ~building * platform.run_ratio)
            * team
            * people.wage_usd_per_month,
            "rebuild": rebuild_usd,
            "committed_capacity": committed_usd,
            "on_demand_capacity": on_demand_usd,
            "waste": beliefs.data.waste_ratio * act.data_waste * (committed_usd + on_demand_usd),
            "api": (units * bought * api_usd).sum(axis=1) * markup * world.api_price_ratio[month],
            "data": (stored.sum(axis=1)) * beliefs.data.storage_usd_per_gb_month + (units * gigabytes).sum(axis=1) * moving,
            "incidents": down_hours * run.incident_usd_per_hour,
        }
        spent = sum(flows.values())
        cash = earned - spent
        discount = monthly_rate ** -(month + 1.0)
        npv = npv + cash * discount
        npv_path[month] = npv
        for name, flow in flows.items():
            cost_usd[name] += flow * discount
        if month >= months - 3:
            run_margin += (
                earned - (spent - flows["platform"] - flows["rebuild"] - flows["engineers"]) - effort.running_usd
            ) / min(3, months)
        engineers_gap = np.maximum(engineers_gap, np.abs(effort.imbalance_fte))
        unserved = 1.0 - np.where(units.sum(axis=1) > 0, served_units.sum(axis=1) / np.maximum(units.sum(axis=1), 1e-300), 1.0)
        for name, series in (
            ("cash_usd", cash),
            ("value_usd", earned),
            ("spend_usd", spent),
            ("live_use_cases", live),
            ("accelerators", capacity.total),
            ("needed_accelerators", busy * inverse_use),
            ("busy_accelerators", busy * np.minimum(1.0, served_here)),
            ("downtime_hours", down_hours),
            ("unserved_ratio", unserved),
            ("stalled", frozen.astype(float)),
            ("maturity", maturity),
        ):
            monthly[name][month] = series
        pipeline.stepped(beliefs, maturity, act, effort, month)
        lost = np.minimum(1.0, down_hours * run.churn_ratio_per_hour + unserved * run.unserved_churn_ratio)
        pipeline.taken_up(beliefs, lost)

    last_discount = monthly_rate ** -float(months)
    upkeep = np.isfinite(started_at) * platform.run_ratio * team * people.wage_usd_per_month
    terminal = people.terminal_months * last_discount * np.maximum(0.0, run_margin)
    upkeep_after = people.terminal_months * last_discount * upkeep
    cost_usd["platform"] += upkeep_after
    npv = npv + terminal - upkeep_after
    return Outcome(
        strategies=names,
        workloads=tuple(work),
        months=months,
        samples=samples,
        seed=seed,
        npv_usd=npv,
        npv_path_usd=npv_path,
        cost_usd=cost_usd,
        terminal_usd=terminal,
        rebuilds=wall.count,
        monthly=monthly,
        balances={"engineers_fte": engineers_gap, "orders": stock.imbalance(), "use_cases": pipeline.imbalance()},
    )


MONTHLY = (
    "cash_usd",
    "value_usd",
    "spend_usd",
    "live_use_cases",
    "accelerators",
    "needed_accelerators",
    "busy_accelerators",
    "downtime_hours",
    "unserved_ratio",
    "stalled",
    "maturity",
)


def committed_usd_per_month(beliefs: Scenario[Array]) -> Array:
    """What one committed accelerator costs in a month, [sample]: today's normal price less the discount, held for the term."""
    market = beliefs.market
    return market.on_demand_usd_per_accelerator_hour * (1.0 - market.commitment_discount_ratio) * HOURS_PER_MONTH


__all__ = ["COSTS", "DAYS_PER_MONTH", "MONTHLY", "Outcome", "drawn", "simulate"]
