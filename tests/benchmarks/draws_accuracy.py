"""How much the points are worth against plain Monte Carlo, on the question the workbook is asked, and how much any could be.

    python tests/benchmarks/draws_accuracy.py

Error: root of the mean square, over seeds, of three figures about a lead in the retail profile - the mean, the median, the share
of futures ahead. Plain Monte Carlo's is that of as many futures out of one large plain pool: for the mean exactly, s / sqrt(n);
for the others from the pool's own parts. The ratio of both is printed with its standard error. In plain futures all dice are
thrown apart from the beliefs; in ours three of them are columns of the beliefs' set (`draws.DICE_COLUMNS`).

Then what any set of points could gain:

* Shares of the lead's variance, alone (first order) and with all that it does together with others (total), of the beliefs and of
  every kind of dice, by exchanging one group between two plain runs: of the money, of its rank, and of being ahead.
* A bound on all single columns together, dice and beliefs. Keep every column with chance r, throw it anew otherwise: the
  correlation of both outcomes is the sum over k of r^k times the share of variance that k columns do together and no fewer. So
  single columns do at most correlation / r. Points even out single columns fully, pairs in part, and next to nothing of more: at
  1,024 points no two halves of eleven columns at once can all be balanced. The gain from single columns is at most
  1 / sqrt(1 - their share).
* The best that could be had with the answer known beforehand: one future from each of n equal parts of the lead's own range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
from bars import Bars
from numpy.typing import NDArray

from groundwork.analysis.conditional import mid_ranks
from groundwork.draws import Points, unit_points
from groundwork.profiles import load
from groundwork.scenario import Scenario, dimensions
from groundwork.strategy.choices import chosen
from groundwork.strategy.future import Dice, dice, most_use_cases
from groundwork.strategy.prior import prior_of
from groundwork.strategy.remembered import drawn
from groundwork.strategy.simulation import played, simulate

Array = NDArray[np.float64]
PAIRS = (("infrastructure_first", "model_first"), ("model_first", "api_first"))
NAMES = ("infrastructure_first", "model_first", "api_first")
SEEDS = {1_024: range(100, 228), 4_096: range(100, 164)}
POOL_SEEDS, SIZE = range(1_000, 1_016), 16_384
KEPT_RATIO = 0.2
FIGURES: dict[str, Callable[[Array], Array]] = {
    "mean": lambda lead: np.asarray(lead.mean(axis=-1)),
    "median": lambda lead: np.asarray(np.median(lead, axis=-1)),
    "share ahead": lambda lead: np.asarray((lead > 0.0).mean(axis=-1)),
}
KINDS = {
    "market": ("market", "price_walk"),
    "which pilots graduate": ("graduation",),
    "when stages are left": ("phase", "arrival"),
    "overrun": ("overrun",),
    "adoption": ("adoption",),
    "luck": ("luck",),
    "incidents": ("bad_changes", "bad_change_length", "outages", "outage_length", "failover", "node"),
}


def main() -> None:
    """Print the errors, their ratios, and what is behind them."""
    scenario = load("retail")
    owners = dimensions(scenario)

    def values(points: Points) -> Array:
        return simulate(scenario, points, NAMES, record=()).npv_usd

    pool = np.concatenate([values(plain(owners, SIZE, seed)) for seed in POOL_SEEDS], axis=1)
    ours = {n: np.stack([values(unit_points(owners, n, seed)) for seed in seeds]) for n, seeds in SEEDS.items()}
    bars = Bars()
    for pair in PAIRS:
        row, other = (NAMES.index(name) for name in pair)
        lead = pool[row] - pool[other]
        print(f"\n{pair[0]} over {pair[1]}: {lead.size:,} plain futures, mean {lead.mean():,.0f} USD, s {lead.std():,.0f} USD")
        for samples, runs in ours.items():
            for name, figure in FIGURES.items():
                gain, error = gained(figure, name, lead, runs[:, row] - runs[:, other])
                print(f"{'':6}{samples:,}, {name}: standard error of the ratio {error:.2f}")
                bars.at_least(f"plain Monte Carlo's error over ours, {samples:,}, {name}", gain, 2.0, "times")
        known_beforehand(lead)
    for pair in PAIRS:
        print(f"\n{pair[0]} over {pair[1]}: shares of the variance, alone and with all else; {SIZE:,} futures")
        explain(scenario, pair)
    bars.close()


def plain(owners: dict[str, int], samples: int, seed: int) -> Points:
    """Independent points and dice."""
    matrix = np.random.default_rng(seed).random((len(owners), samples)).T
    return Points(seed=seed, names=tuple(owners), matrix=matrix, dice_seed=seed)


def gained(figure: Callable[[Array], Array], name: str, pool: Array, runs: Array) -> tuple[float, float]:
    """Plain Monte Carlo's error over that of these runs, [run, sample], and the standard error of the ratio."""
    samples, truth = runs.shape[1], figure(pool)
    parts = (figure(pool[: pool.size // samples * samples].reshape(-1, samples)) - truth) ** 2
    square = pool.var() / samples if name == "mean" else float(parts.mean())
    squares = (figure(runs) - truth) ** 2
    gain = float(np.sqrt(square / squares.mean()))
    noise = squares.std() / np.sqrt(squares.size) / squares.mean()
    noise_of_plain = 0.0 if name == "mean" else parts.std() / np.sqrt(parts.size) / parts.mean()
    return gain, 0.5 * gain * float(np.hypot(noise, noise_of_plain))


def known_beforehand(lead: Array) -> None:
    """What the tail allows: the extremes' share, and one future out of each equal part of the lead's own range."""
    apart = np.sort((lead - lead.mean()) ** 2)[::-1]
    held = [float(apart[: int(ratio * apart.size)].sum() / apart.sum()) for ratio in (0.001, 0.01)]
    print(f"{'':6}the 0.1 % most extreme futures hold {held[0]:.0%} of its variance, the 1 % {held[1]:.0%}")
    for samples in SEEDS:
        parts = np.sort(lead)[: lead.size // samples * samples].reshape(samples, -1)
        gain = np.sqrt(lead.var() / parts.var(axis=1).mean())
        print(f"{'':6}with the answer known beforehand, {samples:,} futures could gain {gain:.1f} times on the mean")


def explain(scenario: Scenario, pair: tuple[str, str]) -> None:  # type: ignore[type-arg]
    """Shares of the variance by groups, and the bound on single columns."""
    owners, generator = dimensions(scenario), np.random.default_rng(1)
    places = [plain(owners, SIZE, seed) for seed in (1, 2)]
    most = max((most_use_cases(drawn(scenario, each), scenario.months) for each in places), key=str)
    thrown = [dice(scenario.months, tuple((name, 40) for name, _ in most), each) for each in places]
    prior = prior_of(scenario.delivery)

    def lead(points: Points, rolls: Dice) -> Array:
        beliefs = drawn(scenario, points)
        one, other = (played(beliefs, chosen(beliefs, [name]), rolls, prior, scenario.months) for name in pair)
        return one - other

    def exchanged(base: int, names: tuple[str, ...]) -> Dice:
        return Dice(*(getattr(thrown[1 - base if entry.name in names else base], entry.name) for entry in fields(Dice)))

    def kept() -> tuple[Points, Dice]:
        keep = generator.random(places[0].matrix.shape) < KEPT_RATIO
        matrix = np.asfortranarray(np.where(keep, places[0].matrix, places[1].matrix))
        rolls = []
        for entry in fields(Dice):
            one, other = (getattr(each, entry.name) for each in thrown)
            whole = one.shape[-1:] if entry.name == "price_walk" else one.shape
            rolls.append(np.where(generator.random(whole) < KEPT_RATIO, one, other))
        return Points(seed=1, names=places[0].names, matrix=matrix), Dice(*rolls)

    everything = tuple(entry.name for entry in fields(Dice))
    runs = {"first": lead(places[0], thrown[0]), "second": lead(places[1], thrown[1]), "kept": lead(*kept())}
    groups = {"beliefs": None, "all dice": everything} | KINDS
    for group, names in groups.items():
        if names is None:
            runs[f"{group} alone"] = lead(places[0], thrown[1])
            runs[f"{group} other"] = lead(places[1], thrown[0])
        else:
            runs[f"{group} alone"] = lead(places[1], exchanged(1, names))
            runs[f"{group} other"] = lead(places[0], exchanged(0, names))
    stacked = np.stack(list(runs.values()))
    scales = {"money": stacked, "rank": mid_ranks(stacked.ravel()).reshape(stacked.shape), "ahead": (stacked > 0.0).astype(float)}
    print(f"{'':24}" + "".join(f"{scale:>8} alone   total" for scale in scales))
    for group in groups:
        line = f"{'':2}{group:22}"
        for rows in scales.values():
            of = dict(zip(runs, rows, strict=True))
            variance = 0.5 * (of["first"].var() + of["second"].var())
            alone = float(np.mean(of["first"] * (of[f"{group} alone"] - of["second"])) / variance)
            total = 0.5 * float(np.mean((of["first"] - of[f"{group} other"]) ** 2) / variance)
            line += f"{alone:14.3f}{total:8.3f}"
        print(line)
    for scale, rows in scales.items():
        of = dict(zip(runs, rows, strict=True))
        correlation = float(np.corrcoef(of["first"], of["kept"])[0, 1])
        share = correlation / KEPT_RATIO
        error = 1.0 / np.sqrt(SIZE) / KEPT_RATIO
        gain = 1.0 / np.sqrt(1.0 - min(share, 0.99))
        print(f"{'':2}{scale}: single columns do at most {share:.2f} +- {error:.2f} of the variance, a gain of {gain:.2f} times")


if __name__ == "__main__":
    main()
