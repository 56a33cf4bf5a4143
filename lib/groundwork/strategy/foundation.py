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


def log_factors(drawn: Scenario[Array]) -> Array:
    """The logarithm of every multiplier at full maturity, [9, 1, sample]; 0 where the channel is off."""
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
    ]
    return np.stack([np.broadcast_to(row, zero.shape) for row in rows])[:, None, :]


def multipliers(logs: Array, maturity: Array) -> Multipliers:
    """The multipliers at maturity [strategy, sample], from `log_factors`."""
    return Multipliers(*np.exp(logs * maturity))


@dataclass(frozen=True, slots=True)
class Build:
    """The drawn facts of a platform build, [1, sample] each: its true work, how far it can be adopted."""

    target_engineer_months: Array
    adoption_max: Array


def build(drawn: Scenario[Array], tail_dice: Array, failure_dice: Array) -> Build:
    """How much work the platform really takes and how far it is adopted; the dice are chance, not belief.

    Parameters
    ----------
    tail_dice, failure_dice
        Uniforms [sample]: below `tail_ratio` the build runs away, below `failure_ratio` teams do not take it up.
    """
    platform = drawn.platform
    overrun = np.where(tail_dice < platform.tail_ratio, platform.tail_factor, platform.overrun_factor)
    adopted = np.where(failure_dice < platform.failure_ratio, platform.failed_adoption_ratio, platform.adoption_max_ratio)
    return Build((platform.work_engineer_months * overrun)[None, :], adopted[None, :])


@dataclass(slots=True)
class WallState:
    """The scaling wall: level reached by rebuilds, months of rebuild left, and how many there were; [strategy, sample]."""

    level: Array
    left_months: Array
    count: Array
    finished: Flags

    @classmethod
    def fresh(cls, shape: tuple[int, int]) -> WallState:
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool))

    def stepped(self, beliefs: Scenario[Array], load: Array, maturity: Array, complete: Array) -> tuple[Array, Flags, Array]:
        """One month: the load carried at most, whether launches are frozen, and the rebuild's cost in USD.

        One level per strategy, the larger of maturity and what rebuilds reached, so a lift is never counted twice. A rebuild
        is priced by the work that was skipped, 1 - M: a platform nobody uses does not make it cheaper.
        """
        wall = beliefs.channels.wall
        shape = load.shape
        if not wall.enabled:
            return np.full(shape, np.inf), np.zeros(shape, dtype=bool), np.zeros(shape)
        self.finished = (self.left_months > 0.0) & (self.left_months <= 1.0)
        self.left_months = np.maximum(0.0, self.left_months - 1.0)
        self.level = np.where(self.finished, np.floor(np.maximum(self.level, maturity)) + 1.0, self.level)
        reached = np.maximum(self.level, maturity)
        whole = np.floor(reached)
        carried = wall.load_accelerators * wall.lift_factor**whole * (1.0 + (wall.lift_factor - 1.0) * (reached - whole))
        begins = (load > carried) & (self.left_months <= 0.0)
        self.count = self.count + begins
        self.left_months = np.where(begins, wall.rebuild_months, self.left_months)
        skipped = np.maximum(whole + 1.0 - reached, 0.0)
        platform = beliefs.platform
        cost = (
            begins * platform.retrofit_ratio * platform.work_engineer_months * skipped * beliefs.organisation.wage_usd_per_month
        )
        return carried, self.left_months > 0.0, cost
