"""One question asked of one scenario: run it, say why, and what would flip it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import numpy as np

from groundwork.analysis.attribution import attribution
from groundwork.draws import Points, unit_points
from groundwork.quantities import Array, Fixed, Quantity, percentile
from groundwork.results import run_document, verdict
from groundwork.scenario import Scenario, beliefs, dimensions, replaced
from groundwork.strategy.simulation import Outcome, drawn, simulate
from groundwork.units import unit_of

BLOCK = 1_024  # samples in one pass of the chain: keeps its arrays in the cache


@lru_cache(maxsize=8)
def _points(columns: tuple[tuple[str, int], ...], samples: int, seed: int) -> Points:
    return unit_points(dict(columns), samples, seed)


def points_of(scenario: Scenario[Quantity], samples: int, seed: int) -> Points:
    """The random points of a scenario, kept between runs: they depend on its workloads and not on what is believed."""
    return _points(tuple(dimensions(scenario).items()), samples, seed)


def outcome_of(scenario: Scenario[Quantity], samples: int, seed: int) -> Outcome:
    """Every strategy of the scenario in `samples` futures."""
    return simulate(scenario, points_of(scenario, samples, seed), tuple(scenario.strategies))


def channel_split(
    scenario: Scenario[Quantity],
    pair: tuple[str, str],
    samples: int,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """The mean difference between two strategies split over the channels, with the spend that no channel explains.

    `error_usd` is the largest error of a part as a share of this total (orders of channels were sampled); `draws_error_usd` is
    the largest error of a part because futures were, and `total_error_usd` that of the total.
    `progress` is called with the share done; whatever it raises ends the work.
    """
    names = [entry.name for entry in dataclasses.fields(scenario.channels)]
    on = [name for name in names if getattr(scenario.channels, name).enabled]
    points = points_of(scenario, samples, seed)

    def play(inside: frozenset[str], rows: tuple[int, ...]) -> Array:
        switched = {name: dataclasses.replace(getattr(scenario.channels, name), enabled=name in inside) for name in on}
        changed = dataclasses.replace(scenario, channels=dataclasses.replace(scenario.channels, **switched))
        return simulate(changed, points, [pair[row] for row in rows]).npv_usd

    split = attribution(on, play, seed=seed, progress=progress)
    parts = {name: split.parts_usd.get(name, 0.0) for name in names} | {"without_channels": split.without_usd}
    return {
        "between": list(pair),
        "total_usd": sum(parts.values()),
        "total_error_usd": split.total_error_usd,
        "parts_usd": parts,
        "error_usd": split.order_error_usd,
        "draws_error_usd": split.draws_error_usd,
        "part_errors_usd": {
            name: math.hypot(split.order_errors_usd.get(name, 0.0), split.draws_errors_usd.get(name, 0.0)) for name in names
        }
        | {"without_channels": split.without_error_usd},
    }


def flips(
    scenario: Scenario[Quantity],
    pair: tuple[str, str],
    samples: int,
    seed: int,
    paths: Collection[str] | None = None,
    report: Callable[[float], None] = lambda share: None,
) -> list[dict[str, Any]]:
    """Beliefs at whose tenth or ninetieth percentile the mean difference changes sign, and where between it does.

    Each belief is moved alone and held fixed there; the threshold is found by halving under common random numbers.
    `paths` limits the search to some beliefs; `report` is called with the share done, and whatever it raises ends the work.
    """
    points = points_of(scenario, samples, seed)

    def difference_usd(path: str, quantity: Quantity, value: float) -> float:
        held = Fixed(kind="fixed", value=value, source=quantity.source, mark=quantity.mark, grade=quantity.grade)
        outcome = simulate(replaced(scenario, path, held), points, pair)
        return float((outcome.npv_usd[0] - outcome.npv_usd[1]).mean())

    found = []
    tried = [belief for belief in beliefs(scenario) if paths is None or belief.path in paths]
    for place, belief in enumerate(tried):
        report(place / len(tried))
        if isinstance(belief.value, Fixed):
            continue
        low, middle, high = (percentile(belief.value, level) for level in (0.1, 0.5, 0.9))
        ends = [difference_usd(belief.path, belief.value, value) for value in (low, high)]
        if ends[0] * ends[1] >= 0.0:
            continue
        bottom, top = low, high
        for _ in range(8):
            half = 0.5 * (bottom + top)
            if difference_usd(belief.path, belief.value, half) * ends[0] > 0.0:
                bottom = half
            else:
                top = half
        threshold = 0.5 * (bottom + top)
        found.append(
            {
                "path": belief.path,
                "unit": unit_of(belief.name),
                "today": middle,
                "threshold": threshold,
                "side": "below" if ends[0] < 0.0 else "above",
                "swing_usd": abs(ends[1] - ends[0]),
            }
        )
    return sorted(found, key=lambda flip: -flip["swing_usd"])


def run(
    scenario: Scenario[Quantity], samples: int, seed: int, progress: Callable[[str], None] = lambda words: None
) -> dict[str, Any]:
    """The whole run document."""
    progress("playing the strategies")
    outcome = outcome_of(scenario, samples, seed)
    said = verdict(outcome)
    pair = (said["best"], said["second"])
    progress("splitting the difference over the channels")
    split = channel_split(scenario, pair, min(samples, BLOCK), seed)
    progress("looking for what would flip it")
    turned = flips(scenario, pair, min(samples, 128), seed)
    slo = drawn(scenario, points_of(scenario, samples, seed)).operations.slo_ratio
    return run_document(scenario, outcome, np.asarray(slo), split, turned, [])
