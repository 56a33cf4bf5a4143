"""How much the scrambled Sobol' points are worth against plain Monte Carlo, on the question the workbook is asked.

    python tests/benchmarks/draws_accuracy.py

Error: root of the mean square, over seeds, of three figures about the lead of infrastructure-first over model-first in the retail
profile - the mean, the median, the share of futures in which it is ahead - against their mean over plain samples of 16,384. Dice
that are nobody's belief are thrown anew for every seed in both.

Then what any set of points can gain at all: the lead's variance split over beliefs alone, dice alone and both together. Points
spread over the beliefs can at best take away all error of the mean given the beliefs; what the dice do given the beliefs stays as
it is. So the largest gain possible is 1 / sqrt(1 - share of the beliefs alone). More would need the dice that matter (which use
cases graduate, uptake, overrun) as columns of the same set, and even then only what few columns do together is evened out.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from bars import Bars
from numpy.typing import NDArray

from groundwork.analysis.conditional import equal_count_bins
from groundwork.draws import Points, unit_points
from groundwork.profiles import load
from groundwork.scenario import dimensions
from groundwork.strategy.simulation import simulate

Array = NDArray[np.float64]
PAIR = ("infrastructure_first", "model_first")
SEEDS = {1_024: range(100, 164), 4_096: range(100, 132)}
TRUTH_SEEDS, TRUTH_SAMPLES = range(1_000, 1_016), 16_384
FIGURES: dict[str, Callable[[Array], float]] = {
    "mean": lambda lead: float(lead.mean()),
    "median": lambda lead: float(np.median(lead)),
    "share ahead": lambda lead: float((lead > 0.0).mean()),
}


def main() -> None:
    """Print the errors, their ratios, and what is behind them."""
    scenario = load("retail")
    owners = dimensions(scenario)

    def lead(points: Points) -> Array:
        value = simulate(scenario, points, PAIR, record=()).npv_usd
        return np.asarray(value[0] - value[1])

    def plain(samples: int, seed: int, dice: int | None = None) -> Points:
        matrix = np.random.default_rng(seed).random((samples, len(owners)))
        return Points(seed=seed if dice is None else dice, names=tuple(owners), matrix=np.asfortranarray(matrix))

    kept = [lead(plain(TRUTH_SAMPLES, seed)) for seed in TRUTH_SEEDS]
    truth = {name: float(np.mean([figure(one) for one in kept])) for name, figure in FIGURES.items()}
    bars = Bars()
    for samples, seeds in SEEDS.items():
        ours = [lead(unit_points(owners, samples, seed)) for seed in seeds]
        theirs = [lead(plain(samples, seed)) for seed in seeds]
        for name, figure in FIGURES.items():
            errors = [float(np.sqrt(np.mean([(figure(one) - truth[name]) ** 2 for one in leads]))) for leads in (ours, theirs)]
            print(f"{samples:,} futures, {name}: error {errors[0]:,.4g} against {errors[1]:,.4g} of {truth[name]:,.4g}")
            bars.at_least(f"plain Monte Carlo's error over ours, {samples:,}, {name}", errors[1] / errors[0], 2.0, "times")
    runs = [kept[0], lead(plain(TRUTH_SAMPLES, 1_000, 7)), lead(plain(TRUTH_SAMPLES, 7, 1_000))]
    explain("the lead", runs, plain)
    explain("being ahead", [(one > 0.0).astype(float) for one in runs], plain)
    worst = np.sort((kept[0] - kept[0].mean()) ** 2)[::-1]
    for ratio in (0.001, 0.01):
        share = worst[: int(ratio * len(worst))].sum() / worst.sum()
        print(f"the {ratio:.1%} most extreme futures hold {share:.0%} of the lead's variance")
    bars.close()


def explain(what: str, runs: list[Array], plain: Callable[[int, int], Points]) -> None:
    """The variance of one outcome: beliefs alone (their parts one by one too), dice alone, the rest."""
    base, other_dice, other_beliefs = runs
    by_beliefs, by_dice = (float(np.corrcoef(base, again)[0, 1]) for again in (other_dice, other_beliefs))
    binned = equal_count_bins(plain(len(base), TRUTH_SEEDS[0]).matrix)
    one_by_one = 0.0
    for index, occupancy in zip(binned.index, binned.occupancy, strict=True):
        means = np.bincount(index, weights=base, minlength=binned.count) / occupancy
        one_by_one += float(np.mean((means - base.mean()) ** 2)) - (binned.count - 1) * base.var() / len(base)
    one_by_one /= float(base.var())
    rest = 1.0 - by_beliefs - by_dice
    print(f"{what}: {by_beliefs:.0%} of its variance is beliefs alone ({one_by_one:.0%} one by one), {by_dice:.0%} dice alone,")
    print(f"{'':4}{rest:.0%} both together")
    print(f"{'':4}so points spread over the beliefs gain at most {1 / np.sqrt(1 - by_beliefs):.2f} times")


if __name__ == "__main__":
    main()
