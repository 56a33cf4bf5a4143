"""Where engineers' time goes: running services, a rebuild, the platform, pilots and roll-outs, and what is left idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.foundation import Multipliers


class Stages(Protocol):
    """How many use cases are in which stage, and who has given up; [strategy, sample]."""

    stopped: Flags
    piloting_total: Array
    rolling_total: Array
    live_total: Array

    def employed(self) -> Flags: ...


@dataclass(frozen=True, slots=True)
class Effort:
    """Where engineers' time went in one month, [strategy, sample], in people."""

    pace: Array
    paid_fte: Array
    staff_fte: Array
    delivered_fte: Array
    toil_fte: Array
    rebuild_fte: Array
    platform_fte: Array
    idle_fte: Array
    starting: Flags

    def series(self) -> dict[str, Array | Flags]:
        """What a page may ask for by month."""
        return {
            "staff_fte": self.staff_fte,
            "delivery_fte": self.delivered_fte,
            "toil_fte": self.toil_fte,
            "rebuild_fte": self.rebuild_fte,
            "platform_fte": self.platform_fte,
            "idle_fte": self.idle_fte,
        }


@dataclass(frozen=True, slots=True)
class Crew:
    """What the people of each strategy are and what their tasks take, [strategy, sample]."""

    begins: Array
    wait_months: Array
    staff: Array
    retraining_fte: Array
    toil_fte: Array
    rebuild_fte: Array
    diverted_fte: Array
    pilot_fte: Array
    production_fte: Array
    dip_throughput_ratio: Array
    idle_paid_ratio: Array

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices) -> Crew:
        deliver, people, each = beliefs.delivery, beliefs.organisation, choices.each
        return cls(
            begins=choices.use_cases_start,
            wait_months=choices.wait_months,
            staff=each(people.engineers_fte),
            retraining_fte=each(deliver.retraining_fte),
            toil_fte=each(deliver.toil_fte),
            rebuild_fte=each(beliefs.channels.wall.lost_ratio * people.engineers_fte),
            diverted_fte=choices.diverted_ratio * choices.platform_team_fte,
            pilot_fte=each(deliver.pilot_fte),
            production_fte=each(deliver.production_fte),
            dip_throughput_ratio=beliefs.channels.early_dip.throughput_ratio,
            idle_paid_ratio=each(people.idle_paid_ratio),
        )

    def month(
        self,
        stages: Stages,
        act: Multipliers,
        dip: Flags,
        frozen: Flags,
        building: Flags,
        kept: Flags,
        platform_started_at: Array,
        month: int,
    ) -> Effort:
        """Where engineers' time goes this month; what is not used is idle and paid in part, while there is work to wait for.

        Time goes first to running services and retraining their models, then to a rebuild and to the platform (where it is
        taken from delivery), then to pilots and roll-outs at one common pace.
        """
        active = self.begins <= month
        moving = active & ~stages.stopped
        staff = self.staff if active.all() else self.staff * active
        toil = self.toil_fte * act.toil
        toil += self.retraining_fte
        toil *= stages.live_total
        np.minimum(toil, staff, out=toil)
        free = staff - toil
        rebuild = platform = _NOBODY
        if np.count_nonzero(frozen):
            moving &= ~frozen
            rebuild = np.minimum(free, frozen * self.rebuild_fte)
            free -= rebuild
        if np.count_nonzero(building) and self.diverted_fte.any():
            platform = np.minimum(free, building * self.diverted_fte)
            free -= platform
        busy = staff - free
        wanted = stages.piloting_total * self.pilot_fte
        wanted += stages.rolling_total * self.production_fte
        output = act.productivity
        if np.count_nonzero(dip):
            output = output * (1.0 - dip * self.dip_throughput_ratio)
        pace = free * output
        pace /= np.maximum(wanted, 1e-12)
        np.minimum(pace, 1.0, out=pace)
        pace *= moving
        delivered = pace * wanted
        delivered /= output
        np.minimum(delivered, free, out=delivered)
        idle = free
        idle -= delivered
        idle *= stages.employed()
        paid = self.idle_paid_ratio * idle
        paid += delivered
        paid *= kept
        paid += busy
        waiting = (platform_started_at <= month) & (platform_started_at > month - self.wait_months)
        return Effort(
            pace=pace,
            paid_fte=paid,
            staff_fte=busy + delivered + idle,
            delivered_fte=delivered,
            toil_fte=toil,
            rebuild_fte=rebuild,
            platform_fte=platform,
            idle_fte=idle,
            starting=moving & ~waiting,
        )


_NOBODY = np.zeros(1)
