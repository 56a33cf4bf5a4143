"""The levers of the strategies played, as arrays: [strategy, 1], or [strategy, workload, 1] where workloads differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from groundwork.levers import Trigger
from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Choices:
    """What the strategies chose, in the order in which they are played; a month of infinity is never.

    Only strategies that do something and differ from those before them are played: `rows` are their places in the result and
    `copies` the (place, place of its equal) of the others. `bought` and `built` are 0 or 1, [strategy, workload, 1]; `buyers`
    lists the played rows that buy something; `triggers` those whose platform waits for something to be observed.
    """

    rows: slice | list[int]
    copies: tuple[tuple[int, int], ...]
    count: int
    use_cases_start: Array
    platform_start: Array
    platform_team_fte: Array
    diverted_ratio: Array
    wait_months: Array
    commit_ratio: Array
    buffer_ratio: Array
    one_zone: Flags
    bought: Array
    built: Array
    buyers: tuple[int, ...]
    triggers: tuple[tuple[int, Trigger], ...]


def chosen(scenario: Scenario[Array], names: Sequence[str]) -> Choices:
    """The levers of the named strategies; waiting for the platform counts only while the sequencing channel is on."""
    work = {name: item for name, item in scenario.workloads.items() if item.enabled}
    played: dict[tuple[object, ...], int] = {}
    copies = []
    for place, name in enumerate(names):
        lever = scenario.strategies[name]
        buys = tuple(item.buyable and ("*" in lever.buys or name in lever.buys) for name, item in work.items())
        choice = (buys, *(getattr(lever, entry.name) for entry in fields(lever) if entry.name not in _NO_CHOICE))
        idle = (lever.use_cases_start_month, lever.platform_start_month, lever.platform_trigger) == (None, None, None)
        if not idle and played.setdefault(choice, place) != place:
            copies.append((place, played[choice]))
    rows = list(played.values())
    levers = [scenario.strategies[names[row]] for row in rows]
    bought = np.array([[float(buy) for buy in choice[0]] for choice in played]).reshape(len(rows), len(work), 1)  # type: ignore[attr-defined]
    return Choices(
        rows=slice(0, len(rows)) if rows == list(range(len(rows))) else rows,
        copies=tuple(copies),
        count=len(rows),
        use_cases_start=_column([_month(lever.use_cases_start_month) for lever in levers]),
        platform_start=_column([_month(lever.platform_start_month) for lever in levers]),
        platform_team_fte=_column([lever.platform_team_fte for lever in levers]),
        diverted_ratio=_column([lever.diverted_ratio for lever in levers]),
        wait_months=_column([lever.use_cases_wait_months * scenario.channels.sequencing.enabled for lever in levers]),
        commit_ratio=_column([lever.commit_ratio for lever in levers]),
        buffer_ratio=_column([lever.buffer_ratio for lever in levers]),
        one_zone=_column([lever.zones_count for lever in levers]) == 1.0,
        bought=bought,
        built=1.0 - bought,
        buyers=tuple(np.flatnonzero(bought.any(axis=(1, 2))).tolist()),
        triggers=tuple((row, lever.platform_trigger) for row, lever in enumerate(levers) if lever.platform_trigger is not None),
    )


_NO_CHOICE = {"label", "short", "sentence", "look", "buys"}


def _month(month: int | None) -> float:
    return np.inf if month is None else float(month)


def _column(values: Sequence[float]) -> Array:
    return np.array(values, dtype=float)[:, None]
