"""How fast and how exact the monthly cuts are: 36 months, 8 commitments and 3 open sources, 500 samples, against HiGHS.

    python tests/benchmarks/procurement_speed.py

Prints the median and the longest of several problems, the certified gap, and for the first problem the full linear program in
the same run. Times depend on the machine; the ratio and the gap do not.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from capacity_problems import synthetic_problem
from groundwork.formulas.procurement import cheapest_plan, full_program_plan, whole_node_plan

MONTHS, SAMPLES, COMMITMENTS, PROBLEMS = 36, 500, 8, 12
LIMITS = {"a": 0.2, "b": 0.1}


def main() -> None:
    """Print one line per setting, then the comparison with the full program."""
    cheapest_plan(synthetic_problem(6, 10, 2, 0))  # imports and first allocations are not the algorithm's time
    for name, weight, limits in (
        ("mean", 0.0, {}),
        ("mean, vendor limits", 0.0, LIMITS),
        ("tail 0.3", 0.3, {}),
        ("tail 1.0", 1.0, {}),
    ):
        seconds, gaps, rounds = [], [], []
        for seed in range(PROBLEMS):
            problem = synthetic_problem(MONTHS, SAMPLES, COMMITMENTS, seed, weight, limits)
            start = time.perf_counter()
            plan = cheapest_plan(problem)
            seconds.append(time.perf_counter() - start)
            gaps.append(plan.gap_ratio)
            rounds.append(plan.rounds)
        print(
            f"{name:20} median {1e3 * np.median(seconds):6.1f} ms, longest {1e3 * max(seconds):6.1f} ms, "
            f"rounds {min(rounds)} to {max(rounds)}, largest gap {max(gaps):.1e}"
        )
    problem = synthetic_problem(MONTHS, SAMPLES, COMMITMENTS, 0)
    start = time.perf_counter()
    plan = cheapest_plan(problem)
    cuts = time.perf_counter() - start
    start = time.perf_counter()
    whole = whole_node_plan(problem, plan, 8.0, 0.0)
    nodes = time.perf_counter() - start
    start = time.perf_counter()
    _, cost = full_program_plan(problem)
    full = time.perf_counter() - start
    print(
        f"full program         {full:.1f} s, {full / cuts:,.0f} times as long; cost of the cuts {plan.cost_usd / cost - 1:+.1e}"
    )
    print(f"whole nodes of 8     {1e3 * nodes:.1f} ms more, at most {whole.bound_usd / cost:.2%} from the best")


if __name__ == "__main__":
    main()
