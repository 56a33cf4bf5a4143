"""Time per output token where prefills come in runs: what a request in service goes through until its last token."""

from __future__ import annotations

import numpy as np

from groundwork.formulas.latency.batching_server import BatchingServer
from groundwork.formulas.latency.runs import Runs
from groundwork.formulas.latency.transforms import Array, Transform, frequencies

_STEPS = 40  # of the longest answer, over which the moments are carried
_QUEUE_MOST = 60  # waiting behind a full batch that are kept apart
_GROUPS_MOST = 16  # numbers met that are kept apart; neighbours beyond are put together
_TINY = 1e-300


def per_token(server: BatchingServer, chain: Runs) -> tuple[Transform, float]:
    """Transform of the time per output token, averaged over requests, and the length of its grid in seconds.

    A request joins by a run, is held up by those that the run lets in behind it, and then by every run and every prefill that
    breaks in while it writes. How much, depends on the number present, which changes meanwhile: mean and variance of the time
    for its tokens are carried along the chain from where it joins. The stops have their mean number and a gamma size.

    What a user would get wrong: who joins in a crowd is also stopped more, so the slow twentieth is far from the mean.

    Parameters
    ----------
    server, chain
        Step times and lengths, and the chain at one load.
    """
    queue = int(min(_QUEUE_MOST, max(3, int((np.cumsum(chain.over[::-1])[::-1] > 1e-4).sum()) + 3), chain.walk.shape[1] - 2))
    joins, last, behind, behind_square = _joins(server, chain, queue)
    moments, stride = _carried(server, chain, queue)
    kept = np.flatnonzero(joins > 1e-7 * joins.sum())
    groups = np.array_split(kept, min(kept.size, _GROUPS_MOST))
    mass = np.array([joins[group].sum() for group in groups])

    def grouped(values: Array) -> Array:
        return np.asarray(np.array([joins[group] @ values[group] for group in groups]) / mass)

    mass_share, alone, mean, square = mass / mass.sum(), grouped(last), grouped(behind), grouped(behind_square)
    variance = np.maximum(square - mean**2, 0.0)
    tokens = np.maximum(server.output_tokens - 1.0, 1.0)
    parts, length = [], 0.0
    for count in tokens:
        place = min(int(count / stride), _STEPS - 1)
        share = count / stride - place
        writing, whole, stops, spread = ((1.0 - share) * moments[place] + share * moments[place + 1]).T
        writing, whole, stops, spread = (grouped(np.append(0.0, row)) for row in (writing, whole, stops, spread))
        held = np.maximum(whole - writing, 1e-12)
        # Stops that come more regularly than by chance count as more and smaller ones.
        stops = np.maximum(stops, 1.05 * held**2 / np.maximum(spread, 1e-18))
        parts.append((count, writing, held, stops, stops * spread / held**2 - 1.0))
        far = whole + (1.0 - alone) * mean + 8.0 * np.sqrt(spread + variance)
        length = max(length, float(far.max()) / count)
    speed = frequencies(length)
    total = np.zeros_like(speed)
    for count, writing, held, stops, uneven in parts:
        slow = speed / count
        size = np.exp(-np.log1p(np.outer(slow, held / stops * uneven)) / uneven)
        shape = np.where(variance > _TINY, mean**2 / np.maximum(variance, _TINY), 0.0)
        scale = np.where(mean > _TINY, variance / np.maximum(mean, _TINY), 0.0)
        after = alone + (1.0 - alone) * np.exp(-np.log1p(np.outer(slow, scale)) * shape)
        total += (np.exp(-np.outer(slow, writing) - (1.0 - size) * stops) * after) @ mass_share
    return total / tokens.size, length


def _joins(server: BatchingServer, chain: Runs, queue: int) -> tuple[Array, Array, Array, Array]:
    """Who joins at each number present: weight, chance to be the last of its run, and seconds and square of those behind."""
    size, load = chain.largest, chain.load
    states = size + queue + 1
    weight, last, count, square = np.zeros((4, states))
    ended, length = chain.walk[1:size, 0], np.arange(1.0, size)
    for values, factor in (
        (weight, length),
        (last, np.ones_like(length)),
        (count, 0.5 * length * (length - 1.0)),
        (square, length * (length - 1.0) * (2.0 * length - 1.0) / 6.0),
    ):
        values[1:size] = load * np.convolve(chain.below, ended * factor)[: size - 1]
    room = size - np.arange(size)
    cut = load * chain.below[:, None] * chain.walk[room, : queue + 1]
    full = room.astype(np.float64)[:, None]
    for values, factor in (
        (weight, full),
        (last, np.ones_like(full)),
        (count, 0.5 * full * (full - 1.0)),
        (square, full * (full - 1.0) * (2.0 * full - 1.0) / 6.0),
    ):
        values[size:] += (cut * factor).sum(axis=0)
    for waiting in range(1, min(queue + 1, chain.over.size)):
        one = chain.leave_per_second[-1] * chain.over[waiting] * chain.arrivals[: queue + 2 - waiting]
        for values in (weight, last):
            values[size + waiting - 1 : size + waiting - 1 + one.size] += one
    others = np.maximum(weight - last, 0.0)
    some = others > 1e-9 * weight
    mean, variance, share = float(server.prefill_seconds.mean()), float(server.prefill_seconds.var()), chain.prefill_share
    behind = np.where(some, count / np.maximum(others, _TINY), 0.0)
    many = np.where(some, square / np.maximum(others, _TINY), 0.0)
    # Long prefills make long runs: the square of a run's seconds is larger than its number tells.
    second = mean**2 + variance
    numbers = (2.0 * share * (1.0 - share) + load**2 * second) / (1.0 - share) ** 3 + 1.0 / (1.0 - share)
    longer = second / (1.0 - share) ** 3 / (numbers * mean**2 + variance / (1.0 - share))
    alone = np.where(some, last / np.maximum(weight, _TINY), 1.0)
    return weight, alone, behind * mean, (many * mean**2 + behind * variance) * longer


def _carried(server: BatchingServer, chain: Runs, queue: int) -> tuple[Array, float]:
    """Seconds of writing, of everything, number of stops and variance of everything, [step, number present from 1, 4].

    For a request that stays: the others leave. By the trapezoid rule over the tokens; also the tokens of a step.
    """
    size, load = chain.largest, chain.load
    states = size + queue
    step = server.decode_seconds[np.minimum(np.arange(states), size - 1)]
    rate, seconds, square, stops = np.zeros((4, states, states))
    moves = (rate, seconds, square)
    for present in range(1, size):
        row, room = present - 1, size - present
        for move, walk in zip(moves, (chain.walk, chain.walk_seconds, chain.walk_square), strict=True):
            move[row, present : size - 1] = load * walk[1:room, 0]
            move[row, size - 1 :] = load * walk[room, : queue + 1]
            move[row, -1] += load * walk[room, queue + 1 :].sum()
        stops[row] = rate[row]
        if present > 1:
            rate[row, row - 1] = chain.leave_per_second[present - 1] * (present - 1.0) / present
    pace = float(chain.leave_per_second[-1]) * (size - 1.0) / size
    if size > 1:
        rate[size - 1, size - 2] = pace
    for waiting in range(1, queue + 1):
        row = size + waiting - 1
        goals = np.minimum(row - 1 + np.arange(chain.arrivals.size), states - 1)
        for move, chances in zip(moves, (chain.arrivals, chain.arrivals_seconds, chain.arrivals_square), strict=True):
            np.add.at(move[row], goals, pace * chances)
        stops[row] = rate[row]
    for row in range(size - 1, states - 1):
        rate[row, row + 1] += load
    for move in (*moves, stops):
        move *= step[:, None]
    generator = rate - np.diag(rate.sum(axis=1))
    stride = float(max(server.output_tokens.max() - 1.0, 1.0)) / _STEPS
    ahead = np.eye(states) + 0.5 * stride * generator
    solve = np.linalg.inv(np.eye(states) - 0.5 * stride * generator)
    own = np.stack([step, step + seconds.sum(axis=1), stops.sum(axis=1)], axis=1)
    firsts, second = np.zeros((states, 3)), np.zeros(states)
    carried = np.zeros((_STEPS + 1, states, 4))
    before = square.sum(axis=1)
    for place in range(1, _STEPS + 1):
        firsts = solve @ (ahead @ firsts + stride * own)
        after = 2.0 * step * firsts[:, 1] + 2.0 * (seconds @ firsts[:, 1]) + square.sum(axis=1)
        second = solve @ (ahead @ second + 0.5 * stride * (before + after))
        before = after
        carried[place] = np.column_stack([firsts, np.maximum(second - firsts[:, 1] ** 2, 0.0)])
    return carried, stride
