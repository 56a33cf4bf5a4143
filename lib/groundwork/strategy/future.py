"""What the world does to every strategy alike: demand, prices, market states and dice, before any choice is made.

All arrays are shared by the strategies (common random numbers). Dice are chance, kept apart from beliefs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.draws import chance
from groundwork.quantities import Array
from groundwork.scenario import Scenario

MOST_USE_CASES = 64  # dice kept for each workload


@dataclass(frozen=True, slots=True)
class Future:
    """One future for each sample.

    `units_per_month` [month, workload, sample] at full reach; `on_demand_price` [month, sample] in USD an hour;
    `state` [month, 3, sample] is 1 in the month's market state; `api_price_ratio` [month, sample] against today;
    `own_cost_ratio` [month, sample] is own work per unit against today; `graduation_dice` [use case, workload, sample];
    `phase_dice` [3, workload, sample] say how soon the first use case leaves each stage.
    """

    units_per_month: Array
    on_demand_price: Array
    state: Array
    api_price_ratio: Array
    own_cost_ratio: Array
    graduation_dice: Array
    phase_dice: Array
    tail_dice: Array
    failure_dice: Array
    shared_luck: Array


def future(drawn: Scenario[Array], months: int, samples: int, seed: int) -> Future:
    """The futures that every strategy meets."""
    from scipy.special import ndtri

    workloads = [item for item in drawn.workloads.values() if item.enabled]
    time = np.arange(months, dtype=float)[:, None]
    growth = np.power(1.0 + drawn.demand.growth_ratio_per_year, time / 12.0) * np.where(
        time >= 12, drawn.demand.shock_factor, 1.0
    )
    season = np.array([np.asarray(item.season) / np.mean(item.season) for item in workloads])[:, np.arange(months) % 12].T
    units = np.stack([np.broadcast_to(item.units_per_day, (samples,)) for item in workloads]) * DAYS_PER_MONTH
    demand = growth[:, None, :] * season[:, :, None] * units[None]

    market = drawn.market
    state = _market_path(drawn, chance("market", (months, samples), seed))
    factor = state[:, 0] + state[:, 1] * market.price_tight_factor + state[:, 2] * market.price_shortage_factor
    swing = np.cumsum(ndtri(chance("price", (months, samples), seed)), axis=0) * market.price_volatility_ratio / np.sqrt(12.0)
    drift = 0.5 * market.price_volatility_ratio**2 * time / 12.0
    price = market.on_demand_usd_per_accelerator_hour * factor * np.exp(swing - drift)

    channels = drawn.channels
    fall = np.log(channels.api_price_decline.factor_per_year) if channels.api_price_decline.enabled else np.zeros(samples)
    kept = channels.lock_in.kept_ratio if channels.lock_in.enabled else np.zeros(samples)
    progress = fall * market.own_progress_power
    return Future(
        units_per_month=demand,
        on_demand_price=price if channels.procurement.enabled else price / factor,
        state=state,
        api_price_ratio=np.exp(-fall * (1.0 - kept) * time / 12.0),
        own_cost_ratio=np.exp(-progress * time / 12.0),
        graduation_dice=chance("graduation", (MOST_USE_CASES, len(workloads), samples), seed),
        phase_dice=chance("phase", (3, len(workloads), samples), seed),
        tail_dice=chance("overrun", (samples,), seed),
        failure_dice=chance("adoption", (samples,), seed),
        shared_luck=ndtri(chance("luck", (samples,), seed)),
    )


def _market_path(drawn: Scenario[Array], dice: Array) -> Array:
    """Market states [month, 3, sample] as indicators, starting in a normal market."""
    market = drawn.market
    months, samples = dice.shape
    state = np.zeros(samples, dtype=int)
    path = np.zeros((months, 3, samples))
    everyone = np.arange(samples)
    for month in range(months):
        path[month, state, everyone] = 1.0
        roll = dice[month]
        worse = np.where(state == 0, market.tight_ratio_per_month, np.where(state == 1, market.shortage_ratio_per_month, 0.0))
        better = np.where(state > 0, market.ease_ratio_per_month, 0.0)
        state = state + (roll < worse) - (roll > 1.0 - better)
    return path


DAYS_PER_MONTH = 365.0 / 12.0
HOURS_PER_MONTH = 8760.0 / 12.0
