"""Who wins over two beliefs: at once from the futures that were played anyway, then by playing every cell along the frontier."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from groundwork.analysis.search import Judged, WinnerMap, refining_winner_maps, winner_map
from groundwork.draws import Points
from groundwork.quantities import Array, Choice, Lognormal, Quantity, percentile
from groundwork.results.verdicts import TIE_USD
from groundwork.scenario import Scenario, beliefs, digest
from groundwork.strategy.simulation import Outcome, simulate
from groundwork.study.runs import held, points_of

CELLS = 21  # along each side of the map
MAP_SAMPLES = 256
COARSE = 5  # cells between the lines that are asked first: 21 cells have five of them
REMEMBERED_MAPS = 16

Report = Callable[[float], None]
_maps: dict[tuple[str, ...], WinnerMap] = {}


def grid_of(quantity: Quantity, cells: int = CELLS) -> Array:
    """Values of a belief for one side of the map, from its 2nd to its 98th percentile; a lognormal's in equal ratios."""
    if isinstance(quantity, Choice):
        return np.unique(np.asarray(quantity.values, dtype=np.float64))
    low, high = percentile(quantity, 0.02), percentile(quantity, 0.98)
    return np.geomspace(low, high, cells) if isinstance(quantity, Lognormal) else np.linspace(low, high, cells)


def first_winner_map(scenario: Scenario[Quantity], outcome: Outcome, points: Points, across: str, up: str) -> WinnerMap:
    """The map at once, from the futures that were played anyway: blurred, right in the large."""
    known = {belief.path: belief.value for belief in beliefs(scenario)}
    first, second = (known[path].at(points.column(path)) for path in (across, up))
    neighbours = min(128, max(16, outcome.samples // 16))
    return winner_map(
        first, second, outcome.npv_usd, grid_of(known[across]), grid_of(known[up]), neighbours=neighbours, tolerance_usd=TIE_USD
    )


def winner_maps(
    scenario: Scenario[Quantity],
    across: str,
    up: str,
    seed: int,
    samples: int = MAP_SAMPLES,
    cells: int = CELLS,
    report: Report = lambda share: None,
    judged: Judged = "mean",
) -> Iterator[WinnerMap]:
    """The map by playing every cell along the frontier, coarse to fine; the last one is kept for the next time it is asked.

    `judged` says along which frontier: of who wins in most futures, or of the largest mean. `report` is called before each cell
    with the share done (the frontier's length is a guess); what it raises ends the work.
    """
    key = (digest(scenario, seed, samples, cells, judged), across, up)
    if key in _maps:
        yield _maps[key]
        return
    known = {belief.path: belief.value for belief in beliefs(scenario)}
    points = points_of(scenario, samples, seed)
    names = tuple(scenario.strategies)
    asked = 0
    expected = (cells // COARSE + 1) ** 2 + 3 * cells

    def play(first: float, second: float) -> Array:
        nonlocal asked
        report(min(0.98, asked / expected))
        asked += 1
        return simulate(held(held(scenario, across, first), up, second), points, names, record=()).npv_usd

    last: WinnerMap | None = None
    grids = grid_of(known[across], cells), grid_of(known[up], cells)
    for last in refining_winner_maps(play, *grids, COARSE, tolerance_usd=TIE_USD, judged=judged):
        yield last
    if last is not None:
        while len(_maps) >= REMEMBERED_MAPS:
            _maps.pop(next(iter(_maps)))
        _maps[key] = last
