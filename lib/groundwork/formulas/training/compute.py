"""Accelerator-hours of a training run: work, failures and checkpoints.

References
----------
.. [1] J. Kaplan and others (2020), Scaling laws for neural language models, arXiv 2001.08361, section 2.1 (C = 6 N D).
.. [2] J. T. Daly (2006), A higher order estimate of the optimum checkpoint interval for restart dumps, FGCS 22(3), 303-312.
.. [3] J. W. Young (1974), A first order approximation to the optimum checkpoint interval, CACM 17(9), 530-531.
.. [4] A. Kokolis and others (2025), Revisiting reliability in large-scale machine learning research clusters, HPCA,
       arXiv 2410.21680.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, between, refuse

Array: TypeAlias = NDArray[np.float64]

FULL_TRAINING_FLOPS = 6.0  # per parameter and token: 2 forward, 4 backward (gradients of activations and of weights)
ADAPTER_TUNING_FLOPS = 4.0  # frozen weights need no gradient of their own: 2 forward, 2 backward


def training_flops(parameters_b: ArrayLike, tokens_b: ArrayLike) -> Array:
    """Floating point operations of full training: 6 N D.

    What a user would get wrong: for a mixture of experts N is the *active* parameters, not all of them; and attention over long
    contexts comes on top (2 L d x length per token forward, causal: two thirds more for a 405B model at 128k tokens).

    Parameters
    ----------
    parameters_b
        N, billions of active parameters, above 0, any shape.
    tokens_b
        D, billions of tokens read, every epoch counted, above 0.

    References
    ----------
    [1]_ eq. 2.2.
    """
    return _flops(FULL_TRAINING_FLOPS, parameters_b, tokens_b)


def adapter_tuning_flops(parameters_b: ArrayLike, tokens_b: ArrayLike) -> Array:
    """Floating point operations of tuning a small adapter on frozen weights (LoRA): 4 N D.

    What a user would get wrong: adapters save memory, not time. A third of the work goes, not nearly all.

    Parameters
    ----------
    parameters_b, tokens_b
        As in `training_flops`; N is the frozen model's.

    References
    ----------
    [1]_ section 2.1, without the gradient of the weights.
    """
    return _flops(ADAPTER_TUNING_FLOPS, parameters_b, tokens_b)


def training_accelerator_hours(
    work_flops: ArrayLike, peak_tflops: ArrayLike, mfu_ratio: ArrayLike, goodput_ratio: ArrayLike
) -> Array:
    """Accelerator-hours of a run: work / (peak x MFU x goodput).

    What a user would get wrong: an MFU worked out from published GPU-hours already holds the time lost to failures; one printed
    in a paper is of the running system. Goodput is 1 for the first, below 1 for the second.

    Parameters
    ----------
    work_flops
        Above 0, any shape.
    peak_tflops
        Dense peak of one accelerator at the precision of the training, 1e12 FLOP per second; above 0. Twice too high when taken
        from a line "with sparsity".
    mfu_ratio
        Share of the peak reached while running, above 0 and at most 1.
    goodput_ratio
        Share of the time that is not lost, above 0 and at most 1.

    References
    ----------
    [1]_ eq. 2.2 for the work.
    """
    refuse(
        [
            above("work_flops", work_flops, 0.0),
            above("peak_tflops", peak_tflops, 0.0),
            between("mfu_ratio", mfu_ratio, 1e-9, 1.0),
            between("goodput_ratio", goodput_ratio, 1e-9, 1.0),
        ]
    )
    speed = np.asarray(peak_tflops, dtype=np.float64) * 1e12 * np.asarray(mfu_ratio, dtype=np.float64)
    return np.asarray(np.asarray(work_flops, dtype=np.float64) / (speed * 3600.0 * np.asarray(goodput_ratio, dtype=np.float64)))


def job_mean_time_between_failures_hours(failures_per_node_day: ArrayLike, nodes_count: ArrayLike) -> Array:
    """Mean hours between failures of a job that stops when any of its nodes does: 24 / (rate x nodes).

    What a user would get wrong: a thousand reliable machines are not a reliable machine.

    Parameters
    ----------
    failures_per_node_day
        Above 0, failures of one node in one day.
    nodes_count
        Above 0.

    References
    ----------
    [4]_ section III: 6.50 failures per 1,000 node-days. 1,024 accelerators on 128 nodes: 28.8 h by this formula.
    """
    refuse([above("failures_per_node_day", failures_per_node_day, 0.0), above("nodes_count", nodes_count, 0.0)])
    rate = np.asarray(failures_per_node_day, dtype=np.float64) * np.asarray(nodes_count, dtype=np.float64)
    return np.asarray(24.0 / rate)


def young_checkpoint_interval_hours(checkpoint_hours: ArrayLike, mean_time_between_failures_hours: ArrayLike) -> Array:
    """First-order best time of work between checkpoints: sqrt(2 d M).

    Parameters
    ----------
    checkpoint_hours
        d, hours that training stands still for one checkpoint, above 0.
    mean_time_between_failures_hours
        M of the whole job, hours, above 0.

    References
    ----------
    [3]_.
    """
    refuse(
        [
            above("checkpoint_hours", checkpoint_hours, 0.0),
            above("mean_time_between_failures_hours", mean_time_between_failures_hours, 0.0),
        ]
    )
    product = np.asarray(checkpoint_hours, dtype=np.float64) * np.asarray(mean_time_between_failures_hours, dtype=np.float64)
    return np.asarray(np.sqrt(2.0 * product))


def best_checkpoint_interval_hours(checkpoint_hours: ArrayLike, mean_time_between_failures_hours: ArrayLike) -> Array:
    """Best time of work between checkpoints, exact for random failures: M (1 + W(-exp(-1 - d / M))), W Lambert's function.

    Where exp((t + d) / M) / t is smallest. Young's sqrt(2 d M) is its first term; Daly's series the next three.

    Parameters
    ----------
    checkpoint_hours, mean_time_between_failures_hours
        As in `young_checkpoint_interval_hours`.

    References
    ----------
    [2]_ eq. 21 and 37.
    """
    from scipy.special import lambertw

    refuse(
        [
            above("checkpoint_hours", checkpoint_hours, 0.0),
            above("mean_time_between_failures_hours", mean_time_between_failures_hours, 0.0),
        ]
    )
    mean = np.asarray(mean_time_between_failures_hours, dtype=np.float64)
    pause = np.asarray(np.asarray(checkpoint_hours, dtype=np.float64) / mean)
    argument: Array = np.asarray(-np.exp(-1.0 - pause), dtype=np.float64)
    # The stubs of scipy know no arrays of unknown shape here.
    return np.asarray(mean * (1.0 + np.real(lambertw(argument))))


def goodput_ratio(
    interval_hours: ArrayLike,
    checkpoint_hours: ArrayLike,
    restart_hours: ArrayLike,
    mean_time_between_failures_hours: ArrayLike,
) -> Array:
    """Share of the time that becomes kept work: t / (M exp(R / M) (exp((t + d) / M) - 1)).

    Failures come at random, may strike during checkpoint and restart too, and throw the work back to the last checkpoint.

    What a user would get wrong: the loss per failure is half an interval *plus* the restart; on large jobs the restart is most.

    Parameters
    ----------
    interval_hours
        t, hours of work between checkpoints, above 0.
    checkpoint_hours
        d, hours that training stands still for one checkpoint, 0 or more (0: written in the background).
    restart_hours
        R, hours from failure to training again, 0 or more.
    mean_time_between_failures_hours
        M of the whole job, above 0.

    References
    ----------
    [2]_ eq. 13.
    """
    refuse(
        [
            above("interval_hours", interval_hours, 0.0),
            at_least("checkpoint_hours", checkpoint_hours, 0.0),
            at_least("restart_hours", restart_hours, 0.0),
            above("mean_time_between_failures_hours", mean_time_between_failures_hours, 0.0),
        ]
    )
    mean = np.asarray(mean_time_between_failures_hours, dtype=np.float64)
    work = np.asarray(interval_hours, dtype=np.float64) / mean
    pause = np.asarray(checkpoint_hours, dtype=np.float64) / mean
    restart = np.asarray(restart_hours, dtype=np.float64) / mean
    # Multiplied out with exp(-(t + d)) so that an interval of many failures gives 0 instead of an overflow.
    return np.asarray(work * np.exp(-restart - work - pause) / -np.expm1(-(work + pause)))


def _flops(flops_per_parameter_token: float, parameters_b: ArrayLike, tokens_b: ArrayLike) -> Array:
    """Work of a run from its two sizes in billions."""
    refuse([above("parameters_b", parameters_b, 0.0), above("tokens_b", tokens_b, 0.0)])
    sizes = np.asarray(parameters_b, dtype=np.float64) * np.asarray(tokens_b, dtype=np.float64)
    return np.asarray(flops_per_parameter_token * 1e18 * sizes)
