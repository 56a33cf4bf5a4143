"""Writes lib/groundwork/sobol_dimensions.csv: which Sobol' dimension stands behind which column of random points.

    .venv/bin/python tests/benchmarks/sobol_dimensions.py

Why: a random lower-triangular scrambling keeps the spans of the leading rows of a generator matrix. Where the first i rows of
one dimension and the first j of another are linearly dependent in the first m columns, digits i and j of two scrambled columns
can coincide in all of the first 2**m points, and the columns then correlate by 3 / 2**(i+j). Among the first 120 dimensions in
their usual order such pairs with i + j = 4 exist at m = 10: |r| = 0.19 at 1,024 points, whatever the seed. The search takes a
dimension only if no pair with i + j up to a bound is dependent: the first 20 in their usual order, which is good in many ways,
then among those left the one that uses up the fewest vectors, since otherwise only 104 fit. A second rule, at m = 8, keeps the
leading digits of the first columns apart in the 256 points drawn while dragging. About 120 dimensions fit i + j up to 5, and 207
up to 4, where |r| passes 0.1 only if two coincidences meet: what profiles use stays among those (`tests/test_draws.py`).
Dimensions taken at m = 10 stay good for every larger m, since more columns keep rows independent.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from groundwork.draws import DICE_COLUMNS
from groundwork.profiles import available, load
from groundwork.scenario import dimensions
from groundwork.sobol import BITS, DIMENSIONS, sobol_directions
from groundwork.study.doubts import uncertain

TARGET = Path(__file__).parents[2] / "lib" / "groundwork" / "sobol_dimensions.csv"
TABLE = 512
Rule = tuple[int, int]  # (m, K): no dependent pair of leading rows with i + j <= K in the first 2**m points


def leading_spans(columns: int) -> dict[int, NDArray[np.int64]]:
    """Non-zero vectors spanned by the first 1, 2, 3, 4 rows of each generator matrix, [dimension, vector]."""
    directions = sobol_directions(np.arange(DIMENSIONS))
    spanned = np.zeros((DIMENSIONS, 1), dtype=np.int64)
    spans = {}
    for row in range(4):
        digits = (directions[:, :columns] >> (BITS - 1 - row)) & 1
        vector = (digits << np.arange(columns)).sum(axis=1, keepdims=True)
        spanned = np.concatenate([spanned, spanned ^ vector], axis=1)
        spans[row + 1] = spanned[:, 1:]
    return spans


SPANS = {columns: leading_spans(columns) for columns in (8, 10)}


def usual(rules: tuple[Rule, ...], count: int) -> list[int]:
    """The first dimensions in their usual order that keep the rules."""
    chosen: list[int] = []
    for dimension in range(DIMENSIONS):
        fits = all(
            not np.isin(SPANS[m][k][dimension], SPANS[m][bound - k][chosen]).any() for m, bound in rules for k in range(1, bound)
        )
        if fits:
            chosen.append(dimension)
        if len(chosen) == count:
            break
    return chosen


def packing(rules: tuple[Rule, ...], seed: int, start: list[int]) -> list[int]:
    """Dimensions, greedily, until none is left that keeps the rules; begins with `start`."""
    generator = np.random.default_rng(seed)
    used = {(m, k): np.zeros(2**m, dtype=bool) for m, bound in rules for k in range(1, bound)}
    free = np.ones(DIMENSIONS, dtype=bool)
    chosen: list[int] = []

    def take(dimension: int) -> None:
        chosen.append(dimension)
        free[dimension] = False
        for m, bound in rules:
            for k in range(1, bound):
                used[m, k][SPANS[m][k][dimension]] = True
            for k in range(1, bound):
                free[used[m, bound - k][SPANS[m][k]].any(axis=1)] = False

    for dimension in start:
        take(dimension)
    while free.any() and len(chosen) < TABLE:
        left = np.flatnonzero(free)
        if len(left) > 3000:
            left = generator.choice(left, 3000, replace=False)
        cost = sum(
            (~used[m, k][SPANS[m][k][left]]).sum(axis=1) * 2.0 ** (bound - 1 - k + 10 - m)
            for m, bound in rules
            for k in range(1, bound)
        )
        take(int(left[np.argmin(cost + 0.5 * generator.random(len(left)))]))
    return chosen


def longest(rules: tuple[Rule, ...], seeds: int, start: list[int]) -> list[int]:
    """The longest packing of several."""
    return max((packing(rules, seed, start) for seed in range(seeds)), key=len)


def positions() -> list[int]:
    """Columns in the order in which they deserve good dimensions: dice, what any profile is unsure of, what it could be.

    The first 20 columns come before all, so that small problems, such as published cases, have the first dimensions of the table.

    Columns 0 to 255 are what all scenarios share, beliefs from below and dice from above; then come blocks of 32 for workloads.
    """
    owned: set[int] = set()
    unsure: set[int] = set()
    for profile in map(load, available()):
        column = dimensions(profile)
        owned |= set(column.values())
        unsure |= {column[belief.path] for belief in uncertain(profile)}
    return list(dict.fromkeys([*range(20), *DICE_COLUMNS.values(), *sorted(unsure), *sorted(owned), *range(TABLE)]))


def main() -> None:
    """Search and write."""
    dimensions: list[int] = []
    first = usual(((10, 5), (8, 2)), 20)
    for seed in range(60):
        candidate = packing(((10, 5),), seed, packing(((10, 5), (8, 2)), seed, first))
        dimensions = max(dimensions, candidate, key=len)
    counts = [len(dimensions)]
    for bound in (4, 3, 2):
        dimensions = longest(((10, bound),), 8, dimensions)
        counts.append(len(dimensions))
    table = np.zeros(TABLE, dtype=np.int64)
    table[positions()] = dimensions
    lines = [
        "# Generated by tests/benchmarks/sobol_dimensions.py; do not edit: every number in a result hangs on it.",
        f"# Ranks up to {counts[0]}, {counts[1]}, {counts[2]}, {counts[3]}: no dependent leading rows with i+j <= 5, 4, 3, 2"
        " in 1,024 points.",
        "# column,dimension of Joe and Kuo (2008), counted from 0",
        *(f"{column},{dimension}" for column, dimension in enumerate(table)),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
