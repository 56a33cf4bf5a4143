"""Time to the first token where prefills come in runs: by what an arrival meets, a transform on a grid."""

from __future__ import annotations

import numpy as np

from groundwork.formulas.latency.batching_server import BatchingServer
from groundwork.formulas.latency.runs import Runs
from groundwork.formulas.latency.transforms import Array, Transform, frequencies, gamma

_FAR = 0.05  # of the tail beyond the highest quantile, left out of the grid


def first_token(server: BatchingServer, chain: Runs, quantile_ratio: float) -> tuple[Transform, float]:
    """Transform of the time to the first token and the length of its grid in seconds, enough for this quantile.

    An arrival meets a decode step (its rest, and the prefills of those that came in the same step), a full batch (places become
    free one by one, each taken by a prefill), or a prefill (its rest, the prefills ahead, and places where the batch is full by
    then). Its own prefill follows.

    What a user would get wrong: at a full batch the time to the first token is the answers of others, not prefills.

    Parameters
    ----------
    server, chain
        Step times and lengths, and the chain at one load.
    quantile_ratio
        The highest quantile that will be read.
    """
    prefill, size = server.prefill_seconds, chain.largest
    mean, variance = float(prefill.mean()), float(prefill.var())
    pace, writing = float(chain.leave_per_second[-1]), 1.0 - chain.prefill_share
    below, over = writing * chain.below, writing * chain.over
    ahead = _ahead(chain, below, over) * mean
    waiting = np.arange(ahead.shape[1])
    # Places that must become free before the own prefill, for those who meet a prefill: [in service, prefills ahead].
    places = np.maximum(waiting[None] + 2 - size + np.arange(size)[:, None], 0)
    free = np.where(places == 0, ahead, 0.0).sum(axis=0)
    count = int(places.max()) + 1
    met, sums, squares = (
        np.asarray(np.bincount(places.ravel(), (ahead * waiting**power).ravel(), count), np.float64) for power in (0, 1, 2)
    )
    length = _length(server, chain, (free, met, over), 1.0 - quantile_ratio)
    speed = frequencies(length)
    own = np.exp(-np.outer(speed, prefill)).mean(axis=1)
    rest = np.divide(1.0 - own, speed * mean, out=np.ones_like(own), where=speed != 0.0)
    one_place = 1.0 / (1.0 + speed / pace)
    whole = _horner(free, own) * rest + one_place * _horner(over, one_place * own) + below[0]
    for count, weight in enumerate(met.tolist()):
        if count and weight > 1e-9:
            prefills = sums[count] / weight
            spread = max(squares[count] / weight - prefills**2, 0.0)
            between = gamma(speed, prefills * mean, prefills * variance + spread * mean**2) if prefills > 0.0 else 1.0
            whole += weight * rest * one_place**count * between
    steps = server.decode_seconds[: size - 1]
    under_way, others = np.outer(speed, steps), chain.load * np.outer(1.0 - own, steps)
    apart = under_way - others
    known = np.abs(apart) > 1e-12
    shared = np.divide(np.exp(-others) - np.exp(-under_way), apart, out=np.ones_like(apart), where=known)
    return (whole + shared @ below[1:]) * own, length


def _ahead(chain: Runs, below: Array, over: Array) -> Array:
    """Prefills per second that an arrival can meet, by those in service and the prefills then ahead of it."""
    size, width = chain.largest, chain.walk.shape[1]
    places = np.arange(size)
    back = places[:, None] - places[None]
    starts = chain.load * (np.where(back >= 0, below[back], 0.0) @ chain.walk[:size])
    starts[:, 0] = 0.0
    behind = over[1:width]
    starts[-1, 1 : behind.size + 1] += chain.leave_per_second[-1] * behind
    starts *= chain.load / starts.sum()
    # Of those who come during a prefill one meets so many before it: the chance of more arrivals than that over their mean.
    before = np.maximum(1.0 - np.cumsum(chain.arrivals), 0.0)
    before /= before.sum()
    total = width + before.size
    mixed = np.fft.irfft(np.fft.rfft(starts[:, 1:], total, axis=1) * np.fft.rfft(before, total), total, axis=1)
    return np.maximum(mixed, 0.0)


def _length(server: BatchingServer, chain: Runs, weights: tuple[Array, Array, Array], late: float) -> float:
    """Seconds that hold all but a small part of the tail."""
    prefill, pace = server.prefill_seconds, float(chain.leave_per_second[-1])
    mean, square = float(prefill.mean()), float((prefill**2).mean())
    free, met, over = weights
    farthest = 0.0
    for chances, place in ((free, 0.0), (np.append(0.0, met[1:]), 1.0 / pace), (np.append(0.0, over), 1.0 / pace)):
        left = np.cumsum(chances[::-1])[::-1]
        far = float(np.flatnonzero(left > _FAR * late)[-1]) if (left > _FAR * late).any() else 0.0
        farthest = max(farthest, far * (mean + place) + 4.0 * np.sqrt(far * (place**2 + float(prefill.var()))))
    return 6.0 * float(prefill.max()) + square / mean + 3.0 * float(server.decode_seconds[-1]) + farthest


def _horner(weights: Array, base: Transform) -> Transform:
    """Sum of weights times powers of the base."""
    total = np.zeros_like(base)
    for weight in weights[::-1]:
        total = total * base + weight
    return total
