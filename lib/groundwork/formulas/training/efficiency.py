"""Share of the peak that training reaches, learned from published runs and shrunk where there are few.

A Gaussian process over three logarithms (active parameters, tokens, peak speed of the accelerator): runs alike in all three
count most, and far from every run the estimate falls back to the mean of all with the full spread around it.

The MFU here is *implied*: 6 N D over published GPU-hours, so that stops and restarts are in it. Use it with goodput 1.

References
----------
.. [1] C. E. Rasmussen, C. K. I. Williams (2006), Gaussian Processes for Machine Learning, sections 2.2, 2.7 and 5.4.
.. [2] A. Chowdhery and others (2022), PaLM, arXiv 2204.02311, section 4.1 (model FLOPs utilisation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, holds, refuse
from groundwork.formulas.training.compute import training_flops

Array: TypeAlias = NDArray[np.float64]

# Before any run is seen: alike within a factor e in each size, 30 % apart between kinds of run, 15 % between repeats.
_PRIOR_LOGS = np.log(np.array([1.0, 1.0, 1.0, 0.10, 0.02]))
_PRIOR_LOG_SPREADS = np.array([0.7, 0.7, 0.7, 0.7, 1.0])
_EIGHTY_PERCENT = 1.2815515655446004  # standard deviations on either side that hold 80 % of a normal


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRuns:
    """Published runs, each field [run]: billions of active parameters, billions of tokens, TFLOPS at the peak, GPU-hours."""

    parameters_b: Array
    tokens_b: Array
    peak_tflops: Array
    accelerator_hours: Array

    def implied_mfu_ratio(self) -> Array:
        """MFU that the published GPU-hours imply, [run]."""
        seconds = 3600.0 * self.accelerator_hours
        return np.asarray(training_flops(self.parameters_b, self.tokens_b) / (seconds * self.peak_tflops * 1e12))


@dataclass(frozen=True, slots=True, kw_only=True)
class MfuShrinkage:
    """How fast runs stop being alike: three lengths in natural logarithms, and two variances of log MFU."""

    parameters_length_log: float
    tokens_length_log: float
    peak_length_log: float
    between_runs_variance: float
    repeat_variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MfuEstimate:
    """Estimated MFU, [query]: the central value and the ends of the range that should hold 80 % of new runs."""

    central_ratio: Array
    low_ratio: Array
    high_ratio: Array


def fitted_mfu_shrinkage(runs: TrainingRuns) -> MfuShrinkage:
    """Shrinkage under which the given runs are most probable (marginal likelihood, with a wide prior on each length).

    What a user would get wrong: fitted on all runs, it may not be judged on the same runs. Leave the judged run out of this too.

    Parameters
    ----------
    runs
        Three or more runs.

    References
    ----------
    [1]_ eq. 5.8.
    """
    from scipy.linalg import solve_triangular
    from scipy.optimize import minimize

    _check(runs)
    sizes, logs = _sizes(runs.parameters_b, runs.tokens_b, runs.peak_tflops), np.log(runs.implied_mfu_ratio())

    def improbability(theta: Array) -> float:
        cover = _alikeness(sizes, sizes, np.exp(theta[:3]), float(np.exp(theta[3])))
        root = np.linalg.cholesky(cover + (np.exp(theta[4]) + 1e-10) * np.eye(logs.size))
        flat = solve_triangular(root, np.ones(logs.size), lower=True)
        seen = solve_triangular(root, logs, lower=True)
        rest = seen - flat * (flat @ seen) / (flat @ flat)
        prior = np.sum(((theta - _PRIOR_LOGS) / _PRIOR_LOG_SPREADS) ** 2)
        return float(0.5 * (rest @ rest) + np.log(np.diag(root)).sum() + 0.5 * prior)

    found = minimize(improbability, _PRIOR_LOGS, method="L-BFGS-B")
    values = [float(value) for value in np.exp(found.x)]
    return MfuShrinkage(
        parameters_length_log=values[0],
        tokens_length_log=values[1],
        peak_length_log=values[2],
        between_runs_variance=values[3],
        repeat_variance=values[4],
    )


def estimated_mfu(
    shrinkage: MfuShrinkage, runs: TrainingRuns, parameters_b: ArrayLike, tokens_b: ArrayLike, peak_tflops: ArrayLike
) -> MfuEstimate:
    """Implied MFU of a run that is not among the published ones.

    Mean of all runs (weighted for likeness) plus k' (K + noise)^-1 (log MFU - mean); the range from the conditional variance,
    repeats included.

    What a user would get wrong: a small model on very many accelerators trains badly (8B on 15,000B tokens: 0.15), a fact that a
    table by accelerator alone hides.

    Parameters
    ----------
    shrinkage
        From `fitted_mfu_shrinkage`, or the shipped one.
    runs
        The published runs to learn from.
    parameters_b, tokens_b, peak_tflops
        [query] or scalars, above 0: billions of active parameters, billions of tokens, dense peak in TFLOPS.

    References
    ----------
    [1]_ eq. 2.41 and 2.42.
    """
    _check(runs)
    refuse([above("parameters_b", parameters_b, 0.0), above("tokens_b", tokens_b, 0.0), above("peak_tflops", peak_tflops, 0.0)])
    asked = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in (parameters_b, tokens_b, peak_tflops))
    )
    lengths = np.array([shrinkage.parameters_length_log, shrinkage.tokens_length_log, shrinkage.peak_length_log])
    sizes, logs = _sizes(runs.parameters_b, runs.tokens_b, runs.peak_tflops), np.log(runs.implied_mfu_ratio())
    cover = _alikeness(sizes, sizes, lengths, shrinkage.between_runs_variance) + shrinkage.repeat_variance * np.eye(logs.size)
    near = _alikeness(_sizes(asked[0], asked[1], asked[2]), sizes, lengths, shrinkage.between_runs_variance)
    solved = np.linalg.solve(cover, np.column_stack([logs, np.ones(logs.size), near.T]))
    flat = solved[:, 1]
    mean = float(logs @ flat / flat.sum())
    central = mean + near @ (solved[:, 0] - mean * flat)
    # The mean is learned too: its own error is added where the near runs do not settle it.
    unsettled = 1.0 - near @ flat
    variance = (
        shrinkage.between_runs_variance
        + shrinkage.repeat_variance
        - np.einsum("qr,rq->q", near, solved[:, 2:])
        + unsettled**2 / flat.sum()
    )
    half = _EIGHTY_PERCENT * np.sqrt(variance)
    return MfuEstimate(central_ratio=np.exp(central), low_ratio=np.exp(central - half), high_ratio=np.exp(central + half))


def _check(runs: TrainingRuns) -> None:
    """Refuse runs that cannot be learned from."""
    refuse(
        [
            above("runs.parameters_b", runs.parameters_b, 0.0),
            above("runs.tokens_b", runs.tokens_b, 0.0),
            above("runs.peak_tflops", runs.peak_tflops, 0.0),
            above("runs.accelerator_hours", runs.accelerator_hours, 0.0),
            holds("runs", runs.parameters_b.ndim == 1 and runs.parameters_b.size >= 3, "must be three runs or more"),
        ]
    )


def _sizes(parameters_b: Array, tokens_b: Array, peak_tflops: Array) -> Array:
    """[run, 3] natural logarithms."""
    return np.log(np.column_stack([parameters_b, tokens_b, peak_tflops]))


def _alikeness(left: Array, right: Array, lengths: Array, variance: float) -> Array:
    """Covariance of log MFU between two sets of runs: falls with the squared distance of their logarithms."""
    apart = (left[:, None, :] - right[None, :, :]) / lengths
    return np.asarray(variance * np.exp(-0.5 * np.sum(apart**2, axis=-1)))
