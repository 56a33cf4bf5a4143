"""A server that takes several jobs at once, as a dynamic batcher does.

References
----------
.. [1] N. T. J. Bailey (1954), On queueing processes with bulk service, J. Roy. Stat. Soc. B 16(1), 80-87.
.. [2] M. F. Neuts (1967), A general class of bulk queues with Poisson input, Ann. Math. Stat. 38(3), 759-770.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from groundwork.errors import OutOfCalibration
from groundwork.formulas.input_ranges import above, holds, refuse

_TAIL_PROBABILITY = 1e-10  # what the truncated queue may leave out
_LONGEST_QUEUE = 4096  # states; beyond this the load is so close to capacity that the answer would be a guess


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchQueue:
    """Steady state of one batching server."""

    mean_batch_count: float
    mean_wait_seconds: float
    mean_sojourn_seconds: float
    busy_ratio: float


def batch_queue(arrivals_per_second: float, batch_seconds: ArrayLike) -> BatchQueue:
    """Wait and batch size of a server that takes all waiting jobs, b at most, as soon as it is free (M/D[1,b]/1), exact.

    The queue left behind by each batch is a Markov chain: from q it takes k = min(max(q, 1), b) and Poisson(lambda s(k)) arrive
    meanwhile. Time averages over a cycle (a batch, and the idle time before it when q = 0) give the mean number, Little's law
    the wait.

    What a user would get wrong: the largest batch is not the batch that forms. At low load batches hold one job and cost a full
    pass each; growing batches then hide the growing load until b / s(b), where the wait explodes.

    Parameters
    ----------
    arrivals_per_second
        lambda, above 0 and below b / s(b).
    batch_seconds
        [b]: seconds that a batch of 1..b jobs takes, above 0, not falling.

    References
    ----------
    [1]_; [2]_ section 2. With b = 1 it is M/D/1: lambda = 0.8, s = 1 waits 2.0 s.
    """
    from scipy.special import gammaln

    seconds = np.asarray(batch_seconds, dtype=np.float64)
    refuse(
        [
            above("arrivals_per_second", arrivals_per_second, 0.0),
            above("batch_seconds", seconds, 0.0),
            holds("batch_seconds", seconds.ndim == 1 and seconds.size > 0, "must be one list, a time for each batch size"),
            holds("batch_seconds", bool(np.all(np.diff(seconds) >= 0.0)), "must not fall with the batch size"),
        ]
    )
    largest = seconds.size
    load = arrivals_per_second * float(seconds[-1]) / largest
    refuse([holds("arrivals_per_second", load < 1.0, "must be below the largest batch over its time")])
    states = min(int(4 * largest + 40 * np.sqrt(largest) + 60), _LONGEST_QUEUE)
    while True:
        left = np.arange(states)
        taken = np.minimum(np.maximum(left, 1), largest)
        mean_new = arrivals_per_second * seconds[taken - 1]
        new = left[None, :] - np.maximum(left - taken, 0)[:, None]
        log_new = new * np.log(mean_new)[:, None] - mean_new[:, None] - gammaln(np.maximum(new, 0) + 1.0)
        moves = np.exp(np.where(new >= 0, log_new, -np.inf))
        equations = moves.T - np.eye(states)
        equations[-1] = 1.0
        chance = np.linalg.solve(equations, np.eye(states)[-1])
        if abs(float(chance[-max(largest, 8) :].sum())) < _TAIL_PROBABILITY:
            break
        if states >= _LONGEST_QUEUE:
            raise OutOfCalibration(
                f"the batching server would be {load:.4f} busy at its largest batch: its queue is too long to be worked out"
            )
        states = min(2 * states, _LONGEST_QUEUE)
    pass_seconds = seconds[taken - 1]
    idle_seconds = float(chance[0]) / float(arrivals_per_second)
    busy_seconds = float(chance @ pass_seconds)
    waiting = np.maximum(left - taken, 0) * pass_seconds + 0.5 * arrivals_per_second * pass_seconds**2
    cycle = idle_seconds + busy_seconds
    wait = float(chance @ waiting) / (cycle * float(arrivals_per_second))
    in_service = float(chance @ (taken * pass_seconds)) / (cycle * float(arrivals_per_second))
    return BatchQueue(
        mean_batch_count=float(chance @ taken),
        mean_wait_seconds=wait,
        mean_sojourn_seconds=wait + in_service,
        busy_ratio=busy_seconds / cycle,
    )
