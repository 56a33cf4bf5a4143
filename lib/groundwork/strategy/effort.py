"""Where engineers' time goes: running services, a rebuild, the platform, pilots and roll-outs, and what is left idle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.loops import effort as loops
from groundwork.strategy.loops.compiled import plain


class Stages(Protocol):
    """How many use cases are in which stage, who has given up, whose team is still paid and still there; [strategy, sample]."""

    stopped: Flags
    piloting_total: Array
    rolling_total: Array
    live_total: Array
    kept: Flags
    employed: Flags


@dataclass(frozen=True, slots=True)
class Effort:
    """Where engineers' time went in one month, [strategy, sample], in people; it holds until the next month."""

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
    spent: Effort

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices) -> Crew:
        deliver, people, each = beliefs.delivery, beliefs.organisation, choices.each
        shape = (choices.count, people.engineers_fte.shape[-1])
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
            dip_throughput_ratio=plain(beliefs.channels.early_dip.throughput_ratio),
            idle_paid_ratio=each(people.idle_paid_ratio),
            spent=Effort(
                pace=np.zeros(shape),
                paid_fte=np.zeros(shape),
                staff_fte=np.zeros(shape),
                delivered_fte=np.zeros(shape),
                toil_fte=np.zeros(shape),
                rebuild_fte=np.zeros(shape),
                platform_fte=np.zeros(shape),
                idle_fte=np.zeros(shape),
                starting=np.zeros(shape, dtype=bool),
            ),
        )

    def month(
        self, stages: Stages, act: Multipliers, dip: Flags, frozen: Flags, building: Flags, platform_started_at: Array, month: int
    ) -> Effort:
        """Where engineers' time goes this month; what is not used is idle and paid in part, while there is work to wait for.

        Time goes first to running services and retraining their models, then to a rebuild and to the platform (where it is
        taken from delivery), then to pilots and roll-outs at one common pace.
        """
        spent = self.spent
        loops.spent(
            *(month, self.begins, self.wait_months, self.staff, self.retraining_fte, self.toil_fte, self.rebuild_fte),
            *(self.diverted_fte, self.pilot_fte, self.production_fte, self.dip_throughput_ratio, self.idle_paid_ratio),
            *(act.toil, act.productivity, dip, frozen, building, platform_started_at),
            *(stages.stopped, stages.kept, stages.employed),
            *(stages.piloting_total, stages.rolling_total, stages.live_total),
            *(spent.pace, spent.paid_fte, spent.staff_fte, spent.delivered_fte),
            *(spent.toil_fte, spent.rebuild_fte, spent.platform_fte, spent.idle_fte, spent.starting),
        )
        return spent
