"""A server that batches what it works on, as one replica of a language model does: its pace, its knee, and who is in it.

The server works in steps. A step either prefills one request (first come, first served, before any decoding) or writes one token
for every request in service; a step takes longer the more requests share it. So it is processor sharing whose speed depends on
the number present, interrupted by prefills, with a queue in front once the batch is full - not c servers.

Symbols: lambda arrivals per second; p seconds of one prefill; t(n) seconds of a decode step with n in service; O tokens written;
B largest batch; rho = lambda p share of the time that prefills take.

References
----------
.. [1] J. W. Cohen (1979), The multiple phase service network with generalized processor sharing, Acta Informatica 12, 245-284.
.. [2] H. C. Tijms (2003), A First Course in Stochastic Models, section 9.2 (diffusion of the number present).
.. [3] L. Kleinrock (1979), Power and deterministic rules of thumb for probabilistic problems, ICC 79, section 43.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.errors import OutOfCalibration
from groundwork.formulas.input_ranges import above, at_least, holds, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchingServer:
    """Step times of one replica and the requests it meets, in equally likely classes.

    `decode_seconds` is [batch]: a step with 1..B requests in service. `prefill_seconds` is [class]: the prefill of one request.
    `output_tokens` is [class], independent of the prefill's class.
    """

    decode_seconds: Array
    prefill_seconds: Array
    output_tokens: Array

    def __post_init__(self) -> None:
        refuse(
            [
                above("decode_seconds", self.decode_seconds, 0.0),
                holds("decode_seconds", self.decode_seconds.ndim == 1, "must be one list, a time for each number in service"),
                holds(
                    "decode_seconds",
                    bool(np.all(np.diff(self.decode_seconds / np.arange(1, self.decode_seconds.size + 1)) <= 1e-15)),
                    "must not grow faster than the number in service",
                ),
                above("prefill_seconds", self.prefill_seconds, 0.0),
                at_least("output_tokens", self.output_tokens, 1.0),
            ]
        )

    @property
    def largest_batch_count(self) -> int:
        """B, the most requests in service at once."""
        return int(self.decode_seconds.size)

    @property
    def saturation_requests_per_second(self) -> float:
        """Requests per second with the batch always full: B / (O t(B) + B p). No load above it is ever served."""
        batch = self.largest_batch_count
        cycle = float(self.output_tokens.mean() * self.decode_seconds[-1] + batch * self.prefill_seconds.mean())
        return batch / cycle


def length_classes_tokens(mean_tokens: float, cv_ratio: float, classes_count: int = 16) -> Array:
    """Token lengths of equally likely classes of a lognormal with this mean and coefficient of variation, [class].

    The middles of the classes, scaled so that their mean is the mean asked for.

    What a user would get wrong: with one mean length every first token looks equally fast; at a CV of 1 the 95th percentile of
    the input, and of its prefill, is three times the mean.

    Parameters
    ----------
    mean_tokens
        Above 0.
    cv_ratio
        Standard deviation over mean, 0 or more (0.7 to 3 in public traces).
    classes_count
        1 or more.
    """
    from scipy.special import ndtri

    refuse(
        [
            above("mean_tokens", mean_tokens, 0.0),
            at_least("cv_ratio", cv_ratio, 0.0),
            at_least("classes_count", classes_count, 1.0),
        ]
    )
    levels = (np.arange(classes_count) + 0.5) / classes_count
    shape = np.exp(np.sqrt(np.log1p(cv_ratio**2)) * ndtri(levels))
    return np.asarray(mean_tokens * shape / shape.mean())


def knee_requests_per_second(server: BatchingServer, points_count: int = 48) -> float:
    """Load beyond which waiting grows faster than work done: where lambda / mean time in the replica is largest.

    By Little's law lambda / T = lambda^2 / N, looked for on a grid of loads.

    What a user would get wrong: planning at the knee leaves no room for the next burst; above 80-85 % of it is late.

    Parameters
    ----------
    server
        Step times and lengths.
    points_count
        Loads tried between 0 and saturation, 4 or more.

    References
    ----------
    [3]_: the power of a queue.
    """
    refuse([at_least("points_count", points_count, 4.0)])
    loads = server.saturation_requests_per_second * (np.arange(points_count) + 0.5) / points_count
    chain = steady_over_load(server, loads)
    # Who is being prefilled is in the replica too: without them a replica of short answers would look empty.
    inside = chain.mean_in_service + chain.mean_waiting + chain.prefill_share
    return float(loads[np.argmax(loads**2 / inside)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Steady:
    """Numbers in service at one load, as an arrival sees them: 0..B, the last with all who wait."""

    load: float
    seen: Array
    full: float
    wait_seconds: float
    mean_in_service: float
    mean_waiting: float
    prefill_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyOverLoad:
    """The same at many loads: `seen` is [load, number in service], the others [load]."""

    load: Array
    seen: Array
    full: Array
    wait_seconds: Array
    mean_in_service: Array
    mean_waiting: Array
    prefill_share: Array


def steady(server: BatchingServer, load: float) -> Steady:
    """Steady state of the number in service and the wait for a place, at one load; see `steady_over_load`.

    Parameters
    ----------
    server
        Step times and lengths.
    load
        Requests per second, above 0.

    Raises
    ------
    OutOfCalibration
        When the load reaches the saturation: the queue would grow for ever.
    """
    many = steady_over_load(server, np.array([load], dtype=np.float64))
    return Steady(
        load=load,
        seen=many.seen[0],
        full=float(many.full[0]),
        wait_seconds=float(many.wait_seconds[0]),
        mean_in_service=float(many.mean_in_service[0]),
        mean_waiting=float(many.mean_waiting[0]),
        prefill_share=float(many.prefill_share[0]),
    )


def steady_over_load(server: BatchingServer, requests_per_second: Array) -> SteadyOverLoad:
    """Steady state of the number in service and the wait for a place.

    Birth and death with decode pace (1 - rho) n / (O t(n)) below B and the saturated pace from B on; each arrival also stops
    decoding for its prefill, so the steps of the balance are divided by the variance this adds,
    (E(1 + p n / (O t(n)))^2 + 1) / 2.

    Parameters
    ----------
    server
        Step times and lengths.
    requests_per_second
        lambda, above 0, [load].

    Raises
    ------
    OutOfCalibration
        When a load reaches the saturation: the queue would grow for ever.

    References
    ----------
    [1]_ section 3 for the balance; [2]_ for the spread.
    """
    loads, top = requests_per_second, server.saturation_requests_per_second
    highest = float(loads.max())
    if highest >= top:
        raise OutOfCalibration(
            f"{highest:.4g} requests per second reach the saturation of {top:.4g}: the queue would grow for ever"
        )
    prefill, tokens = server.prefill_seconds, float(server.output_tokens.mean())
    mean, square = float(prefill.mean()), float((prefill**2).mean())
    share = loads * mean
    raw = np.arange(1.0, server.largest_batch_count + 1.0) / (tokens * server.decode_seconds)
    spread = 1.0 + mean * raw + 0.5 * square * raw**2
    # Logarithms of neighbours' ratios, load over pace, divided by the spread; summed from nobody in service on.
    weights = np.zeros((loads.size, raw.size + 1))
    np.cumsum(
        np.concatenate(
            [
                ((np.log(loads) - np.log1p(-share))[:, None] - np.log(raw[:-1])) / spread[:-1],
                (np.log(loads / top) / spread[-1])[:, None],
            ],
            axis=1,
        ),
        axis=1,
        out=weights[:, 1:],
    )
    weights -= weights.max(axis=1, keepdims=True)
    np.exp(weights, out=weights)
    variability = 0.5 * (1.0 + float(server.output_tokens.var()) / tokens**2)
    ratio = (loads / top) ** (1.0 / variability)
    waiting = weights[:, -1] * ratio / (1.0 - ratio)
    seen = weights
    seen[:, -1] += waiting
    seen /= seen.sum(axis=1, keepdims=True)
    wait = variability / (top - loads)
    return SteadyOverLoad(
        load=loads,
        seen=seen,
        full=seen[:, -1],
        wait_seconds=wait,
        mean_in_service=seen @ np.arange(raw.size + 1.0),
        mean_waiting=seen[:, -1] * loads * wait,
        prefill_share=share,
    )
