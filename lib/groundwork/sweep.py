"""Many runs: a grid of settings played point by point, on any executor, one tidy row for each point and strategy.

A point is reduced where it is played, so memory does not grow with the grid. What is done is written down as it comes; a sweep
that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from groundwork import __version__
from groundwork.analysis.comparison import regrets, wins
from groundwork.errors import Fault, InputFault
from groundwork.profiles import apply_settings
from groundwork.quantities import Quantity
from groundwork.results import TIE_USD
from groundwork.results.documents import spread_of
from groundwork.scenario import Scenario, digest
from groundwork.strategy.simulation import simulate
from groundwork.study.changes import checked_lever
from groundwork.study.runs import points_of

MOST_POINTS = 1_000_000
AHEAD = 4  # points handed out for each worker before the first comes back
ENDINGS = (".parquet", ".csv", ".json")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One thing that is varied: its dotted path and the texts of its values, as `--set` takes them."""

    path: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """A grid over a scenario: every combination of the axes' values, each played in the same futures."""

    scenario: Scenario[Quantity]
    axes: tuple[Axis, ...]
    samples: int
    seed: int

    @property
    def count(self) -> int:
        """Number of points."""
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def name(self) -> str:
        """Sixteen hex digits for everything that the rows depend on."""
        grid = repr([(axis.path, axis.values) for axis in self.axes])
        plain = f"{digest(self.scenario, self.samples, self.seed, __version__)} {grid}"
        return hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()

    def points(self) -> Iterator[dict[str, str]]:
        """Settings of every point, the last axis fastest."""
        for values in product(*(axis.values for axis in self.axes)):
            yield {axis.path: value for axis, value in zip(self.axes, values, strict=True)}


def axes_of(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Axes from `PATH=LOW:HIGH:STEPS` (equal steps, both ends in) or `PATH=VALUE,VALUE,...`.

    Raises
    ------
    InputFault
        With everything that is wrong with any of them.
    """
    faults: list[Fault] = []
    axes: list[Axis] = []
    for text in texts:
        path, mark, said = text.partition("=")
        try:
            if not mark or not path or not said:
                raise ValueError("PATH=LOW:HIGH:STEPS or PATH=VALUE,VALUE")
            axes.append(Axis(path=path, values=_values(said)))
        except ValueError as wrong:
            faults.append(Fault(path=f"--vary {path}", rule=str(wrong), came=text))
    paths = [axis.path for axis in axes]
    faults += [
        Fault(path=f"--vary {path}", rule="varied twice") for path in sorted({path for path in paths if paths.count(path) > 1})
    ]
    if not texts:
        faults.append(Fault(path="--vary", rule="at least one PATH=LOW:HIGH:STEPS"))
    if faults:
        raise InputFault(faults)
    return tuple(axes)


def _values(said: str) -> tuple[str, ...]:
    if ":" not in said or said.lstrip().startswith("{"):
        values = tuple(part.strip() for part in said.split(","))
        if "" in values:
            raise ValueError("an empty value in the list")
        return values
    parts = said.split(":")
    if len(parts) != 3:
        raise ValueError("LOW:HIGH:STEPS has three numbers")
    try:
        low, high, steps = float(parts[0]), float(parts[1]), int(parts[2])
    except ValueError:
        raise ValueError("LOW and HIGH are numbers, STEPS is a whole number") from None
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        raise ValueError("LOW lies at or below HIGH, both finite")
    if steps < 1 or (steps == 1) != (low == high):
        raise ValueError("STEPS: 2 or more (1 where LOW is HIGH)")
    return tuple(_number(float(value)) for value in np.linspace(low, high, steps))


def _number(value: float) -> str:
    """A number as text: without the last digits that equal steps leave behind, whole where it is whole."""
    short = float(f"{value:.12g}")
    return str(int(short)) if short.is_integer() and abs(short) < 1e15 else repr(short)


def checked(sweep: Sweep) -> Sweep:
    """The sweep, once every value of every axis was tried by itself.

    Raises
    ------
    InputFault
        With every value that the scenario does not take, and a grid that is too large.
    """
    faults: list[Fault] = []
    if sweep.count > MOST_POINTS:
        faults.append(Fault(path="--vary", rule=f"at most {MOST_POINTS:,} points", came=f"{sweep.count:,}"))
    for axis in sweep.axes:
        for value in axis.values[:: max(1, len(axis.values) - 1)]:  # a range is allowed where both its ends are
            try:
                changed = apply_settings(sweep.scenario, [f"{axis.path}={value}"])
                if axis.path.startswith("strategies."):
                    with suppress(KeyError):  # a lever that is no number: the profile's own rules have seen it
                        checked_lever(sweep.scenario, axis.path, _at(changed, axis.path))
            except InputFault as fault:
                faults += [one for one in fault.faults if one not in faults]
    if faults:
        raise InputFault(faults)
    return sweep


def _at(scenario: Any, path: str) -> Any:
    for part in path.split("."):
        scenario = scenario[part] if isinstance(scenario, Mapping) else getattr(scenario, part)
    return scenario


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
    missed = regrets(outcome.npv_usd).mean_usd
    rows = []
    for place, strategy in enumerate(outcome.strategies):
        value = {f"npv_usd_{level}": amount for level, amount in spread_of(outcome.npv_usd[place]).items()}
        cost = sum(values[place] for values in outcome.cost_usd.values())
        rows.append(
            {**{path: _typed(text) for path, text in settings.items()}, "strategy": strategy, "p_best": float(best[place])}
            | value
            | {"cost_usd_mean": float(np.mean(cost)), "regret_usd_mean": float(missed[place])}
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
    under_way: dict[int, Future[list[Row]]] = {}
    coming = None
    for place, settings in rest:
        coming = place if coming is None else coming
        under_way[place] = executor.submit(played, sweep.scenario, settings, sweep.samples, sweep.seed)
        while len(under_way) >= AHEAD * workers:
            yield under_way.pop(coming).result()
            coming += 1
    for place in sorted(under_way):
        yield under_way.pop(place).result()


@contextmanager
def executor_of(scheduler: str | None, workers: int) -> Iterator[Executor | None]:
    """Where points are played: on a Dask cluster, in processes of this machine, or here; closed at the end.

    Raises
    ------
    InputFault
        Where a cluster is asked for and its package is not installed.
    """
    if scheduler:
        try:
            from distributed import Client
        except ImportError:
            raise InputFault("--scheduler: needs the package distributed; pip install distributed") from None
        with Client(scheduler) as client, client.get_executor() as executor:
            yield executor
    elif workers > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as processes:
            yield processes
    else:
        yield None


class Journal:
    """What is done of a sweep, a line for each point, beside the file that is asked for; gone once that is written."""

    def __init__(self, target: Path, sweep: Sweep) -> None:
        self.path = target.with_name(target.name + ".part")
        self.sweep = sweep

    def done(self) -> list[list[Row]]:
        """Rows of the points that an earlier start of the same sweep finished; another sweep's are not taken."""
        if not self.path.exists():
            return []
        first, *lines = self.path.read_text(encoding="utf-8").split("\n")
        if first != self.sweep.name:
            return []
        found = []
        for line in lines[:-1]:  # the last line ends with no line break where the stop came in the middle of it
            found.append(json.loads(line))
        return found[: self.sweep.count]

    def begin(self, done: Sequence[list[Row]]) -> None:
        """A clean journal with what is done."""
        lines = [self.sweep.name, *(json.dumps(rows) for rows in done)]
        self.path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def keep(self, rows: list[Row]) -> None:
        """One point more."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows) + "\n")

    def end(self) -> None:
        """All is written elsewhere."""
        self.path.unlink(missing_ok=True)


def write(rows: Sequence[Row], target: Path) -> None:
    """The rows as Parquet, CSV or JSON, by the ending of the name."""
    if target.suffix == ".json":
        target.write_text(json.dumps(list(rows), ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
        return
    import pandas as pd

    table = pd.DataFrame(list(rows))
    if target.suffix == ".csv":
        table.to_csv(target, index=False, lineterminator="\n")
    else:
        table.to_parquet(target, index=False)
