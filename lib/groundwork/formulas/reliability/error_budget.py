"""Error budgets, and the chance of spending one: downtime of a window as a random sum of outages.

Outages begin at random (Poisson) and last at random; a window's downtime is then a compound Poisson sum. Its mean is what an
availability says; what a promise needs is its tail.

References
----------
.. [1] B. Beyer and others (2018), The site reliability workbook, chapter 5 (alerting on burn rates).
.. [2] B. Treynor and others (2017), The calculus of service availability, ACM Queue 15(2).
.. [3] H. H. Panjer (1981), Recursive evaluation of a family of compound distributions, ASTIN Bulletin 12(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]


def budget_hours(slo_ratio: ArrayLike, window_hours: ArrayLike) -> Array:
    """Downtime that a promise allows within a window: (1 - SLO) x window.

    What a user would get wrong: per month and per year are different promises; twelve monthly budgets do not pool.

    References
    ----------
    [1]_ table 5-1.
    """
    refuse([between("slo_ratio", slo_ratio, 0.0, 1.0), above("window_hours", window_hours, 0.0)])
    return np.asarray((1.0 - np.asarray(slo_ratio, dtype=np.float64)) * np.asarray(window_hours, dtype=np.float64))


def budget_spent_ratio(burn_rate_factor: ArrayLike, alert_hours: ArrayLike, window_hours: ArrayLike) -> Array:
    """Share of the error budget that burns while errors come at a multiple of the allowed rate.

    Burn rate 1 spends the whole budget in exactly the window.

    References
    ----------
    [1]_ section "Alert on burn rate".
    """
    refuse(
        [
            at_least("burn_rate_factor", burn_rate_factor, 0.0),
            at_least("alert_hours", alert_hours, 0.0),
            above("window_hours", window_hours, 0.0),
        ]
    )
    burn, alert = np.asarray(burn_rate_factor, dtype=np.float64), np.asarray(alert_hours, dtype=np.float64)
    return np.asarray(burn * alert / np.asarray(window_hours, dtype=np.float64))


def dependency_availability_ratio(error_budget_ratio: ArrayLike, share_ratio: ArrayLike, dependencies_count: ArrayLike) -> Array:
    """Availability that each of several critical dependencies must have, when together they may spend a share of the budget.

    What a user would get wrong: dependencies must be better than the service that rests on them.

    References
    ----------
    [2]_ "The rule of the extra 9".
    """
    refuse(
        [
            between("error_budget_ratio", error_budget_ratio, 0.0, 1.0),
            between("share_ratio", share_ratio, 0.0, 1.0),
            at_least("dependencies_count", dependencies_count, 1.0),
        ]
    )
    budget = np.asarray(error_budget_ratio, dtype=np.float64) * np.asarray(share_ratio, dtype=np.float64)
    return np.asarray(1.0 - budget / np.asarray(dependencies_count, dtype=np.float64))


def slo_miss_probability(
    outages_per_hour: ArrayLike, mean_outage_hours: ArrayLike, window_hours: ArrayLike, slo_ratio: ArrayLike
) -> Array:
    """Probability that a window's downtime exceeds what the promise allows; outages last exponentially long.

    Sum over the number of outages n of Poisson(n; rate x window) x P(Gamma(n, mean) > budget).

    What a user would get wrong: a design whose expected downtime is inside the budget still misses it in many windows: one
    outage a month that takes three quarters of the budget on average misses it in more than one month in four.

    Parameters
    ----------
    outages_per_hour, mean_outage_hours
        Rate of beginnings and mean length, 0 or more; any shapes, broadcast.
    window_hours
        Above 0.
    slo_ratio
        0 to 1.

    References
    ----------
    [3]_ section 1, closed sum instead of the recursion.
    """
    from scipy.special import gammaincc

    refuse(
        [
            at_least("outages_per_hour", outages_per_hour, 0.0),
            at_least("mean_outage_hours", mean_outage_hours, 0.0),
            above("window_hours", window_hours, 0.0),
            between("slo_ratio", slo_ratio, 0.0, 1.0),
        ]
    )
    window = np.asarray(window_hours, dtype=np.float64)
    expected = np.asarray(outages_per_hour, dtype=np.float64) * window
    allowed = budget_hours(slo_ratio, window)
    length = np.asarray(mean_outage_hours, dtype=np.float64)
    expected, allowed, length = np.broadcast_arrays(expected, allowed, length)
    scaled = np.divide(allowed, length, out=np.full(allowed.shape, np.inf), where=length > 0.0)
    chance = np.exp(-expected)  # of no outage at all
    missed = np.zeros(expected.shape)
    highest = float(expected.max(initial=0.0))
    for number in range(1, int(highest + 10.0 * np.sqrt(highest) + 20.0)):
        chance = chance * expected / number
        missed = missed + chance * gammaincc(float(number), scaled)
    return np.asarray(missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downtime:
    """Distribution of a window's downtime: `hours` [step], rising and even, and the probability of each."""

    hours: Array
    probability: Array

    def mean_hours(self) -> float:
        """Expected downtime of the window."""
        return float(self.hours @ self.probability)

    def quantile_hours(self, level_ratio: float) -> float:
        """The downtime that this share of windows does not exceed, to the step of the grid."""
        return float(self.hours[min(int(np.searchsorted(np.cumsum(self.probability), level_ratio)), len(self.hours) - 1)])

    def tail_mean_hours(self, level_ratio: float) -> float:
        """Mean downtime of the worst 1 - level share of windows (CVaR)."""
        beyond = np.cumsum(self.probability) - level_ratio
        weight = np.minimum(np.maximum(beyond, 0.0), self.probability)  # the part of each step that lies beyond the level
        return float(self.hours @ weight / (1.0 - level_ratio))

    def miss_probability(self, slo_ratio: float, window_hours: float) -> float:
        """Probability that the promise is missed in the window."""
        return float(self.probability[self.hours > budget_hours(slo_ratio, window_hours) * (1.0 + 1e-12)].sum())


def window_downtime(
    outages_per_hour: ArrayLike, mean_outage_hours: ArrayLike, window_hours: float, step_hours: float, most_hours: float
) -> Downtime:
    """Downtime of a window from several causes at once, each with outages of its own rate and mean length (exponential).

    The lengths' mixture is put on an even grid that keeps its mean (mass split to the two neighbours) and the compound sum is
    found by the fast Fourier transform of exp(rate x (f - 1)), with tilting against wrap-around.

    What a user would get wrong: one mean over all causes hides the rare long outage that fills the tail.

    Parameters
    ----------
    outages_per_hour, mean_outage_hours
        [cause], 0 or more, and above 0.
    window_hours, step_hours, most_hours
        Window, grid step and longest downtime shown, above 0; what lies beyond is counted at the last step.

    References
    ----------
    [3]_; P. Embrechts, M. Frei (2009), Panjer recursion versus FFT for compound distributions, Math. Methods
    Oper. Res. 69, section 4.
    """
    rates, means = np.atleast_1d(np.asarray(outages_per_hour, float)), np.atleast_1d(np.asarray(mean_outage_hours, float))
    refuse(
        [
            at_least("outages_per_hour", rates, 0.0),
            above("mean_outage_hours", means, 0.0),
            above("window_hours", window_hours, 0.0),
            above("step_hours", step_hours, 0.0),
            above("most_hours", most_hours, step_hours),
        ]
    )
    steps = int(np.ceil(most_hours / step_hours)) + 1
    size = 1 << int(2 * steps - 1).bit_length()
    edges = np.arange(size + 1) * step_hours
    total = float(rates.sum())
    weights = rates / total if total > 0.0 else np.zeros_like(rates)
    # mass of the mixture at each grid point by matching the mean of every cell: differences of the integrated tail
    tail = (weights[:, None] * means[:, None] * np.exp(-edges[None, :] / means[:, None])).sum(
        axis=0
    )  # integral of the tail from x
    slope = -np.diff(tail) / step_hours  # mean tail of each cell
    severity = np.concatenate([[1.0 - slope[0]], slope[:-1] - slope[1:]])
    tilt = np.exp(-20.0 / size * np.arange(size))
    spectrum = np.fft.rfft(severity * tilt)
    compound = np.fft.irfft(np.exp(total * window_hours * (spectrum - 1.0)), size) / tilt
    probability = np.maximum(compound[:steps], 0.0)  # rounding leaves values of the order of 1e-18 below nought
    probability[-1] += max(0.0, 1.0 - float(probability.sum()))
    return Downtime(
        hours=np.arange(steps, dtype=np.float64) * np.float64(step_hours), probability=probability / probability.sum()
    )
