"""When to move: every start month of the platform priced in many futures, and whether a look is worth it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from groundwork.analysis.timing import Timing, staged_levers, starts_of, timing
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import simulate

BLOCK_SAMPLES = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The answer and the strategies it speaks of; `day_one` and `never` are those whose levers come nearest to the corners."""

    timing: Timing
    levers_of: str
    day_one: str
    never: str


def when(scenario: Scenario[Quantity], blocks: int, seed: int, progress: Callable[[float], None] = lambda share: None) -> When:
    """When to begin the platform, with the levers of the strategy that begins it later.

    Parameters
    ----------
    scenario
        The beliefs and strategies.
    blocks
        Two sets of so many blocks of 1,024 futures: one chooses the rules that are scored on the other.
    seed
        Of the first block; each block has the next.
    progress
        Called with the share done; whatever it raises ends the work.
    """
    levers_of = staged_levers(scenario.strategies)
    found = timing(lambda number: starts_of(simulate, scenario, levers_of, BLOCK_SAMPLES, seed + number), blocks, progress)
    strategies = scenario.strategies
    working = {name: lever for name, lever in strategies.items() if lever.use_cases_start_month is not None}
    at_once = [name for name, lever in working.items() if lever.platform_start_month == 0]
    without = [name for name, lever in working.items() if lever.platform_start_month is None and not lever.platform_trigger]
    return When(
        timing=found,
        levers_of=levers_of,
        day_one=at_once[0] if at_once else levers_of,
        never=without[0] if without else levers_of,
    )
