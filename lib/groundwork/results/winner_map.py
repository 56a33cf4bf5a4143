"""The map of winners over two beliefs: cells, borders, names in the regions, today's estimate, and its one-line finding."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.analysis.search import TIED, Judged, WinnerMap
from groundwork.quantities import Array, Quantity, percentile
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import LEAST_READABLE, NO_BREAK, SMALLER, ink, quantity_figure, quantity_words, shape
from groundwork.scenario import Belief, Scenario
from groundwork.units import scale_of, unit_of

Rows: TypeAlias = list[dict[str, Any]]
Winners: TypeAlias = NDArray[np.int64]

STEPS = ((0.0, 0.24), (0.4, 0.4), (0.55, 0.6), (0.75, 0.82))  # share of futures won from, and how dark its cell is
NAMED_RATIO = 0.04  # of the cells: a smaller region has no room for a name
LONGEST_TITLE = 60
TICKS = 5
WIDE = 3.0  # a name is that much wider than high


def map_rows(
    scenario: Scenario[Quantity],
    names: tuple[str, ...],
    found: WinnerMap,
    across: Belief[Quantity],
    up: Belief[Quantity],
    judged: Judged,
) -> dict[str, Rows]:
    """Data sets of the map: `cells` (runs of equal ones joined), `borders`, `names`, `arms`, `today`, `across`, `up`, `titles`.

    Places are counted in cells from the lower left corner, whatever the scale of the beliefs.
    """
    won = found.judged(judged)
    rows, columns = won.shape
    column, row = (place_of(grid, middle(belief)) for grid, belief in ((found.across, across), (found.up, up)))
    left, right = (place_of(found.across, percentile(across.value, level)) for level in (0.1, 0.9))
    low, high = (place_of(found.up, percentile(up.value, level)) for level in (0.1, 0.9))
    return {
        "cells": cells_of(scenario, names, won, found.share_ratio),
        "borders": borders_of(won),
        "names": names_of(scenario, names, won, (column, row)),
        "arms": [{"x": left, "x2": right, "y": row, "y2": row}, {"x": column, "x2": column, "y": low, "y2": high}],
        "today": [{"x": column, "y": row, "text": "today\N{RIGHT SINGLE QUOTATION MARK}s estimate"}],
        "across": [{"x": place + 0.5, "label": tick(across, found.across, place)} for place in ticks_of(columns)],
        "up": [{"y": place + 0.5, "label": tick(up, found.up, place)} for place in ticks_of(rows)],
        "titles": [
            {"side": "across", "text": f"{axis_words(scenario, across, found.across)} \N{RIGHTWARDS ARROW}"},
            {"side": "up", "text": f"\N{UPWARDS ARROW} {axis_words(scenario, up, found.up)}"},
        ],
    }


def map_table(
    scenario: Scenario[Quantity],
    names: tuple[str, ...],
    found: WinnerMap,
    across: Belief[Quantity],
    up: Belief[Quantity],
    judged: Judged,
) -> dict[str, Any]:
    """Every fifth line of the map: who wins there and in how many of 100 futures."""
    won = found.judged(judged)
    columns = ticks_of(won.shape[1])
    rows = []
    for row in reversed(ticks_of(won.shape[0])):
        cells = []
        for column in columns:
            place = int(won[row, column])
            if place == TIED:
                cells.append("level")
            else:
                share = round(100 * float(found.share_ratio[place, row, column]))
                cells.append(f"{scenario.strategies[names[place]].label} {share}")
        rows.append([quantity_words(up.name, float(found.up[row])), *cells])
    head = f"{belief_label(scenario, up)}, by {in_sentence(belief_label(scenario, across))}"
    return {"columns": [head, *(quantity_words(across.name, float(found.across[column])) for column in columns)], "rows": rows}


def map_title(
    scenario: Scenario[Quantity],
    names: tuple[str, ...],
    found: WinnerMap,
    across: Belief[Quantity],
    up: Belief[Quantity],
    judged: Judged,
) -> str:
    """What the map says: who wins today, and the nearest place along either belief from which another does."""
    won = found.judged(judged)
    labels = [scenario.strategies[name].label for name in names]
    row = min(int(place_of(found.up, middle(up))), won.shape[0] - 1)
    column = min(int(place_of(found.across, middle(across))), won.shape[1] - 1)
    here = int(won[row, column])
    others = sorted(set(np.unique(won).tolist()) - {here, TIED})
    if here == TIED:
        return "No strategy is ahead at today\N{RIGHT SINGLE QUOTATION MARK}s estimate"
    if not others:
        return f"{labels[here]} wins wherever these two may lie"
    moves = []
    for belief, grid, line, start in ((across, found.across, won[row], column), (up, found.up, won[:, column], row)):
        for side, word in ((1, "above"), (-1, "below")):
            places = range(start + side, len(line) if side > 0 else -1, side)
            turn = next((place for place in places if line[place] not in (here, TIED)), None)
            if turn is not None:
                edge = between(float(grid[turn]), float(grid[turn - side]), grid)
                said = f"{belief_label(scenario, belief)} {word} {quantity_words(belief.name, edge)}"
                moves.append((abs(turn - start), f"{labels[int(line[turn])]} wins with {in_sentence(said)}"))
    for _, title in sorted(moves):
        if len(title) <= LONGEST_TITLE:
            return title
    if not moves:
        return f"{labels[here]} wins unless both beliefs move"
    other = max(others, key=lambda place: int((won == place).sum()))
    return f"{labels[here]} wins around today, {in_sentence(labels[other])} further off"


def between(one: float, other: float, grid: Array) -> float:
    """The value halfway between two neighbours of a grid: in equal ratios where the grid is, rounded to three digits."""
    equal_ratios = grid[0] > 0.0 and len(grid) > 2 and abs(grid[1] / grid[0] - grid[-1] / grid[-2]) < 1e-6
    value = float(np.sqrt(one * other)) if equal_ratios else 0.5 * (one + other)
    return float(f"{value:.2g}")


def middle(belief: Belief[Quantity]) -> float:
    """Where today's estimate stands: the median."""
    return percentile(belief.value, 0.5)


def place_of(grid: Array, value: float) -> float:
    """Where a value stands on an axis counted in cells, each value of the grid in the middle of its own; kept inside."""
    if len(grid) == 1:
        return 0.5
    return float(np.interp(value, grid, np.arange(len(grid)) + 0.5))


def axis_unit(belief: Belief[Quantity], grid: Array) -> tuple[float, str]:
    """One unit for all values of an axis: what a value is multiplied by, and the unit; a smaller one where some are tiny."""
    unit, scale = unit_of(belief.name), scale_of(belief.name)
    smallest = float(np.abs(grid[grid != 0.0]).min(initial=np.inf)) * scale
    if smallest < LEAST_READABLE:
        for factor, smaller in SMALLER.get(unit, ()):
            if smallest * factor >= 1.0:
                return scale * factor, smaller
    return scale, unit


def tick(belief: Belief[Quantity], grid: Array, place: int) -> str:
    """A value on an axis in the axis' unit, which stands in its title; a share says its own."""
    factor, unit = axis_unit(belief, grid)
    said = quantity_figure(float(f"{float(grid[place]) * factor:.2g}"))
    return f"{said}{NO_BREAK}%" if unit.startswith("%") else said


def axis_words(scenario: Scenario[Quantity], belief: Belief[Quantity], grid: Array) -> str:
    """Name and unit of an axis."""
    unit = axis_unit(belief, grid)[1]
    return f"{belief_label(scenario, belief)}{f', {unit}' if unit else ''}"


def ticks_of(cells: int) -> list[int]:
    """The cells that get a label, first and last among them."""
    return sorted({round(place) for place in np.linspace(0, cells - 1, min(cells, TICKS))})


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
