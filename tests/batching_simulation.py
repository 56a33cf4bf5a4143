"""A server simulated step by step: prefills first, then one token for all in service. For tests of the formulas only."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.latency import BatchingServer

Array = NDArray[np.float64]


def simulated_server(server: BatchingServer, requests_per_second: float, requests: int, seed: int) -> tuple[Array, Array]:
    """Time to first token and time per output token of each request, after the first tenth."""
    dice = np.random.default_rng(seed)
    arrival = np.cumsum(dice.exponential(1.0 / requests_per_second, requests))
    prefill = dice.choice(server.prefill_seconds, requests)
    tokens = np.maximum(np.rint(dice.choice(server.output_tokens, requests)), 2).astype(int)
    first, done = np.zeros(requests), np.zeros(requests)
    batch, steps = server.largest_batch_count, server.decode_seconds.tolist()
    running: list[tuple[int, int]] = []  # (step in which it ends, request)
    clock, step, admitted, ended = 0.0, 0, 0, 0
    while ended < requests:
        if admitted < requests and len(running) < batch and arrival[admitted] <= clock:
            clock += prefill[admitted]
            first[admitted] = clock
            heapq.heappush(running, (step + int(tokens[admitted]) - 1, admitted))
            admitted += 1
        elif not running:
            clock = float(arrival[admitted])
        else:
            clock += steps[len(running) - 1]
            step += 1
            while running and running[0][0] <= step:
                done[heapq.heappop(running)[1]] = clock
                ended += 1
    warm = requests // 10
    return (first - arrival)[warm:], ((done - first) / (tokens - 1))[warm:]


def quantile_interval(values: Array, level: float, blocks: int = 20) -> tuple[float, float]:
    """A quantile and its standard error from consecutive blocks: neighbours in a queue are alike, so not from single values."""
    parts = np.array([np.quantile(part, level) for part in np.array_split(values, blocks)])
    return float(np.quantile(values, level)), float(parts.std(ddof=1) / np.sqrt(blocks))
