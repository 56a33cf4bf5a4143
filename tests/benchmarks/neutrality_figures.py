"""Prints the figures of the neutrality tests.

.venv/bin/python tests/benchmarks/neutrality_figures.py
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundwork import presets, profiles
from groundwork.analysis.comparison import wins
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario, replaced
from groundwork.strategy.simulation import simulate
from invented import invented, points, sure
from symmetric import EVEN, advantage_usd, best_points, best_ratios, owner_and_renter, owner_with_use, used_ratio, win_ratio


def main() -> None:
    scenario = invented()
    silent = scenario
    for entry in dataclasses.fields(scenario.channels):
        silent = replaced(silent, f"channels.{entry.name}.enabled", False)
    pair = ("infrastructure_first", "model_first")
    outcome = simulate(silent, points(silent, 1024), pair, record=())
    gap = outcome.npv_usd[0] - outcome.npv_usd[1] + outcome.cost_usd["platform"][0]
    print(f"1 all channels off: largest departure from the platform's spend {np.abs(gap).max():.1e} USD")

    retail = profiles.load("retail")
    print("2 P(win) of a channel alone with even effects, 4,096 draws, seeds 11 and 12 (share of futures that differ)")
    for channel in EVEN:
        for name, organisation in (("invented", scenario), ("retail", retail)):
            found = [advantage_usd(organisation, channel, 4096, seed) for seed in (11, 12)]
            differ = (np.abs(found[0]) > 0.005).mean()
            print(f"  {channel:18} {name:9} {win_ratio(found[0]):.4f} {win_ratio(found[1]):.4f} ({differ:.2f})")
    for load in (0.2, 0.5, 1.0, 2.0):
        near = replaced(scenario, "channels.wall.load_accelerators", sure(load))
        found = [advantage_usd(near, "wall", 4096, seed) for seed in (11, 12)]
        differ = (np.abs(found[0]) > 0.005).mean()
        print(f"  wall at {load:4} busy accelerators  {win_ratio(found[0]):.4f} {win_ratio(found[1]):.4f} ({differ:.2f})")

    print("3 P(best) at the point found for each strategy, fresh seed, 1,024 futures")
    names = tuple(retail.strategies)
    for name, point in best_points(retail, 200, 64, 5).items():
        ratios = best_ratios(point, names, 1024, 99)
        print(f"  {name:22}", {other: round(value, 3) for other, value in ratios.items()})

    for owning in (owner_with_use(0.05), owner_and_renter(2.0), owner_and_renter(1.0)):
        outcome = simulate(owning, points(owning, 1024), ("owner", "renter"), record=())
        differ = outcome.npv_usd[0] != outcome.npv_usd[1]
        won = (outcome.npv_usd[0] > outcome.npv_usd[1])[differ].mean()
        print(
            f"4 owned capacity busy at {used_ratio(owning):.0%} of its time beats renting in {won:.3f} of the futures that differ"
        )
    short = replaced(replaced(scenario, "months", 6), "organisation.terminal_months", sure(0.0))
    outcome = simulate(short, points(short, 4096), pair, record=())
    print(f"4 over six months infrastructure-first loses in {(outcome.npv_usd[0] < outcome.npv_usd[1]).mean():.4f}")

    print("5 scale-up, 1,024 futures: P(best), and infrastructure-first before model-first, mean difference and its error in USD")
    for name in profiles.available():
        pressed = presets.with_presets(profiles.load(name), ["scale_up"])
        for said, organisation in (("build or buy free", pressed), ("held equal", all_built(pressed))):
            order(f"  {name:13} {said:17}", organisation)


def all_built(scenario: Scenario[Quantity]) -> Scenario[Quantity]:
    """The scenario with nothing to buy: build-or-buy held equal."""
    for name in scenario.workloads:
        scenario = replaced(scenario, f"workloads.{name}.buyable", False)
    return scenario


def order(said: str, scenario: Scenario[Quantity]) -> None:
    """Print how often each strategy is best, and what the second of the profile is worth against its first."""
    names = tuple(scenario.strategies)
    value = simulate(scenario, points(scenario, 1024, scenario.seed), names, record=()).npv_usd
    lead = value[names.index("infrastructure_first")] - value[names.index("model_first")]
    best = {name: round(ratio, 2) for name, ratio in zip(names, wins(value, 0.005).best_ratio.tolist(), strict=True)}
    print(said, best, f"{(lead > 0.0).mean():.2f} {lead.mean():+.2e} {lead.std() / lead.size**0.5:.0e}")


if __name__ == "__main__":
    main()
