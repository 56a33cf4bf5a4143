"""The map of scale and criticality in rows and words: factors on demand across, the cost of an hour down upwards."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.search import TIED, WinnerMap
from groundwork.quantities import Quantity, percentile
from groundwork.results.drawn_map import Rows, Side, Today, drawn_map, place_of, table_of_map, turns_of
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import counts_of_100, money, quantity_figure
from groundwork.scenario import Scenario

TIMES = "\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}"
TODAY = "today"
LONGEST_TITLE = 60


def ground_rows(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> dict[str, Rows]:
    """Data sets of the picture `winner_map`; the cross of a belief's spread has no place here, so `arms` is empty."""
    won = found.winner
    column, row = place_of(found.across, 1.0), place_of(found.up, 1.0)
    return drawn_map(
        scenario,
        names,
        won,
        found.share_ratio,
        Today(column=column, row=row, text=TODAY, arms=[]),
        Side(
            title="Demand, times today\N{RIGHT SINGLE QUOTATION MARK}s",
            labels={place: scale_words(found.across[place]) for place in _decades(found.across)},
        ),
        Side(
            title=f"Cost of an hour down, {scenario.currency}",
            labels={place: _hour(scenario, found.up[place]) for place in _decades(found.up)},
        ),
    )


def ground_table(scenario: Scenario[Quantity], names: tuple[str, ...], found: WinnerMap) -> dict[str, Any]:
    """Every power of ten: who is worth most there, and in how many of 100 futures that is the best."""
    rows = {place: f"{scenario.currency} {_hour(scenario, found.up[place])}" for place in _decades(found.up)}
    columns = {place: scale_words(found.across[place]) for place in _decades(found.across)}
    return table_of_map(scenario, names, found.winner, found.share_ratio, "An hour down costs, by demand", rows, columns)


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
    for turn in turns_of(won, row, column):
        grid = found.across if turn.is_across else found.up
        edge = float(np.sqrt(grid[turn.place] * grid[turn.before]))
        words = _demand(edge, turn.is_up) if turn.is_across else _cost(scenario, edge, turn.is_up)
        moves.append((turn.distance, f"{labels[turn.winner]} leads {words}"))
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


def _demand(factor: float, is_up: bool) -> str:
    near = float(f"{factor:.1g}")
    return f"{'from' if is_up else 'below'} {quantity_figure(near)} times today\N{RIGHT SINGLE QUOTATION MARK}s demand"


def _cost(scenario: Scenario[Quantity], factor: float, is_up: bool) -> str:
    amount = money(float(f"{factor * _hour_today(scenario):.1g}"), scenario.currency)
    return f"{'above' if is_up else 'below'} {amount} an hour down"


def _hour_today(scenario: Scenario[Quantity]) -> float:
    return percentile(scenario.operations.incident_usd_per_hour, 0.5)


def _hour(scenario: Scenario[Quantity], factor: float) -> str:
    return money(float(f"{factor * _hour_today(scenario):.2g}"), "").strip()


def _decades(grid: Any) -> list[int]:
    return [place for place, value in enumerate(grid) if abs(np.log10(value) - round(np.log10(value))) < 1e-9]
