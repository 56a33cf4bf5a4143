"""The map of scale and criticality in rows and words: factors on demand across, the cost of an hour down upwards."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from groundwork.analysis.search import TIED, WinnerMap
from groundwork.quantities import Quantity, percentile
from groundwork.results.verdicts import in_sentence
from groundwork.results.winner_map import borders_of, cells_of, names_of, place_of
from groundwork.results.words import counts_of_100, money, quantity_figure
from groundwork.scenario import Scenario

Rows: TypeAlias = list[dict[str, Any]]

TIMES = "\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}"
TODAY = "today"
LONGEST_TITLE = 60


def ground_rows(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> dict[str, Rows]:
    """Data sets of the picture `winner_map`; the cross of a belief's spread has no place here, so `arms` is empty."""
    won = found.winner
    column, row = place_of(found.across, 1.0), place_of(found.up, 1.0)
    return {
        "cells": cells_of(scenario, names, won, found.share_ratio),
        "borders": borders_of(won),
        "names": names_of(scenario, names, won, (column, row)),
        "arms": [],
        "today": [{"x": column, "y": row, "text": TODAY}],
        "across": [{"x": place + 0.5, "label": scale_words(found.across[place])} for place in _decades(found.across)],
        "up": [{"y": place + 0.5, "label": _hour(scenario, found.up[place])} for place in _decades(found.up)],
        "titles": [
            {"side": "across", "text": "Demand, times today\N{RIGHT SINGLE QUOTATION MARK}s \N{RIGHTWARDS ARROW}"},
            {"side": "up", "text": f"\N{UPWARDS ARROW} Cost of an hour down, {scenario.currency}"},
        ],
    }


def ground_table(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> dict[str, Any]:
    """Every power of ten: who is worth most there, and in how many of 100 futures that is the best."""
    columns = _decades(found.across)
    rows = []
    for row in reversed(_decades(found.up)):
        cells = [_cell(scenario, names, found, row, column) for column in columns]
        rows.append([f"{scenario.currency} {_hour(scenario, found.up[row])}", *cells])
    return {
        "columns": ["An hour down costs, by demand", *(scale_words(found.across[column]) for column in columns)],
        "rows": rows,
    }


def ground_title(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> str:
    """Who is worth most today, and the nearest scale or cost of an hour down from which another is."""
    won = found.winner
    row, column = int(place_of(found.up, 1.0)), int(place_of(found.across, 1.0))
    here = int(won[row, column])
    labels = [scenario.strategies[name].label for name in names]
    if here == TIED:
        return "Today no plan is ahead on the mean"
    if not set(np.unique(won).tolist()) - {here, TIED}:
        return f"{labels[here]} is worth most on the whole map"
    moves = []
    for grid, line, start, said in ((found.across, won[row], column, _demand), (found.up, won[:, column], row, None)):
        for side in (1, -1):
            places = range(start + side, len(line) if side > 0 else -1, side)
            turn = next((place for place in places if line[place] not in (here, TIED)), None)
            if turn is not None:
                edge = float(np.sqrt(grid[turn] * grid[turn - side]))
                words = said(edge, side) if said else _cost(scenario, edge, side)
                moves.append((abs(turn - start), f"{labels[int(line[turn])]} leads {words}"))
    for _, title in sorted(moves):
        if len(title) <= LONGEST_TITLE:
            return title
    return f"{labels[here]} is worth most around today"


def ground_shares(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> str:
    """How much of the map is whose, largest first."""
    won = found.winner
    whose = [(float((won == place).mean()), scenario.strategies[name].label) for place, name in enumerate(names)]
    whose.append((float((won == TIED).mean()), "nobody"))
    counts = counts_of_100([share for share, _ in whose])
    order = sorted(zip(counts, (label for _, label in whose), strict=True), reverse=True)
    said = [f"{in_sentence(label)} {count} %" for count, label in order if count]
    return f"{', '.join(said)} of it"


def scale_words(factor: float) -> str:
    """A factor on today's demand, as people say it."""
    if abs(factor - 1.0) < 1e-9:
        return TODAY
    return f"{TIMES}{quantity_figure(factor)}" if factor > 1.0 else f"1/{quantity_figure(round(1.0 / factor, 6))}"


def _demand(factor: float, side: int) -> str:
    near = float(f"{factor:.1g}")
    return f"{'from' if side > 0 else 'below'} {quantity_figure(near)} times today\N{RIGHT SINGLE QUOTATION MARK}s demand"


def _cost(scenario: Scenario[Quantity], factor: float, side: int) -> str:
    amount = money(float(f"{factor * _hour_today(scenario):.1g}"), scenario.currency)
    return f"{'above' if side > 0 else 'below'} {amount} an hour down"


def _hour_today(scenario: Scenario[Quantity]) -> float:
    return percentile(scenario.operations.incident_usd_per_hour, 0.5)


def _hour(scenario: Scenario[Quantity], factor: float) -> str:
    return money(float(f"{factor * _hour_today(scenario):.2g}"), "").strip()


def _decades(grid: Any) -> list[int]:
    return [place for place, value in enumerate(grid) if abs(np.log10(value) - round(np.log10(value))) < 1e-9]


def _cell(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap, row: int, column: int) -> str:
    place = int(found.winner[row, column])
    if place == TIED:
        return "level"
    return f"{scenario.strategies[names[place]].label} {round(100 * float(found.share_ratio[place, row, column]))}"
