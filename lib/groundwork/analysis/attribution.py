"""Why one strategy beats another: the difference split over the channels by Shapley's rule, from paired permutations.

Any number of permutations adds up exactly, because each one telescopes from no channel to all of them; the parts carry an
error, which is given. Every coalition is played on the same futures and only once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """`parts_usd` by channel; they and `without_usd`, the difference with every channel off, add up to `total_usd`."""

    parts_usd: dict[str, float]
    without_usd: float
    total_usd: float
    error_usd: float
    runs: int


def attribution(
    channels: Sequence[str],
    difference_usd: Callable[[frozenset[str]], float],
    pairs: int,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
) -> Attribution:
    """Split a difference over channels.

    Parameters
    ----------
    channels
        Names of the players.
    difference_usd
        Mean difference when exactly these channels are on. May be called once for each coalition met.
    pairs
        Pairs of a random order and its reverse, 1 or more.
    seed
        Names the orders.
    progress
        Called with the share done; whatever it raises ends the work.

    Notes
    -----
    What a user would get wrong: the standard error (largest over the parts, from the spread over pairs) speaks of the
    sampled orders alone; too few futures move the parts more.

    References
    ----------
    .. [1] J. Castro, D. Gomez, J. Tejada, Polynomial calculation of the Shapley value based on sampling, Computers and
       Operations Research 36 (2009), section 3.
    """
    if pairs < 1:
        raise ValueError(f"pairs: 1 or more; came {pairs}")
    dice = np.random.Generator(np.random.Philox(seed))
    known: dict[frozenset[str], float] = {}

    def worth(coalition: frozenset[str]) -> float:
        if coalition not in known:
            known[coalition] = difference_usd(coalition)
        return known[coalition]

    parts: Array = np.zeros((pairs, len(channels)))
    for pair in range(pairs):
        order = dice.permutation(len(channels))
        for turn in (order, order[::-1]):
            inside: frozenset[str] = frozenset()
            before = worth(inside)
            for place in turn:
                inside = inside | {channels[place]}
                after = worth(inside)
                parts[pair, place] += 0.5 * (after - before)
                before = after
        progress((pair + 1) / pairs)
    errors = parts.std(axis=0, ddof=1) / np.sqrt(pairs) if pairs > 1 else np.full(len(channels), np.nan)
    return Attribution(
        parts_usd=dict(zip(channels, parts.mean(axis=0).tolist(), strict=True)),
        without_usd=worth(frozenset()),
        total_usd=worth(frozenset(channels)),
        error_usd=float(errors.max()) if pairs > 1 else float("inf"),
        runs=len(known),
    )
