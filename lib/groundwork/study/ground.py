"""Where models first make sense: who is worth most as the demand and the cost of an hour down are scaled, with the same team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from groundwork.analysis.search import WinnerMap, refining_winner_maps
from groundwork.quantities import Array, Beta, Choice, Fixed, Lognormal, Quantity
from groundwork.results.verdicts import TIE_USD
from groundwork.scenario import Scenario, mapped
from groundwork.strategy.simulation import simulate
from groundwork.study.runs import points_of

GROUND_SAMPLES = 256
SCALES = np.geomspace(0.01, 100.0, 17)  # of today's demand
CRITICALITIES = np.geomspace(0.1, 1_000.0, 13)  # of today's cost of an hour down
LIKELY_PLAYS = 85  # coarse lines and a frontier of usual length: only for the share done


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Who is worth most on the mean: `map.across` are factors on demand, `map.up` on the cost of an hour down."""

    strategies: tuple[str, ...]
    map: WinnerMap


def ground(scenario: Scenario[Quantity], seed: int, progress: Callable[[float], None] = lambda share: None) -> Ground:
    """The map of scale and criticality over the strategies that do something and buy nothing: build-or-buy is held equal.

    Parameters
    ----------
    scenario
        The beliefs and strategies; all other beliefs keep their spread.
    seed
        Of the futures, the same in every cell.
    progress
        Called with the share done; whatever it raises ends the work.
    """
    doing = [name for name, lever in scenario.strategies.items() if lever.use_cases_start_month is not None]
    names = tuple(name for name in doing if not scenario.strategies[name].buys) or tuple(scenario.strategies)
    points = points_of(scenario, GROUND_SAMPLES, seed)
    asked = 0

    def play(scale: float, criticality: float) -> Array:
        nonlocal asked
        progress(min(0.98, asked / LIKELY_PLAYS))
        asked += 1
        return simulate(scaled(scenario, scale, criticality), points, names, record=()).npv_usd

    *_, last = refining_winner_maps(play, SCALES, CRITICALITIES, tolerance_usd=TIE_USD)
    return Ground(strategies=names, map=last)


def scaled(scenario: Scenario[Quantity], scale: float, criticality: float) -> Scenario[Quantity]:
    """The scenario with so many times the demand and so many times the cost of an hour down."""

    def changed(path: str, quantity: Quantity) -> Quantity:
        if path == "operations.incident_usd_per_hour":
            return times(quantity, criticality)
        if path.startswith("workloads.") and path.endswith(".units_per_day"):
            return times(quantity, scale)
        return quantity

    return mapped(scenario, changed)


def times(quantity: Quantity, factor: float) -> Quantity:
    """The quantity with a factor above 0 on its whole distribution."""
    if isinstance(quantity, Fixed):
        return replace(quantity, value=quantity.value * factor)
    if isinstance(quantity, Lognormal):
        return replace(quantity, p10=quantity.p10 * factor, p90=quantity.p90 * factor)
    if isinstance(quantity, Choice):
        return replace(quantity, values=tuple(value * factor for value in quantity.values))
    if isinstance(quantity, Beta):
        raise TypeError("a share from 0 to 1 has no scale")
    ends = {name: getattr(quantity, name) * factor for name in ("low", "central", "high") if hasattr(quantity, name)}
    return replace(quantity, **ends)
