"""Random numbers: one matrix of points for the beliefs, keyed generators for the dice. No clock, no global generator.

A *belief* is an uncertain fact that somebody could go and find out; its points come from `unit_points`, a Sobol' set in
which every belief owns a dimension for good. *Chance* (failure dice, the path of the market) nobody can find out; its
uniforms come from `chance`, but for the few dice that move an answer by themselves, which own dimensions of the same set. All are
functions of a seed and a name and of nothing else, so the same scenario gives the same digits in any order of evaluation, and a
new belief leaves all others as they were.

References
----------
.. [1] S. Joe, F. Y. Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput.
   30(5), 2635-2654; see `sobol`.
.. [2] J. Matousek (1998), On the L2-discrepancy for anchored boxes, J. Complexity 14, 527-556 (random linear scrambling).
.. [3] J. K. Salmon et al. (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11 (Philox).
.. [4] R. L. Iman, W. J. Conover (1982), A distribution-free approach to inducing rank correlation, Comm. Stat. B 11, 311-334.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import pi, sin

import numpy as np
from numpy.typing import NDArray

from groundwork.errors import Fault, InputFault
from groundwork.sobol import BITS, BLOCK, DIMENSIONS, block_integers, sobol_dimensions, sobol_directions, stream_key

Array = NDArray[np.float64]

DICE_COLUMNS = {"dice/adoption": 253, "dice/overrun": 254, "dice/luck": 255}
"""Dimensions that chance owns: no belief may correlate with them, so they stand before all beliefs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Points:
    """Where each sample stands on each belief's scale from 0 to 1; immutable.

    Parameters
    ----------
    seed
        Seed of the scrambling, and of the dice that go with the points.
    names
        Names of the beliefs, in the order of the columns.
    matrix
        [sample, belief], strictly inside (0, 1), read-only; a column is contiguous in memory.
    dice_seed
        None: the dice that go with these points, some of them from the same Sobol' set. A number: all dice independent of the
        points, from the generators of this seed. The same columns under another scrambling would not do: they correlate.
    """

    seed: int
    names: tuple[str, ...]
    matrix: Array
    dice_seed: int | None = None

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(self.matrix.shape[0])

    def column(self, name: str) -> Array:
        """Points of one belief, [sample]; `KeyError` when the name is unknown."""
        try:
            return self.matrix[:, self.names.index(name)]
        except ValueError:
            raise KeyError(name) from None

    def first(self, samples: int) -> Points:
        """The first `samples` samples: for a power of two exactly what `unit_points` gives for that number."""
        if not 1 <= samples <= self.samples:
            raise ValueError(f"samples: 1 to {self.samples} are stored; came {samples}")
        return replace(self, matrix=self.matrix[:samples])


def unit_points(names_to_dimension: Mapping[str, int], samples: int, seed: int) -> Points:
    """Scrambled Sobol' points whose columns belong to beliefs.

    An unscrambled Sobol' set of 30 bits; every column gets, for each block of 1,024 samples, a random lower-triangular bit
    matrix L (ones on the diagonal) and a digital shift e, both from a generator keyed by (seed, belief name, block):

        x = (L V(n) xor e + 1/2) / 2**30,     V(n) = xor of the direction numbers at the bits of the Gray code of n mod 1,024.

    A column that would correlate by more than 0.1 with one of a lower dimension, or with the dice of `DICE_COLUMNS`, in its
    block is scrambled anew: appending a belief moves no other, one of a lower dimension may.

    What a user would get wrong: scrambling a one-dimensional set per belief makes columns correlate (up to 0.95), and a set
    with one dimension more is another set; the dimension is therefore part of the schema and never computed from the order of
    the beliefs. Take powers of two: only they fill every binary interval evenly.

    Parameters
    ----------
    names_to_dimension
        Belief name -> dimension (0 to 21,200), no dimension twice; the order of the mapping is the order of the columns.
    samples
        Number of samples; 1 to 2**30.
    seed
        Any integer; the same seed gives the same digits on every machine.

    Returns
    -------
    Points
        matrix [sample, belief]. A smaller number of samples gives exactly the first rows.

    References
    ----------
    [1]_, [2]_ of the module; Gray-code order as in `scipy.stats.qmc.Sobol`, whose points these are before scrambling, with the
    dimensions in the order of `sobol_dimensions`.
    """
    names = tuple(names_to_dimension)
    dimensions = np.array([names_to_dimension[name] for name in names], dtype=np.int64)
    faults = [
        Fault(rule=f"a dimension lies between 0 and {DIMENSIONS - 1:,}", path=name, came=str(dimension))
        for name, dimension in names_to_dimension.items()
        if not 0 <= dimension < DIMENSIONS
    ]
    owners: dict[int, str] = {}
    for name, dimension in names_to_dimension.items():
        if owners.setdefault(dimension, name) != name:
            faults.append(Fault(rule=f"dimension {dimension} belongs to {owners[dimension]}", path=name, fix="append a new one"))
    if not 1 <= samples <= 2**BITS:
        faults.append(Fault(rule="samples lie between 1 and 2**30", path="samples", came=str(samples)))
    if faults:
        raise InputFault(faults)
    return _thrown(names, tuple(dimensions.tolist()), samples, seed)


@lru_cache(maxsize=4)
def _thrown(names: tuple[str, ...], dimensions: tuple[int, ...], samples: int, seed: int) -> Points:
    """The points themselves, kept for a few calls: a page asks for the same ones whenever a slider moves."""
    asked = dict(zip(names, dimensions, strict=True))
    first = {
        name: own
        for name, own in DICE_COLUMNS.items()
        if asked.get(name, own) == own and (name in asked or own not in dimensions)
    }
    owners = [(own, name) for name, own in first.items()] + sorted(
        (own, name) for name, own in asked.items() if name not in first
    )
    ordered = tuple(name for _, name in owners)
    columns = sobol_dimensions(np.array([own for own, _ in owners], dtype=np.int64))
    directions = sobol_directions(columns)[:, : BLOCK.bit_length() - 1]
    places = [ordered.index(name) for name in names]
    matrix = np.empty((len(names), samples))
    for start in range(0, samples, BLOCK):
        stop = min(start + BLOCK, samples)
        integers = block_integers(directions, ordered, seed, start // BLOCK)
        np.add(integers[places, : stop - start], 0.5, out=matrix[:, start:stop])
    matrix *= 2.0**-BITS
    matrix.flags.writeable = False
    return Points(seed=seed, names=names, matrix=matrix.T)


def chance(name: str, shape: tuple[int, ...], seed: int) -> Array:
    """Uniforms for dice that are nobody's belief: failures, the market's path, which pilot graduates.

    Each row along the last axis is a stream of its own: key from (seed, name), counter from the row's indices, one step per
    sample. Growing any axis - samples, months, use cases - leaves every number drawn before as it was.

    What a user would get wrong: two names give independent dice, one name gives the same dice. All strategies must share
    them, so a name never contains a strategy.

    Parameters
    ----------
    name
        What the dice decide, for example ``"market"``.
    shape
        [..., sample], one to four axes, sample last.
    seed
        Seed of the run; beliefs with the same seed are independent of it (other key).

    Returns
    -------
    ndarray
        float64 of that shape, strictly inside (0, 1), 52 bits each.

    References
    ----------
    [3]_ of the module: a counter-based generator, so a row needs no history.
    """
    if not 1 <= len(shape) <= 4 or min(shape) < 0:
        raise ValueError(f"shape: one to four axes, sample last; came {shape}")
    key = stream_key("chance", seed, name)
    uniforms = np.empty(shape)
    for row in product(*(range(length) for length in shape[:-1])):
        # word 0 counts the blocks of samples; words 1 to 3 hold the row, shifted by one axis so that no two rows meet
        counter = np.zeros(4, dtype=np.uint64)
        counter[1 : 1 + len(row)] = row
        uniforms[row] = _uniforms(np.random.Philox(key=key, counter=counter).random_raw(shape[-1]))
    return uniforms


def correlated(points: Points, pairs: Mapping[tuple[str, str], float]) -> Points:
    """The same points with rank correlations between named beliefs (Gaussian copula).

    z = Phi^-1(u), z' = z C' with C C' = R, u' = Phi(z'); R holds r = 2 sin(pi rho / 6) for each stated Spearman rho and 0 for
    every other pair among the beliefs named. The first belief of `points.names` among them keeps its column bit for bit, and so
    do all beliefs that no pair names.

    What a user would get wrong: correlations that are possible two by two may be impossible together (a = b = c, a = -c); that
    is refused here and not mended.

    Parameters
    ----------
    points
        Independent points.
    pairs
        (name, other name) -> Spearman rank correlation, dimensionless, strictly between -1 and 1.

    Returns
    -------
    Points
        Same seed, names and shape.

    References
    ----------
    [4]_ of the module; r = 2 sin(pi rho / 6) is exact for the bivariate normal (K. Pearson 1907).
    """
    faults = [
        Fault(rule="no such belief", path=f"{first} ~ {second}", came=name)
        for first, second in pairs
        for name in (first, second)
        if name not in points.names
    ]
    for (first, second), rank_correlation in pairs.items():
        if first == second:
            faults.append(Fault(rule="a belief is not correlated with itself", path=f"{first} ~ {second}"))
        if not -1.0 < rank_correlation < 1.0:
            faults.append(
                Fault(rule="a correlation lies between -1 and 1", path=f"{first} ~ {second}", came=f"{rank_correlation:g}")
            )
        if first != second and (second, first) in pairs and first < second:
            faults.append(Fault(rule="this pair is stated twice", path=f"{first} ~ {second}", fix="state it once"))
    if faults:
        raise InputFault(faults)
    if not pairs:
        return points
    named = {name for pair in pairs for name in pair}
    places = [place for place, name in enumerate(points.names) if name in named]
    position = {points.names[place]: index for index, place in enumerate(places)}
    correlation = np.eye(len(places))
    for (first, second), rank_correlation in pairs.items():
        i, j = position[first], position[second]
        correlation[i, j] = correlation[j, i] = 2.0 * sin(pi * rank_correlation / 6.0)
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        fault = Fault(rule="these correlations cannot all hold at once", path="correlations", fix="weaken one of them")
        raise InputFault([fault]) from None
    from scipy.special import ndtr, ndtri  # 0.1 s: only for those who state a correlation

    normal = ndtri(points.matrix[:, places])
    matrix = np.asfortranarray(points.matrix).copy(order="F")
    smallest = 2.0 ** -(BITS + 1)
    for index, place in enumerate(places[1:], start=1):
        uniform = ndtr(normal[:, : index + 1] @ root[index, : index + 1])
        # rounding in the far tail must not reach 0 or 1, where quantile functions are infinite
        matrix[:, place] = np.minimum(np.maximum(uniform, smallest), 1.0 - smallest)
    matrix.flags.writeable = False
    return replace(points, matrix=matrix)


def _uniforms(raw: NDArray[np.uint64]) -> Array:
    """Midpoints of 2**52 cells: with 53 bits the last midpoint would round to 1."""
    uniforms: Array = ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return uniforms
