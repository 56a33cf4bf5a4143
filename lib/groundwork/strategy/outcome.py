"""What comes out of a run, and the book in which blocks of samples are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.errors import InputFault
from groundwork.quantities import Array

COSTS = (
    "engineers",
    "platform",
    "rebuild",
    "committed_capacity",
    "on_demand_capacity",
    "owned_capacity",
    "waste",
    "api",
    "data",
    "incidents",
)

MONTHLY = (
    "cash_usd",
    "value_usd",
    "spend_usd",
    "live_use_cases",
    "accelerators",
    "needed_accelerators",
    "busy_accelerators",
    "downtime_hours",
    "unserved_ratio",
    "stalled",
    "maturity",
)

ON_REQUEST = (
    "staff_fte",
    "delivery_fte",
    "toil_fte",
    "rebuild_fte",
    "platform_fte",
    "idle_fte",
    "asked_units",
    "served_units",
    "late_units",
    "declined_units",
    "graduated_pilots",
    "finished_pilots",
    "graduation_learned_ratio",
    "committed_accelerators",
    "owned_accelerators",
    "on_demand_accelerators",
    "ordered_accelerators",
    "arrived_accelerators",
    "coming_accelerators",
    "availability_ratio",
    "compute_wait_ratio",
    "lead_factor",
    "data_lag_days",
    "platform_complete_ratio",
    "platform_building",
    "reach_left_ratio",
    "stopped",
    *(f"{name}_usd" for name in COSTS),
)
"""Series that a page or a test may ask for by name, beside those kept by default."""

BY_WORKLOAD = ("serving_stopped", "unit_cost_usd", "unit_value_usd")
"""Series by workload that may be asked for, [month, workload, strategy, sample]."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every strategy in every sample.

    `monthly` holds [month, strategy, sample] by name: cash_usd (not discounted), value_usd, live_use_cases, accelerators,
    needed_accelerators, busy_accelerators, downtime_hours, unserved_ratio, stalled, maturity, and what of `ON_REQUEST` was asked
    for; what of `BY_WORKLOAD` was asked for is [month, workload, strategy, sample]. `cost_usd` holds the present
    value of each cost category, [strategy, sample], terminal run cost of the platform included in `platform`.
    """

    strategies: tuple[str, ...]
    workloads: tuple[str, ...]
    months: int
    samples: int
    seed: int
    npv_usd: Array
    npv_path_usd: Array
    cost_usd: Mapping[str, Array]
    terminal_usd: Array
    rebuilds: Array
    monthly: Mapping[str, Array]
    balances: Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Book:
    """Room for every sample of a run: a block writes its samples and nobody else's."""

    npv: Array
    npv_path: Array
    cost: dict[str, Array]
    terminal: Array
    rebuilds: Array
    monthly: dict[str, Array]
    balances: dict[str, Array]
    wants_more: bool

    @classmethod
    def blank(cls, months: int, strategies: int, workloads: int, samples: int, record: Sequence[str]) -> Book:
        shape = (strategies, samples)

        def room(name: str) -> Array:
            return np.zeros((months, workloads, *shape) if name in BY_WORKLOAD else (months, *shape))

        return cls(
            npv=np.zeros(shape),
            npv_path=np.zeros((months, *shape)),
            cost={name: np.zeros(shape) for name in COSTS},
            terminal=np.zeros(shape),
            rebuilds=np.zeros(shape),
            monthly={name: room(name) for name in record},
            balances={name: np.zeros(shape) for name in ("orders", "use_cases")},
            wants_more=not set(record) <= set(MONTHLY),
        )

    def part(self, start: int, stop: int) -> Book:
        """The same room seen from a block's samples."""
        place = (..., slice(start, stop))
        return Book(
            npv=self.npv[place],
            npv_path=self.npv_path[place],
            cost={name: values[place] for name, values in self.cost.items()},
            terminal=self.terminal[place],
            rebuilds=self.rebuilds[place],
            monthly={name: values[place] for name, values in self.monthly.items()},
            balances={name: values[place] for name, values in self.balances.items()},
            wants_more=self.wants_more,
        )

    def copied(self, copies: Sequence[tuple[int, int]]) -> None:
        """Write what became of a strategy to the places of its equals, (place, place of its equal)."""
        arrays = [self.npv, self.npv_path, self.terminal, self.rebuilds]
        arrays += [*self.cost.values(), *self.monthly.values(), *self.balances.values()]
        for place, equal in copies:
            for array in arrays:
                array[..., place, :] = array[..., equal, :]

    def outcome(self, strategies: tuple[str, ...], workloads: tuple[str, ...], months: int, samples: int, seed: int) -> Outcome:
        return Outcome(
            strategies=strategies,
            workloads=workloads,
            months=months,
            samples=samples,
            seed=seed,
            npv_usd=self.npv,
            npv_path_usd=self.npv_path,
            cost_usd=self.cost,
            terminal_usd=self.terminal,
            rebuilds=self.rebuilds,
            monthly=self.monthly,
            balances=self.balances,
        )


def refuse_unknown(kind: str, asked: Sequence[str], known: Sequence[str]) -> None:
    """Refuse names that do not exist, all of them at once."""
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise InputFault(f"no {kind} called {', '.join(unknown)}; there are {', '.join(known)}")
