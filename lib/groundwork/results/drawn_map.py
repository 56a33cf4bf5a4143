"""The picture of a map of winners over any two axes: cells, borders, names in the regions, its table, and where winners turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.analysis.search import TIED
from groundwork.quantities import Array, Quantity
from groundwork.results.words import ink, shape
from groundwork.scenario import Scenario

Rows: TypeAlias = list[dict[str, Any]]
Winners: TypeAlias = NDArray[np.int64]

STEPS = ((0.0, 0.24), (0.4, 0.4), (0.55, 0.6), (0.75, 0.82))  # share of futures won from, and how dark its cell is
NAMED_RATIO = 0.04  # of the cells: a smaller region has no room for a name
WIDE = 3.0  # a name is that much wider than high


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a map: its title, and labels by the place of the cell."""

    title: str
    labels: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Where today stands, in cells, what is written there, and the arms of its spread."""

    column: float
    row: float
    text: str
    arms: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The nearest cell along a line from today in which another wins, and the last one before it."""

    is_across: bool
    is_up: bool
    before: int
    place: int
    distance: int
    winner: int


def drawn_map(
    scenario: Scenario[Quantity], names: tuple[str, ...], won: Winners, share: Array, today: Today, across: Side, up: Side
) -> dict[str, Rows]:
    """Data sets of the picture `winner_map` over any two axes."""
    return {
        "cells": cells_of(scenario, names, won, share),
        "borders": borders_of(won),
        "names": names_of(scenario, names, won, (today.column, today.row)),
        "arms": today.arms,
        "today": [{"x": today.column, "y": today.row, "text": today.text}],
        "across": [{"x": place + 0.5, "label": label} for place, label in across.labels.items()],
        "up": [{"y": place + 0.5, "label": label} for place, label in up.labels.items()],
        "titles": [
            {"side": "across", "text": f"{across.title} \N{RIGHTWARDS ARROW}"},
            {"side": "up", "text": f"\N{UPWARDS ARROW} {up.title}"},
        ],
    }


def table_of_map(
    scenario: Scenario[Quantity],
    names: tuple[str, ...],
    won: Winners,
    share: Array,
    head: str,
    rows: Mapping[int, str],
    columns: Mapping[int, str],
) -> dict[str, Any]:
    """Who wins in some cells of a map, and in how many of 100 futures; `rows` and `columns` are labels by place, low first."""

    def cell(row: int, column: int) -> str:
        place = int(won[row, column])
        if place == TIED:
            return "level"
        return f"{scenario.strategies[names[place]].label} {round(100 * float(share[place, row, column]))}"

    told = [[label, *(cell(row, column) for column in columns)] for row, label in reversed(list(rows.items()))]
    return {"columns": [head, *columns.values()], "rows": told}


def turns_of(won: Winners, row: int, column: int) -> list[Turn]:
    """Where another wins first, going from a cell along either axis, both ways."""
    here = int(won[row, column])
    found = []
    for is_across, line, start in ((True, won[row], column), (False, won[:, column], row)):
        for side in (1, -1):
            places = range(start + side, len(line) if side > 0 else -1, side)
            place = next((place for place in places if line[place] not in (here, TIED)), None)
            if place is not None:
                own = {"before": place - side, "place": place, "distance": abs(place - start), "winner": int(line[place])}
                found.append(Turn(is_across=is_across, is_up=side > 0, **own))
    return found


def place_of(grid: Array, value: float) -> float:
    """Where a value stands on an axis counted in cells, each value of the grid in the middle of its own; kept inside."""
    if len(grid) == 1:
        return 0.5
    return float(np.interp(value, grid, np.arange(len(grid)) + 0.5))


def cells_of(scenario: Scenario[Quantity], names: tuple[str, ...], won: Winners, share: Array) -> Rows:
    """Equal cells joined, first along a row, then upwards where the whole run is the same: fewer seams, fewer rows."""
    found: Rows = []
    below: dict[tuple[int, int, int, float], dict[str, Any]] = {}
    for row in range(won.shape[0]):
        here: dict[tuple[int, int, int, float], dict[str, Any]] = {}
        start = 0
        for column in range(1, won.shape[1] + 1):
            if column < won.shape[1] and _look(won, share, row, column) == _look(won, share, row, start):
                continue
            place, opacity = _look(won, share, row, start)
            key = (start, column, place, opacity)
            if key in below:
                here[key] = below[key]
                here[key]["y2"] = row + 1
            else:
                colour = "var(--gw-edge)" if place == TIED else shape(scenario, names[place])
                here[key] = {"x": start, "x2": column, "y": row, "y2": row + 1, "colour": colour, "opacity": opacity}
                found.append(here[key])
            start = column
        below = here
    return found


def _look(won: Winners, share: Array, row: int, column: int) -> tuple[int, float]:
    place = int(won[row, column])
    if place == TIED:
        return TIED, STEPS[0][1]
    ratio = float(share[place, row, column])
    return place, next(opacity for least, opacity in reversed(STEPS) if ratio >= least)


def borders_of(won: Winners) -> Rows:
    """Lines between cells of different winners."""
    found: Rows = []
    for row, column in np.argwhere(won[:, 1:] != won[:, :-1]).tolist():
        found.append({"x": column + 1, "x2": column + 1, "y": row, "y2": row + 1})
    for row, column in np.argwhere(won[1:] != won[:-1]).tolist():
        found.append({"x": column, "x2": column + 1, "y": row + 1, "y2": row + 1})
    return found


def names_of(
    scenario: Scenario[Quantity], names: tuple[str, ...], won: Winners, today: tuple[float, float] | None = None
) -> Rows:
    """A name in each region of some size, where it has most room, away from today's estimate."""
    found: Rows = []
    rows, columns = won.shape
    for place in sorted(set(np.unique(won).tolist()) - {TIED}):
        mine = won == place
        if mine.mean() < NAMED_RATIO:
            continue
        other_down, other_aside = np.nonzero(~mine)
        own_down, own_aside = np.nonzero(mine)
        edge = np.minimum(
            np.minimum(own_down, rows - 1 - own_down) + 1.0, (np.minimum(own_aside, columns - 1 - own_aside) + 1) / WIDE
        )
        if len(other_down):
            gap = np.hypot(own_down[:, None] - other_down, (own_aside[:, None] - other_aside) / WIDE).min(axis=1)
            edge = np.minimum(edge, gap)
        if today is not None:
            edge = np.minimum(edge, np.hypot(own_down + 0.5 - today[1], (own_aside + 0.5 - today[0]) / WIDE) - 1.0)
        centre = np.hypot(own_down - own_down.mean(), (own_aside - own_aside.mean()) / WIDE)
        best = int(np.lexsort((centre, -edge))[0])
        strategy = names[place]
        found.append(
            {
                "x": float(own_aside[best]) + 0.5,
                "y": float(own_down[best]) + 0.5,
                "text": scenario.strategies[strategy].label,
                "ink": ink(scenario, strategy),
            }
        )
    return found
