"""The whole chain of the retail profile, five workloads over 36 months: its five strategies in 1,024 and 256 futures, five that
all do something, and every month in which a platform may begin; and the memory it takes.

    python tests/benchmarks/engine_speed.py

Seconds are the processor's, the fastest of several warm runs on one core; bars are multiplied by the scale of `reference.py`,
measured before and after in the same process.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from bars import Bars
from reference import scale

from groundwork.analysis.timing import staged_levers, starts_of
from groundwork.draws import unit_points
from groundwork.profiles import load
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, dimensions
from groundwork.strategy.simulation import simulate

MILLISECONDS = {1_024: 80.0, 256: 25.0}
ALL_PLAYED_MILLISECONDS, STARTS_SECONDS = 100.0, 3.0
REPEATS = 15
MEGABYTES = 400.0
ALONE = """
import resource
from groundwork.profiles import load
from groundwork.study import outcome_of
scenario = load("retail")
outcome_of(scenario, 1024, scenario.seed)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def milliseconds(scenario: Scenario[Quantity], samples: int) -> float:
    """The fastest warm run of all its strategies."""
    points = unit_points(dimensions(scenario), samples, scenario.seed)
    return fastest(lambda: simulate(scenario, points, tuple(scenario.strategies)), REPEATS)


def fastest(play: Callable[[], object], repeats: int) -> float:
    """Milliseconds of the processor in the fastest of several runs."""
    best = float("inf")
    for _ in range(repeats):
        started = time.process_time()
        play()
        best = min(best, time.process_time() - started)
    return 1e3 * best


def nobody_waits(scenario: Scenario[Quantity]) -> Scenario[Quantity]:
    """`wait` costs nothing to play: in its place the staged plan with its platform begun in month 18, whatever is seen."""
    others = {name: lever for name, lever in scenario.strategies.items() if name != "wait"}
    later = replace(others["staged"], platform_trigger=None, platform_start_month=18)
    return replace(scenario, strategies={**others, "later": later})


def main() -> None:
    """Print one line for each bar."""
    bars = Bars()
    before = scale()
    scenario = load("retail")
    found = {samples: milliseconds(scenario, samples) for samples in MILLISECONDS}
    all_played = nobody_waits(scenario)
    found_all = milliseconds(all_played, 1_024)
    levers_of = staged_levers(scenario.strategies)
    starts = fastest(lambda: starts_of(simulate, scenario, levers_of, 1_024, scenario.seed), 3)
    factor = min(before, scale())
    print(f"scale {factor:.2f} (reference workload {100 * factor:.0f} ms)")
    for samples, value in found.items():
        bars.at_most(f"retail, 5 strategies x {samples:,} x 36, scaled", value / factor, MILLISECONDS[samples], "ms")
    served = sum(item.enabled for item in scenario.workloads.values())
    name = f"{len(all_played.strategies)} played strategies x {served} workloads x 1,024 x 36, scaled"
    bars.at_most(name, found_all / factor, ALL_PLAYED_MILLISECONDS, "ms")
    bars.at_most("37 months to begin in, 1,024 futures, scaled", starts / factor / 1e3, STARTS_SECONDS, "s")
    shown = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    bars.at_most("peak memory of one process, 1,024 futures", float(shown.stdout), MEGABYTES, "MB")
    bars.close()


if __name__ == "__main__":
    main()
