"""Distributions of a latency by their transforms on a grid of times."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Transform: TypeAlias = NDArray[np.complex128]

GRID_POINTS = 1024  # of a latency distribution; a quantile is read between two of them


def frequencies(length_seconds: float) -> Transform:
    """Arguments of a transform whose inverse lies on a grid from 0 to this length."""
    return np.asarray(2j * np.pi * np.fft.rfftfreq(GRID_POINTS, length_seconds / GRID_POINTS))


def gamma(speed: Transform, mean: float, variance: float) -> Transform:
    """Transform of a gamma distribution with this mean and variance; of a constant where it does not vary."""
    if variance <= 1e-9 * mean**2:
        return np.asarray(np.exp(-speed * mean))
    return np.asarray((1.0 + speed * variance / mean) ** (-(mean**2) / variance))


def quantiles(transform: Transform, length_seconds: float, quantile_ratio: Array) -> Array:
    """Quantiles of the distribution with this transform."""
    cumulative = np.cumsum(np.fft.irfft(transform, GRID_POINTS))
    # Each point of the grid holds the chance of half a cell to both sides.
    places = (np.arange(GRID_POINTS) + 0.5) * length_seconds / GRID_POINTS
    return np.interp(quantile_ratio, np.maximum.accumulate(cumulative), places)
