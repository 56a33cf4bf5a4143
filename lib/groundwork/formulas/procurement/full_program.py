"""The same question as one large linear program: the reference that the monthly cuts are measured against.

min f x + (1-w) mean_s z_s + w (a + mean_s max(0, z_s - a) / (1 - level)),  z_s = sum over t of running cost, with one variable
for every source, month and sample. Some 200,000 variables for 36 months, 8 commitments and 500 samples: minutes, not
milliseconds.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.procurement.linear_program import optimum
from groundwork.formulas.procurement.problem import CapacityProblem

Array: TypeAlias = NDArray[np.float64]


def full_program_plan(problem: CapacityProblem) -> tuple[Array, float]:
    """Best commitments, [commitment], and their cost in USD of today, by HiGHS on the deterministic equivalent.

    Parameters
    ----------
    problem
        What can be bought, and demand. Keep months x samples x sources below about 300,000.
    """
    import scipy.sparse

    sparse: Any = scipy.sparse

    owned, opened = problem.commitments, problem.open_sources
    months, samples = problem.demand_gpus.shape
    cells, count = months * samples, len(owned.names)
    discount = problem.discount_ratio[:, None]
    full = (months, samples)
    prices = [np.broadcast_to(price * discount, full).ravel() for price in owned.usage_usd_per_gpu_month]
    prices += [np.broadcast_to(price * discount, full).ravel() for price in opened.usd_per_gpu_month]
    prices += [np.broadcast_to(problem.unserved_usd[:, None], full).ravel()]
    sources = len(prices)
    running = np.concatenate(prices)
    weight, tail = problem.tail_weight_ratio, samples * (1.0 - problem.tail_level_ratio)
    # variables: x, y[source, month, sample], a, excess[sample]
    objective = np.concatenate(
        [owned.fixed_usd_per_gpu, running * (1.0 - weight) / samples, [weight], np.full(samples, weight / tail)]
    )
    none = sparse.csr_matrix((cells, 1 + samples))
    meets = sparse.hstack([sparse.csr_matrix((cells, count)), *[-sparse.identity(cells)] * sources, none])
    available = sparse.vstack(
        [
            sparse.csr_matrix(
                (-np.broadcast_to(ratio, full).ravel(), (np.arange(cells), np.full(cells, number))), shape=(cells, count)
            )
            for number, ratio in enumerate(owned.available_ratio)
        ]
    )
    within = sparse.hstack(
        [
            available,
            sparse.identity(count * cells),
            sparse.csr_matrix((count * cells, (sources - count) * cells + 1 + samples)),
        ]
    )
    by_sample = sparse.csr_matrix(
        (running, (np.tile(np.arange(cells) % samples, sources), np.arange(sources * cells))), shape=(samples, sources * cells)
    )
    exceeds = sparse.hstack([sparse.csr_matrix((samples, count)), by_sample, -np.ones((samples, 1)), -sparse.identity(samples)])
    vendor_rows, vendor_bounds = problem.vendor_rows()
    shares = sparse.hstack([sparse.csr_matrix(vendor_rows), sparse.csr_matrix((len(vendor_bounds), objective.size - count))])
    upper = np.concatenate(
        [
            owned.limit_gpus,
            np.full(count * cells, np.inf),
            *[np.broadcast_to(limit, full).ravel() for limit in opened.limit_gpus],
            np.full(cells + 1 + samples, np.inf),
        ]
    )
    lower = np.zeros(objective.size)
    lower[-1 - samples] = -np.inf if weight > 0 else 0.0
    found = optimum(
        objective,
        sparse.vstack([meets, within, exceeds, shares]).tocsr(),
        np.concatenate([-problem.demand_gpus.ravel(), np.zeros(count * cells + samples), vendor_bounds]),
        lower,
        upper,
        "on",
    )
    return found.point[:count], found.value
