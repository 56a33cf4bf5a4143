"""Least-squares Monte Carlo: the month to stop waiting, from regressions on what is known.

References
----------
.. [1] F. A. Longstaff, E. S. Schwartz (2001), Valuing American options by simulation: a simple least-squares approach, Review
   of Financial Studies 14(1), 113-147.
.. [2] D. M. Allen (1974), The relationship between variable selection and data augmentation and a method for prediction,
   Technometrics 16(1), 125-127 (the leave-one-out error of a ridge regression in closed form).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.analysis.timing.starts import Months, Starts
from groundwork.quantities import Array, Flags

PENALTIES = (0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0, 100.0)
"""Ridge penalties tried, as multiples of the number of rows; the last leaves hardly more than the mean."""
WATCHED = (
    "graduation_learned_ratio",
    "busy_accelerators",
    "monthly_value_usd",
    "live_use_cases",
    "graduated_pilots",
    "finished_pilots",
)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """Start in a month where `coefficients[month] @ terms` is above 0; `coefficients` [month, term]."""

    coefficients: Array

    def months(self, terms: Array, may_start: Flags) -> Months:
        """The first month in which the policy starts, [sample]; the number of months where it never does.

        Parameters
        ----------
        terms
            [month, term, sample], what is known when the month begins.
        may_start
            [month, sample].
        """
        starts = (np.einsum("mt,mts->ms", self.coefficients, terms) > 0.0) & may_start
        return np.where(starts.any(axis=0), starts.argmax(axis=0), len(starts))


def stopping_policy(gain: Array, terms: Array, may_start: Flags) -> Policy:
    """When to start, learned backwards from the last month.

    In each month the gain of starting now less what the later policy earns is regressed on what is known; start where the fit
    is above 0. The gain itself need not be known when the choice is made: for an American option, whose payoff is, and lies in
    the span of the terms, this is the rule of [1]_.

    What a user would get wrong: the mean over these samples is flattered by the fit. Over fresh ones the policy is a lower
    bound of what waiting can be worth.

    Parameters
    ----------
    gain
        [month, sample]: what starting in the month brings over never starting, discounted to one date.
    terms
        [month, term, sample]: known when the month begins; a constant belongs to them.
    may_start
        [month, sample]: where starting is allowed; only these rows are fitted.

    References
    ----------
    [1]_, sections 1 and 2; the penalty by [2]_.
    """
    months, count, samples = terms.shape
    coefficients = np.zeros((months, count))
    later = np.zeros(samples)
    for month in range(months - 1, -1, -1):
        rows = may_start[month]
        if not rows.any():
            continue
        known = terms[month][:, rows]
        coefficients[month] = ridge(known, gain[month, rows] - later[rows])
        starts = np.zeros(samples, dtype=bool)
        starts[rows] = coefficients[month] @ known > 0.0
        later = np.where(starts, gain[month], later)
    return Policy(coefficients)


def ridge(terms: Array, target: Array) -> Array:
    """Coefficients [term] of a regression whose penalty makes its leave-one-out error the smallest.

    Parameters
    ----------
    terms
        [term, sample]. Terms that do not vary share the constant, which is not penalised; without one there is none.
    target
        [sample].

    References
    ----------
    [2]_ of the module: error_i / (1 - h_ii).
    """
    samples = target.size
    centre, scale = terms.mean(axis=1), terms.std(axis=1)
    moving = scale > 1e-9 * np.maximum(np.abs(centre), 1e-300)
    constant = np.flatnonzero(~moving & (centre != 0.0))
    coefficients = np.zeros(len(terms))
    mean = target.mean() if constant.size else 0.0
    if moving.any():
        shift = centre[moving] if constant.size else np.zeros(int(moving.sum()))
        design = ((terms[moving] - shift[:, None]) / scale[moving, None]).T
        left, singular, right = np.linalg.svd(design, full_matrices=False)
        kept = singular > 1e-9 * singular[0]
        left, singular, right = left[:, kept], singular[kept], right[kept]
        projected = left.T @ (target - mean)
        errors = []
        for penalty in PENALTIES:
            share = singular**2 / (singular**2 + penalty * samples)
            leverage = np.minimum((left**2) @ share + (1.0 / samples if constant.size else 0.0), 1.0 - 1e-9)
            errors.append(float(np.sum(((target - mean - left @ (share * projected)) / (1.0 - leverage)) ** 2)))
        penalty = PENALTIES[int(np.argmin(errors))]
        slope = right.T @ (singular / (singular**2 + penalty * samples) * projected)
        coefficients[moving] = slope / scale[moving]
        mean -= float(shift @ coefficients[moving]) if constant.size else 0.0
    if constant.size:
        coefficients[constant[0]] = mean / centre[constant[0]]
    return coefficients


def known_terms(starts: Starts) -> Array:
    """Thirteen terms of what is known when a month begins, [month, term, sample].

    A constant; the graduation rate learned, load, value, live use cases, pilots graduated and decided; squares and products of
    the first three. Load and value go in as logarithms: their tails would otherwise steer the fit.
    """
    rate, load, value, live, graduated, decided = (starts.known[name] for name in WATCHED)
    load, value = (np.log1p(np.maximum(each, 0.0) / max(float(each.mean()), 1e-12)) for each in (load, value))
    return np.stack(
        [
            np.ones_like(rate),
            rate,
            load,
            value,
            live,
            graduated,
            decided,
            rate * rate,
            load * load,
            value * value,
            rate * load,
            rate * value,
            load * value,
        ],
        axis=1,
    )
