"""The map of winners over two beliefs: cells, borders, names in the regions, today's estimate, and its one-line finding."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.search import TIED, Judged, WinnerMap
from groundwork.quantities import Array, Quantity, percentile
from groundwork.results.assumptions import belief_label
from groundwork.results.drawn_map import Rows, Side, Today, drawn_map, place_of, table_of_map, turns_of
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import LEAST_READABLE, NO_BREAK, SMALLER, quantity_figure, quantity_words
from groundwork.scenario import Belief, Scenario
from groundwork.units import scale_of, unit_of

LONGEST_TITLE = 60
TICKS = 5


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
    column, row = (place_of(grid, middle(belief)) for grid, belief in ((found.across, across), (found.up, up)))
    left, right = (place_of(found.across, percentile(across.value, level)) for level in (0.1, 0.9))
    low, high = (place_of(found.up, percentile(up.value, level)) for level in (0.1, 0.9))
    arms = [{"x": left, "x2": right, "y": row, "y2": row}, {"x": column, "x2": column, "y": low, "y2": high}]
    return drawn_map(
        scenario,
        names,
        won,
        found.share_ratio,
        Today(column=column, row=row, text="today\N{RIGHT SINGLE QUOTATION MARK}s estimate", arms=arms),
        Side(
            title=axis_words(scenario, across, found.across),
            labels={p: tick(across, found.across, p) for p in ticks_of(won.shape[1])},
        ),
        Side(title=axis_words(scenario, up, found.up), labels={p: tick(up, found.up, p) for p in ticks_of(won.shape[0])}),
    )


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
    head = f"{belief_label(scenario, up)}, by {in_sentence(belief_label(scenario, across))}"
    rows = {place: quantity_words(up.name, float(found.up[place])) for place in ticks_of(won.shape[0])}
    columns = {place: quantity_words(across.name, float(found.across[place])) for place in ticks_of(won.shape[1])}
    return table_of_map(scenario, names, won, found.share_ratio, head, rows, columns)


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
    for turn in turns_of(won, row, column):
        belief, grid = (across, found.across) if turn.is_across else (up, found.up)
        edge = between(float(grid[turn.place]), float(grid[turn.before]), grid)
        said = f"{belief_label(scenario, belief)} {'above' if turn.is_up else 'below'} {quantity_words(belief.name, edge)}"
        moves.append((turn.distance, f"{labels[turn.winner]} wins with {in_sentence(said)}"))
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
