"""Long work that a page needs, what it is asked about, and what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from groundwork.quantities import Quantity
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome
from groundwork.study.jobs import Report


@dataclass(frozen=True, slots=True)
class Work:
    """Long work that a page needs: its name in `Study.found`, what a reader is told, and the work itself.

    `run(study, report)` reads `study.scenario`, `study.pair`, `study.seed` and `study.asked` once at its start and calls
    `report(share)` often: it raises when the work is no longer wanted. `asks` names the page's choices that it depends on.
    """

    name: str
    title: str
    run: Callable[[Asked, Report], Any]
    asks: tuple[str, ...] = ()

    def about(self, asked: Asked) -> Callable[[Report], Any]:
        """The work that waits for nothing but somebody to report to."""
        return lambda report: self.run(asked, report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What long work is about: a frozen picture of the study at the moment it was asked."""

    scenario: Scenario[Quantity]
    base: Scenario[Quantity]
    values: Mapping[str, Any]
    outcome: Outcome
    pair: tuple[str, str]
    seed: int
    choices: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A result of long work and what it is about; `is_fresh` says whether that is what the page shows now."""

    result: Any
    about: tuple[Any, ...]
    is_fresh: bool
