"""How fast this machine is: a fixed numpy workload that takes 100 ms where the bars of this project hold as they are written.

    python tests/benchmarks/reference.py

It has the shape of the engine's own work - a loop over months, elementwise arithmetic with the sample last, a reduction, some
transcendental functions - and nothing of the project in it. Every absolute bar is multiplied by `scale()`. Change nothing here:
all figures ever stated hang on it.
"""

from __future__ import annotations

import time

import numpy as np

MONTHS, ROWS, SAMPLES, ROUNDS = 36, 20, 1_024, 4
NOMINAL_SECONDS = 0.100


def work() -> float:
    """The workload; the number is returned so that nothing of it can be left out."""
    level = np.linspace(0.5, 1.5, ROWS * SAMPLES).reshape(ROWS, SAMPLES)
    total = 0.0
    for _ in range(ROUNDS):
        stock = np.zeros_like(level)
        for month in range(MONTHS):
            wanted = level * np.exp(-0.02 * month) + np.sqrt(stock + 1.0)
            served = np.minimum(wanted, 0.9 * stock + 0.3)
            stock = np.where(wanted > served, stock + 0.1 * (wanted - served), 0.98 * stock)
            spread = np.log1p(served) * np.maximum(wanted - 0.5, 0.0) ** 1.5
            total += float(spread.sum(axis=0).mean())
    return total


def seconds(repeats: int = 15) -> float:
    """The fastest of several runs, in seconds of the processor: neither neighbours nor waiting count."""
    best = float("inf")
    for _ in range(repeats):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def scale() -> float:
    """By what an absolute bar is multiplied on this machine."""
    return seconds() / NOMINAL_SECONDS


if __name__ == "__main__":
    print(f"reference workload {1e3 * seconds():.1f} ms; bars are multiplied by {scale():.2f}")
