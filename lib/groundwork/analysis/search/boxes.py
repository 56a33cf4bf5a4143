"""Scenario discovery: in which corner of what we believe does the interesting thing happen?

A few boxes are chosen on the way from all samples to a small dense corner (`peeling`), so that they cover much, hold little else,
and can be said in a sentence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.analysis.search.peeling import Box, box_within, checked, peeling_path

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

CHANCE_LIMIT_RATIO = 0.05
LEAST_GAIN_RATIO = 0.25  # of what is missing to 1: where dice decide most, no corner is nearly sure


def scenario_boxes(
    beliefs: ArrayLike,
    interesting: ArrayLike,
    least_density_ratio: float = 0.8,
    boxes: int = 3,
    peel_ratio: float = 0.05,
    least_mass_ratio: float = 0.05,
    most_limits: int = 3,
) -> tuple[Box, ...]:
    """A few boxes that hold most of the interesting samples and little else; empty when there is nothing to find.

    From each path the box with the largest coverage is taken among those as dense as asked for (else the one whose harmonic
    mean of coverage and density is largest, if it is denser than all samples by a quarter of what is missing to 1). Limits that
    chance would do as well are lifted. Where more limits stay than a reader can hold in mind, the search is done again over the
    beliefs whose limits chance would match least. The next box is looked for among the samples not yet inside one.

    Parameters
    ----------
    beliefs, interesting, peel_ratio, least_mass_ratio
        As in `peeling_path`.
    least_density_ratio
        Share of the samples inside that should be interesting.
    boxes
        Most boxes to return.
    most_limits
        Most beliefs that bound one box.

    Returns
    -------
    tuple of Box
        Coverage, density and mass of each counted on *all* samples; boxes may overlap.
    """
    matrix, flags = checked(beliefs, interesting)
    left = np.ones(len(matrix), dtype=bool)
    found: list[Box] = []
    for _ in range(boxes):
        if not flags[left].any() or flags[left].all():
            break
        columns = np.arange(matrix.shape[1])
        chosen = _chosen(matrix[left], flags[left], least_density_ratio, peel_ratio, least_mass_ratio)
        if chosen is not None and len(chosen.limits) > most_limits:
            strongest = sorted(chosen.limits, key=lambda limit: limit.chance_ratio)[:most_limits]
            columns = np.sort([limit.belief for limit in strongest])
            chosen = _chosen(matrix[left][:, columns], flags[left], least_density_ratio, peel_ratio, least_mass_ratio)
        if chosen is None:
            break
        chosen = replace(chosen, limits=tuple(replace(limit, belief=int(columns[limit.belief])) for limit in chosen.limits))
        low, high = _bounds(chosen, matrix.shape[1])
        found.append(box_within(matrix, flags, low, high))
        left &= ~found[-1].holds(matrix)
    return tuple(found)


def _chosen(matrix: Array, flags: Flags, least_density_ratio: float, peel_ratio: float, least_mass_ratio: float) -> Box | None:
    """The box of one path that is taken, without the limits that chance would do as well."""
    path = peeling_path(matrix, flags, peel_ratio, least_mass_ratio)
    base = float(flags.mean())
    dense = [box for box in path if box.limits and box.density_ratio >= least_density_ratio]
    fair = [box for box in path if box.limits and box.density_ratio >= base + (1.0 - base) * LEAST_GAIN_RATIO]
    if not dense and not fair:
        return None
    best = max(dense, key=lambda box: (box.coverage_ratio, box.density_ratio)) if dense else max(fair, key=_harmonic)
    best = _without_chance(best, matrix, flags)
    return best if best.limits else None


def _without_chance(box: Box, matrix: Array, flags: Flags) -> Box:
    """The box with the limits lifted, one by one, that chance would do as well."""
    while box.limits:
        weakest = max(box.limits, key=lambda limit: limit.chance_ratio)
        if weakest.chance_ratio <= CHANCE_LIMIT_RATIO:
            break
        fewer = tuple(limit for limit in box.limits if limit is not weakest)
        low, high = _bounds(replace(box, limits=fewer), matrix.shape[1])
        box = box_within(matrix, flags, low, high)
    return box


def _bounds(box: Box, beliefs: int) -> tuple[Array, Array]:
    low, high = np.full(beliefs, -np.inf), np.full(beliefs, np.inf)
    for limit in box.limits:
        low[limit.belief], high[limit.belief] = limit.low, limit.high
    return low, high


def _harmonic(box: Box) -> float:
    total = box.coverage_ratio + box.density_ratio
    return 2.0 * box.coverage_ratio * box.density_ratio / total if total else 0.0
