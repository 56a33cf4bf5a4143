"""The levers of the strategies played, as arrays: [strategy, 1], or [strategy, workload, 1] where workloads differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from groundwork.levers import Strategy, Trigger
from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.loops.compiled import plain


@dataclass(frozen=True, slots=True)
class Choices:
    """What the strategies chose, in the order in which they are played; a month of infinity is never.

    Only strategies that do something and differ from those before them are played: `rows` are their places in the result and
    `copies` the (place, place of its equal) of the others. `bought` and `built` are 0 or 1, [strategy, workload, 1]; `buyers`
    lists the played rows that buy something; `triggers` those whose platform waits for something to be observed. `strength`
    says by channel how much of a whole platform's effect the components built have; `whole` that it is all of it everywhere.
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
    zones_count: Array
    spare_servers_count: Array
    owned_ratio: Array
    vendors_count: Array
    work_ratio: Array
    strength: Mapping[str, Array]
    whole: bool
    bought: Array
    built: Array
    buyers: tuple[int, ...]
    triggers: tuple[tuple[int, Trigger], ...]

    def each(self, values: Array) -> Array:
        """Values [sample] or [strategy, sample] once for every strategy, [strategy, sample]; an array of its own.

        Arithmetic on arrays of one shape takes half the time of arithmetic that has to stretch one of them.
        """
        return plain(np.broadcast_to(values, (self.count, values.shape[-1])))

    def fed(self, maturity: Array, channel: str) -> Array:
        """Maturity as a channel feels it: less where components that feed it were left out."""
        return maturity if self.whole or channel not in self.strength else maturity * self.strength[channel]


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
    strength, work_ratio = _platform(scenario, levers)
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
        zones_count=_column([lever.zones_count for lever in levers]),
        spare_servers_count=_column([lever.spare_servers_count for lever in levers]),
        owned_ratio=_column([lever.owned_ratio for lever in levers]),
        vendors_count=_column([lever.vendors_count for lever in levers]),
        work_ratio=work_ratio,
        strength=strength,
        whole=all(bool((share == 1.0).all()) for share in strength.values()),
        bought=bought,
        built=1.0 - bought,
        buyers=tuple(np.flatnonzero(bought.any(axis=(1, 2))).tolist()),
        triggers=tuple((row, lever.platform_trigger) for row, lever in enumerate(levers) if lever.platform_trigger is not None),
    )


def _platform(scenario: Scenario[Array], levers: Sequence[Strategy]) -> tuple[dict[str, Array], Array]:
    """How strongly each strategy's platform feeds each channel, and its work over that of a whole platform.

    A scenario without components has one kind of platform, the whole one; so has a strategy that builds all of them.
    """
    parts = scenario.components
    if not parts:
        return {}, np.ones((len(levers), 1))
    picked = [
        list(parts) if "*" in lever.components else [name for name in parts if name in lever.components] for lever in levers
    ]
    fed = sorted({name for part in parts.values() for name in part.feeds})

    def share(values: Mapping[str, float]) -> Array:
        return _column([1.0 if len(names) == len(parts) else sum(values[name] for name in names) for names in picked])

    strength = {channel: share({name: part.feeds.get(channel, 0.0) for name, part in parts.items()}) for channel in fed}
    return strength, share({name: part.work_ratio for name, part in parts.items()})


_NO_CHOICE = {"label", "short", "sentence", "look", "buys"}


def _month(month: int | None) -> float:
    return np.inf if month is None else float(month)


def _column(values: Sequence[float]) -> Array:
    return np.array(values, dtype=float)[:, None]
