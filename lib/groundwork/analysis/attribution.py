"""Why one strategy beats another: the difference split over the channels by Shapley's rule, every future with orders of its own.

Each order telescopes from no channel to all of them, so the parts add up exactly, future by future. They carry two errors, given
apart: how far the sampled orders may be from all orders, for these futures; and how far these futures may be from others. Orders
that differ from future to future average out over the futures; the second error does not shrink with more orders.

A few futures can hold nearly all the spread over orders. Those in which single channels, left out one at a time, explain the
least are given several times the orders of the others. Which they are is settled before an order is drawn, and a future's part
is the mean over its own orders alone, so every part is what it would be on average with orders dealt evenly (Cochran [4]_).

References
----------
.. [1] L. S. Shapley (1953), A value for n-person games, Contributions to the Theory of Games II, 307-317.
.. [2] J. Castro, D. Gomez, J. Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers and
   Operations Research 36, section 3.
.. [3] R. Mitchell, J. Cooper, E. Frank, G. Holmes (2022), Sampling permutations for Shapley value estimation, Journal of
   Machine Learning Research 23(43): an order with its reverse.
.. [4] W. G. Cochran (1977), Sampling Techniques, 3rd ed., Wiley, section 5.5: more samples where the spread is wider.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from groundwork.analysis.conditional import block_means_error
from groundwork.quantities import Array, Flags

BLOCKS = 16
LEAST_PAIRS = 2
"""Pairs of orders in each future before their spread is believed."""
WILD_ONE_IN = 64
"""One future in so many is given more orders: in four of five profiles these hold 84 to 99.6 % of the variance over orders."""
WILD_PAIRS = 4
"""Pairs of orders in such a future for each pair in another; it costs a twentieth of the orders."""
SMALLEST_USD = 0.005
"""Half a cent: no split needs to be finer."""

Numbers = NDArray[np.int64]
Play = Callable[[int, Flags, Numbers], Array]
"""Values [case] of one side, 0 for A and 1 for B, with these channels on [channel, case] in these futures [case], USD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The difference between two strategies and its parts, USD, means over the futures played.

    Parameters
    ----------
    parts_usd
        By channel. They and `without_usd` add up to `total_usd`.
    order_errors_usd
        Standard error of each part as a share of *this* total, from the spread over pairs of orders within each future.
    draws_errors_usd
        Standard error of each part over futures: block jackknife of the parts future by future; the orders' spread is in it.
    without_usd, without_error_usd
        The difference with every channel off, and its standard error over futures.
    total_usd, total_error_usd
        The difference with every channel on, and its standard error over futures.
    idle
        Channels that changed neither strategy in any future: their part is exactly 0.
    pairs, cases
        Pairs of orders in each future, `WILD_PAIRS` times as many in one of `WILD_ONE_IN`; futures played with some channels on.
    """

    parts_usd: dict[str, float]
    order_errors_usd: dict[str, float]
    draws_errors_usd: dict[str, float]
    without_usd: float
    without_error_usd: float
    total_usd: float
    total_error_usd: float
    idle: tuple[str, ...]
    pairs: int
    cases: int

    @property
    def order_error_usd(self) -> float:
        """The largest error that comes from sampling orders."""
        return max(self.order_errors_usd.values(), default=0.0)

    @property
    def draws_error_usd(self) -> float:
        """The largest error that comes from the number of futures."""
        return max(self.draws_errors_usd.values(), default=0.0)


def attribution(
    channels: Sequence[str],
    play: Play,
    *,
    samples: int,
    seed: int,
    target_ratio: float = 0.02,
    most_pairs: int = 8,
    progress: Callable[[float], None] = lambda share: None,
) -> Attribution:
    """Split the difference between two strategies over channels.

        part_i = mean over futures and orders of v(those before i, and i) - v(those before i),    v = value of A less value of B

    Each strategy is split by itself and the splits are subtracted, which the rule allows because it is linear: a channel that
    moves only one of the two then costs no case of the other. A channel is idle for a strategy when leaving it out changes no
    digit in any future, and all such channels together change none when they act alone.

    What a user would get wrong: a part is not what switching that channel off would do; it shares out what channels do
    together. And where other futures are meant, the error to read is the one over draws, commonly ten times that of the orders.

    Parameters
    ----------
    channels
        Names of the players.
    play
        The values of a side in any number of cases; a case always has the same value.
    samples
        Number of futures.
    seed
        Names the orders.
    target_ratio
        Pairs are added until the largest error of the orders is at most this share of the total; where the total lies within two
        of its own standard errors of nought, a tenth of that error: a share of what may be nothing says nothing.
    most_pairs
        Pairs of an order and its reverse in each future at most, 2 or more; futures with more orders have as many times more.
    progress
        Called with the share done; whatever it raises ends the work.

    References
    ----------
    [1]_ the rule, [2]_ the estimate, [3]_ reverses: an order and its reverse are exact for whatever channels do alone or two by
    two.
    """
    if most_pairs < LEAST_PAIRS:
        raise ValueError(f"most_pairs: {LEAST_PAIRS} or more; came {most_pairs}")
    sides = [_Side(players=len(channels), samples=samples, number=number, play=play) for number in (0, 1)]
    for side in sides:
        side.find_active()
        progress(0.1 * (side.number + 1.0))
    whole, without = sides[0].whole - sides[1].whole, sides[0].nothing - sides[1].nothing
    blocks = min(BLOCKS, samples)
    total_usd, total_error_usd = float(whole.mean()), float(block_means_error(whole, blocks))
    is_open = abs(total_usd) < 2.0 * total_error_usd
    wanted_usd = max(0.1 * total_error_usd if is_open else target_ratio * abs(total_usd), SMALLEST_USD)
    wild = np.argsort(-(sides[0].unexplained() + sides[1].unexplained()), kind="stable")[: samples // WILD_ONE_IN]
    futures = np.concatenate([np.arange(samples), np.tile(wild, WILD_PAIRS - 1)])
    by_pair: list[Array] = []
    errors, needed, share = np.zeros(len(channels)), float(most_pairs), 0.2
    dice = np.random.Generator(np.random.Philox(seed))
    while len(by_pair) < most_pairs:
        # not balanced for the wild: a few futures of one group would lean together, and pairs in one must not know of each other
        free = np.argsort(dice.random((len(channels), futures.size - samples)), axis=0)
        order = np.concatenate([balanced_ranks(len(channels), samples, dice), free], axis=1)
        by_pair.append(sides[0].parts(order, futures) - sides[1].parts(order, futures))
        pairs = len(by_pair)
        if pairs >= LEAST_PAIRS:
            by_future, squares = _means_and_squares(np.array(by_pair), wild, samples)
            errors = np.sqrt(squares.sum(axis=1)) / samples
            short = float(errors.max(initial=0.0)) / wanted_usd
            if short <= 1.0:
                break
            needed = min(float(most_pairs), pairs * short**2)
        share = max(share, min(1.0, 0.2 + 0.8 * pairs / max(needed, LEAST_PAIRS)))
        progress(share)
    progress(1.0)
    active = sides[0].active | sides[1].active

    def named(values: Array) -> dict[str, float]:
        return {name: float(values[number]) for number, name in enumerate(channels)}

    return Attribution(
        parts_usd=named(by_future.mean(axis=1)),
        order_errors_usd=named(errors),
        draws_errors_usd=named(np.asarray(block_means_error(by_future, blocks))),
        without_usd=float(without.mean()),
        without_error_usd=float(block_means_error(without, blocks)),
        total_usd=total_usd,
        total_error_usd=total_error_usd,
        idle=tuple(name for number, name in enumerate(channels) if not active[number]),
        pairs=len(by_pair),
        cases=sides[0].cases + sides[1].cases,
    )


def _means_and_squares(by_pair: Array, wild: Numbers, samples: int) -> tuple[Array, Array]:
    """Each future's mean over its own pairs and the square of that mean's error, [player, sample].

    The cases of `by_pair`, [pair, player, case], are every future once and then the wild ones, `WILD_PAIRS` - 1 times over.
    """
    pairs, players, _ = by_pair.shape
    once = by_pair[:, :, :samples]
    means, squares = once.mean(axis=0), once.var(axis=0, ddof=1) / pairs
    again = by_pair[:, :, samples:].reshape(pairs, players, WILD_PAIRS - 1, wild.size)
    both = np.concatenate([once[:, :, None, wild], again], axis=2).swapaxes(1, 2)
    all_of_wild = both.reshape(pairs * WILD_PAIRS, players, wild.size)
    means[:, wild] = all_of_wild.mean(axis=0)
    squares[:, wild] = all_of_wild.var(axis=0, ddof=1) / len(all_of_wild)
    return means, squares


@dataclass(slots=True, kw_only=True)
class _Side:
    """One strategy: its value with all channels and with none, [sample], with all but one, [player, sample], and who moves it."""

    players: int
    samples: int
    number: int
    play: Play
    cases: int = 0
    whole: Array = field(init=False)
    nothing: Array = field(init=False)
    all_but_one: Array = field(init=False)
    active: Flags = field(init=False)

    def values(self, inside: Flags, futures: Numbers) -> Array:
        """Values [..., case] with these players inside, [player, ..., case], in these futures, [case]."""
        every = np.broadcast_to(futures, inside.shape[1:])
        self.cases += every.size
        flat = self.play(self.number, inside.reshape(self.players, every.size), every.reshape(-1))
        return flat.reshape(inside.shape[1:])

    def find_active(self) -> None:
        shape, futures = (self.players, self.players, self.samples), np.arange(self.samples)
        self.all_but_one = self.values(np.broadcast_to(~np.eye(self.players, dtype=bool)[:, :, None], shape), futures)
        ends = np.broadcast_to(np.array([True, False])[None, :, None], (self.players, 2, self.samples))
        self.whole, self.nothing = self.values(ends, futures)
        moves = (self.all_but_one != self.whole).any(axis=1)
        # what nobody misses may still act when the others are away: then nothing is left out for this strategy
        alone = self.values(np.broadcast_to(~moves[:, None, None], (self.players, 1, self.samples)), futures)
        self.active = moves if np.array_equal(alone[0], self.nothing) else np.ones_like(moves)

    def unexplained(self) -> Array:
        """How far what all channels do is from the sum of what each is missed for, [sample]: 0 where orders cannot matter."""
        return np.asarray(np.abs((self.whole - self.nothing) - (self.whole - self.all_but_one).sum(axis=0)))

    def parts(self, ranks: Numbers, futures: Numbers) -> Array:
        """What each player adds, mean over an order and its reverse, [player, case]; `ranks` are places, [player, case]."""
        added = np.zeros((self.players, futures.size))
        mine = np.flatnonzero(self.active)
        if not mine.size:
            return added
        forward = np.argsort(np.argsort(ranks[mine], axis=0), axis=0)
        both = np.stack([forward, mine.size - 1 - forward])
        worth = np.empty((mine.size + 1, 2, futures.size))
        worth[0], worth[-1] = self.nothing[futures], self.whole[futures]
        last = np.argmax(both, axis=1)
        worth[-2] = self.all_but_one[mine[last], futures] if mine.size > 1 else self.nothing[futures]
        if mine.size > 2:
            inside = np.zeros((self.players, mine.size - 2, 2, futures.size), dtype=bool)
            inside[mine] = both.swapaxes(0, 1)[:, None] < np.arange(1, mine.size - 1)[None, :, None, None]
            worth[1:-2] = self.values(inside, futures)
        steps = np.diff(worth, axis=0)
        for way, places in enumerate(both):
            added[mine] += 0.5 * np.take_along_axis(steps[:, way], places, axis=0)
        return added


def balanced_ranks(players: int, samples: int, dice: np.random.Generator) -> Numbers:
    """An order for each future, as the place of each player, [player, sample]; each place comes to each player equally often.

    As many futures as there are players share one random order, shifted by one place from each to the next. Every order by itself
    is as likely as any other.
    """
    groups = -(-samples // max(players, 1))
    first = np.argsort(dice.random((groups, players)), axis=1)
    shift = np.arange(players)[None, :, None]
    ranks = (first[:, None, :] + shift) % max(players, 1)
    return np.ascontiguousarray(ranks.reshape(-1, players)[:samples].T)
