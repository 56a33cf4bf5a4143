"""How use cases move: backlog, pilot, graduated, production, live - whole ones, never shares of one.

Each stage adds up its rate; the k-th use case leaves when the sum passes k - 1 plus a first threshold drawn around one.
Luck is drawn before any choice: the k-th pilot of a workload meets the same die under every strategy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from groundwork.levers import Strategy
from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import Future
from groundwork.workloads import Workload


@dataclass(frozen=True, slots=True)
class Effort:
    """Where engineers' time went in one month, [strategy, sample], in people."""

    pace: Array
    paid_fte: Array
    running_usd: Array
    imbalance_fte: Array
    starting: Array


@dataclass(slots=True)
class Pipeline:
    """Whole use cases by stage and how far users have taken them up, [strategy, workload, sample]."""

    planned: Array
    dice: Array
    thresholds: Array
    log_odds: Array
    lead_factor: Array
    prior_graduates: float
    prior_failures: float
    begun_sum: Array
    pilot_sum: Array
    production_sum: Array
    begun: Array
    finished: Array
    graduated: Array
    live: Array
    reach: Array
    ceiling: Array
    stopped: Flags
    stopped_months: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], work: Mapping[str, Workload[Array]], bought: Array, world: Future) -> Pipeline:
        samples = world.shared_luck.shape[0]
        shape = (bought.shape[0], len(work), samples)
        channels, deliver = beliefs.channels, beliefs.delivery
        base = np.log(deliver.graduation_ratio / (1.0 - deliver.graduation_ratio)) + deliver.graduation_spread * world.shared_luck
        odds = np.log(channels.bought_graduation.odds_factor) if channels.bought_graduation.enabled else np.zeros(samples)
        sooner = channels.bought_lead_time.factor if channels.bought_lead_time.enabled else np.ones(samples)
        chance = 1.0 / (1.0 + np.exp(-base))
        mean, variance = float(chance.mean()), float(chance.var()) + 1e-9
        weight = max(mean * (1.0 - mean) / variance - 1.0, 0.1)
        zero = np.zeros(shape)
        return cls(
            planned=np.array([float(item.use_cases) for item in work.values()])[None, :, None],
            dice=world.graduation_dice,
            thresholds=0.25 + 1.5 * world.phase_dice,
            log_odds=base + bought * odds,
            lead_factor=1.0 - bought * (1.0 - sooner),
            prior_graduates=mean * weight,
            prior_failures=(1.0 - mean) * weight,
            begun_sum=zero,
            pilot_sum=zero,
            production_sum=zero,
            begun=zero,
            finished=zero,
            graduated=zero,
            live=zero,
            reach=zero,
            ceiling=np.ones(shape),
            stopped=np.zeros((shape[0], samples), dtype=bool),
            stopped_months=np.zeros((shape[0], samples)),
        )

    def learned_ratio(self) -> Array:
        """The graduation rate that anybody could have learned from finished pilots, [strategy, sample]."""
        graduates, pilots = self.graduated.sum(axis=1), self.finished.sum(axis=1)
        return np.asarray((self.prior_graduates + graduates) / (self.prior_graduates + self.prior_failures + pilots))

    def stepped(self, beliefs: Scenario[Array], maturity: Array, act: Multipliers, effort: Effort, month: int) -> None:
        """One month of the pipeline, then the common stop rule on what has been revealed."""
        deliver, graduation = beliefs.delivery, beliefs.channels.graduation
        pace, starting = effort.pace[:, None, :], effort.starting[:, None, :]
        waiting = deliver.experiment_wait_ratio * act.experiment_wait
        backlog, pilots, production = self.planned - self.begun, self.begun - self.finished, self.graduated - self.live
        self.begun_sum = self.begun_sum + starting * backlog / deliver.intake_months
        self.pilot_sum = self.pilot_sum + pilots * pace / (deliver.pilot_months * (1.0 + waiting))[:, None, :]
        self.production_sum = self.production_sum + production * pace / (
            deliver.lead_months * act.lead_time[:, None, :] * self.lead_factor
        )
        self.begun = np.maximum(self.begun, np.minimum(self.planned, _passed(self.begun_sum, self.thresholds[0])))
        done = np.minimum(np.minimum(self.begun, self.finished + 1.0), _passed(self.pilot_sum, self.thresholds[1]))
        new = np.maximum(0.0, done - self.finished)
        if new.any():
            step = maturity * np.log(graduation.odds_factor) if graduation.enabled else np.zeros_like(maturity)
            chance = 1.0 / (1.0 + np.exp(-(self.log_odds + step[:, None, :])))
            which = np.minimum(self.finished, self.dice.shape[0] - 1.0).astype(int)
            die = np.take_along_axis(self.dice[:, None], which[None], axis=0)[0]
            self.graduated = self.graduated + new * (die < chance)
            self.finished = self.finished + new
        self.live = np.maximum(self.live, np.minimum(self.graduated, _passed(self.production_sum, self.thresholds[2])))
        rule = beliefs.stopping
        give_up = (self.finished.sum(axis=1) >= rule.after_pilots) & (self.learned_ratio() < rule.below_ratio)
        self.stopped_months = self.stopped_months + self.stopped
        self.stopped = self.stopped | (give_up & (self.live.sum(axis=1) <= 0.0))

    def taken_up(self, beliefs: Scenario[Array], lost_ratio: Array) -> None:
        """Users take up what is live, leave after trouble, and want less of what comes late."""
        share = self.live / self.planned
        self.reach = self.reach + (share * self.ceiling - self.reach) / np.maximum(beliefs.delivery.adoption_months, 1.0)
        self.reach = self.reach * (1.0 - lost_ratio[:, None, :])
        self.ceiling = self.ceiling * (1.0 - beliefs.delivery.late_ratio_per_month * (1.0 - share))

    def imbalance(self) -> Array:
        """Use cases planned less those in some stage, [strategy, sample]: nought."""
        failed = self.finished - self.graduated
        parts = (self.planned - self.begun) + (self.begun - self.finished) + failed + (self.graduated - self.live) + self.live
        return np.asarray((self.planned - parts).sum(axis=1))


def _passed(total: Array, first: Array) -> Array:
    """How many thresholds first, first + 1, ... a sum has passed."""
    return np.maximum(0.0, np.floor(total + 1.0 - first))


def triggered(levers: Sequence[Strategy], pipeline: Pipeline, busy: Array, spend_usd: Array) -> Flags:
    """Which strategies' triggers hold on last month's observations, [strategy, sample]."""
    holds = np.zeros(spend_usd.shape, dtype=bool)
    for row, lever in enumerate(levers):
        if lever.platform_trigger is not None:
            seen = {
                "busy_accelerators": busy[row],
                "live_use_cases": pipeline.live[row].sum(axis=0),
                "graduated_pilots": pipeline.graduated[row].sum(axis=0),
                "monthly_spend_usd": spend_usd[row],
                "graduation_learned_ratio": pipeline.learned_ratio()[row],
            }[lever.platform_trigger.watch]
            holds[row] = (seen >= lever.platform_trigger.at_least) & ~pipeline.stopped[row]
    return holds


def effort(
    beliefs: Scenario[Array],
    pipeline: Pipeline,
    act: Multipliers,
    dip: Flags,
    frozen: Flags,
    diverted_fte: Array,
    active: Flags,
    waits: Array,
    started_at: Array,
    month: int,
) -> Effort:
    """Where engineers' time goes this month; what is not used is idle and paid in part.

    Time goes first to running services, then to a rebuild and to the platform (where it is taken from delivery), then to
    pilots and roll-outs at one common pace.
    """
    deliver, people, wall = beliefs.delivery, beliefs.organisation, beliefs.channels.wall
    staff = people.engineers_fte * active
    toil = np.minimum(staff, pipeline.live.sum(axis=1) * deliver.toil_fte * act.toil)
    rebuild = np.minimum(staff - toil, frozen * wall.lost_ratio * staff)
    platform = np.minimum(staff - toil - rebuild, diverted_fte)
    going = active & ~pipeline.stopped
    pilots = (pipeline.begun - pipeline.finished).sum(axis=1) * deliver.pilot_fte
    rollouts = (pipeline.graduated - pipeline.live).sum(axis=1) * deliver.production_fte
    wanted = (pilots + rollouts) * going
    free = staff - toil - rebuild - platform
    output = act.productivity * (1.0 - dip * beliefs.channels.early_dip.throughput_ratio)
    pace = np.minimum(1.0, free * output / np.maximum(wanted, 1e-12)) * going * ~frozen
    delivery_fte = np.minimum(free, pace * wanted / output)
    idle = free - delivery_fte
    kept = ~pipeline.stopped | (pipeline.stopped_months < beliefs.stopping.notice_months)
    paid = toil + rebuild + platform + kept * (delivery_fte + people.idle_paid_ratio * idle)
    waiting = month < np.where(np.isinf(started_at), -1.0, started_at + waits)
    return Effort(
        pace=pace,
        paid_fte=paid,
        running_usd=toil * people.wage_usd_per_month,
        imbalance_fte=staff - (toil + rebuild + platform + delivery_fte + idle),
        starting=(going & ~waiting & ~frozen).astype(float),
    )
