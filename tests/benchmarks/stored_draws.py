"""How long verdicts from stored draws take: everything that a page asks of one run, 4,096 draws x all beliefs x 5 strategies.

    python tests/benchmarks/stored_draws.py

Prints each part, their sum and the bar (300 ms on a machine on which `reference.py` takes 100 ms). Sobol' totals are not among
them: they need runs of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from bars import Bars
from reference import scale
from scipy.special import ndtri

from groundwork.analysis.comparison import duels, spread, wins
from groundwork.analysis.conditional import equal_count_bins
from groundwork.analysis.information import partial_information, perfect_information
from groundwork.analysis.robustness import dominance, regrets, robust_choice, worst_cases_mean_usd
from groundwork.analysis.sensitivity import first_order_shares, swings
from groundwork.draws import chance, unit_points
from groundwork.profiles import load
from groundwork.scenario import dimensions

BAR_MS = 300.0
SAMPLES, REPEATS = 4_096, 5


def best_ms(work: Callable[[], object]) -> float:
    """Shortest of a few runs, milliseconds."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times)


def main() -> None:
    """Print every part and the bar."""
    scenario = load("retail")
    matrix = unit_points(dimensions(scenario), SAMPLES, 1).matrix
    normal = ndtri(matrix[:, :10])
    dice = ndtri(chance("dice", (5, SAMPLES), 1))
    value = 1e6 * np.array([2 * normal[:, k] + normal[:, k + 1] + np.exp(normal[:, 9]) + dice[k] for k in range(5)])
    lead = value[0] - value[1]
    binned = equal_count_bins(matrix)
    parts = {
        "wins, duels, spread": lambda: (wins(value), duels(value), spread(value)),
        "regret, worst cases, robust choice": lambda: (regrets(value), worst_cases_mean_usd(value), robust_choice(value)),
        "dominance": lambda: dominance(value),
        "bins of all beliefs": lambda: equal_count_bins(matrix),
        "tornado": lambda: swings(binned, lead),
        "first-order shares": lambda: first_order_shares(binned, lead),
        "EVPI and EVPPI": lambda: (perfect_information(value), partial_information(binned, value)),
    }
    print(f"{SAMPLES:,} draws x {matrix.shape[1]} beliefs x {len(value)} strategies")
    total = 0.0
    for name, work in parts.items():
        took = best_ms(work)
        total += took
        print(f"{name:40} {took:8.1f} ms")
    bars = Bars()
    bars.at_most("all points but Sobol' totals together", total, BAR_MS * scale(), "ms")
    bars.close()


if __name__ == "__main__":
    main()
