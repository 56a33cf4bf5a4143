"""What one unit costs: a million tokens, a thousand inferences, a decision, an accepted outcome; carbon beside the money.

References
----------
.. [1] FinOps Foundation (2024), Unit economics capability.
.. [2] U. Gupta and others (2022), ACT: architectural carbon modelling, ISCA 2022 (operational and embodied carbon).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.cost.ownership import energy_kwh
from groundwork.formulas.input_ranges import above, at_least, between, finite, refuse

Array: TypeAlias = NDArray[np.float64]

SECONDS_PER_HOUR = 3600.0
GRAMS_PER_KILOGRAM = 1000.0
KILOGRAMS_PER_TONNE = 1000.0


def usd_per_million_tokens(cost_usd: ArrayLike, tokens: ArrayLike) -> Array:
    """Cost over tokens, per million.

    What a user would get wrong: input and output tokens in one count. A price per "token" means nothing without the mix.

    Parameters
    ----------
    cost_usd
        Any shape, 0 or more.
    tokens
        Above 0.
    """
    return _per_unit(cost_usd, "tokens", tokens) * 1e6


def usd_per_thousand_inferences(cost_usd: ArrayLike, inferences: ArrayLike) -> Array:
    """Cost over inferences, per thousand. `cost_usd` [...], 0 or more; `inferences` above 0."""
    return _per_unit(cost_usd, "inferences", inferences) * 1e3


def usd_per_decision(cost_usd: ArrayLike, inferences: ArrayLike, inferences_per_decision: ArrayLike) -> Array:
    """Cost of one business decision: cost per inference x inferences a decision takes.

    What a user would get wrong: an agent, a vote or a retry makes one decision out of many inferences.

    Parameters
    ----------
    cost_usd, inferences
        As in `usd_per_thousand_inferences`.
    inferences_per_decision
        1 or more for retries and agents, below 1 where one inference serves several decisions; above 0.
    """
    refuse([above("inferences_per_decision", inferences_per_decision, 0.0)])
    return _per_unit(cost_usd, "inferences", inferences) * np.asarray(inferences_per_decision, np.float64)


def usd_per_accepted_outcome(usd_per_attempt: ArrayLike, accepted_ratio: ArrayLike, rejection_usd: ArrayLike) -> Array:
    """Cost of one outcome that is accepted: (attempt + (1 - a) rejection) / a.

    Attempts repeat until one is accepted: 1/a attempts and (1-a)/a rejections on average.

    What a user would get wrong: comparing prices per token of models of unequal quality; the cheaper one with a = 0.5 pays
    for every attempt twice and for a person who looks at the rejected half.

    Parameters
    ----------
    usd_per_attempt
        Any shape, 0 or more.
    accepted_ratio
        a, above 0 and at most 1.
    rejection_usd
        Review and handling of one rejected outcome, 0 or more.
    """
    refuse(
        [
            at_least("usd_per_attempt", usd_per_attempt, 0.0),
            above("accepted_ratio", accepted_ratio, 0.0),
            between("accepted_ratio", accepted_ratio, 0.0, 1.0),
            at_least("rejection_usd", rejection_usd, 0.0),
        ]
    )
    accepted = np.asarray(accepted_ratio, np.float64)
    attempt, rejection = np.asarray(usd_per_attempt, np.float64), np.asarray(rejection_usd, np.float64)
    return np.asarray((attempt + (1.0 - accepted) * rejection) / accepted)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitCostSpread:
    """How sure a unit cost is: its p10, p50 and p90 over the samples, and p90 / p10."""

    p10_usd: Array
    p50_usd: Array
    p90_usd: Array

    @property
    def spread_ratio(self) -> Array:
        """p90 / p10; infinite where p10 is 0."""
        return np.asarray(np.where(self.p10_usd > 0, self.p90_usd / np.where(self.p10_usd > 0, self.p10_usd, 1.0), np.inf))

    def stable_within(self, spread_limit_ratio: float) -> NDArray[np.bool_]:
        """Whether p90 / p10 stays within the limit: a price may be promised on it."""
        return np.asarray(self.spread_ratio <= spread_limit_ratio)


def unit_cost_spread(unit_cost_usd: ArrayLike) -> UnitCostSpread:
    """p10, p50, p90 of a unit cost, [..., sample] -> [...].

    What a user would get wrong: dividing mean cost by mean volume hides that both move with demand; divide sample by sample.
    """
    refuse([finite("unit_cost_usd", unit_cost_usd)])
    p10, p50, p90 = np.quantile(np.asarray(unit_cost_usd, np.float64), (0.1, 0.5, 0.9), axis=-1)
    return UnitCostSpread(p10_usd=p10, p50_usd=p50, p90_usd=p90)


def self_hosted_usd_per_million_tokens(
    usd_per_gpu_hour: ArrayLike, gpu_count: ArrayLike, tokens_per_second: ArrayLike, utilisation_ratio: ArrayLike
) -> Array:
    """Own serving cost per million tokens: GPU-hours paid / tokens really produced.

    price x GPUs / (rate x utilisation x 3600) x 10^6.

    What a user would get wrong: the rate at full load. Traffic has nights; at 25 % utilisation a token costs four times that.

    Parameters
    ----------
    usd_per_gpu_hour
        Per **paid** hour (rent, or owned at 100 % utilisation), 0 or more.
    gpu_count, tokens_per_second
        Of one deployment, above 0; the rate is the full-load throughput of all its GPUs together.
    utilisation_ratio
        Mean share of that rate, above 0 and at most 1.
    """
    refuse(
        [
            at_least("usd_per_gpu_hour", usd_per_gpu_hour, 0.0),
            above("gpu_count", gpu_count, 0.0),
            above("tokens_per_second", tokens_per_second, 0.0),
            above("utilisation_ratio", utilisation_ratio, 0.0),
            between("utilisation_ratio", utilisation_ratio, 0.0, 1.0),
        ]
    )
    per_hour = np.asarray(usd_per_gpu_hour, np.float64) * np.asarray(gpu_count, np.float64)
    tokens = np.asarray(tokens_per_second, np.float64) * np.asarray(utilisation_ratio, np.float64) * SECONDS_PER_HOUR
    return np.asarray(per_hour / tokens * 1e6)


def api_break_even_outcomes_per_month(
    own_fixed_usd_per_month: ArrayLike,
    own_usd_per_attempt: ArrayLike,
    own_accepted_ratio: ArrayLike,
    api_usd_per_attempt: ArrayLike,
    api_accepted_ratio: ArrayLike,
    rejection_usd: ArrayLike,
) -> Array:
    """Accepted outcomes a month above which own serving beats the API **at equal quality**; infinite when it never does.

    fixed / (cost per accepted outcome at the API - the same on own machines).

    What a user would get wrong: setting the API's price per token against one's own. Quality enters both sides as the share
    that is accepted; a better model may be cheaper at three times the price.

    Parameters
    ----------
    own_fixed_usd_per_month
        Machines, staff and platform at any volume, 0 or more.
    own_usd_per_attempt, api_usd_per_attempt
        What one attempt adds, 0 or more.
    own_accepted_ratio, api_accepted_ratio
        Above 0, at most 1.
    rejection_usd
        As in `usd_per_accepted_outcome`.
    """
    refuse(
        [
            at_least("own_fixed_usd_per_month", own_fixed_usd_per_month, 0.0),
            at_least("own_usd_per_attempt", own_usd_per_attempt, 0.0),
            above("own_accepted_ratio", own_accepted_ratio, 0.0),
            between("own_accepted_ratio", own_accepted_ratio, 0.0, 1.0),
            at_least("api_usd_per_attempt", api_usd_per_attempt, 0.0),
            above("api_accepted_ratio", api_accepted_ratio, 0.0),
            between("api_accepted_ratio", api_accepted_ratio, 0.0, 1.0),
        ]
    )
    api = usd_per_accepted_outcome(api_usd_per_attempt, api_accepted_ratio, rejection_usd)
    own = usd_per_accepted_outcome(own_usd_per_attempt, own_accepted_ratio, rejection_usd)
    fixed, saving = np.asarray(own_fixed_usd_per_month, np.float64), api - own
    return np.asarray(np.where(saving > 0, fixed / np.where(saving > 0, saving, 1.0), np.inf))


def carbon_kg(
    power_kw: ArrayLike,
    load_ratio: ArrayLike,
    pue_ratio: ArrayLike,
    hours: ArrayLike,
    grid_g_per_kwh: ArrayLike,
    embodied_kg: ArrayLike,
    life_hours: ArrayLike,
) -> Array:
    """Carbon of running machines so many hours: energy x grid intensity + embodied carbon by its share of the life.

    What a user would get wrong: a provider that "matches 100 % renewable" is market based and yearly; the grid it draws from
    at night is not. Embodied carbon follows the hours owned, not the hours used.

    Parameters
    ----------
    power_kw, load_ratio, pue_ratio, hours
        As in `energy_kwh`; `hours` of the calendar.
    grid_g_per_kwh
        gCO2e per kWh, 0 or more.
    embodied_kg
        kgCO2e of making the machines, 0 or more.
    life_hours
        Above 0.

    Returns
    -------
    ndarray
        kgCO2e.

    References
    ----------
    [2]_.
    """
    energy = energy_kwh(power_kw, load_ratio, pue_ratio, hours)
    refuse(
        [
            at_least("grid_g_per_kwh", grid_g_per_kwh, 0.0),
            at_least("embodied_kg", embodied_kg, 0.0),
            above("life_hours", life_hours, 0.0),
        ]
    )
    running = energy * np.asarray(grid_g_per_kwh, np.float64) / GRAMS_PER_KILOGRAM
    share = np.asarray(hours, np.float64) / np.asarray(life_hours, np.float64)
    return np.asarray(running + np.asarray(embodied_kg, np.float64) * share)


def carbon_usd(carbon_in_kg: ArrayLike, usd_per_tonne: ArrayLike) -> Array:
    """What that carbon costs at a price per tonne of CO2e; both 0 or more."""
    refuse([at_least("carbon_in_kg", carbon_in_kg, 0.0), at_least("usd_per_tonne", usd_per_tonne, 0.0)])
    return np.asarray(np.asarray(carbon_in_kg, np.float64) / KILOGRAMS_PER_TONNE * np.asarray(usd_per_tonne, np.float64))


def _per_unit(cost_usd: ArrayLike, field: str, units: ArrayLike) -> Array:
    refuse([at_least("cost_usd", cost_usd, 0.0), above(field, units, 0.0)])
    return np.asarray(np.asarray(cost_usd, np.float64) / np.asarray(units, np.float64))
