"""Sobol' points as integers: direction numbers, the dimension that stands behind each column, the scrambling of one block.

References
----------
.. [1] S. Joe, F. Y. Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci. Comput.
   30(5), 2635-2654. Their direction numbers (21,201 dimensions) are installed with scipy.
.. [2] J. Matousek (1998), On the L2-discrepancy for anchored boxes, J. Complexity 14, 527-556 (random linear scrambling).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.int64]

BITS = 30
"""Digits of a Sobol' point: 2**30 points before the set repeats, and products of 31 bits that stay exact in float64."""

BLOCK = 1024
"""Samples that share one scrambling; the next block of samples has another.

Two columns of one scrambled set can be tied in a few digits for all its points. Under a single scrambling of 4,096 points
up to one belief in twenty that the model does not use "is worth" more than noise can explain, up to 3.5 times the noise floor
(16 bins, 100 beliefs, 5 strategies); with a scrambling per 1,024 it is one or two in a hundred. The price, 30 dimensions at
4,096: the error of a smooth mean rises from 0.00017 to 0.00023, where independent draws have 0.0055. Blocks are also honest
replicates for standard errors.
"""

NEAR = 0.0995
"""A correlation of more than 0.1 within a block, less what rounding may hide."""

SCRAMBLINGS, ATTEMPTS = 8, 64
"""How many scramblings a column may have, and how many ways of standing in all."""

DIMENSIONS = 21_201
"""Dimensions for which [1]_ gives direction numbers."""


def stream_key(purpose: str, seed: int, name: str) -> int:
    """A 128-bit key from words: `hash` differs from process to process, this never does."""
    words = f"groundwork/{purpose}/{int(seed)}/{name}".encode()
    return int.from_bytes(hashlib.blake2b(words, digest_size=16).digest(), "little")


@lru_cache(maxsize=1)
def _primitive_polynomials() -> tuple[Bits, Bits]:
    """Polynomials [dimension] and initial direction numbers [dimension, degree] of Joe and Kuo, as scipy installs them.

    Read from scipy's data file, because importing `scipy.stats` for them costs 0.7 s on the way to the first picture. The
    file's name is private to scipy: `tests/test_draws.py` compares the result with `scipy.stats.qmc.Sobol`.
    """
    spec = find_spec("scipy")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("scipy is not installed")
    file = Path(next(iter(spec.submodule_search_locations))) / "stats" / "_sobol_direction_numbers.npz"
    with np.load(file) as numbers:
        return numbers["poly"].astype(np.int64), np.ascontiguousarray(numbers["vinit"], dtype=np.int64)


@lru_cache(maxsize=1)
def _order() -> Bits:
    """Sobol' dimension behind each column: the table first, then the dimensions it leaves, in their usual order."""
    table = np.loadtxt(Path(__file__).with_name("sobol_dimensions.csv"), dtype=np.int64, delimiter=",", usecols=1)
    rest = np.ones(DIMENSIONS, dtype=bool)
    rest[table] = False
    return np.concatenate([table, np.flatnonzero(rest)])


def sobol_dimensions(dimensions: Bits) -> Bits:
    """Sobol' dimensions that stand behind columns of the schema; a one-to-one map.

    In their usual order some pairs among the first 120 dimensions correlate by 0.19 at 1,024 points whatever the scrambling:
    their leading digits are linearly dependent there. The order used was searched for
    (`tests/benchmarks/sobol_dimensions.py`): some pair of the first 121 correlates by more than 0.1 at one seed in nine only.
    """
    return _order()[dimensions]


def sobol_directions(dimensions: Bits) -> Bits:
    """Direction numbers, [belief, bit], of Sobol' dimensions, each below 2**30.

    m_k = 2 a_1 m_{k-1} xor ... xor 2**(s-1) a_{s-1} m_{k-s+1} xor 2**s m_{k-s} xor m_{k-s}; v_k = m_k 2**(bits-k).
    """
    polynomials, initial = _primitive_polynomials()
    polynomial, start = polynomials[dimensions], initial[dimensions]
    degree = np.frexp(polynomial.astype(np.float64))[1].astype(np.int64) - 1
    m = np.zeros((len(dimensions), BITS), dtype=np.int64)
    stored = min(start.shape[1], BITS)
    m[:, :stored] = np.where(np.arange(stored) < degree[:, None], start[:, :stored], 0)
    m[degree == 0] = 1  # dimension 0 is the van der Corput set
    for s in np.unique(degree[degree > 0]):
        rows = np.flatnonzero(degree == s)
        for k in range(s, BITS):
            new = m[rows, k - s]
            for power in range(1, s + 1):
                coefficient = (polynomial[rows] >> (s - power)) & 1
                new = new ^ (coefficient * (m[rows, k - power] << power))
            m[rows, k] = new
    directions: Bits = m << np.arange(BITS - 1, -1, -1)
    return directions


def block_integers(directions: Bits, names: tuple[str, ...], seed: int, block: int) -> Bits:
    """Scrambled points of one block, [belief, 1,024], in which no two columns correlate by more than 0.1.

    A column whose scrambling correlates it with one before it is scrambled anew, so a column depends on those before it and
    on none behind: order them by how long they have been there. Of a profile's 15,000 pairs one in every other block does,
    because leading digits of the two are linearly dependent; which values they take then is up to the scrambling. Where the
    very first digits are, no scrambling helps, and the column's points stand in any order, still one in each
    1,024th of the scale.
    """
    mixed, shift = scrambled(directions, names, seed, block)
    integers = sobol_integers(mixed, BLOCK) ^ shift[:, None]
    rows = _standardised(integers)
    near = np.tril(np.abs(rows @ rows.T) > NEAR, k=-1)
    attempts = np.zeros(len(names), dtype=np.int64)
    while (again := near.any(axis=1) & (attempts < ATTEMPTS)).any():
        row = int(again.argmax())  # the first: all before it stand
        attempts[row] += 1
        if attempts[row] < SCRAMBLINGS:
            mixed, shift = scrambled(directions[row : row + 1], names[row : row + 1], seed, block, int(attempts[row]))
            integers[row] = sobol_integers(mixed, BLOCK)[0] ^ shift[0]
        else:
            integers[row] = _in_any_order(names[row], seed, block, int(attempts[row]))
        rows[row] = _standardised(integers[row : row + 1])[0]
        close = np.abs(rows @ rows[row]) > NEAR
        near[row, :row], near[row + 1 :, row] = close[:row], close[row + 1 :]
    return integers


def _in_any_order(name: str, seed: int, block: int, attempt: int) -> Bits:
    """One point in each 1,024th of the scale, in random order: a column of a Latin hypercube."""
    raw = np.random.Philox(key=stream_key("belief", seed, name), counter=(attempt << 128) + (block << 64)).random_raw(2 * BLOCK)
    within = BITS - BLOCK.bit_length() + 1
    return (np.argsort(raw[:BLOCK]) << within) + (raw[BLOCK:] >> np.uint64(64 - within)).astype(np.int64)


def _standardised(integers: Bits) -> NDArray[np.float32]:
    """Rows of mean nought and length one."""
    rows = integers.astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return rows


def scrambled(directions: Bits, names: tuple[str, ...], seed: int, block: int, attempt: int = 0) -> tuple[Bits, Bits]:
    """Scrambled direction numbers [belief, bit] and digital shifts [belief] of one block of samples.

    The scrambling matrix is linear over bits, so it may act on the direction numbers in place of every point.
    """
    raw = np.empty((len(names), BITS + 1), dtype=np.uint64)
    for row, name in zip(raw, names, strict=True):
        row[:] = np.random.Philox(key=stream_key("belief", seed, name), counter=(attempt << 128) + (block << 64)).random_raw(
            BITS + 1
        )
    places = np.arange(BITS, dtype=np.uint64)
    lower = np.tril(((raw[:, :BITS, None] >> places) & np.uint64(1)).astype(np.float32), k=-1)
    lower += np.eye(BITS, dtype=np.float32)
    shift = (raw[:, BITS] >> np.uint64(64 - BITS)).astype(np.int64)
    descending = np.arange(BITS - 1, -1, -1)  # row and column 0 are the most significant digit
    digits = ((directions[:, :, None] >> descending) & 1).astype(np.float32)
    mixed = (digits @ lower.transpose(0, 2, 1)).astype(np.int64) & 1
    return (mixed << descending).sum(axis=2), shift


def sobol_integers(directions: Bits, samples: int) -> Bits:
    """Integers [belief, sample] in Gray-code order: the second half of 2**(k+1) is the first reversed, xor direction k."""
    integers = np.zeros((len(directions), samples), dtype=np.int64)
    done, bit = 1, 0
    while done < samples:
        more = min(done, samples - done)
        integers[:, done : done + more] = integers[:, done - more : done][:, ::-1] ^ directions[:, bit, None]
        done, bit = done + more, bit + 1
    return integers
