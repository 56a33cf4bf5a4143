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
    begun_total: Array
    finished_total: Array
    graduated_total: Array
    live_total: Array

    def employed(self, beliefs: Scenario[Array]) -> Flags: ...


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


def effort(
    beliefs: Scenario[Array],
    choices: Choices,
    stages: Stages,
    act: Multipliers,
    dip: Array,
    frozen: Flags,
    building: Flags,
    kept: Flags,
    platform_started_at: Array,
    month: int,
) -> Effort:
    """Where engineers' time goes this month; what is not used is idle and paid in part, while there is work to wait for.

    Time goes first to running services and retraining their models, then to a rebuild and to the platform (where it is taken
    from delivery), then to pilots and roll-outs at one common pace.
    """
    deliver, people, wall = beliefs.delivery, beliefs.organisation, beliefs.channels.wall
    active = choices.use_cases_start <= month
    waiting = (platform_started_at <= month) & (platform_started_at > month - choices.wait_months)
    going = active & ~stages.stopped
    moving = going & ~frozen
    staff = people.engineers_fte * active
    toil = np.minimum(staff, stages.live_total * (deliver.toil_fte * act.toil + deliver.retraining_fte))
    free = staff - toil
    rebuild = np.minimum(free, frozen * (wall.lost_ratio * people.engineers_fte))
    free -= rebuild
    platform = np.minimum(free, building * (choices.diverted_ratio * choices.platform_team_fte))
    free -= platform
    wanted = (stages.begun_total - stages.finished_total) * deliver.pilot_fte
    wanted += (stages.graduated_total - stages.live_total) * deliver.production_fte
    wanted *= going
    output = act.productivity * (1.0 - dip * beliefs.channels.early_dip.throughput_ratio)
    pace = free * output
    pace /= np.maximum(wanted, 1e-12)
    np.minimum(pace, 1.0, out=pace)
    pace *= moving
    delivered = np.minimum(free, pace * wanted / output)
    idle = free - delivered
    idle *= stages.employed(beliefs)
    busy = staff - free
    paid = people.idle_paid_ratio * idle
    paid += delivered
    paid *= kept
    paid += busy
    staff = busy + delivered + idle
    return Effort(
        pace=pace,
        paid_fte=paid,
        staff_fte=staff,
        delivered_fte=delivered,
        toil_fte=toil,
        rebuild_fte=rebuild,
        platform_fte=platform,
        idle_fte=idle,
        starting=moving & ~waiting,
    )
