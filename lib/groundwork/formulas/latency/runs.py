"""A batching server whose prefills come in runs: how many are in service and waiting, as a chain that jumps by whole runs.

While one prefill runs more requests arrive, whose prefills follow at once: a run is a busy period, and all that it lets in join
the batch together. Where prefills take a large part of the time that is what fills the batch and what holds up the tokens of the
others; a chain that lets requests in one by one knows neither. Looked at only while tokens are written, the number present jumps
up by whole runs and down by one.

Symbols as in `batching_server`; x is the number present, in service up to the largest batch N and waiting beyond.

References
----------
.. [1] L. Kleinrock (1975), Queueing Systems, vol. 1, section 5.8 (busy period and the number served in it).
.. [2] M. F. Neuts (1989), Structured Stochastic Matrices of M/G/1 Type, chapter 2 (chains that go down by one only).
.. [3] S. Asmussen (2003), Applied Probability and Queues, section X.5 (insensitivity, and what batches do to it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.latency.batching_server import BatchingServer

Array: TypeAlias = NDArray[np.float64]

_WAITING_MOST = 256  # followed within a run
_QUEUE_MOST = 3000  # followed behind a full batch
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The chain at one load.

    `below` [N] and `over` [waiting] are shares of the time in which tokens are written or nobody is present: 0..N-1 in service
    and nobody waiting; N in service and so many waiting. `walk` [prefills, waiting] is the chance that a run is under way with
    so many waiting after so many prefills (0 waiting: it ends there), `walk_seconds` and `walk_square` the same times the first
    and second moment of what the prefills took. `arrivals` [count] are the chances of arrivals during one prefill, with its
    moments in `arrivals_seconds` and `arrivals_square`. `leave_per_second` [N] is the pace of 1..N, per second of writing.
    """

    load: float
    prefill_share: float
    below: Array
    over: Array
    walk: Array
    walk_seconds: Array
    walk_square: Array
    arrivals: Array
    arrivals_seconds: Array
    arrivals_square: Array
    leave_per_second: Array

    @property
    def largest(self) -> int:
        """N."""
        return int(self.below.size)


def runs(server: BatchingServer, load: float, largest: int) -> Runs:
    """Steady state of a server with prefills in runs.

    Cuts between x and x + 1 balance, so the chain is solved from below [2]_. Exponential lengths would spread the number present
    too little: in a run's wake short answers and long ones alike go on together. The logarithms of neighbours' ratios are
    divided by what the spread of an endless server with batch arrivals gains, (1 + k h) / (1 + h), k = 2 E min(O, O') / E O,
    h = E G (G - 1) / (2 E G), and tilted until the tokens written are those asked for [3]_.

    Parameters
    ----------
    server
        Step times and lengths.
    load
        Requests per second, above 0 and below the saturation.
    largest
        N, the batch limit, or fewer where more are never in service.
    """
    prefill, tokens = server.prefill_seconds, float(server.output_tokens.mean()) - 1.0
    share = load * float(prefill.mean())
    chances, seconds, square = _arrivals(prefill, load)
    walk, walk_seconds, walk_square = _walk(chances, seconds, square, largest)
    leave = np.arange(1.0, largest + 1.0) / (max(tokens, 1.0) * server.decode_seconds[:largest])
    longer = np.maximum(1.0 - np.cumsum(walk[:, 0]), 0.0)
    below = _from_below(load, longer, leave)
    over = _behind_full(load, walk, chances, leave[-1], below)
    second = float((prefill**2).mean())
    half = 0.5 * (2.0 * share * (1.0 - share) + load**2 * second) / (1.0 - share) ** 2
    together = 2.0 * float(np.minimum.outer(server.output_tokens, server.output_tokens).mean() / server.output_tokens.mean())
    wide = (1.0 + together * half) / (1.0 + half)
    one = 1.0 / leave[-1]
    spread = float(server.output_tokens.var()) / float(server.output_tokens.mean()) ** 2 * one**2 + float(prefill.var())
    cycle = (one + float(prefill.mean())) ** 2
    queue = (1.0 + spread / cycle) / (1.0 + (one**2 + float(prefill.var())) / cycle)
    chain = np.concatenate([below[:-1], over])
    with np.errstate(divide="ignore"):
        steps = np.diff(np.log(chain))
    steps[:largest] /= wide
    steps[largest:] /= queue
    weights = np.concatenate([[0.0], np.cumsum(steps)])
    pace = leave[np.minimum(np.arange(chain.size), largest) - 1] * (np.arange(chain.size) > 0)
    found = _tilted(weights, pace, load / (1.0 - share), largest)
    return Runs(
        load=load, prefill_share=share, below=found[:largest], over=found[largest:], walk=walk, walk_seconds=walk_seconds,
        walk_square=walk_square, arrivals=chances, arrivals_seconds=seconds, arrivals_square=square, leave_per_second=leave,
    )  # fmt: skip


def _arrivals(prefill: Array, load: float) -> tuple[Array, Array, Array]:
    """Chance of 0, 1, .. arrivals during a prefill, and the same times its seconds and their square."""
    from scipy.special import gammaln

    mean = load * prefill[:, None]
    most = int(mean.max() + 12.0 * np.sqrt(mean.max()) + 12.0)
    count = np.arange(most + 3.0)
    full = np.exp(count * np.log(mean) - mean - gammaln(count + 1.0)).mean(axis=0)
    place = count[:-2]
    # p exp(-lambda p) (lambda p)^j / j! is (j + 1) / lambda of the chance of j + 1.
    return full[:-2], (place + 1.0) / load * full[1:-1], (place + 1.0) * (place + 2.0) / load**2 * full[2:]


def _walk(chances: Array, seconds: Array, square: Array, largest: int) -> tuple[Array, Array, Array]:
    """Waiting after each prefill of a run, and the moments of what it has taken so far."""
    walks = np.zeros((3, largest + 1, _WAITING_MOST))
    walks[0, 0, 1] = 1.0
    for step in range(largest):
        whole, first, second = walks[:, step].copy()
        whole[0] = first[0] = second[0] = 0.0
        if whole.sum() < _NEGLIGIBLE:
            break
        now = np.convolve(whole, chances)
        then = np.convolve(first, chances) + np.convolve(whole, seconds)
        last = np.convolve(second, chances) + 2.0 * np.convolve(first, seconds) + np.convolve(whole, square)
        for row, values in enumerate((now, then, last)):
            walks[row, step + 1] = values[1 : _WAITING_MOST + 1]
    return walks[0], walks[1], walks[2]


def _from_below(load: float, longer: Array, leave: Array) -> Array:
    """Weights of 0..N in service, the last without its queue: `longer` [k] is the chance that a run lets in more than k."""
    from scipy.linalg import solve_triangular

    size = leave.size
    matrix = np.zeros((size + 1, size + 1))
    row, column = np.tril_indices(size)
    matrix[row + 1, column] = -load * longer[row - column]
    np.fill_diagonal(matrix, np.concatenate([[1.0], leave]))
    return np.asarray(solve_triangular(matrix, np.eye(size + 1)[0], lower=True))


def _behind_full(load: float, walk: Array, chances: Array, pace: float, below: Array) -> Array:
    """Weights of a full batch with 0, 1, .. waiting."""
    largest = below.size - 1
    left = walk[largest - np.arange(largest)]
    beyond = np.maximum(left.sum(axis=1)[:, None] - np.cumsum(left, axis=1), 0.0)
    from_runs = load * (below[:largest] @ beyond)
    more = np.maximum(1.0 - np.cumsum(chances), 0.0)
    total, found = float(below.sum()), [float(below[-1])]
    for waiting in range(_QUEUE_MOST):
        up = load * found[-1] + (from_runs[waiting] if waiting < from_runs.size else 0.0)
        near = np.array(found[max(1, waiting - more.size + 2) :])
        if near.size:
            up += pace * float(near @ more[near.size : 0 : -1][: near.size])
        found.append(up / (pace * chances[0]))
        if found[-1] < _NEGLIGIBLE * total:
            break
    return np.array(found)


def _tilted(weights: Array, pace: Array, wanted: float, largest: int) -> Array:
    """Shares from logarithms of weights, tilted up to the largest batch so that the mean pace is the one wanted."""
    places = np.minimum(np.arange(weights.size), largest).astype(np.float64)
    low, high = -1.0, 1.0
    share = np.empty_like(weights)
    for _ in range(50):
        middle = 0.5 * (low + high)
        tilted = weights + middle * places
        share = np.exp(tilted - tilted.max())
        share /= share.sum()
        low, high = (low, middle) if float(share @ pace) > wanted else (middle, high)
    return share
