"""The table of start months, played: the levers of one strategy with its platform begun in every month, or never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from groundwork.analysis.timing.starts import Starts, before
from groundwork.draws import Points, unit_points
from groundwork.levers import Strategy
from groundwork.quantities import Array, Quantity
from groundwork.scenario import Scenario, dimensions

FLOWS = {
    "busy_accelerators": "busy_accelerators",
    "monthly_spend_usd": "spend_usd",
    "monthly_value_usd": "value_usd",
}
"""What a month brings, known once it has ended: what is watched, and the monthly series that holds it."""
LEVELS = ("live_use_cases", "graduated_pilots", "finished_pilots", "graduation_learned_ratio")
"""What stands when a month begins, known then."""


class Played(Protocol):
    """What is read of an outcome."""

    @property
    def npv_usd(self) -> Array: ...
    @property
    def monthly(self) -> Mapping[str, Array]: ...


class Simulate(Protocol):
    """The chain."""

    def __call__(
        self, scenario: Scenario[Quantity], points: Points, strategies: Sequence[str], record: Sequence[str]
    ) -> Played: ...


def starts_of(simulate: Simulate, scenario: Scenario[Quantity], levers_of: str, samples: int, seed: int) -> Starts:
    """Play the levers of a strategy with every start month of its platform, in the same futures.

    Parameters
    ----------
    simulate
        The chain.
    scenario
        The beliefs; `levers_of` names one of its strategies.
    levers_of
        All levers but the start of the platform are taken from it.
    samples, seed
        Futures to play.
    """
    levers = replace(scenario.strategies[levers_of], platform_trigger=None)
    months = scenario.months
    tried: dict[str, Strategy] = {f"month {month}": replace(levers, platform_start_month=month) for month in range(months)}
    tried["never"] = replace(levers, platform_start_month=None)
    tried["nothing"] = replace(tried["never"], use_cases_start_month=None)
    changed = replace(scenario, strategies=tried)
    points = unit_points(dimensions(scenario), samples, seed)
    values = simulate(changed, points, tuple(tried), ()).npv_usd
    # what is seen is kept for one strategy only: for all of them it would fill a hundred megabytes
    path = simulate(changed, points, ("never",), (*FLOWS.values(), *LEVELS, "stopped")).monthly
    return Starts(
        start_usd=values[:months],
        never_usd=values[months],
        nothing_usd=values[months + 1],
        known={name: before(path[series][:, 0]) for name, series in FLOWS.items()} | {name: path[name][:, 0] for name in LEVELS},
        stopped=path["stopped"][:, 0] > 0.0,
    )


def staged_levers(strategies: Mapping[str, Strategy]) -> str:
    """The strategy whose levers are taken where none is named: one that begins its platform later, else one that begins it."""

    def lateness(name: str) -> tuple[bool, bool, bool]:
        lever = strategies[name]
        month = lever.platform_start_month
        later = lever.platform_trigger is not None or (month is not None and month > 0)
        return not later, month is None, lever.use_cases_start_month is None

    return min(strategies, key=lateness)
