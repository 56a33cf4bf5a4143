"""What owned machines cost in a year and in a busy hour: capital recovery, power, colocation, staff, maintenance.

References
----------
.. [1] J. L. Hennessy, D. A. Patterson (2019), Computer Architecture, 6th ed., ch. 6.
.. [2] L. A. Barroso, U. Hoelzle, P. Ranganathan (2018), The Datacenter as a Computer, 3rd ed., ch. 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.finance.cash_flow import capital_recovery_ratio
from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]

HOURS_PER_YEAR = 8760.0
"""365 days of 24 hours: the year of every price sheet."""

MONTHS_PER_YEAR = 12.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnershipCost:
    """Cost of owning, by part, USD (per year, per GPU-hour or over the life: the function that made it says which)."""

    capital_usd: Array
    power_usd: Array
    colocation_usd: Array
    staff_usd: Array
    maintenance_usd: Array

    @property
    def total_usd(self) -> Array:
        """Sum of the parts."""
        return np.asarray(
            self.capital_usd + self.power_usd + self.colocation_usd + self.staff_usd + self.maintenance_usd, dtype=np.float64
        )


def all_in_capex_usd(server_usd: ArrayLike, other_share_ratio: ArrayLike) -> Array:
    """Server price grossed up to servers, network, storage and installation: server / (1 - share of the rest).

    What a user would get wrong: the share is a share of the **whole**; 32 % of the whole adds 47 % to the server.

    Parameters
    ----------
    server_usd
        Any shape, USD, 0 or more.
    other_share_ratio
        Network + storage + installation over all-in capital, 0 to 0.95.
    """
    refuse([at_least("server_usd", server_usd, 0.0), between("other_share_ratio", other_share_ratio, 0.0, 0.95)])
    return np.asarray(np.asarray(server_usd, np.float64) / (1.0 - np.asarray(other_share_ratio, np.float64)))


def capital_recovery_usd_per_year(
    capex_usd: ArrayLike, residual_ratio: ArrayLike, life_years: ArrayLike, cost_of_capital_ratio: ArrayLike
) -> Array:
    """Level yearly charge that repays the capital with interest and credits the residual value.

    (C - R) i / (1 - (1+i)^-n) + R i, R = residual_ratio C: only the lost value is repaid, but all of it is financed.

    What a user would get wrong: straight-line depreciation C/n leaves the cost of capital out, 20-40 % of the charge at 10 %.

    Parameters
    ----------
    capex_usd
        C, any shape, USD, 0 or more.
    residual_ratio
        Share of C left at the end of life, 0 to 1.
    life_years
        n, above 0.
    cost_of_capital_ratio
        i per year, 0 or more.

    References
    ----------
    [1]_.
    """
    refuse([at_least("capex_usd", capex_usd, 0.0), between("residual_ratio", residual_ratio, 0.0, 1.0)])
    capex, residual = np.asarray(capex_usd, np.float64), np.asarray(residual_ratio, np.float64)
    recovery = capital_recovery_ratio(cost_of_capital_ratio, life_years)
    return np.asarray(capex * ((1.0 - residual) * recovery + residual * np.asarray(cost_of_capital_ratio, np.float64)))


def power_load_ratio(utilisation_ratio: ArrayLike, idle_power_ratio: ArrayLike) -> Array:
    """Mean share of full power: idle + (1 - idle) x utilisation. An idle GPU server still draws power.

    Parameters
    ----------
    utilisation_ratio, idle_power_ratio
        0 to 1, any shape.

    References
    ----------
    [2]_.
    """
    refuse([between("utilisation_ratio", utilisation_ratio, 0.0, 1.0), between("idle_power_ratio", idle_power_ratio, 0.0, 1.0)])
    idle = np.asarray(idle_power_ratio, np.float64)
    return np.asarray(idle + (1.0 - idle) * np.asarray(utilisation_ratio, np.float64))


def energy_kwh(power_kw: ArrayLike, load_ratio: ArrayLike, pue_ratio: ArrayLike, hours: ArrayLike) -> Array:
    """Energy at the meter, kW x load x PUE x hours.

    What a user would get wrong: the chip's thermal design power leaves out CPUs, memory, fans and network, a third and more of
    a server; take the power of the node.

    Parameters
    ----------
    power_kw
        IT power at full load, any shape, 0 or more.
    load_ratio
        Mean share of that power, 0 to 1 (`power_load_ratio`).
    pue_ratio
        Facility power over IT power, 1 or more.
    hours
        0 or more.
    """
    refuse(
        [
            at_least("power_kw", power_kw, 0.0),
            between("load_ratio", load_ratio, 0.0, 1.0),
            at_least("pue_ratio", pue_ratio, 1.0),
            at_least("hours", hours, 0.0),
        ]
    )
    facility = np.asarray(power_kw, np.float64) * np.asarray(load_ratio, np.float64) * np.asarray(pue_ratio, np.float64)
    return np.asarray(facility * np.asarray(hours, np.float64))


def owned_usd_per_year(
    *,
    capex_usd: ArrayLike,
    residual_ratio: ArrayLike,
    life_years: ArrayLike,
    cost_of_capital_ratio: ArrayLike,
    power_kw: ArrayLike,
    load_ratio: ArrayLike,
    pue_ratio: ArrayLike,
    power_usd_per_kwh: ArrayLike,
    colocation_usd_per_month: ArrayLike,
    staff_usd_per_year: ArrayLike,
    maintenance_ratio_per_year: ArrayLike,
) -> OwnershipCost:
    """What owned machines cost in a year, by part; capital by `capital_recovery_usd_per_year`.

    What a user would get wrong: paying for power twice. Colocation per kW is space and cooling; some contracts include the
    energy: then set `power_usd_per_kwh` to 0.

    Parameters
    ----------
    capex_usd, residual_ratio, life_years, cost_of_capital_ratio
        As in `capital_recovery_usd_per_year`; capital all-in (`all_in_capex_usd`).
    power_kw, load_ratio, pue_ratio
        As in `energy_kwh`.
    power_usd_per_kwh, colocation_usd_per_month, staff_usd_per_year
        USD, 0 or more, for all machines together.
    maintenance_ratio_per_year
        Yearly hardware maintenance over capital, 0 to 1.

    Returns
    -------
    OwnershipCost
        USD per year, each part of the broadcast shape.

    References
    ----------
    [1]_, [2]_.
    """
    refuse(
        [
            at_least("power_usd_per_kwh", power_usd_per_kwh, 0.0),
            at_least("colocation_usd_per_month", colocation_usd_per_month, 0.0),
            at_least("staff_usd_per_year", staff_usd_per_year, 0.0),
            between("maintenance_ratio_per_year", maintenance_ratio_per_year, 0.0, 1.0),
        ]
    )
    capex = np.asarray(capex_usd, np.float64)
    return OwnershipCost(
        capital_usd=capital_recovery_usd_per_year(capex, residual_ratio, life_years, cost_of_capital_ratio),
        power_usd=energy_kwh(power_kw, load_ratio, pue_ratio, HOURS_PER_YEAR) * np.asarray(power_usd_per_kwh, np.float64),
        colocation_usd=np.asarray(colocation_usd_per_month, np.float64) * MONTHS_PER_YEAR,
        staff_usd=np.asarray(staff_usd_per_year, np.float64),
        maintenance_usd=capex * np.asarray(maintenance_ratio_per_year, np.float64),
    )


def owned_usd_per_gpu_hour(yearly: OwnershipCost, gpu_count: ArrayLike, utilisation_ratio: ArrayLike) -> Array:
    """USD per **busy** GPU-hour: total per year / (GPUs x 8760 x utilisation).

    What a user would get wrong: dividing by all hours. At the 5 % utilisation measured on unmanaged clusters the busy hour
    costs twenty times the figure at 100 %.

    Parameters
    ----------
    yearly
        From `owned_usd_per_year`, for all GPUs together.
    gpu_count
        Above 0.
    utilisation_ratio
        Share of the hours in which a GPU does useful work, above 0 and at most 1.

    References
    ----------
    [1]_.
    """
    refuse(
        [
            above("gpu_count", gpu_count, 0.0),
            above("utilisation_ratio", utilisation_ratio, 0.0),
            between("utilisation_ratio", utilisation_ratio, 0.0, 1.0),
        ]
    )
    busy_hours = np.asarray(gpu_count, np.float64) * HOURS_PER_YEAR * np.asarray(utilisation_ratio, np.float64)
    return np.asarray(yearly.total_usd / busy_hours)
