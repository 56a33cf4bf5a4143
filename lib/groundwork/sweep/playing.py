"""A point of the grid and its rows; all points in order, whatever the executor does first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from typing import Any, TypeAlias

import numpy as np

from groundwork.analysis.comparison import wins
from groundwork.analysis.robustness import regrets, worst_cases_mean_usd
from groundwork.profiles import apply_settings
from groundwork.quantities import Quantity
from groundwork.results import TIE_USD
from groundwork.results.documents import spread_of
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import simulate
from groundwork.study.runs import points_of
from groundwork.sweep.grid import Sweep
from groundwork.sweep.workers import Processes

AHEAD = 4  # points handed out for each worker before the first comes back
MOST_DEATHS = 3  # of processes at one point: it is the point that kills them
Row: TypeAlias = dict[str, Any]


def played(scenario: Scenario[Quantity], settings: Mapping[str, str], samples: int, seed: int) -> list[Row]:
    """The rows of one point: a function of its arguments alone, so any process may play it.

    Raises
    ------
    InputFault
        Where the settings do not fit together.
    """
    changed = apply_settings(scenario, [f"{path}={value}" for path, value in settings.items()])
    outcome = simulate(changed, points_of(changed, samples, seed), tuple(changed.strategies), record=())
    best = wins(outcome.npv_usd, TIE_USD).best_ratio
    missed, tail_usd = regrets(outcome.npv_usd), worst_cases_mean_usd(outcome.npv_usd)
    rows = []
    for place, strategy in enumerate(outcome.strategies):
        value = {f"npv_usd_{level}": amount for level, amount in spread_of(outcome.npv_usd[place]).items()}
        cost = sum(values[place] for values in outcome.cost_usd.values())
        rows.append(
            {**{path: _typed(text) for path, text in settings.items()}, "strategy": strategy, "p_best": float(best[place])}
            | value
            | {"cost_usd_mean": float(np.mean(cost)), "regret_usd_mean": float(missed.mean_usd[place])}
            | {"regret_usd_max": float(missed.max_usd[place]), "worst_cases_mean_usd": float(tail_usd[place])}
        )
    return rows


def _typed(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def swept(
    sweep: Sweep,
    executor: Executor | None = None,
    workers: int = 1,
    done: Sequence[list[Row]] = (),
    keep: Callable[[list[Row]], None] = lambda rows: None,
    progress: Callable[[int, int], None] = lambda number, count: None,
) -> Iterator[Row]:
    """Every row of the sweep in the order of its points, whatever the executor does first.

    Parameters
    ----------
    sweep
        Checked.
    executor
        Anything with `submit` of `concurrent.futures`; without one the points are played here.
    workers
        How many points the executor plays at once: four times as many are handed out ahead, so memory stays bounded.
    done
        Rows of the first points, from a sweep that was stopped.
    keep
        Called with the rows of each further point, in order, as soon as they are there.
    progress
        Called with points done and points in all.
    """
    for number, rows in enumerate(done, start=1):
        progress(number, sweep.count)
        yield from rows
    rest = enumerate(sweep.points())
    for _ in range(len(done)):
        next(rest)
    number = len(done)
    for rows in _in_order(sweep, rest, executor, workers):
        keep(rows)
        number += 1
        progress(number, sweep.count)
        yield from rows


def _in_order(
    sweep: Sweep, rest: Iterator[tuple[int, dict[str, str]]], executor: Executor | None, workers: int
) -> Iterator[list[Row]]:
    if executor is None:
        for _, settings in rest:
            yield played(sweep.scenario, settings, sweep.samples, sweep.seed)
        return
    handed = HandedOut(sweep, executor)
    for place, settings in rest:
        handed.out(place, settings)
        while len(handed) >= AHEAD * workers:
            yield handed.next_rows()
    while len(handed):
        yield handed.next_rows()


class HandedOut:
    """The points that an executor has, in the order in which their rows are wanted; what a dead process had is played again."""

    def __init__(self, sweep: Sweep, executor: Executor) -> None:
        self.sweep = sweep
        self.executor = executor
        self._points: dict[int, tuple[dict[str, str], Future[list[Row]]]] = {}

    def __len__(self) -> int:
        return len(self._points)

    def out(self, place: int, settings: dict[str, str]) -> None:
        """Give a point to the executor."""
        self._points[place] = settings, self._submitted(settings)

    def next_rows(self) -> list[Row]:
        """The rows of the first point that was handed out, waited for.

        Raises
        ------
        RuntimeError
            Where the point kills one process after another.
        """
        place = min(self._points)
        for _ in range(MOST_DEATHS):
            try:
                rows = self._points[place][1].result()
            except BrokenExecutor:
                self._again()
            else:
                del self._points[place]
                return rows
        settings = ", ".join(f"{path}={value}" for path, value in self._points[place][0].items())
        raise RuntimeError(f"{MOST_DEATHS} processes died at {settings}: too little memory for so many futures or workers?")

    def _submitted(self, settings: dict[str, str]) -> Future[list[Row]]:
        own = self.sweep.scenario, settings, self.sweep.samples, self.sweep.seed
        try:
            return self.executor.submit(played, *own)
        except BrokenExecutor:
            self._renewed()
            return self.executor.submit(played, *own)

    def _renewed(self) -> None:
        if not isinstance(self.executor, Processes):
            raise
        self.executor.renew()

    def _again(self) -> None:
        """New processes, and everything that the dead ones had not finished."""
        self._renewed()
        for place, (settings, future) in self._points.items():
            if not future.done() or future.cancelled() or future.exception() is not None:
                self._points[place] = settings, self._submitted(settings)
