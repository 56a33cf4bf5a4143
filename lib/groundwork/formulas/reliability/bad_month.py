"""How long a window is down, for many designs and futures at once: the tail of a random sum of outages, by its transform.

References
----------
.. [1] J. Abate, W. Whitt (2006), A unified framework for numerically inverting Laplace transforms, INFORMS J. on Computing
       18(4), section 5 (the Euler algorithm).
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import above, at_least, refuse

Array: TypeAlias = NDArray[np.float64]

TERMS = 9  # M of [1]: about 0.6 M good digits, and 10**(M/3) times the rounding of a double


def _weights() -> tuple[NDArray[np.complex128], Array]:
    places = np.asarray(TERMS * math.log(10.0) / 3.0 + 1j * np.pi * np.arange(2 * TERMS + 1), dtype=np.complex128)
    weights = np.ones(2 * TERMS + 1)
    weights[0] = 0.5
    weights[2 * TERMS] = 2.0**-TERMS
    for number in range(1, TERMS):
        weights[2 * TERMS - number] = weights[2 * TERMS - number + 1] + 2.0**-TERMS * math.comb(TERMS, number)
    weights[1::2] *= -1.0
    return places, np.asarray(weights * 10.0 ** (TERMS / 3.0), dtype=np.float64)


PLACES, WEIGHTS = _weights()


def longer_down_probability(
    down_hours: ArrayLike, outages_per_hour: ArrayLike, mean_outage_hours: ArrayLike, window_hours: float
) -> Array:
    """Probability that a window is down for longer than so many hours, several causes with exponential outages together.

    With rates r and means m the downtime's transform is exp(-window sum r s m / (1 + s m)); the tail's is one minus that, over s,
    and is inverted at each of the hours asked for.

    What a user would get wrong: this is the chance within one future; over what is not known of the rates, average it.

    Parameters
    ----------
    down_hours
        Above 0, any shape [...].
    outages_per_hour, mean_outage_hours
        [cause, ...], 0 or more; what follows the cause broadcasts with `down_hours`. A cause of mean nought takes nothing down.
    window_hours
        Above 0.

    References
    ----------
    [1]_ eq. 27 to 30; agrees with `slo_miss_probability` for one cause to 1e-5.
    """
    hours = np.asarray(down_hours, dtype=np.float64)
    rates, means = np.asarray(outages_per_hour, dtype=np.float64), np.asarray(mean_outage_hours, dtype=np.float64)
    refuse(
        [
            above("down_hours", hours, 0.0),
            at_least("outages_per_hour", rates, 0.0),
            at_least("mean_outage_hours", means, 0.0),
            above("window_hours", window_hours, 0.0),
        ]
    )
    total = np.zeros(np.broadcast_shapes(hours.shape, rates.shape[1:], means.shape[1:]))
    lengths, expected = means / hours, np.float64(window_hours) * rates
    for place, weight in zip(PLACES.tolist(), WEIGHTS.tolist(), strict=True):
        # r s m / (1 + s m) = r - r / (1 + s m), its real and imaginary part by hand: complex division is slow
        across, up = 1.0 + place.real * lengths, place.imag * lengths
        size = expected / (across * across + up * up)
        spent = np.sum(expected - size * across, axis=0)
        turned = np.sum(size * up, axis=0)
        kept = np.exp(-spent)
        real, imaginary = 1.0 - kept * np.cos(turned), kept * np.sin(turned)
        total += weight * (real * place.real + imaginary * place.imag) / abs(place) ** 2
    return np.asarray(np.minimum(np.maximum(total, 0.0), 1.0))
