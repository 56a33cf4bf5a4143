"""What can be bought: commitments fixed before the future is known, and open sources bought month by month afterwards.

Two stages. First: how many GPUs to commit to, x [commitment]. Then, in every month and sample, demand is met from everything
that is there in the order of its running price (merit order); what is left stays unserved at a price. All money is in USD of
today: `discount_ratio` is applied here, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.errors import Fault
from groundwork.formulas.input_ranges import at_least, between, holds, refuse

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Commitments:
    """Capacity that is paid for whether it is used or not; each start month is a commitment of its own.

    Parameters
    ----------
    names, vendors
        [commitment]; several commitments may share a vendor.
    fixed_usd_per_gpu
        [commitment], all that one GPU costs over the horizon however little it is used, discounted, less its terminal value.
    usage_usd_per_gpu_month
        [commitment, month, sample or 1], what a month of use adds (power of owned machines; 0 for reserved instances).
    available_ratio
        [commitment, month, sample or 1], share of what was committed that works in that month: 0 before delivery and after
        the term.
    limit_gpus
        [commitment], the most that can be had, finite.
    """

    names: tuple[str, ...]
    vendors: tuple[str, ...]
    fixed_usd_per_gpu: Array
    usage_usd_per_gpu_month: Array
    available_ratio: Array
    limit_gpus: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenSources:
    """Capacity bought when it is needed: on demand, spot, a managed API counted in GPUs.

    Parameters
    ----------
    names
        [source].
    usd_per_gpu_month
        [source, month, sample or 1], price in that month; spot by its useful hours (`spot_effective_usd_per_hour`).
    limit_gpus
        [source, month, sample or 1], what can be had then; small in scarcity, for spot the interruptible part of demand.
    """

    names: tuple[str, ...]
    usd_per_gpu_month: Array
    limit_gpus: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CapacityProblem:
    """One question: which commitments, given what demand and prices may do.

    Parameters
    ----------
    commitments, open_sources
        What can be bought.
    demand_gpus
        [month, sample], busy GPUs needed; samples equally likely.
    unserved_usd_per_gpu_month
        [month] or scalar, what a GPU-month of unserved demand costs. A source dearer than this is not used.
    discount_ratio
        [month], worth today of one USD in that month (`discount_factors`).
    tail_weight_ratio
        Weight of the conditional value at risk against the mean, 0 to 1.
    tail_level_ratio
        Its level, 0 or more and below 1: 0.95 looks at the worst twentieth.
    vendor_share_limits
        Vendor -> most GPU-months committed there, as a share of the expected demand over the horizon, 0 or more. Shares of
        **demand**, so that the limit of one vendor does not move with what is bought elsewhere.
    """

    commitments: Commitments
    open_sources: OpenSources
    demand_gpus: Array
    unserved_usd_per_gpu_month: ArrayLike
    discount_ratio: Array
    tail_weight_ratio: float = 0.0
    tail_level_ratio: float = 0.95
    vendor_share_limits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        refuse(_shape_faults(self))
        kinds = {
            "commitments.usage_usd_per_gpu_month": self.commitments.usage_usd_per_gpu_month,
            "commitments.fixed_usd_per_gpu": self.commitments.fixed_usd_per_gpu,
            "commitments.limit_gpus": self.commitments.limit_gpus,
            "open_sources.usd_per_gpu_month": self.open_sources.usd_per_gpu_month,
            "open_sources.limit_gpus": self.open_sources.limit_gpus,
            "demand_gpus": self.demand_gpus,
            "unserved_usd_per_gpu_month": self.unserved_usd_per_gpu_month,
            "discount_ratio": self.discount_ratio,
        }
        refuse(
            [
                *(at_least(name, value, 0.0) for name, value in kinds.items()),
                between("commitments.available_ratio", self.commitments.available_ratio, 0.0, 1.0),
                between("tail_weight_ratio", self.tail_weight_ratio, 0.0, 1.0),
                between("tail_level_ratio", self.tail_level_ratio, 0.0, 1.0 - 1e-9),
                *(
                    holds(f"vendor_share_limits.{vendor}", vendor in self.commitments.vendors, "no commitment has this vendor")
                    for vendor in self.vendor_share_limits
                ),
                *(at_least(f"vendor_share_limits.{vendor}", limit, 0.0) for vendor, limit in self.vendor_share_limits.items()),
            ]
        )

    @property
    def unserved_usd(self) -> Array:
        """Discounted price of unserved demand, [month]."""
        unserved: Array = np.asarray(self.unserved_usd_per_gpu_month, np.float64) * self.discount_ratio
        return unserved

    def vendor_rows(self) -> tuple[Array, Array]:
        """Vendor limits as rows A x <= b: GPU-months committed at a vendor, and what its share of expected demand allows."""
        gpu_months = self.commitments.available_ratio.mean(axis=2).sum(axis=1)
        rows = [
            np.where(np.array([name == vendor for name in self.commitments.vendors]), gpu_months, 0.0)
            for vendor in self.vendor_share_limits
        ]
        expected = float(self.demand_gpus.mean(axis=1).sum())
        bounds = [limit * expected for limit in self.vendor_share_limits.values()]
        return np.array(rows).reshape(len(rows), len(self.commitments.names)), np.array(bounds)


def commitments_from_terms(
    *,
    names: Sequence[str],
    vendors: Sequence[str],
    order_months: ArrayLike,
    lead_months: ArrayLike,
    term_months: ArrayLike,
    usd_per_gpu_month: ArrayLike,
    upfront_usd_per_gpu: ArrayLike,
    terminal_usd_per_gpu: ArrayLike,
    usage_usd_per_gpu_month: ArrayLike,
    limit_gpus: ArrayLike,
    discount_ratio: ArrayLike,
) -> Commitments:
    """Commitments with a term: ordered, delivered after a lead time, paid monthly until the term ends, within the horizon.

    fixed = upfront d(order) + sum over months of the term inside the horizon of monthly d(month) - terminal d(last month).

    What a user would get wrong: a term that outlives the horizon. Its monthly payments beyond are not counted (it is assumed
    to be worth what it costs), but an upfront price is counted in full: give `terminal_usd_per_gpu`, or see the warning
    ``end_of_horizon_purchase_without_terminal_value``. With lead times that differ by sample the fixed cost is their mean.

    Parameters
    ----------
    names, vendors
        [commitment].
    order_months
        [commitment], month of the order, 0 or more; several orders of one offer are several commitments.
    lead_months
        [commitment] or [commitment, sample], months from order to delivery, whole, 0 or more.
    term_months
        [commitment], whole, 1 or more; the life of owned machines.
    usd_per_gpu_month, upfront_usd_per_gpu, terminal_usd_per_gpu, usage_usd_per_gpu_month, limit_gpus
        [commitment], 0 or more; the terminal value is counted in the last month of the horizon.
    discount_ratio
        [month].
    """
    discount = np.asarray(discount_ratio, np.float64)
    count = len(names)
    order, term, monthly, upfront, terminal, usage, limit = (
        np.broadcast_to(np.asarray(value, np.float64), (count,))
        for value in (
            order_months,
            term_months,
            usd_per_gpu_month,
            upfront_usd_per_gpu,
            terminal_usd_per_gpu,
            usage_usd_per_gpu_month,
            limit_gpus,
        )
    )
    lead = np.asarray(lead_months, np.float64)
    lead = np.broadcast_to(lead[..., None] if lead.ndim < 2 else lead, (count, lead.shape[1] if lead.ndim == 2 else 1))
    months = discount.shape[0]
    refuse(
        [
            holds("vendors", len(vendors) == count, "must hold one vendor for each name"),
            between("order_months", order, 0, months - 1),
            at_least("lead_months", lead, 0),
            at_least("term_months", term, 1),
            holds(
                "order_months, lead_months, term_months", bool(_whole(order) and _whole(lead) and _whole(term)), "whole months"
            ),
            at_least("usd_per_gpu_month", monthly, 0),
            at_least("upfront_usd_per_gpu", upfront, 0),
            at_least("terminal_usd_per_gpu", terminal, 0),
            at_least("usage_usd_per_gpu_month", usage, 0),
            at_least("limit_gpus", limit, 0),
        ]
    )
    month = np.arange(months)[None, :, None]
    delivery = (order[:, None] + lead)[:, None, :]
    available = ((month >= delivery) & (month < delivery + term[:, None, None])).astype(np.float64)
    paid = (available * discount[None, :, None]).sum(axis=1).mean(axis=1)
    # never below zero: a terminal value above the price would be a reason to buy without limit
    fixed = upfront * discount[order.astype(np.intp)] + monthly * paid - terminal * discount[-1]
    refuse([at_least("terminal_usd_per_gpu (more than the whole commitment costs)", fixed, 0.0)])
    return Commitments(
        names=tuple(names),
        vendors=tuple(vendors),
        fixed_usd_per_gpu=fixed,
        usage_usd_per_gpu_month=np.broadcast_to(usage[:, None, None], (count, months, 1)),
        available_ratio=available,
        limit_gpus=limit.copy(),
    )


def _whole(value: Array) -> bool:
    return bool(np.all(value == np.floor(value)))


def _shape_faults(problem: CapacityProblem) -> list[Fault | None]:
    demand = np.shape(problem.demand_gpus)
    if len(demand) != 2 or 0 in demand:
        return [Fault(rule="must be [month, sample] and not empty", path="demand_gpus", came=str(demand))]
    months, samples = demand
    owned, opened = problem.commitments, problem.open_sources
    count, others = len(owned.names), len(opened.names)
    wanted: dict[str, tuple[tuple[int, ...], list[tuple[int, ...]]]] = {
        "commitments.vendors": ((len(owned.vendors),), [(count,)]),
        "commitments.fixed_usd_per_gpu": (np.shape(owned.fixed_usd_per_gpu), [(count,)]),
        "commitments.limit_gpus": (np.shape(owned.limit_gpus), [(count,)]),
        "commitments.usage_usd_per_gpu_month": (
            np.shape(owned.usage_usd_per_gpu_month),
            [(count, months, 1), (count, months, samples)],
        ),
        "commitments.available_ratio": (np.shape(owned.available_ratio), [(count, months, 1), (count, months, samples)]),
        "open_sources.usd_per_gpu_month": (np.shape(opened.usd_per_gpu_month), [(others, months, 1), (others, months, samples)]),
        "open_sources.limit_gpus": (np.shape(opened.limit_gpus), [(others, months, 1), (others, months, samples)]),
        "unserved_usd_per_gpu_month": (np.shape(problem.unserved_usd_per_gpu_month), [(), (months,)]),
        "discount_ratio": (np.shape(problem.discount_ratio), [(months,)]),
    }
    return [
        *(
            None if came in fits else Fault(rule=f"shape must be {' or '.join(map(str, fits))}", path=path, came=str(came))
            for path, (came, fits) in wanted.items()
        ),
        holds("commitments.names", count > 0, "must hold at least one commitment"),
    ]
