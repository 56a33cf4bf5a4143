"""Who wins where, over two beliefs: from stored draws at once, from the model along the frontier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.comparison import wins
from groundwork.analysis.conditional import mid_ranks, outcomes

Array: TypeAlias = NDArray[np.float64]
Index: TypeAlias = NDArray[np.int64]
Judged: TypeAlias = Literal["futures", "mean"]
"""Who counts as the winner: the best in most futures, or that with the largest mean."""

LEVEL_RATIO = 1e-12  # shares that rounding alone can part
TIED = -1
"""Stands in `winner` where the best strategies tie: a tie is not given to whoever stands first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WinnerMap:
    """Winner over a grid of two beliefs.

    Parameters
    ----------
    across, up
        Values of the two beliefs, [column] and [row], own units.
    winner
        [row, column], strategy with the largest mean value there, or -1 where several tie.
    share_ratio
        [strategy, row, column], P(best) there, ties shared.
    evaluated
        [row, column], true where the model (or the draws) was asked; elsewhere the map is joined from such cells.
    """

    across: Array
    up: Array
    winner: Index
    share_ratio: Array
    evaluated: NDArray[np.bool_]

    def judged(self, by: Judged) -> Index:
        """[row, column], who wins there by either measure, or -1 where several are level."""
        if by == "mean":
            return self.winner
        best = self.share_ratio.max(axis=0)
        level = (self.share_ratio >= best - LEVEL_RATIO).sum(axis=0) > 1
        return np.where(level, TIED, self.share_ratio.argmax(axis=0))


def winner_map(
    beliefs_across: ArrayLike,
    beliefs_up: ArrayLike,
    value_usd: ArrayLike,
    across: ArrayLike,
    up: ArrayLike,
    neighbours: int = 128,
    tolerance_usd: float = 0.0,
) -> WinnerMap:
    """Map from stored draws, at once: means from a cubic surface over the ranks of both beliefs, shares from the nearest samples.

    What a user would get wrong: a surface of ten terms shows where the regions lie and rounds their corners, and the shares are
    blurred over the width that holds `neighbours` samples (about 0.18 of each axis at 4,096 draws and 128 neighbours);
    `refining_winner_maps` are sharp. Beyond the drawn range the outermost samples answer.

    Parameters
    ----------
    beliefs_across, beliefs_up
        [sample], drawn values of the two beliefs.
    value_usd
        [strategy, sample], USD.
    across, up
        Grid, increasing, own units: [column], [row].
    neighbours
        Samples that vote, at most all.
    tolerance_usd
        Means this close tie.
    """
    values = outcomes(value_usd)
    grid_across, grid_up = _grid(across, "across"), _grid(up, "up")
    x, x_grid = _in_ranks(beliefs_across, grid_across, values.shape[1])
    y, y_grid = _in_ranks(beliefs_up, grid_up, values.shape[1])
    if not 1 <= neighbours <= values.shape[1]:
        raise ValueError(f"neighbours: 1 to {values.shape[1]}; came {neighbours}")
    best = values >= values.max(axis=0) - tolerance_usd
    share = (best / best.sum(axis=0)).T
    shape = (len(grid_up), len(grid_across))
    surface, *_ = np.linalg.lstsq(_cubic(x, y), values.T, rcond=None)
    mean = (_cubic(np.tile(x_grid, shape[0]), np.repeat(y_grid, shape[1])) @ surface).reshape(*shape, len(values))
    winner = np.array([[_winner(mean[row, column], tolerance_usd) for column in range(shape[1])] for row in range(shape[0])])
    shares = np.empty((len(values), *shape))
    sideways = (x[None, :] - x_grid[:, None]) ** 2
    for row, middle in enumerate(y_grid):
        distance = sideways + (y - middle) ** 2
        for column, squares in enumerate(distance):
            near = np.argpartition(squares, neighbours - 1)[:neighbours]
            shares[:, row, column] = share[near].mean(axis=0)
    return WinnerMap(across=grid_across, up=grid_up, winner=winner, share_ratio=shares, evaluated=np.ones(shape, dtype=bool))


def _cubic(x: Array, y: Array) -> Array:
    """The ten products of powers up to the third, [place, term], of ranks from 0 to 1 stretched to -1 to 1."""
    a, b = 2.0 * x - 1.0, 2.0 * y - 1.0
    return np.stack([a**p * b**q for p in range(4) for q in range(4 - p)], axis=1)


def refining_winner_maps(
    simulate: Callable[[float, float], ArrayLike],
    across: ArrayLike,
    up: ArrayLike,
    coarse: int = 4,
    tolerance_usd: float = 0.0,
    judged: Judged = "mean",
) -> Iterator[WinnerMap]:
    """Map by running the model, coarse to fine along the frontier only: one map after another, the last one is the answer.

    First every `coarse`-th line in both directions. Means elsewhere come from a cubic spline through these: with the same draws
    at every cell they are a smooth function of the two beliefs. Then every cell beside another winner is asked in its turn,
    until the frontier runs between cells that were asked on both sides. What the model says of a cell always replaces
    what was joined.

    What a user would get wrong: an island that holds no coarse line's crossing, and that the spline does not see either, is
    missed. Stop reading the iterator to cancel; whatever `simulate` raises ends it too.

    Parameters
    ----------
    simulate
        (across, up) -> value [strategy, sample], USD, with the two beliefs held there and the same draws of all others.
    across, up
        Grid, increasing, own units: [column], [row].
    coarse
        Cells between the first lines, 1 or more; 1 asks everywhere.
    tolerance_usd
        Means this close tie.
    judged
        Whose frontier is followed.

    Yields
    ------
    WinnerMap
        After all coarse lines, then after each round along the frontier.
    """
    grid_across, grid_up = _grid(across, "across"), _grid(up, "up")
    if coarse < 1:
        raise ValueError(f"coarse: 1 or more; came {coarse}")
    rows, columns = _lines(len(grid_up), coarse), _lines(len(grid_across), coarse)
    shape = (len(grid_up), len(grid_across))
    asked: dict[tuple[int, int], tuple[Array, Array]] = {}

    def ask(row: int, column: int) -> None:
        values = outcomes(simulate(float(grid_across[column]), float(grid_up[row])))
        asked[row, column] = values.mean(axis=1), wins(values, tolerance_usd).best_ratio

    for row in rows:
        for column in columns:
            ask(row, column)
    corner_mean, corner_share = (
        np.array([[asked[row, column][part] for column in columns] for row in rows]).transpose(2, 0, 1) for part in (0, 1)
    )
    mean, share = _spline(corner_mean, rows, columns, shape), _bilinear(corner_share, rows, columns, shape)
    while True:
        evaluated = np.zeros(shape, dtype=bool)
        for (row, column), (cell_mean, cell_share) in asked.items():
            mean[:, row, column], share[:, row, column], evaluated[row, column] = cell_mean, cell_share, True
        winner = np.array(
            [[_winner(mean[:, row, column], tolerance_usd) for column in range(shape[1])] for row in range(shape[0])]
        )
        now = WinnerMap(across=grid_across, up=grid_up, winner=winner, share_ratio=share.copy(), evaluated=evaluated)
        yield now
        frontier = np.argwhere(_beside_another(now.judged(judged)) & ~evaluated)
        if not len(frontier):
            return
        for row, column in frontier:
            ask(int(row), int(column))


def _lines(cells: int, coarse: int) -> list[int]:
    """Every `coarse`-th line and the last one."""
    return sorted({*range(0, cells, coarse), cells - 1})


def _beside_another(winner: Index) -> NDArray[np.bool_]:
    """Cells with another winner above, below, left or right of them."""
    beside = np.zeros(winner.shape, dtype=bool)
    down, aside = winner[1:] != winner[:-1], winner[:, 1:] != winner[:, :-1]
    beside[1:] |= down
    beside[:-1] |= down
    beside[:, 1:] |= aside
    beside[:, :-1] |= aside
    return beside


def _spline(corners: Array, rows: list[int], columns: list[int], shape: tuple[int, int]) -> Array:
    """[strategy, coarse row, coarse column] -> [strategy, row, column] by cubic splines through the lines."""
    from scipy.interpolate import make_interp_spline  # late: nothing before the first picture needs it

    along = corners
    for axis, (places, cells) in ((1, (rows, shape[0])), (2, (columns, shape[1]))):
        if len(places) == 1:
            along = np.repeat(along, cells, axis=axis)
        else:  # odd degrees only: an even one has its knots between the lines
            degree = 3 if len(places) > 3 else 1
            along = np.asarray(make_interp_spline(places, along, k=degree, axis=axis)(np.arange(cells)))
    return along


def _bilinear(corners: Array, rows: list[int], columns: list[int], shape: tuple[int, int]) -> Array:
    """The same by straight lines, which keep shares between 0 and 1 and their sum at 1."""
    weights = [
        np.stack([np.interp(np.arange(cells), places, unit) for unit in np.eye(len(places))], axis=1)
        for places, cells in ((rows, shape[0]), (columns, shape[1]))
    ]
    return np.asarray(np.einsum("ri,sij,cj->src", weights[0], corners, weights[1]))


def _winner(mean_usd: Array, tolerance_usd: float) -> int:
    best = np.flatnonzero(mean_usd >= mean_usd.max() - tolerance_usd)
    return int(best[0]) if len(best) == 1 else TIED


def _grid(values: ArrayLike, name: str) -> Array:
    grid = np.asarray(values, dtype=np.float64)
    if grid.ndim != 1 or not len(grid) or not np.all(np.diff(grid) > 0):
        raise ValueError(f"{name}: increasing values of the belief; came {np.array2string(grid, threshold=8)}")
    return grid


def _in_ranks(beliefs: ArrayLike, grid: Array, samples: int) -> tuple[Array, Array]:
    """Samples and grid on the scale of ranks from 0 to 1: both axes then count alike, whatever their units."""
    column = np.asarray(beliefs, dtype=np.float64)
    if column.shape != (samples,):
        raise ValueError(f"beliefs: [sample] with {samples} samples as in value_usd; came {column.shape}")
    ranks = (mid_ranks(column) - 0.5) / samples
    order = np.argsort(column)
    return ranks, np.interp(grid, column[order], ranks[order])
