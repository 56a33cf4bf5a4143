"""Learn the terms of serving from measurements: logarithms linear in features, few of them free, the others shrunk to nothing.

Every term is ``log term = log base + sum of coefficients x features``. A coefficient has a normal prior around 0 with its own
spread (a wide one for what must be learned, a narrow one for the offset of one engine, accelerator or model), so that an offset
of a group with few points stays small and one of a group never seen is 0. The fit is the most probable set of coefficients
under a loss that is square for small and absolute for large errors of the logarithm.

References
----------
.. [1] K. Levenberg (1944), Quarterly of Applied Mathematics 2(2), 164-168.
.. [2] A. Gelman, J. Hill (2007), Data Analysis Using Regression and Multilevel/Hierarchical Models, chapter 12.
.. [3] P. J. Huber (1964), Annals of Mathematical Statistics 35(1), 73-101 (here its smooth form).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.serving.replica import Array

TermLogs = Mapping[str, Array]
Prediction = Callable[[TermLogs], Array]

_STEP_LOG = 1e-4  # of a term's logarithm, for the slope
_LARGEST_MOVE = 1.0  # of a coefficient in one iteration
_MOST_ITERATIONS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Which coefficient acts on which term with what weight: `matrix` is [point, coefficient]."""

    terms: tuple[str, ...]
    prior_spreads: Array
    matrix: Array

    def term_logs(self, coefficients: Array) -> dict[str, Array]:
        """Logarithm of every term over its base, [point], for these coefficients; terms without coefficients are absent."""
        logs: dict[str, Array] = {}
        for term in dict.fromkeys(self.terms):
            chosen = np.array([one == term for one in self.terms])
            logs[term] = self.matrix[:, chosen] @ coefficients[chosen]
        return logs


def fitted_coefficients(
    predict: Prediction,
    design: Design,
    observed_logs: Array,
    noise_logs: Array,
    rows: NDArray[np.bool_],
    start: Array,
    loss_turn: float = 1.0,
) -> Array:
    """Most probable coefficients given the measurements in `rows` alone, [coefficient].

    What a user would get wrong: judging the result on these rows. Leave whole runs or models out and predict those.

    Parameters
    ----------
    predict
        Logarithm of the measured quantity, [point], for the logarithms of the terms over their bases.
    design
        Features and priors.
    observed_logs, noise_logs
        Logarithms measured and their usual error (sets what a prior spread is worth), [point].
    rows
        Points that may be looked at, [point].
    start
        First guess, [coefficient]: zeros, or the coefficients of a fit on nearly the same rows.
    loss_turn
        Errors beyond this many noise logs count by their size and no longer by their square.

    References
    ----------
    [1]_ for the damping, [2]_ for the shrinkage, [3]_ for the loss.
    """
    precision = 1.0 / design.prior_spreads**2
    coefficients, damping = np.array(start), 1e-2

    def errors(logs: Array) -> Array:
        return np.asarray(((observed_logs - logs) / noise_logs)[rows])

    def cost(guess: Array, gap: Array) -> float:
        return float(2.0 * loss_turn**2 * np.sum(np.sqrt(1.0 + (gap / loss_turn) ** 2) - 1.0) + np.sum(precision * guess**2))

    logs = predict(design.term_logs(coefficients))
    gap = errors(logs)
    best = cost(coefficients, gap)
    for _ in range(_MOST_ITERATIONS):
        slopes = _slopes(predict, design, coefficients, logs)[rows] / noise_logs[rows, None]
        weights = 1.0 / np.sqrt(1.0 + (gap / loss_turn) ** 2)
        curvature = (slopes * weights[:, None]).T @ slopes + np.diag(precision)
        downhill = slopes.T @ (weights * gap) - precision * coefficients
        gained = 0.0
        for _ in range(8):
            move = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), downhill)
            guess = coefficients + move * min(1.0, _LARGEST_MOVE / max(float(np.abs(move).max()), 1e-12))
            new_logs = predict(design.term_logs(guess))
            new_gap = errors(new_logs)
            new = cost(guess, new_gap)
            if np.isfinite(new) and new < best:
                gained = best - new
                coefficients, logs, gap, best = guess, new_logs, new_gap, new
                damping = max(damping / 4.0, 1e-6)
                break
            damping *= 4.0
        if gained < 1e-4 * max(best, 1.0):
            break
    return coefficients


def _slopes(predict: Prediction, design: Design, coefficients: Array, logs: Array) -> Array:
    """Derivative of each point's logarithm by each coefficient: a term's slope is taken once and spread over its features."""
    now = design.term_logs(coefficients)
    slopes = np.empty_like(design.matrix)
    for term, value in now.items():
        moved = predict({**now, term: value + _STEP_LOG})
        chosen = np.array([one == term for one in design.terms])
        slopes[:, chosen] = ((moved - logs) / _STEP_LOG)[:, None] * design.matrix[:, chosen]
    return slopes
