"""What a platform does: its build, its adoption, and the multipliers through which maturity acts.

Every effect of maturity M (0 to 1) is geometric: a factor f at full maturity acts as f**M, which is symmetric
in logarithms, so that a channel whose prior is symmetric around "no effect" favours nobody. A channel that is
switched off keeps its equation at M = 0 for every strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.loops import foundation as loops
from groundwork.strategy.loops.compiled import plain


@dataclass(frozen=True, slots=True)
class Multipliers:
    """What maturity makes of each equation: arrays [strategy, sample], 1 where nothing acts.

    `uncovered` multiplies the share of outages in which the switch fails; `productivity` multiplies delivery.
    """

    lead_time: Array
    utilisation: Array
    experiment_wait: Array
    change_restore: Array
    uncovered: Array
    toil: Array
    data_waste: Array
    drift: Array
    productivity: Array
    service_life: Array
    data_throughput: Array


_CHANNEL_OF = (
    "lead_time",
    "utilisation",
    "experiment_wait",
    "change_restore",
    "failover",
    "toil",
    "data_waste",
    "lifecycle",
    "toil",
    "lifecycle",
    "data_pipeline",
)


def log_factors(drawn: Scenario[Array]) -> Array:
    """The logarithm of every multiplier at full maturity, [factor, sample]; 0 where the channel is off."""
    channels = drawn.channels
    zero = np.zeros_like(drawn.organisation.engineers_fte)
    rows = [
        -np.log(channels.lead_time.divisor) if channels.lead_time.enabled else zero,
        np.log(channels.utilisation.with_ratio / channels.utilisation.without_ratio) if channels.utilisation.enabled else zero,
        np.log1p(-channels.experiment_wait.cut_ratio) if channels.experiment_wait.enabled else zero,
        np.log(channels.change_restore.factor) if channels.change_restore.enabled else zero,
        np.log((1.0 - channels.failover.with_ratio) / (1.0 - channels.failover.without_ratio))
        if channels.failover.enabled
        else zero,
        np.log1p(-channels.toil.cut_ratio) if channels.toil.enabled else zero,
        np.log1p(-channels.data_waste.cut_ratio) if channels.data_waste.enabled else zero,
        np.log1p(-channels.lifecycle.cut_ratio) if channels.lifecycle.enabled else zero,
        np.log1p(channels.toil.gain_ratio) if channels.toil.enabled else zero,
        np.log(channels.lifecycle.life_factor) if channels.lifecycle.enabled else zero,
        np.log(channels.data_pipeline.throughput_factor) if channels.data_pipeline.enabled else zero,
    ]
    return np.stack([np.broadcast_to(row, zero.shape) for row in rows])


@dataclass(slots=True)
class Effects:
    """The multipliers month by month: `logs` at full maturity, [factor, sample], and `strength`, [factor, strategy]."""

    logs: Array
    strength: Array
    values: Array
    act: Multipliers

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices) -> Effects:
        logs = log_factors(beliefs)
        nothing_left_out = np.ones((choices.count, 1))
        strength = np.stack([choices.strength.get(name, nothing_left_out)[:, 0] for name in _CHANNEL_OF])
        values = np.ones((len(logs), choices.count, logs.shape[1]))
        return cls(logs, strength, values, Multipliers(*values))

    def at(self, maturity: Array) -> Multipliers:
        """The multipliers at maturity [strategy, sample]; they hold until the next call."""
        loops.acting(maturity, self.logs, self.strength, self.values)
        return self.act


@dataclass(frozen=True, slots=True)
class Build:
    """The drawn facts of a platform build: its true work, [strategy, sample], and how far it can be adopted, [sample]."""

    target_engineer_months: Array
    adoption_max: Array


def build(drawn: Scenario[Array], tail_dice: Array, failure_dice: Array, work_ratio: Array) -> Build:
    """How much work the platform really takes and how far it is adopted; the dice are chance, not belief.

    Parameters
    ----------
    tail_dice, failure_dice
        Uniforms [sample]: below `tail_ratio` the build runs away, below `failure_ratio` teams do not take it up.
    work_ratio
        Work of the components built over that of the whole platform, [strategy, 1].
    """
    platform = drawn.platform
    overrun = np.where(tail_dice < platform.tail_ratio, platform.tail_factor, platform.overrun_factor)
    adopted = np.where(failure_dice < platform.failure_ratio, platform.failed_adoption_ratio, platform.adoption_max_ratio)
    return Build(work_ratio * (platform.work_engineer_months * overrun), adopted)


@dataclass(slots=True)
class PlatformState:
    """The platform as it stands, [strategy, sample]: when it began, how much work is done, how far it is taken up."""

    begins: Array
    team_fte: Array
    adoption_speed: Array
    dip_months: Array
    started_at: Array
    work_done: Array
    complete: Array
    adoption: Array
    unfinished: Flags
    maturity: Array
    building: Flags
    dip: Flags

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, shape: tuple[int, int]) -> PlatformState:
        dip = beliefs.channels.early_dip
        return cls(
            begins=choices.platform_start,
            team_fte=choices.platform_team_fte * choices.work_ratio,
            adoption_speed=plain(beliefs.platform.adoption_ratio_per_month),
            dip_months=plain(dip.months) if dip.enabled else np.zeros(shape[1]),
            started_at=np.full(shape, np.inf),
            work_done=np.zeros(shape),
            complete=np.zeros(shape),
            adoption=np.zeros(shape),
            unfinished=np.zeros(shape, dtype=bool),
            maturity=np.zeros(shape),
            building=np.zeros(shape, dtype=bool),
            dip=np.zeros(shape, dtype=bool),
        )

    def stepped(self, facts: Build, triggered: Flags, stopped: Flags, month: int) -> tuple[Array, Flags, Flags]:
        """One month of building and of adoption: maturity, where the team is building, where the early dip lasts.

        It begins in its month or where its trigger holds; who has given up builds no further. What is returned holds for a month.
        """
        loops.built(
            *(month, self.begins, triggered, stopped, self.team_fte, facts.target_engineer_months, facts.adoption_max),
            *(self.adoption_speed, self.dip_months, self.started_at, self.work_done, self.complete, self.adoption),
            *(self.unfinished, self.maturity, self.building, self.dip),
        )
        return self.maturity, self.building, self.dip


@dataclass(slots=True)
class WallState:
    """The scaling wall: level reached by rebuilds, months of rebuild left, how many there were; [strategy, sample]."""

    level: Array
    left_months: Array
    count: Array
    load_accelerators: Array
    log_lift: Array
    rebuild_months: Array
    rebuild_usd: Array
    within: Array
    frozen: Flags
    paid_usd: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], shape: tuple[int, int]) -> WallState:
        wall, platform = beliefs.channels.wall, beliefs.platform
        return cls(
            level=np.zeros(shape),
            left_months=np.zeros(shape),
            count=np.zeros(shape),
            load_accelerators=plain(wall.load_accelerators),
            log_lift=np.log(wall.lift_factor),
            rebuild_months=plain(wall.rebuild_months),
            rebuild_usd=platform.retrofit_ratio * platform.work_engineer_months * beliefs.organisation.wage_usd_per_month,
            within=np.ones(shape),
            frozen=np.zeros(shape, dtype=bool),
            paid_usd=np.zeros(shape),
        )

    def stepped(self, beliefs: Scenario[Array], load: Array, maturity: Array, complete: Array) -> tuple[Array, Flags, Array]:
        """One month: the share of the load that is carried, whether launches are frozen, and the rebuild's cost in USD.

        What is carried at most rises by the lift to the power of the level: one level per strategy, the larger of maturity and
        what rebuilds reached, so a lift is never counted twice. A rebuild leads to the next whole level and is priced by the
        work that was skipped, 1 - M: a platform nobody uses does not make it cheaper. Where one ends, `complete` becomes 1.
        """
        if beliefs.channels.wall.enabled:
            loops.carried(
                *(load, maturity, self.load_accelerators, self.log_lift, self.rebuild_months, self.rebuild_usd),
                *(complete, self.level, self.left_months, self.count, self.within, self.frozen, self.paid_usd),
            )
        return self.within, self.frozen, self.paid_usd
