"""The whole chain of the retail profile: five strategies, 36 months, 1,024 and 256 futures, and the memory it takes.

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

from bars import Bars
from reference import scale

from groundwork.draws import unit_points
from groundwork.profiles import load
from groundwork.scenario import dimensions
from groundwork.strategy.simulation import simulate

MILLISECONDS = {1_024: 80.0, 256: 25.0}
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


def milliseconds(samples: int) -> float:
    """The fastest warm run."""
    scenario = load("retail")
    points = unit_points(dimensions(scenario), samples, scenario.seed)
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        simulate(scenario, points, tuple(scenario.strategies))
        best = min(best, time.process_time() - started)
    return 1e3 * best


def main() -> None:
    """Print one line for each bar."""
    bars = Bars()
    before = scale()
    found = {samples: milliseconds(samples) for samples in MILLISECONDS}
    factor = min(before, scale())
    print(f"scale {factor:.2f} (reference workload {100 * factor:.0f} ms)")
    for samples, value in found.items():
        bars.at_most(f"retail, 5 strategies x {samples:,} x 36, scaled", value / factor, MILLISECONDS[samples], "ms")
    shown = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    bars.at_most("peak memory of one process, 1,024 futures", float(shown.stdout), MEGABYTES, "MB")
    bars.close()


if __name__ == "__main__":
    main()
