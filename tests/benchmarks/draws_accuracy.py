"""How much the scrambled Sobol' points are worth against plain Monte Carlo, on the question the workbook is asked.

    python tests/benchmarks/draws_accuracy.py

Error: root of the mean square, over seeds, of the mean difference in present value between infrastructure-first and model-first
in the retail profile, against the mean over seeds of their own and sixteen times 4,096 points. Dice that are nobody's belief are
the same kind of numbers in both; the second line holds them, to show how much of the error they are.
"""

from __future__ import annotations

import numpy as np
from bars import Bars

from groundwork.draws import Points, unit_points
from groundwork.profiles import load
from groundwork.scenario import dimensions
from groundwork.strategy.simulation import simulate

PAIR = ("infrastructure_first", "model_first")
SEEDS = {1_024: range(100, 124), 4_096: range(100, 112)}
TRUTH_SEEDS = range(1_000, 1_016)


def main() -> None:
    """Print the errors and their ratio."""
    scenario = load("retail")
    owners = dimensions(scenario)

    def difference(points: Points) -> float:
        outcome = simulate(scenario, points, PAIR)
        return float((outcome.npv_usd[0] - outcome.npv_usd[1]).mean())

    def plain(samples: int, seed: int) -> Points:
        matrix = np.random.default_rng(seed).random((samples, len(owners)))
        return Points(seed=seed, names=tuple(owners), matrix=np.asfortranarray(matrix))

    def same_dice(points: Points) -> Points:
        return Points(seed=0, names=points.names, matrix=points.matrix)

    truth = float(np.mean([difference(unit_points(owners, 4_096, seed)) for seed in TRUTH_SEEDS]))
    bars = Bars()
    for samples, seeds in SEEDS.items():
        errors = {
            "sobol": [difference(unit_points(owners, samples, seed)) - truth for seed in seeds],
            "plain": [difference(plain(samples, seed)) - truth for seed in seeds],
        }
        sobol, monte_carlo = (float(np.sqrt(np.mean(np.square(errors[name])))) for name in ("sobol", "plain"))
        print(f"{samples:,} futures: error {sobol:,.0f} against {monte_carlo:,.0f} of a difference of {truth:,.0f}")
        ours = [difference(same_dice(unit_points(owners, samples, seed))) for seed in seeds]
        theirs = [difference(same_dice(plain(samples, seed))) for seed in seeds]
        print(f"{'':14} with the dice held: {np.std(ours):,.0f} against {np.std(theirs):,.0f}")
        bars.at_least(f"plain Monte Carlo's error over ours, {samples:,}", monte_carlo / sobol, 2.0, "times")
    bars.close()


if __name__ == "__main__":
    main()
