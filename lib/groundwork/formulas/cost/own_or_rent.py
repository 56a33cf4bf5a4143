"""Owning against renting, and committing against paying as one goes: where the two cost the same.

References
----------
.. [1] Lenovo Press LP2225 (2025), On-Premise vs Cloud: Generative AI Total Cost of Ownership.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.cost.ownership import HOURS_PER_YEAR, MONTHS_PER_YEAR
from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]


def rent_usd(usd_per_hour: ArrayLike, hours: ArrayLike) -> Array:
    """Price per hour x hours: what renting by the hour costs.

    Parameters
    ----------
    usd_per_hour, hours
        Any shape, 0 or more.
    """
    refuse([at_least("usd_per_hour", usd_per_hour, 0.0), at_least("hours", hours, 0.0)])
    return np.asarray(np.asarray(usd_per_hour, np.float64) * np.asarray(hours, np.float64))


def break_even_hours(capex_usd: ArrayLike, rent_usd_per_hour: ArrayLike, own_usd_per_hour: ArrayLike) -> Array:
    """Hours of **use** after which owning has cost as little as renting: C / (rent - own); infinite when owning runs dearer.

    What a user would get wrong: dividing by the rent alone, and reading hours of use as hours of the calendar: at 5 %
    utilisation 8,556 hours of use are 20 years.

    Parameters
    ----------
    capex_usd
        Any shape, USD, 0 or more.
    rent_usd_per_hour, own_usd_per_hour
        For the same machine, USD per hour of use, 0 or more.

    References
    ----------
    [1]_: 833,806 USD, 98.32 against 0.87 USD per hour is 8,556 hours.
    """
    refuse(
        [
            at_least("capex_usd", capex_usd, 0.0),
            at_least("rent_usd_per_hour", rent_usd_per_hour, 0.0),
            at_least("own_usd_per_hour", own_usd_per_hour, 0.0),
        ]
    )
    saving = np.asarray(rent_usd_per_hour, np.float64) - np.asarray(own_usd_per_hour, np.float64)
    return np.asarray(np.where(saving > 0, np.asarray(capex_usd, np.float64) / np.where(saving > 0, saving, 1.0), np.inf))


def break_even_years(
    capex_usd: ArrayLike, rent_usd_per_hour: ArrayLike, own_usd_per_hour: ArrayLike, use_hours_per_day: ArrayLike
) -> Array:
    """`break_even_hours` on the calendar: hours of use / (hours a day x 365).

    Parameters
    ----------
    capex_usd, rent_usd_per_hour, own_usd_per_hour
        As in `break_even_hours`.
    use_hours_per_day
        Above 0, at most 24.

    References
    ----------
    [1]_: 16 hours a day is 1.47 years.
    """
    refuse([above("use_hours_per_day", use_hours_per_day, 0.0), between("use_hours_per_day", use_hours_per_day, 0.0, 24.0)])
    hours = break_even_hours(capex_usd, rent_usd_per_hour, own_usd_per_hour)
    return np.asarray(hours / (np.asarray(use_hours_per_day, np.float64) * HOURS_PER_YEAR / 24.0))


def break_even_utilisation_ratio(
    own_fixed_usd_per_year: ArrayLike, own_running_usd_per_hour: ArrayLike, rent_usd_per_hour: ArrayLike
) -> Array:
    """Share of the hours of a year above which owning is cheaper: fixed / (8760 (rent - running)); above 1 means never.

    Unlike `break_even_hours` the fixed cost holds capital recovery, staff and colocation: the fair comparison.

    Parameters
    ----------
    own_fixed_usd_per_year
        What owning costs at no use at all (`OwnershipCost.total_usd` less power), 0 or more.
    own_running_usd_per_hour, rent_usd_per_hour
        For the same machine, USD per hour of use, 0 or more.
    """
    return break_even_hours(own_fixed_usd_per_year, rent_usd_per_hour, own_running_usd_per_hour) / HOURS_PER_YEAR


def cloud_exit_saving_usd_per_year(cloud_before_usd_per_year: ArrayLike, cloud_after_usd_per_year: ArrayLike) -> Array:
    """Cloud bill before less cloud bill after; below 0 when leaving made it dearer.

    What a user would get wrong: the bill after leaves out what the own machines cost to run.

    Parameters
    ----------
    cloud_before_usd_per_year, cloud_after_usd_per_year
        Any shape, USD, 0 or more; the own running cost belongs into the second.
    """
    refuse(
        [
            at_least("cloud_before_usd_per_year", cloud_before_usd_per_year, 0.0),
            at_least("cloud_after_usd_per_year", cloud_after_usd_per_year, 0.0),
        ]
    )
    return np.asarray(np.asarray(cloud_before_usd_per_year, np.float64) - np.asarray(cloud_after_usd_per_year, np.float64))


def cloud_exit_payback_months(
    capex_usd: ArrayLike, cloud_before_usd_per_year: ArrayLike, cloud_after_usd_per_year: ArrayLike
) -> Array:
    """Months until the saving of leaving the cloud has paid the machines; infinite when nothing is saved.

    Parameters
    ----------
    capex_usd
        Any shape, USD, 0 or more.
    cloud_before_usd_per_year, cloud_after_usd_per_year
        As in `cloud_exit_saving_usd_per_year`.
    """
    refuse([at_least("capex_usd", capex_usd, 0.0)])
    saving = cloud_exit_saving_usd_per_year(cloud_before_usd_per_year, cloud_after_usd_per_year)
    years = np.asarray(capex_usd, np.float64) / np.where(saving > 0, saving, 1.0)
    return np.asarray(np.where(saving > 0, MONTHS_PER_YEAR * years, np.inf))


def commitment_break_even_utilisation_ratio(committed_usd_per_hour: ArrayLike, on_demand_usd_per_hour: ArrayLike) -> Array:
    """Share of the committed hours that must be used before committing is cheaper: committed / on-demand.

    What a user would get wrong: a discount of 40 % needs 60 % use, not 40 %; and unused hours of one machine are not mended by
    a busy one. Above 1 the commitment never pays.

    Parameters
    ----------
    committed_usd_per_hour
        Any shape, 0 or more.
    on_demand_usd_per_hour
        Of the same machine, above 0.
    """
    refuse(
        [
            at_least("committed_usd_per_hour", committed_usd_per_hour, 0.0),
            above("on_demand_usd_per_hour", on_demand_usd_per_hour, 0.0),
        ]
    )
    return np.asarray(np.asarray(committed_usd_per_hour, np.float64) / np.asarray(on_demand_usd_per_hour, np.float64))


def spot_effective_usd_per_hour(
    spot_usd_per_hour: ArrayLike, interruptions_per_hour: ArrayLike, lost_hours_per_interruption: ArrayLike
) -> Array:
    """Price of a **useful** spot hour: price / (1 - interruptions x hours lost each); infinite when all of it is lost.

    Parameters
    ----------
    spot_usd_per_hour
        Any shape, 0 or more.
    interruptions_per_hour
        0 or more. Published bands are the share of instances reclaimed per **month**: divide by 730.
    lost_hours_per_interruption
        Work since the last checkpoint plus restart, 0 or more.
    """
    refuse(
        [
            at_least("spot_usd_per_hour", spot_usd_per_hour, 0.0),
            at_least("interruptions_per_hour", interruptions_per_hour, 0.0),
            at_least("lost_hours_per_interruption", lost_hours_per_interruption, 0.0),
        ]
    )
    useful = 1.0 - np.asarray(interruptions_per_hour, np.float64) * np.asarray(lost_hours_per_interruption, np.float64)
    return np.asarray(np.where(useful > 0, np.asarray(spot_usd_per_hour, np.float64) / np.where(useful > 0, useful, 1.0), np.inf))
