"""How many accelerators keep the promises of all workloads: worked out once per scenario, multiplied in the month loop.

A service that answers at once is sized for its busiest bin: spare servers grow with the root of the load (G/G/c). Work with a
deadline fills the hours in which the services are quiet. Devices at sites belong to their site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.formulas.demand import load_duration, normalised_profile
from groundwork.quantities import Array, Index
from groundwork.strategy.loops import sizing as loops
from groundwork.strategy.loops.compiled import plain
from groundwork.strategy.servers import deadline_hours, servers_of
from groundwork.workloads import BatchWork, EdgeWork, LlmWork, OnlineWork, RenderWork, TrainingWork, Workload


@dataclass(frozen=True, slots=True)
class Shares:
    """What is held, and what is missing, over what is needed, at most 1; and the share of all work that is served."""

    held_ratio: Array
    missing_ratio: Array
    served_ratio: Array


@dataclass(slots=True)
class Sizing:
    """How many reference accelerators a month's busy ones ask for.

    `hours_per_unit` are the busy hours of the reference accelerator that one unit takes, [workload, sample]: those of another
    accelerator count by its price over the reference's, so that one pool can hold them all.
    For a service `scale` turns busy reference accelerators into the load of one zone's servers in the busiest bin; it needs that
    load, plus `fixed` (spare servers are in it), plus `root` times the root of it, in whole servers; `price` is what such a
    server costs in all zones, in reference accelerators: [strategy, service, sample] each. `deadline` is 24 hours over those
    in which a day's work must be done, [workload, sample]; `quiet_ratio` is the services' load in the quietest such hours over
    that in their busiest. The corners, [corner], say what share of a day's work a capacity below the need turns away.
    """

    hours_per_unit: Array
    scale: Array
    fixed: Array
    root: Array
    price: Array
    deadline: Array
    dated: Index
    sited: Index
    quiet_ratio: float
    capacity_corners: Array
    unserved_corners: Array
    services: Index

    @classmethod
    def of(cls, work: Sequence[Workload[Array]], zones_count: Array, spare_servers_count: Array, samples: int) -> Sizing:
        """The coefficients of every workload, from its drawn beliefs, the zones that each serve and the spare servers in each.

        Both [strategy, 1].
        """
        zones, spare = zones_count[:, :, None], spare_servers_count[:, :, None]
        rows = [servers_of(item) for item in work]
        whole, peak, fixed, root, deadline, hours = (
            np.stack([np.broadcast_to(np.asarray(getattr(row, name), dtype=np.float64), (samples,)) for row in rows])
            for name in ("price_ratio", "peak_ratio", "fixed_count", "root_count", "deadline_ratio", "hours_per_unit")
        )
        dated, sited, services = (
            np.array([place for place, item in enumerate(work) if isinstance(item.work, kinds)], dtype=np.int64)
            for kinds in (BatchWork | RenderWork | TrainingWork, EdgeWork, OnlineWork | LlmWork)
        )
        profiles = [normalised_profile(work[place].hour_profile) for place in services]
        profile = np.mean(profiles, axis=0) if profiles else np.ones(24)
        corners, unserved = load_duration(profile)
        return cls(
            hours_per_unit=hours * whole,
            scale=peak[services] / whole[services] / zones,
            fixed=fixed[services] / zones + spare,
            root=root[services] / np.sqrt(zones),
            price=whole[services] * zones,
            deadline=deadline,
            dated=dated,
            sited=sited,
            quiet_ratio=max((quietest_ratio(profile, float(deadline_hours(work[place]).min())) for place in dated), default=0.0),
            capacity_corners=corners / profile.max(),
            unserved_corners=plain(unserved),
            services=services,
        )

    def promised(self, busy: Array) -> Array:
        """Reference accelerators that keep the promises of all services in their busiest bin, [strategy, sample].

        Parameters
        ----------
        busy
            Busy reference accelerators on the month's mean, [strategy, workload, sample].
        """
        needed = np.empty((busy.shape[0], busy.shape[2]))
        loops.promised(busy, self.services, self.scale, self.fixed, self.root, self.price, needed)
        return needed

    def needed(self, busy: Array, use_ratio: Array) -> Array:
        """Reference accelerators that a month asks for, spare capacity not yet counted, [strategy, sample].

        The larger of what everyday use makes of the busy ones (`use_ratio`, busy over held) and of what the promises need even
        in one perfect pool: services in their busiest bin, or their quiet hours with the dated work on top. Devices at sites
        come on top: they are shared with nobody.

        Parameters
        ----------
        busy
            As in `promised`.
        use_ratio
            Share of the pooled accelerators' time that is used, [strategy, sample].
        """
        needed = self.promised(busy)
        loops.pooled(busy, use_ratio, self.quiet_ratio, self.deadline, self.dated, self.sited, needed)
        return needed

    def shared(self, held: Array, needed: Array, within_wall: Array) -> Shares:
        """How far what is held reaches, [strategy, sample]; `within_wall` is the share of the load that is carried at all."""
        held_ratio, missing_ratio = np.empty((2, *held.shape))
        loops.shared(held, needed, held_ratio, missing_ratio)
        return Shares(held_ratio, missing_ratio, self.served_ratio(held_ratio) * within_wall)

    def served_ratio(self, held_ratio: Array) -> Array:
        """Share of the work that is served by a capacity below the need, over the 24 hours of a day.

        What a user would get wrong: a tenth too little capacity does not turn a tenth of the work away, only what comes in the
        hours above it.

        Parameters
        ----------
        held_ratio
            Capacity over need, 0 or more, any shape.
        """
        served = np.empty(held_ratio.size)
        loops.served(plain(held_ratio.ravel()), self.capacity_corners, self.unserved_corners, served)
        return served.reshape(held_ratio.shape)


def quietest_ratio(profile: Array, hours: float) -> float:
    """Mean of the quietest run of so many hours of a day that repeats, over its busiest hour.

    Parameters
    ----------
    profile
        [24], above 0 somewhere.
    hours
        Above 0; a day and more is the whole day.
    """
    count = int(np.clip(np.ceil(hours), 1, profile.size))
    around = np.concatenate([profile, profile[: count - 1]])
    return float(np.convolve(around, np.ones(count), "valid").min() / count / profile.max())
