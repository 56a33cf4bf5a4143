"""One question asked of one scenario: run it, say why, and what would flip it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwork.analysis.attribution import attribution
from groundwork.analysis.comparison import BLOCKS
from groundwork.analysis.conditional import block_means_error
from groundwork.analysis.evidence import only_good_evidence
from groundwork.analysis.search import may_turn, turning_point
from groundwork.draws import Points, unit_points
from groundwork.quantities import Array, Fixed, Flags, Quantity, percentile
from groundwork.results import run_document, verdict
from groundwork.results.pace import happened
from groundwork.scenario import Scenario, beliefs, dimensions, replaced
from groundwork.strategy.coalitions import case_values_usd
from groundwork.strategy.events import SERIES
from groundwork.strategy.simulation import Outcome, drawn, simulate
from groundwork.units import unit_of

SCREENED_SAMPLES = 4_096  # fewer futures say too little about a single belief
ASKED_BELIEFS = 24  # a lead within its own noise lets every belief through: those that move it little tell nothing
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


def told_future(scenario: Scenario[Quantity], samples: int, seed: int, future: str) -> dict[str, list[str]]:
    """What happened to every strategy in one future of as many, in words; what was to be expected is told from `TOLD` of them."""
    points = points_of(scenario, min(samples, TOLD), seed)
    return happened(simulate(scenario, points, tuple(scenario.strategies), record=SERIES), future)


TOLD = 4_096
"""Futures that are followed for their events, of as many as were asked for: every month of each is kept."""


def on_good_evidence(scenario: Scenario[Quantity]) -> Scenario[Quantity]:
    """The scenario in which numbers of grade C or D keep their range and lose their most likely value."""
    return only_good_evidence(scenario)


def channel_split(
    scenario: Scenario[Quantity],
    pair: tuple[str, str],
    samples: int,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
    target_ratio: float = 0.02,
) -> dict[str, Any]:
    """The mean difference between two strategies split over the channels, with the spend that no channel explains.

    `error_usd` is the largest error of a part as a share of this total (orders of channels were sampled); `draws_error_usd` is
    the largest error of a part because futures were, and `total_error_usd` that of the total.
    `progress` is called with the share done before every play of the chain; whatever it raises ends the work at once.
    """
    done = 0.0

    def told(share: float) -> None:
        nonlocal done
        done = share
        progress(share)

    names = [entry.name for entry in dataclasses.fields(scenario.channels)]
    on = [name for name in names if getattr(scenario.channels, name).enabled]
    points = points_of(scenario, samples, seed)

    def play(side: int, inside: Flags, futures: NDArray[np.int64]) -> Array:
        channels = dict(zip(on, inside, strict=True))
        return case_values_usd(scenario, points, pair[side], channels, futures, lambda _: progress(done))

    split = attribution(on, play, samples=samples, seed=seed, target_ratio=target_ratio, progress=told)
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
    """Beliefs that turn the mean difference between their tenth and ninetieth percentile when moved alone, and where.

    Stored draws name those that could; only they are asked, held fixed at one value after another under common random
    numbers. A flip counts when at its far end the mean lies two standard errors beyond nought. `side` is the side on which
    the first of the pair is behind in the mean, wherever today stands. At most the 24 beliefs of the widest swing are
    asked. `paths` limits the search to some beliefs; `report` is called with the share done before every play of the chain,
    and whatever it raises ends the work at once.
    """
    points = points_of(scenario, max(samples, SCREENED_SAMPLES), seed)
    screened = simulate(scenario, points, pair)
    lead_usd = screened.npv_usd[0] - screened.npv_usd[1]
    error_usd = float(block_means_error(lead_usd[None], BLOCKS)[0])
    few = points.first(samples)
    done = 0.0

    def change_usd(path: str, value: float) -> Array:
        report(done)
        outcome = simulate(held(scenario, path, value), few, pair)
        return np.asarray(outcome.npv_usd[0] - outcome.npv_usd[1] - lead_usd[:samples])

    known = {belief.path: belief for belief in beliefs(scenario)}
    tried = [points.names[place] for place in may_turn(points.matrix, lead_usd)]
    tried = [path for path in tried if paths is None or path in paths][:ASKED_BELIEFS]
    found = []
    for place, path in enumerate(tried):
        done = place / len(tried)
        belief = known[path]
        low, middle, high = (percentile(belief.value, level) for level in (0.1, 0.5, 0.9))
        if isinstance(belief.value, Fixed) or not low < high:
            continue
        point = turning_point(partial(change_usd, path), low, high, float(lead_usd.mean()), error_usd)
        if point is not None:
            found.append(
                {
                    "path": path,
                    "unit": unit_of(belief.name),
                    "today": middle,
                    "threshold": point.threshold,
                    "side": point.side,
                    "swing_usd": abs(point.high_usd - point.low_usd),
                }
            )
    return sorted(found, key=lambda flip: -flip["swing_usd"])


def held(scenario: Scenario[Quantity], path: str, value: float) -> Scenario[Quantity]:
    """The scenario with one belief known to have this value; its source and grade stay."""
    known = next((belief.value for belief in beliefs(scenario) if belief.path == path), None)
    if known is None:
        raise KeyError(path)
    return replaced(scenario, path, _fixed(known, value))


def _fixed(known: Quantity, value: float) -> Fixed:
    return Fixed(
        kind="fixed", value=value, source=known.source, mark=known.mark, grade=known.grade, date=known.date, note=known.note
    )


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
    turned = flips(scenario, pair, min(samples, 256), seed)
    slo = drawn(scenario, points_of(scenario, samples, seed)).operations.slo_ratio
    return run_document(scenario, outcome, np.asarray(slo), split, turned, [])
