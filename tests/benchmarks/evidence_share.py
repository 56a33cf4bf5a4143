"""How much of the verdict's spread rests on published figures: `python tests/benchmarks/evidence_share.py [PROFILE]...`.

The beliefs are sorted by their share of the spread of the difference between the two strategies compared (ranks, noise floor
taken off, `analysis.sensitivity`) until four fifths of what all of them explain is reached. Printed: how many of these are
published or derived from what was published, by count and by the spread they carry. Chance (dice) is nobody's belief.
"""

from __future__ import annotations

import sys

import numpy as np

from groundwork import profiles
from groundwork.analysis.sensitivity import first_order_shares
from groundwork.draws import unit_points
from groundwork.quantities import Fixed
from groundwork.results import verdict
from groundwork.scenario import beliefs, dimensions
from groundwork.strategy.simulation import simulate

SAMPLES = 4_096
CARRIED = 0.8
SOURCED = {"published", "derived"}


def evidence_share(name: str, samples: int = SAMPLES) -> tuple[str, list[tuple[str, str, float]]]:
    """The pair compared, and path, mark and share of the beliefs that carry four fifths of the explained spread."""
    scenario = profiles.load(name)
    points = unit_points(dimensions(scenario), samples, scenario.seed)
    outcome = simulate(scenario, points, tuple(scenario.strategies))
    said = verdict(outcome)
    best, second = (outcome.strategies.index(said[place]) for place in ("best", "second"))
    uncertain = [belief for belief in beliefs(scenario) if not isinstance(belief.value, Fixed)]
    columns = np.stack([points.column(belief.path) for belief in uncertain], axis=1)
    found = first_order_shares(columns, outcome.npv_usd[best] - outcome.npv_usd[second])
    above_noise = np.where(found.share_ratio > found.floor_top_ratio, found.share_ratio, 0.0)
    order = np.argsort(-above_noise, kind="stable")
    total = above_noise.sum()
    count = int(np.searchsorted(np.cumsum(above_noise[order]), CARRIED * total)) + 1
    rows = [(uncertain[place].path, str(uncertain[place].value.mark), float(above_noise[place])) for place in order[:count]]
    return f"{said['best']} - {said['second']}", rows


def main(names: list[str]) -> None:
    for name in names or profiles.available():
        pair, rows = evidence_share(name)
        carried = sum(share for _, _, share in rows)
        sourced = [share for _, mark, share in rows if mark in SOURCED]
        print(
            f"{name:14} {pair:32} {len(sourced)} of {len(rows)} beliefs published or derived, "
            f"carrying {100 * sum(sourced) / carried:.0f} % of the spread of these"
        )
        for path, mark, share in rows:
            print(f"    {100 * share:5.1f} %  {mark:10} {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
