"""What the world does to every strategy alike: demand, prices, market states and dice, before any choice is made.

All arrays are shared by the strategies (common random numbers). Dice are chance, kept apart from beliefs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from groundwork.beliefs import Delivery, Demand, Market
from groundwork.channels import ApiPriceDecline, LockIn, Procurement
from groundwork.draws import DICE_COLUMNS, Points, chance, unit_points
from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.remembered import remembered
from groundwork.workloads import Workload

DAYS_PER_MONTH = 365.0 / 12.0
HOURS_PER_MONTH = 8760.0 / 12.0


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance: uniforms in (0, 1) and standard normals, sample last, known by seed and name alone; read-only.

    `market` [month, sample]; `price_walk` [month, sample], a running sum of normals; `graduation` [use case, workload, sample],
    the log odds that a pilot must pass;
    `phase` [4, workload, sample] says how soon the first use case leaves each stage, `arrival` [workload, sample] how soon a new
    one comes in; `overrun`, `adoption` [sample];
    `luck` [sample], normal. Of incidents, [month, sample]: how many changes go bad and how long they last (normal), how many
    zone outages there are, how long they last, whether the switch works, how long nodes are down.
    """

    market: Array
    price_walk: Array
    graduation: Array
    phase: Array
    arrival: Array
    overrun: Array
    adoption: Array
    luck: Array
    bad_changes: Array
    bad_change_length: Array
    outages: Array
    outage_length: Array
    failover: Array
    node: Array

    def part(self, start: int, stop: int) -> Dice:
        """The dice of some samples."""
        return Dice(*(getattr(self, entry.name)[..., start:stop] for entry in fields(self)))

    def of(self, samples: NDArray[np.int64]) -> Dice:
        """The dice of these samples, one as often as it is named."""
        return Dice(*(getattr(self, entry.name).take(samples, axis=-1) for entry in fields(self)))


SPREAD = tuple(name.partition("/")[2] for name in DICE_COLUMNS)
"""Dice that own a column of the beliefs' Sobol' set: one throw each for the whole organisation.

They are those that do something by themselves: adoption has 0.20 and overrun 0.10 of the variance of the rank of the lead of
infrastructure-first over model-first in retail (first order), luck up to 0.07 of others. What all other dice do - which pilots
graduate, when stages are left, the market - they do with something else (first order 0.04 and less): as columns of the set they
were measured to even out nothing, and would take good dimensions. See `tests/benchmarks/draws_accuracy.py`.
"""


def dice(months: int, workloads: tuple[tuple[str, int], ...], points: Points) -> Dice:
    """The dice that go with these points; `workloads` are names, each with the most use cases it may have."""
    return _thrown(months, workloads, points.samples, points.seed, points.dice_seed)


@lru_cache(maxsize=4)
def _thrown(months: int, workloads: tuple[tuple[str, int], ...], samples: int, set_seed: int, dice_seed: int | None) -> Dice:
    """The dice of a run, thrown once for each seed and size."""
    from scipy.special import logit, ndtri

    most = max(use_cases for _, use_cases in workloads)
    seed = set_seed if dice_seed is None else dice_seed
    if dice_seed is None:
        columns = unit_points(DICE_COLUMNS, samples, seed)
        spread = {name: columns.column(f"dice/{name}") for name in SPREAD}
    else:
        spread = {name: chance(name, (samples,), seed) for name in SPREAD}
    thrown = Dice(
        market=chance("market", (months, samples), seed),
        price_walk=np.cumsum(ndtri(chance("price", (months, samples), seed)), axis=0),
        graduation=logit(np.stack([chance(f"graduation/{name}", (most, samples), seed) for name, _ in workloads], axis=1)),
        phase=np.stack([chance(f"phase/{name}", (4, samples), seed) for name, _ in workloads], axis=1),
        arrival=np.stack([chance(f"arrival/{name}", (samples,), seed) for name, _ in workloads]),
        overrun=spread["overrun"],
        adoption=spread["adoption"],
        luck=ndtri(spread["luck"]),
        bad_changes=chance("bad changes", (months, samples), seed),
        bad_change_length=ndtri(chance("bad change length", (months, samples), seed)),
        outages=chance("zone outages", (months, samples), seed),
        outage_length=-np.log(chance("zone outage length", (months, samples), seed)),
        failover=chance("failover", (months, samples), seed),
        node=chance("node", (months, samples), seed),
    )
    for entry in fields(thrown):
        getattr(thrown, entry.name).flags.writeable = False
    return thrown


@dataclass(frozen=True, slots=True)
class Future:
    """One future for each sample.

    `units` [month, workload, sample] a month at full reach; `use_cases` [month, workload, sample], whole: those planned at the
    start and those that came in by then; `on_demand_price` [month, sample] in USD an hour; `lead_months`
    [month, sample], whole, of an order placed then; `expected_lead_months` the same before rounding; `availability_ratio`
    [month, sample] of the capacity missing on demand; `compute_wait_ratio` [month, sample] is the extra time of a pilot without
    any platform, longer where capacity is scarce; `api_price_ratio` [month, sample] against today; `own_cost_ratio`
    [month, sample] is own work per unit against today.
    """

    units: Array
    use_cases: Array
    on_demand_price: Array
    lead_months: Array
    expected_lead_months: Array
    availability_ratio: Array
    compute_wait_ratio: Array
    api_price_ratio: Array
    own_cost_ratio: Array
    dice: Dice


def future(drawn: Scenario[Array], thrown: Dice, months: int) -> Future:
    """The futures that every strategy meets; each part is worked out again only when a record that it is made of is another."""
    workloads = tuple(item for item in drawn.workloads.values() if item.enabled)
    channels = drawn.channels
    market = _market(drawn.market, channels.procurement, thrown, months)
    api_price_ratio, own_cost_ratio = _falls(drawn.market, channels.api_price_decline, channels.lock_in, months)
    return Future(
        units=_units(drawn.demand, months, *workloads),
        use_cases=_use_cases(drawn.delivery, thrown, months, *workloads),
        on_demand_price=market.price,
        lead_months=market.whole_lead_months,
        expected_lead_months=market.lead_months,
        availability_ratio=market.availability_ratio,
        compute_wait_ratio=drawn.delivery.experiment_wait_ratio / np.maximum(market.availability_ratio, 0.05),
        api_price_ratio=api_price_ratio,
        own_cost_ratio=own_cost_ratio,
        dice=thrown,
    )


@remembered(2)
def _units(demand: Demand[Array], months: int, *workloads: Workload[Array]) -> Array:
    """Units of each workload that users would ask for at full reach, [month, workload, sample]."""
    time = np.arange(months, dtype=float)[:, None]
    growth = np.exp(np.log1p(demand.growth_ratio_per_year) * (time / 12.0))
    growth[12:] *= demand.shock_factor
    season = np.array([np.asarray(item.season) / np.mean(item.season) for item in workloads])[:, np.arange(months) % 12].T
    daily = np.stack([np.broadcast_to(item.units_per_day, growth.shape[1:]) for item in workloads])
    units = season[:, :, None] * (daily * DAYS_PER_MONTH)
    units *= growth[:, None, :]
    return units


@dataclass(frozen=True, slots=True)
class _Market:
    price: Array
    lead_months: Array
    whole_lead_months: Array
    availability_ratio: Array


@remembered(2)
def _market(market: Market[Array], procurement: Procurement[Array], thrown: Dice, months: int) -> _Market:
    """Price, lead and availability, [month, sample]; without the procurement channel everything is to be had at one price."""
    state = _market_path(market, thrown.market)
    tight, short = state == 1, state == 2
    lead = np.where(short, market.lead_shortage_months, np.where(tight, market.lead_tight_months, market.lead_normal_months))
    walk = market.price_volatility_ratio / np.sqrt(12.0) * thrown.price_walk
    walk -= 0.5 * market.price_volatility_ratio**2 * (np.arange(months, dtype=float)[:, None] / 12.0)
    price = market.on_demand_usd_per_accelerator_hour * np.exp(walk)
    available = np.ones(state.shape)
    if procurement.enabled:
        price *= np.where(short, market.price_shortage_factor, np.where(tight, market.price_tight_factor, 1.0))
        available = np.where(short, market.availability_shortage_ratio, np.where(tight, market.availability_tight_ratio, 1.0))
    return _Market(price, lead, np.maximum(np.rint(lead), 1.0).astype(int), available)


@remembered(2)
def _falls(market: Market[Array], decline: ApiPriceDecline[Array], lock_in: LockIn[Array], months: int) -> tuple[Array, Array]:
    """A provider's price and own work per unit against today, [month, sample]."""
    years = np.arange(months, dtype=float)[:, None] / 12.0
    fall = np.log(decline.factor_per_year) if decline.enabled else np.zeros_like(market.own_progress_power)
    kept = lock_in.kept_ratio if lock_in.enabled else np.zeros_like(fall)
    return np.exp(-fall * (1.0 - kept) * years), np.exp(-fall * market.own_progress_power * years)


def most_use_cases(drawn: Scenario[Array], months: int) -> tuple[tuple[str, int], ...]:
    """The names of the workloads that are on, each with the most use cases that any of these samples may bring by the end."""
    growth = 1.0 + float(np.max(drawn.delivery.new_use_cases_ratio_per_year)) * months / 12.0
    return tuple((name, int(np.ceil(growth * item.use_cases)) + 1) for name, item in drawn.workloads.items() if item.enabled)


@remembered(2)
def _use_cases(deliver: Delivery[Array], thrown: Dice, months: int, *workloads: Workload[Array]) -> Array:
    """Use cases known by each month, [month, workload, sample]: those of the start, and new ideas at an even rate.

    What could not be live before the end - a wait, a pilot and a roll-out without any platform - belongs to the next plan, its
    work and its value alike.
    """
    planned = np.array([float(item.use_cases) for item in workloads])[:, None]
    last = np.maximum(months - (deliver.intake_months + deliver.pilot_months + deliver.lead_months), 0.0)
    taken = np.minimum(np.arange(months, dtype=float)[:, None], last)
    came = (deliver.new_use_cases_ratio_per_year / 12.0 * taken)[:, None, :] * planned
    came += thrown.arrival
    return np.asarray(planned + np.floor(came, out=came))


def _market_path(market: Market[Array], rolls: Array) -> Array:
    """Market state by month and sample, starting in a normal market: 0 normal, 1 tight, 2 shortage."""
    months, samples = rolls.shape
    worse = np.stack([market.tight_ratio_per_month, market.shortage_ratio_per_month, np.zeros(samples)])
    better = 1.0 - np.stack([np.zeros(samples), market.ease_ratio_per_month, market.ease_ratio_per_month])
    path = np.empty((months, samples), dtype=int)
    state = np.zeros(samples, dtype=int)
    everyone = np.arange(samples)
    for month in range(months):
        path[month] = state
        state = state + (rolls[month] < worse[state, everyone]) - (rolls[month] > better[state, everyone])
    return path
