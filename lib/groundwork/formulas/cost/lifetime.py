"""What owning costs over the years: totals, cumulative cost, the colocation bill, and depreciation for tax.

References
----------
.. [1] Lenovo Press LP2225 (2025), On-Premise vs Cloud: Generative AI Total Cost of Ownership.
.. [2] IRS Publication 946, table A-1 (five-year property, half-year convention).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.cost.ownership import HOURS_PER_YEAR, MONTHS_PER_YEAR, OwnershipCost, energy_kwh
from groundwork.formulas.input_ranges import above, at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


def ownership_tco(
    *,
    capex_usd: ArrayLike,
    years: ArrayLike,
    power_kw: ArrayLike,
    load_ratio: ArrayLike,
    pue_ratio: ArrayLike,
    power_usd_per_kwh: ArrayLike,
    colocation_usd_per_month: ArrayLike,
    staff_usd_per_year: ArrayLike,
    maintenance_ratio_per_year: ArrayLike,
) -> OwnershipCost:
    """Undiscounted cost of owning over so many years, by part: capital paid once, everything else every year.

    What a user would get wrong: published five-year figures often hold chips and power only; with colocation, staff and
    maintenance at 0 this gives them, and the parts left at 0 stand there to be seen.

    Parameters
    ----------
    capex_usd
        Paid at the start, USD, 0 or more.
    years
        Above 0.
    power_kw, load_ratio, pue_ratio, power_usd_per_kwh, colocation_usd_per_month, staff_usd_per_year, maintenance_ratio_per_year
        As in `owned_usd_per_year`.

    Returns
    -------
    OwnershipCost
        USD over all years.

    References
    ----------
    [1]_ for the layout.
    """
    refuse(
        [
            above("years", years, 0.0),
            at_least("capex_usd", capex_usd, 0.0),
            at_least("power_usd_per_kwh", power_usd_per_kwh, 0.0),
            at_least("colocation_usd_per_month", colocation_usd_per_month, 0.0),
            at_least("staff_usd_per_year", staff_usd_per_year, 0.0),
            between("maintenance_ratio_per_year", maintenance_ratio_per_year, 0.0, 1.0),
        ]
    )
    span, capex = np.asarray(years, np.float64), np.asarray(capex_usd, np.float64)
    energy = energy_kwh(power_kw, load_ratio, pue_ratio, span * HOURS_PER_YEAR)
    return OwnershipCost(
        capital_usd=capex,
        power_usd=energy * np.asarray(power_usd_per_kwh, np.float64),
        colocation_usd=np.asarray(colocation_usd_per_month, np.float64) * MONTHS_PER_YEAR * span,
        staff_usd=np.asarray(staff_usd_per_year, np.float64) * span,
        maintenance_usd=capex * np.asarray(maintenance_ratio_per_year, np.float64) * span,
    )


def own_cumulative_usd(
    capex_usd: ArrayLike,
    running_usd_per_hour: ArrayLike,
    hours_per_year: ArrayLike,
    fixed_usd_per_year: ArrayLike,
    maintenance_usd_by_year: ArrayLike,
) -> Array:
    """Cumulative undiscounted cost of owning at the end of each year, [year, ...].

    C + sum over years of (running x hours + fixed + maintenance of that year).

    What a user would get wrong: putting a purchase among the yearly costs. A figure that holds network and storage in every
    year has either rented them or bought them five times; see `published_error`.

    Parameters
    ----------
    capex_usd
        Paid in the first year, USD, 0 or more.
    running_usd_per_hour
        Power and cooling while running, 0 or more.
    hours_per_year
        0 to 8784.
    fixed_usd_per_year
        Staff, rented network and storage, 0 or more.
    maintenance_usd_by_year
        [year, ...], USD, 0 or more: warranties make the first year cheaper.
    """
    maintenance = np.asarray(maintenance_usd_by_year, np.float64)
    refuse(
        [
            at_least("capex_usd", capex_usd, 0.0),
            at_least("running_usd_per_hour", running_usd_per_hour, 0.0),
            between("hours_per_year", hours_per_year, 0.0, 8784.0),
            at_least("fixed_usd_per_year", fixed_usd_per_year, 0.0),
            at_least("maintenance_usd_by_year", maintenance, 0.0),
            holds("maintenance_usd_by_year", maintenance.ndim >= 1 and maintenance.size > 0, "must hold at least one year"),
        ]
    )
    running = np.asarray(running_usd_per_hour, np.float64) * np.asarray(hours_per_year, np.float64)
    yearly = running + np.asarray(fixed_usd_per_year, np.float64) + maintenance
    return np.asarray(np.asarray(capex_usd, np.float64) + np.cumsum(yearly, axis=0))


def colocation_usd_per_month(
    power_kw: ArrayLike,
    rate_usd_per_kw_month: ArrayLike,
    space_usd_per_month: ArrayLike,
    bandwidth_usd_per_month: ArrayLike,
    remote_hands_usd_per_month: ArrayLike,
) -> Array:
    """Monthly colocation bill: kW x rate + space + bandwidth + remote hands.

    What a user would get wrong: the kW are the **contracted** ones, paid whether drawn or not.

    Parameters
    ----------
    power_kw, rate_usd_per_kw_month, space_usd_per_month, bandwidth_usd_per_month, remote_hands_usd_per_month
        Any shape, 0 or more. Low and high ends go in as arrays.
    """
    refuse(
        [
            at_least("power_kw", power_kw, 0.0),
            at_least("rate_usd_per_kw_month", rate_usd_per_kw_month, 0.0),
            at_least("space_usd_per_month", space_usd_per_month, 0.0),
            at_least("bandwidth_usd_per_month", bandwidth_usd_per_month, 0.0),
            at_least("remote_hands_usd_per_month", remote_hands_usd_per_month, 0.0),
        ]
    )
    power = np.asarray(power_kw, np.float64) * np.asarray(rate_usd_per_kw_month, np.float64)
    others = np.asarray(space_usd_per_month, np.float64) + np.asarray(bandwidth_usd_per_month, np.float64)
    return np.asarray(power + others + np.asarray(remote_hands_usd_per_month, np.float64))


def tax_depreciation_usd(capex_usd: ArrayLike, schedule_ratio: ArrayLike) -> Array:
    """Depreciation allowed for tax by year, [year, ...]: capital x the schedule's share.

    What a user would get wrong: this is accounting, not cash; only the tax it saves (times the tax rate) is.

    Parameters
    ----------
    capex_usd
        Any shape, USD, 0 or more.
    schedule_ratio
        [year], shares that sum to 1 (the catalogue's `tax_depreciation`).

    References
    ----------
    [2]_.
    """
    schedule = np.asarray(schedule_ratio, np.float64)
    refuse(
        [
            at_least("capex_usd", capex_usd, 0.0),
            between("schedule_ratio", schedule, 0.0, 1.0),
            holds("schedule_ratio", bool(abs(schedule.sum() - 1.0) < 1e-9), "must sum to 1"),
        ]
    )
    return np.asarray(np.multiply.outer(schedule, np.asarray(capex_usd, np.float64)))
