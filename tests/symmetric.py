"""Each channel alone, with effects as likely to be good as to be equally bad: what a fair model must call even."""

from __future__ import annotations

import dataclasses

import numpy as np

from groundwork.analysis.comparison import wins
from groundwork.quantities import Array, Choice, Quantity
from groundwork.scenario import Scenario, mapped, replaced
from groundwork.strategy.simulation import simulate
from invented import invented, points, strategy, sure


def either(*values: float) -> Quantity:
    return Choice(kind="choice", values=values, weights=(1.0,) * len(values), source="judgement", mark="judgement", grade="D")


# A factor f and 1 / f are equally likely: effects are powers of maturity, so this is even in logarithms. A cut c means 1 - c.
EVEN: dict[str, dict[str, Quantity]] = {
    "lead_time": {"divisor": either(0.5, 2.0)},
    "graduation": {"odds_factor": either(0.5, 2.0)},
    "utilisation": {"without_ratio": sure(0.1), "with_ratio": either(0.05, 0.2)},  # low, so that peaks do not bound it
    "experiment_wait": {"cut_ratio": either(0.5, -1.0)},
    "change_restore": {"factor": either(0.5, 2.0)},
    "failover": {"without_ratio": sure(0.6), "with_ratio": either(0.8, 0.2)},
    "procurement": {"planned_ratio": either(0.3, 0.9), "growth_view_ratio": sure(0.0)},
    "wall": {"lift_factor": either(0.5, 2.0)},
    "toil": {"cut_ratio": either(0.5, -1.0), "gain_ratio": sure(0.0)},
    "data_waste": {"cut_ratio": either(0.5, -1.0)},
    "lifecycle": {"cut_ratio": either(0.5, -1.0), "life_factor": sure(1.0)},
    "data_pipeline": {"throughput_factor": either(0.5, 2.0)},
    "early_dip": {"throughput_ratio": either(0.1, -1.0 / 9.0), "stability_ratio": sure(0.0)},
    "bought_graduation": {"odds_factor": either(0.5, 2.0)},
    "bought_lead_time": {"factor": either(0.5, 2.0)},
    "bought_quality": {"ratio": either(0.8, 1.25)},
}


def alone(scenario: Scenario[Quantity], channel: str) -> Scenario[Quantity]:
    """The scenario with one channel on and its effects even."""
    for entry in dataclasses.fields(scenario.channels):
        scenario = replaced(scenario, f"channels.{entry.name}.enabled", entry.name == channel)
    for name, quantity in EVEN[channel].items():
        scenario = replaced(scenario, f"channels.{channel}.{name}", quantity)
    if channel.startswith("bought"):
        # bought and built then differ by this channel alone: nothing costs to serve, nothing fails
        for path in ("operations.change_failure_ratio", "operations.zone_outages_per_year"):
            scenario = replaced(scenario, path, sure(0.0))
        scenario = replaced(scenario, "operations.replica_mttr_hours", sure(1e-9))
        scenario = replaced(scenario, "market.on_demand_usd_per_accelerator_hour", sure(1e-12))
        for name in scenario.workloads:
            scenario = replaced(scenario, f"workloads.{name}.api_usd_per_unit", sure(0.0))
    return scenario


def advantage_usd(scenario: Scenario[Quantity], channel: str, samples: int, seed: int) -> Array:
    """What the side that has the channel is worth more than the side without, platform refunded, [sample]."""
    changed = alone(scenario, channel)
    pair = ("api_first", "model_first") if channel.startswith("bought") else ("infrastructure_first", "model_first")
    outcome = simulate(changed, points(changed, samples, seed), pair, record=())
    value = outcome.npv_usd + outcome.cost_usd["platform"]
    return np.asarray(value[0] - value[1])


def win_ratio(difference_usd: Array, tie_usd: float = 0.005) -> float:
    """Share of futures won, ties half."""
    return float(0.5 + 0.5 * (np.sign(difference_usd) * (np.abs(difference_usd) > tie_usd)).mean())


def chosen_point(scenario: Scenario[Quantity], matrix: Array, column: dict[str, int], row: int) -> Scenario[Quantity]:
    """One draw of all beliefs, held fixed: a point of the plausible belief space."""

    def held(path: str, quantity: Quantity) -> Quantity:
        return sure(float(quantity.at(matrix[row : row + 1, column[path]])[0]))

    return mapped(scenario, held)


def best_points(scenario: Scenario[Quantity], tried: int, samples: int, seed: int) -> dict[str, Scenario[Quantity]]:
    """For each strategy the point, of those tried, at which it is best in most futures."""
    names = tuple(scenario.strategies)
    space = points(scenario, tried, seed)
    column = {name: number for number, name in enumerate(space.names)}
    found: dict[str, tuple[float, Scenario[Quantity]]] = {}
    for row in range(tried):
        point = chosen_point(scenario, space.matrix, column, row)
        ratios = best_ratios(point, names, samples, seed + 1)
        for name in names:
            if name not in found or ratios[name] > found[name][0]:
                found[name] = (ratios[name], point)
    return {name: point for name, (_, point) in found.items()}


def best_ratios(scenario: Scenario[Quantity], names: tuple[str, ...], samples: int, seed: int) -> dict[str, float]:
    """In which share of futures each strategy is best, ties apart."""
    outcome = simulate(scenario, points(scenario, samples, seed), names, record=())
    return dict(zip(names, wins(outcome.npv_usd, 0.005).best_ratio.tolist(), strict=True))


def used_ratio(scenario: Scenario[Quantity], samples: int = 1024) -> float:
    """Share of the owner's capacity that is busy in the last year."""
    kept = ("busy_accelerators", "owned_accelerators")
    monthly = simulate(scenario, points(scenario, samples), ("owner",), record=kept).monthly
    return float(monthly["busy_accelerators"][-12:].sum() / monthly["owned_accelerators"][-12:].sum())


def owner_with_use(ratio: float) -> Scenario[Quantity]:
    """An owner whose machines are busy for such a share of their time: bought whole, so a second step corrects the first."""
    first = used_ratio(owner_and_renter(1.0)) / ratio
    return owner_and_renter(first * used_ratio(owner_and_renter(first)) / ratio)


def owner_and_renter(owned_ratio: float) -> Scenario[Quantity]:
    """Two who differ in this alone: one owns so many times the capacity needed, the other rents what is needed by the hour."""
    scenario = invented()
    for entry in dataclasses.fields(scenario.channels):
        scenario = replaced(scenario, f"channels.{entry.name}.enabled", entry.name == "utilisation")
    scenario = replaced(scenario, "channels.utilisation.without_ratio", sure(0.95))
    renter = strategy(commit_ratio=0.0, buffer_ratio=0.0)
    owner = strategy(commit_ratio=0.0, buffer_ratio=0.0, owned_ratio=owned_ratio)
    return replaced(scenario, "strategies", {"owner": owner, "renter": renter})
