"""Synthetic capacity problems for tests and benchmarks: shaped like the real ones, with no number about the world in them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from groundwork.formulas.procurement import CapacityProblem, Commitments, OpenSources

HOURS_PER_MONTH = 730.0

# start month, term, monthly price, running price, vendor: the first sixth of them is what small problems use
OFFERS = (
    (0, 12, 1.80, 0.00, "a"),
    (0, 36, 1.35, 0.00, "a"),
    (4, 32, 1.10, 0.25, "own"),
    (0, 6, 2.20, 0.02, "b"),
    (12, 12, 1.80, 0.01, "a"),
    (2, 34, 1.25, 0.03, "b"),
    (8, 28, 1.05, 0.20, "own"),
    (24, 12, 1.80, 0.04, "c"),
)


def synthetic_problem(
    months: int,
    samples: int,
    commitments: int,
    seed: int,
    tail_weight_ratio: float = 0.0,
    vendor_share_limits: Mapping[str, float] | None = None,
) -> CapacityProblem:
    """Growing, seasonal, uncertain demand; on demand and spot that run short in scarcity; a dear source without limit."""
    generator = np.random.default_rng(seed)
    month = np.arange(months)
    level = 60 * np.exp(generator.normal(0, 0.5, samples))
    growth = np.exp(np.cumsum(generator.normal(0.02, 0.06, (months, samples)), axis=0))
    demand = level * growth * (1 + 0.2 * np.sin(month / 12 * 2 * np.pi))[:, None]
    market = np.exp(np.cumsum(generator.normal(0, 0.05, (months, samples)), axis=0))
    scarce = generator.random((months, samples)) < 0.2
    offers = OFFERS[:commitments]
    available = np.array([((month >= start) & (month < start + term)) for start, term, *_ in offers]).astype(float)
    discount = 1.01**-month
    fixed = np.array([offer[2] for offer in offers]) * HOURS_PER_MONTH * (available * discount).sum(axis=1)
    # owned machines of one vendor are partly down in scarcity: spare parts
    by_sample = np.repeat(available[:, :, None], samples, axis=2)
    for number, offer in enumerate(offers):
        if offer[4] == "own":
            by_sample[number] *= np.where(scarce, 0.9, 1.0)
    prices = np.stack(
        [2.95 * market, 1.35 * market * np.exp(generator.normal(0, 0.1, (months, samples))), np.full_like(market, 4.5)]
    )
    limits = np.stack([np.where(scarce, 40.0, 400.0), np.where(scarce, 0.0, 0.25 * demand), np.full_like(demand, 30.0)])
    usage = np.array([offer[3] for offer in offers])[:, None, None] * HOURS_PER_MONTH
    return CapacityProblem(
        commitments=Commitments(
            names=tuple(f"{offer[4]} from month {offer[0]} for {offer[1]}" for offer in offers),
            vendors=tuple(offer[4] for offer in offers),
            fixed_usd_per_gpu=fixed,
            usage_usd_per_gpu_month=np.broadcast_to(usage, (len(offers), months, 1)),
            available_ratio=by_sample,
            limit_gpus=np.full(len(offers), 1_000.0),
        ),
        open_sources=OpenSources(
            names=("on demand", "spot", "API"), usd_per_gpu_month=prices * HOURS_PER_MONTH, limit_gpus=limits
        ),
        demand_gpus=demand,
        unserved_usd_per_gpu_month=8.0 * HOURS_PER_MONTH,
        discount_ratio=discount,
        tail_weight_ratio=tail_weight_ratio,
        vendor_share_limits=vendor_share_limits or {},
    )
