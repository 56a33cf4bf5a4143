"""The state of one reader's page: the scenario they made, what came of it, and the work that goes on beside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import traitlets

from groundwork.errors import InputFault
from groundwork.quantities import Array, Quantity
from groundwork.results.verdicts import Pair, compared
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome
from groundwork.study.changes import Change, State, based, changes_of, is_home, scenario_of
from groundwork.study.jobs import Jobs
from groundwork.study.runs import outcome_of, points_of
from groundwork.study.steps import Steps
from groundwork.study.work import Asked as Asked
from groundwork.study.work import Found as Found
from groundwork.study.work import Work as Work

SAMPLES = {"dragging": 256, "released": 1_024, "resting": 4_096}
REST_S = 3.0  # a page that nobody touches for so long is refined
BUSY_S = 1.0  # a released run that takes longer tells of a loaded machine: no refinement then
REFINING = "Refining"


class Study(traitlets.HasTraits):  # type: ignore[misc]
    """One reader's study. Observe `outcome` (something was played) and `found` (long work came back), nothing else.

    `phase` is dragging, released or resting: 256, 1,024 or 4,096 futures. Everything a reader decides is in `state`; scenario,
    changes and undo follow from it.
    """

    outcome = traitlets.Any()
    found = traitlets.Dict()
    progress = traitlets.Any(None, allow_none=True)
    fault = traitlets.Unicode("")
    is_settled = traitlets.Bool(False)  # nothing more will come until the reader does something

    def __init__(self, profile: Scenario[Quantity]) -> None:
        super().__init__()
        self.profile = profile
        self.seed = profile.seed
        self.state = State()
        self.base = profile
        self.scenario = profile
        self.phase = "released"
        self.asked: dict[str, Any] = {}
        self.compared: tuple[str, str] | None = None
        self.jobs = Jobs()
        self._refiner = Jobs()  # a lane of its own: a refined verdict does not wait for long work
        self.jobs.on_progress = lambda progress: setattr(self, "progress", progress)
        self.jobs.on_fault = self._failed
        self._refiner.on_fault = self._failed
        self._steps = Steps()
        self._before: dict[tuple[tuple[str, ...], int], Outcome] = {}
        self._wanted: list[Work] = []
        self._under_way: dict[str, tuple[Any, ...]] = {}
        self._is_busy = False
        self._is_refining = False
        self._timer: Any = None
        self._play()

    # what the page reads ------------------------------------------------------------------------------------------------

    @property
    def samples(self) -> int:
        return SAMPLES[self.phase]

    @property
    def pair(self) -> Pair:
        """The two strategies that are compared: those of `results.verdicts.compared`, unless the reader chose."""
        return compared(self.outcome) if self.compared is None else Pair(self.outcome, *self.compared)

    @property
    def changes(self) -> list[Change]:
        return changes_of(self.base, self.state.values)

    @property
    def before(self) -> Outcome:
        """The outcome before the reader's changes, in as many futures as the present one."""
        key = (self.state.presets, self.samples)
        if key not in self._before:
            self._before[key] = outcome_of(self.base, self.samples, self.seed)
        return self._before[key]

    @property
    def points(self) -> Array:
        """[sample, belief], the random points of the present outcome, columns in the order of `scenario.dimensions`."""
        return points_of(self.scenario, self.samples, self.seed).matrix

    @property
    def can_undo(self) -> bool:
        return self._steps.can_undo

    @property
    def can_redo(self) -> bool:
        return self._steps.can_redo

    def result(self, name: str) -> Any:
        """What work of this name found last, for this scenario or an earlier one, or nothing."""
        return self.found[name].result if name in self.found else None

    # what the reader does -----------------------------------------------------------------------------------------------

    def change(self, path: str, value: Any, phase: str = "released") -> None:
        """Put a value at a dotted path; `InputFault` leaves everything as it was."""
        home = is_home(self.base, path, value)
        self._go(self.state.without({path}) if home else self.state.with_value(path, value), phase)

    def reset(self, paths: Collection[str] | None = None) -> None:
        """Put some values, or all of them and the presets, back to where the profile has them."""
        self._go(State() if paths is None else self.state.without(set(paths)))

    def choose_presets(self, names: Sequence[str]) -> None:
        """Start from presets of the profile; values the reader changed stay changed."""
        self._go(State(tuple(names), self.state.values))

    def restore(self, state: State, seed: int) -> None:
        """Take a whole state and its seed, from a link or a file; `InputFault` leaves everything as it was."""
        kept, self.seed = self.seed, seed
        if kept != seed:
            self._before.clear()
        try:
            self._go(state)
        except InputFault:
            self.seed = kept
            raise

    def undo(self) -> None:
        if self.can_undo:
            self._set(self._steps.back(self.state), "released")

    def redo(self) -> None:
        if self.can_redo:
            self._set(self._steps.forth(self.state), "released")

    def ask(self, name: str, value: Any) -> None:
        """Answer a question of a page (which two beliefs, which filter); work that depends on it starts again."""
        self.asked = {**self.asked, name: value}
        self._drop()
        self._start_work()

    def compare(self, first: str, second: str) -> None:
        """Compare these two strategies from now on."""
        self.compared = (first, second)
        self._play()

    def cancel(self) -> None:
        """Stop the long work; what the page shows stays."""
        self._drop()

    def resume(self) -> None:
        """Begin again with what was cancelled."""
        self._start_work()

    def want(self, work: Collection[Work]) -> None:
        """Keep the results of this work up to date from now on: what the open page needs."""
        self._wanted = list(work)
        self._drop()
        if self.phase != "dragging":
            self._start_work()

    def settle(self) -> None:
        """Wait for all work that is under way and take its results: for where no loop runs."""
        self._refiner.settle()
        self.jobs.settle()

    # what follows -------------------------------------------------------------------------------------------------------

    def _go(self, state: State, phase: str = "released") -> None:
        before = self.state
        self._set(state, phase)
        self._steps.moved(before, self.state, phase)

    def _set(self, state: State, phase: str) -> None:
        base = self.base if state.presets == self.state.presets else based(self.profile, state.presets)
        scenario = scenario_of(base, state.values)
        self.base, self.scenario, self.state, self.phase = base, scenario, state, phase
        self._play()

    def _play(self) -> None:
        self._drop()
        began = time.perf_counter()
        outcome = outcome_of(self.scenario, self.samples, self.seed)
        took = time.perf_counter() - began
        self._show(outcome)
        if self.phase == "dragging":
            return
        self._is_busy = took > BUSY_S
        self._start_work()

    def _show(self, outcome: Outcome) -> None:
        """A new outcome, and with it what of the long work is still about it, in one step."""
        with self.hold_trait_notifications():
            known, self.outcome = self.found, outcome
            self.found = {name: Found(item.result, item.about, self._is_about_now(name, item)) for name, item in known.items()}

    def _drop(self) -> None:
        self.jobs.drop()
        self._refiner.drop()
        self._under_way.clear()
        self._is_refining = False
        self.progress = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._tell()

    def _tell(self) -> None:
        self.is_settled = not self._under_way and not self._is_refining and self._timer is None

    def _failed(self, title: str, fault: Exception) -> None:
        for work in self._wanted:
            if work.title == title:
                self._under_way.pop(work.name, None)
        if title == REFINING:
            self._is_refining = False
        self.fault = f"{title}: {fault}"
        self._tell()

    def rest(self) -> None:
        """Refine to 4,096 futures beside the page; whatever the reader does next drops it."""
        if self.phase != "released":
            return
        scenario, seed = self.scenario, self.seed
        self._timer, self._is_refining = None, True
        self._tell()
        self._refiner.start(REFINING, lambda report: outcome_of(scenario, SAMPLES["resting"], seed), self._refined)

    def _refined(self, outcome: Outcome) -> None:
        self.phase, self._is_refining = "resting", False
        self._show(outcome)
        if any(work.name in self._under_way and self._under_way[work.name] != self._about(work) for work in self._wanted):
            self.jobs.drop()  # more futures put another strategy ahead: what is under way is about a pair nobody compares now
            self._under_way.clear()
            self.progress = None
        self._start_work()

    def _is_about_now(self, name: str, item: Found) -> bool:
        work = next((work for work in self._wanted if work.name == name), None)
        return work is not None and self.phase != "dragging" and item.about == self._about(work)

    def _about(self, work: Work) -> tuple[Any, ...]:
        pair = self.pair
        return (
            self.state.presets,
            tuple(self.state.values.items()),
            pair.first,
            pair.second,
            *(self.asked.get(name) for name in work.asks),
        )

    def _start_work(self) -> None:
        for work in self._wanted:
            about = self._about(work)
            known = self.found.get(work.name)
            if known is not None and known.about == about:
                if not known.is_fresh:
                    self.found = {**self.found, work.name: Found(known.result, about, True)}
                continue
            if self._under_way.get(work.name) == about:
                continue
            self._under_way[work.name] = about
            asked = Asked(
                scenario=self.scenario,
                base=self.base,
                values=dict(self.state.values),
                outcome=self.outcome,
                pair=(self.pair.first, self.pair.second),
                seed=self.seed,
                choices=dict(self.asked),
            )
            self.jobs.start(work.title, work.about(asked), self._keeper(work.name, about))
        if self.phase == "released" and self._timer is None and self.jobs.loop is not None and not self._is_busy:
            self._timer = self.jobs.loop.call_later(REST_S, self.rest)
        self._tell()

    def _keeper(self, name: str, about: tuple[Any, ...]) -> Callable[[Any], None]:
        def keep(result: Any) -> None:
            self._under_way.pop(name, None)
            self.found = {**self.found, name: Found(result, about, True)}
            self._tell()

        return keep


def lead_usd(outcome: Outcome, pair: tuple[str, str]) -> float:
    """The median lead of the first over the second."""
    return float(np.median(Pair(outcome, *pair).lead_usd))
