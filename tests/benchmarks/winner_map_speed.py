"""How long the map of winners takes, 21 x 21 cells of the retail profile: the first picture, and the exact one by either measure.

    python tests/benchmarks/winner_map_speed.py

The two beliefs are those that move the lead most; bars are multiplied by the scale of `reference.py`.
"""

from __future__ import annotations

import time

from bars import Bars
from reference import scale

from groundwork.profiles import load
from groundwork.study.maps import first_winner_map, winner_maps
from groundwork.study.runs import outcome_of, points_of

AXES = ("demand.shock_factor", "workloads.support_assistant.units_per_day")
FIRST_SECONDS, WHOLE_SECONDS = 0.5, 5.0


def main() -> None:
    """Print the times and the bars."""
    scenario = load("retail")
    machine = scale()
    outcome, points = outcome_of(scenario, 4_096, scenario.seed), points_of(scenario, 4_096, scenario.seed)
    bars = Bars()
    began = time.process_time()
    first_winner_map(scenario, outcome, points, *AXES)
    bars.at_most("first picture", time.process_time() - began, FIRST_SECONDS * machine, "s")
    for judged in ("futures", "mean"):
        began = time.process_time()
        *_, found = winner_maps(scenario, *AXES, scenario.seed, judged=judged)  # type: ignore[arg-type]
        took = time.process_time() - began
        bars.at_most(f"whole map by {judged}, {int(found.evaluated.sum())} of 441 cells", took, WHOLE_SECONDS * machine, "s")
    bars.close()


if __name__ == "__main__":
    main()
