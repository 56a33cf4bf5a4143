"""The chain, month by month: the only way to run it is `simulate`.

Order within a month: platform, maturity, demand and load, scaling wall, orders and capacity, incidents, cash, delivery,
reach. Arrays are [strategy, workload, sample] or [strategy, sample]; the sample axis is last and contiguous. Strategies
differ by their levers only; whatever the world does comes from one `Future` that all of them meet.

Samples are played in blocks that fit the processor's cache; no sample sees another, so blocks change no digit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundwork.draws import Points
from groundwork.quantities import Array, Flags, Quantity
from groundwork.scenario import Scenario, mapped
from groundwork.strategy import data, delivery, demanded, foundation, incidents, supply
from groundwork.strategy.cash import LAST_MONTHS, Cash
from groundwork.strategy.choices import Choices, chosen
from groundwork.strategy.effort import Crew
from groundwork.strategy.future import Dice, Future, dice, future, most_use_cases
from groundwork.strategy.outcome import BY_WORKLOAD, COSTS, MONTHLY, ON_REQUEST, Book, Outcome, refuse_unknown
from groundwork.strategy.prior import Prior, prior_of
from groundwork.strategy.remembered import drawn
from groundwork.strategy.worth import Worth

BLOCK_CELLS = 25_600  # strategies x workloads x samples in a block: 200 KiB for each array of that shape


def simulate(scenario: Scenario[Quantity], points: Points, strategies: Sequence[str], record: Sequence[str] = MONTHLY) -> Outcome:
    """Play every strategy through every sample.

    Parameters
    ----------
    scenario
        The beliefs and levers.
    points
        One row of random points for each sample; every belief of the scenario owns a column.
    strategies
        Names of the scenario's strategies, in the order of the result.
    record
        Which monthly series to keep, of `MONTHLY`, `ON_REQUEST` and `BY_WORKLOAD`; few, or none, save memory where strategies
        or samples are many.

    Raises
    ------
    InputFault
        When a strategy is not in the scenario, or a series is not known.
    """
    refuse_unknown("strategy", strategies, tuple(scenario.strategies))
    refuse_unknown("monthly series", record, (*MONTHLY, *ON_REQUEST, *BY_WORKLOAD))
    beliefs = drawn(scenario, points)
    samples, months = points.samples, scenario.months
    most = most_use_cases(beliefs, months)
    work, thrown = [name for name, _ in most], dice(months, most, points)
    choices, prior = chosen(beliefs, strategies), prior_of(scenario.delivery)
    book = Book.blank(months, len(strategies), len(work), samples, record)
    block = block_samples(max(1, choices.count), len(work))
    for start in range(0, samples if choices.count else 0, block):
        stop = min(start + block, samples)
        part, dealt = beliefs, thrown
        if block < samples:
            part, dealt = mapped(beliefs, lambda _, values: values[start:stop]), thrown.part(start, stop)  # noqa: B023
        _play(part, choices, future(part, dealt, months), prior, months, book.part(start, stop))
    book.copied(choices.copies)
    return book.outcome(tuple(strategies), tuple(work), months, samples, points.seed)


def played(beliefs: Scenario[Array], choices: Choices, thrown: Dice, prior: Prior, months: int) -> Array:
    """Net present value of one strategy in drawn beliefs with these dice, USD, [sample]; `simulate` is for everything else."""
    book = Book.blank(months, 1, 0, thrown.luck.size, ())
    if choices.count:
        _play(beliefs, choices, future(beliefs, thrown, months), prior, months, book)
    return np.asarray(book.npv[0])


def block_samples(strategies: int, workloads: int) -> int:
    """Samples in a block: a power of two, 32 or more, so that the largest arrays stay in the cache."""
    return max(32, 1 << (BLOCK_CELLS // (strategies * workloads)).bit_length() - 1)


def _play(beliefs: Scenario[Array], choices: Choices, world: Future, prior: Prior, months: int, book: Book) -> None:
    shape = (choices.count, world.dice.luck.size)
    asked = demanded.Work.of(beliefs, choices, world)
    effects = foundation.Effects.fresh(beliefs, choices)
    facts = foundation.build(beliefs, world.dice.overrun, world.dice.adoption, choices.work_ratio)
    pipeline = delivery.Pipeline.fresh(beliefs, choices, world, prior)
    stock = supply.Stock.fresh(beliefs, choices, world, months)
    wall = foundation.WallState.fresh(beliefs, shape)
    state = foundation.PlatformState.fresh(beliefs, choices, shape)
    flow = data.DataPipeline.fresh(beliefs, shape)
    worth = Worth.of(beliefs, choices, world, asked)
    service = incidents.Service.of(beliefs, choices, world.dice)
    crew = Crew.of(beliefs, choices)
    cash = Cash.fresh(beliefs, choices, asked.storage_usd, asked.moving_usd)
    use_ratio = choices.each(beliefs.channels.utilisation.without_ratio)

    for month in range(months):
        holds = delivery.triggered(choices, pipeline, cash.busy_accelerators, cash.spent_usd, cash.earned_usd)
        maturity, building, dip = state.stepped(facts, holds, pipeline.stopped, month)
        act = effects.at(maturity)

        use = use_ratio * act.utilisation
        accepted = worth.accepted(stock, pipeline.reach, use, month)
        now = asked.month(accepted, month)
        within_wall, frozen, rebuild_usd = wall.stepped(beliefs, now.load, choices.fed(maturity, "wall"), state.complete)
        needed, lasting = worth.needed(asked.needed(within_wall, use))
        held = stock.stepped(beliefs, world, month, needed, lasting, choices.fed(maturity, "procurement"))
        shared = asked.sizing.shared(held, needed, within_wall)
        flow.stepped(now.moved_gigabytes, act.data_throughput)
        down_hours = service.down_hours(act, dip, pipeline.live_total, held, shared.held_ratio, asked.sizing, month)
        spent = crew.month(pipeline, act, dip, frozen, building, state.started_at, month)

        cash.earned(now, shared.served_ratio, down_hours, flow.fresh_ratio, act)
        cash.paid(world, month, now, down_hours, act, spent, state, pipeline.kept, rebuild_usd, stock)
        if month >= months - LAST_MONTHS:
            cash.near_the_end(spent, months)
        book.npv_path[month, choices.rows] = cash.npv_usd
        stopped = worth.stopped.copy() if book.wants_more else worth.stopped
        worth.seen(act, pipeline.coming_reach, use, flow.fresh_ratio, month)
        series: dict[str, Array | Flags] = {
            "cash_usd": cash.cash_usd,
            "value_usd": cash.earned_usd,
            "spend_usd": cash.spent_usd,
            "live_use_cases": pipeline.live_total,
            "accelerators": held,
            "needed_accelerators": needed,
            "busy_accelerators": cash.busy_accelerators,
            "downtime_hours": down_hours,
            "unserved_ratio": cash.unserved_ratio,
            "stalled": frozen,
            "maturity": maturity,
        }
        if book.wants_more:
            series |= worth.series(pipeline.coming_reach, stopped, month)
            series |= spent.series() | pipeline.series() | stock.series() | dict(zip(BILLS, cash.bills_usd, strict=True))
            series |= {
                "asked_units": now.units,
                "served_units": cash.served_units,
                "late_units": asked.late_units(pipeline.reach, month),
                "declined_units": asked.declined_units(pipeline.reach, accepted, month),
                "availability_ratio": np.broadcast_to(world.availability_ratio[month], shape),
                "compute_wait_ratio": world.compute_wait_ratio[month] * act.experiment_wait,
                "lead_factor": act.lead_time,
                "data_lag_days": flow.lag_days,
                "platform_complete_ratio": state.complete,
                "platform_building": building,
            }
        for name, room in book.monthly.items():
            room[month][..., choices.rows, :] = series[name]
        scarce = delivery.Scarcity(world.compute_wait_ratio[month], shared.missing_ratio)
        pipeline.stepped(world.use_cases[month], choices.fed(maturity, "graduation"), act, spent, scarce)
        pipeline.taken_up(service.lost_ratio(down_hours, cash.unserved_ratio), worth.turned_away())

    afterwards = beliefs.organisation.terminal_months * cash.discount
    going_on = (state.started_at < np.inf) | (state.complete >= 1.0)
    upkeep = (going_on & ~pipeline.stopped) * beliefs.platform.run_ratio * cash.platform_wage_usd * afterwards
    terminal = np.maximum(0.0, cash.run_margin_usd) * afterwards
    resale = stock.owned.value_usd * cash.discount if stock.owned is not None else 0.0
    cash.present_usd[1] += upkeep
    cash.present_usd[5] -= resale
    book.terminal[choices.rows] = terminal
    book.npv[choices.rows] = cash.npv_usd + terminal - upkeep + resale
    for name, values in zip(COSTS, cash.present_usd, strict=True):
        book.cost[name][choices.rows] = values
    book.rebuilds[choices.rows] = wall.count
    book.balances["orders"][choices.rows] = stock.imbalance()
    book.balances["use_cases"][choices.rows] = pipeline.imbalance()


BILLS = tuple(f"{name}_usd" for name in COSTS)


__all__ = ["COSTS", "MONTHLY", "Outcome", "drawn", "simulate"]
