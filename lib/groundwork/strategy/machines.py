"""Whole machines for all workloads together, against machines of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.formulas.portfolio import Portfolio, portfolio
from groundwork.quantities import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one workload takes of a pool over a day: `servers` by hour [24], each of `server_accelerators_count`.

    `window` is the hour from which dated work runs and how many hours it has, none for a service.
    """

    label: str
    accelerator: str
    server_accelerators_count: int
    servers: Array
    window: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """All workloads on one kind of accelerator, packed into whole machines.

    `alone` are machines of a workload's own by its label, `together` those of all. `services_count` are the machines that the
    services alone take in their busiest hour, dated work not yet among them.
    """

    accelerator: str
    machine_accelerators_count: int
    alone: dict[str, int]
    together: Portfolio
    services_count: int

    @property
    def alone_count(self) -> int:
        """Machines when each workload has its own."""
        return sum(self.alone.values())

    @property
    def saved_count(self) -> int:
        """Machines that sharing saves."""
        return self.alone_count - self.together.nodes_count


def pools_of(shares: Sequence[Share], machine_accelerators: float) -> list[Pool]:
    """One pool for each kind of accelerator that two workloads and more take, the one with most machines first.

    What a user would get wrong: a pool saves nothing where two peaks meet in one hour, nor where each workload fills whole
    machines by itself. The machines are for a usual busy day: spares for machines that are down come on top in both cases.

    Parameters
    ----------
    shares
        What each workload takes by the hour; devices at sites are shared with nobody and do not belong here.
    machine_accelerators
        Accelerators in one machine, 1 or more; rounded to a whole number.
    """
    size = max(1, round(machine_accelerators))
    able = [share for share in shares if share.servers.any()]
    kinds = dict.fromkeys(share.accelerator for share in able)
    pools = [_pool(kind, size, [share for share in able if share.accelerator == kind]) for kind in kinds]
    return sorted((pool for pool in pools if len(pool.alone) > 1), key=lambda pool: -pool.alone_count)


def _pool(accelerator: str, size: int, shares: Sequence[Share]) -> Pool:
    together = _packed(shares, size)
    return Pool(
        accelerator=accelerator,
        machine_accelerators_count=size,
        alone={share.label: _packed([share], size).nodes_count for share in shares},
        together=together,
        services_count=int(together.services_by_hour_count.max()),
    )


def _packed(shares: Sequence[Share], size: int) -> Portfolio:
    services = [share for share in shares if share.window is None]
    dated = [(float(share.servers.sum()), share.window) for share in shares if share.window is not None]
    copies: Array = np.array([np.ceil(share.servers - 1e-9) for share in services]).reshape(len(services), 24)
    return portfolio(
        copies,
        np.array([share.server_accelerators_count for share in services]),
        size,
        batch_accelerator_hours=np.array([hours for hours, _ in dated]),
        batch_start_hours=np.array([window[0] for _, window in dated]),
        batch_deadline_hours=np.array([window[1] for _, window in dated]),
    )
