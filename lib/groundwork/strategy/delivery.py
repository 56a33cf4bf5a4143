"""How use cases move: backlog, pilot, graduated, production, live - whole ones, never shares of one.

Each stage adds up its rate; the k-th use case leaves when the sum passes k - 1 plus a first threshold drawn around one.
Luck is drawn before any choice: the k-th pilot of a workload meets the same die under every strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.beliefs import Delivery
from groundwork.quantities import Array, Flags, Quantity
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.effort import Effort
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import Future
from groundwork.strategy.remembered import remembered


@dataclass(frozen=True, slots=True)
class Scarcity:
    """How far compute is missing this month: for pilots [sample], for roll-outs [strategy, sample] where they are built."""

    wait_ratio: Array
    missing_ratio: Array
    built: Array
    short: bool


@dataclass(frozen=True, slots=True)
class Prior:
    """What anybody could expect of graduation before the first pilot, as so many pilots seen: a beta belief."""

    graduates: float
    failures: float


@remembered(4)
def prior_of(believed: Delivery[Quantity]) -> Prior:
    """The beta belief with the mean and variance of the scenario's own graduation rate, shared luck included."""
    from scipy.special import ndtri

    levels: Array = (np.arange(16, dtype=float) + 0.5) / 16.0
    ratio, spread = believed.graduation_ratio.at(levels), believed.graduation_spread.at(levels)
    odds = np.log(ratio / (1.0 - ratio))[:, None, None] + spread[None, :, None] * ndtri(levels)[None, None, :]
    chance = 1.0 / (1.0 + np.exp(-odds))
    mean, variance = float(chance.mean()), float(chance.var()) + 1e-9
    weight = max(mean * (1.0 - mean) / variance - 1.0, 0.1)
    return Prior(mean * weight, (1.0 - mean) * weight)


@dataclass(slots=True)
class Pipeline:
    """Whole use cases by stage and how far users have taken them up, [strategy, workload, sample]; totals [strategy, sample].

    `planned` use cases are those of the start, `known` those that have come in so far and `in_all` those of the whole plan,
    [workload, sample]. The sums begin at one less their first threshold, so that the whole part of a sum counts the use cases
    that have passed.
    """

    planned: Array
    known: Array
    in_all: Array
    prior: Prior
    dice: Array
    log_odds: Array
    bought_log_odds: Array
    bought: Array
    production_speed: Array
    adoption_speed: Array
    begun_sum: Array
    pilot_sum: Array
    production_sum: Array
    retirement_sum: Array
    begun: Array
    finished: Array
    graduated: Array
    launched: Array
    retired: Array
    live: Array
    reach: Array
    ceiling: Array
    stopped: Flags
    stopped_months: Array
    workless_months: Array
    begun_total: Array
    finished_total: Array
    graduated_total: Array
    live_total: Array
    work: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, world: Future, prior: Prior) -> Pipeline:
        work = [item for item in beliefs.workloads.values() if item.enabled]
        samples = world.dice.luck.size
        shape = (choices.bought.shape[0], len(work), samples)
        flat = (shape[0], samples)
        channels, deliver = beliefs.channels, beliefs.delivery
        sooner = channels.bought_lead_time.factor if channels.bought_lead_time.enabled else np.ones(samples)
        first = 0.75 - 1.5 * world.dice.phase
        return cls(
            planned=np.array([float(item.use_cases) for item in work])[None, :, None],
            known=world.use_cases[0],
            in_all=world.use_cases[-1],
            prior=prior,
            dice=world.dice.graduation,
            log_odds=np.log(deliver.graduation_ratio / (1.0 - deliver.graduation_ratio))
            + deliver.graduation_spread * world.dice.luck,
            bought_log_odds=np.log(channels.bought_graduation.odds_factor)
            if channels.bought_graduation.enabled
            else np.zeros(samples),
            bought=choices.bought[:, :, 0],
            production_speed=1.0 / (deliver.lead_months * (1.0 - choices.bought * (1.0 - sooner))),
            adoption_speed=1.0 / np.maximum(deliver.adoption_months, 1.0),
            begun_sum=np.broadcast_to(first[0], shape).copy(),
            pilot_sum=np.broadcast_to(first[1], shape).copy(),
            production_sum=np.broadcast_to(first[2], shape).copy(),
            retirement_sum=np.broadcast_to(first[3], shape).copy(),
            begun=np.zeros(shape),
            finished=np.zeros(shape),
            graduated=np.zeros(shape),
            launched=np.zeros(shape),
            retired=np.zeros(shape),
            live=np.zeros(shape),
            reach=np.zeros(shape),
            ceiling=np.ones(shape),
            stopped=np.zeros(flat, dtype=bool),
            stopped_months=np.zeros(flat),
            workless_months=np.zeros(flat),
            begun_total=np.zeros(flat),
            finished_total=np.zeros(flat),
            graduated_total=np.zeros(flat),
            live_total=np.zeros(flat),
            work=np.empty(shape),
        )

    def kept(self, beliefs: Scenario[Array]) -> Flags:
        """Where people are still paid: before the stop and during notice, [strategy, sample]."""
        return ~self.stopped | (self.stopped_months < beliefs.stopping.notice_months)

    def employed(self, beliefs: Scenario[Array]) -> Flags:
        """Where a team is kept: while there is a use case to come, to try or to roll out, and during notice after that."""
        return self.workless_months < beliefs.stopping.notice_months

    def learned_ratio(self) -> Array:
        """The graduation rate that anybody could have learned from finished pilots, [strategy, sample]."""
        known = self.prior.graduates + self.prior.failures
        return (self.prior.graduates + self.graduated_total) / (known + self.finished_total)

    def stepped(
        self, beliefs: Scenario[Array], known: Array, maturity: Array, act: Multipliers, effort: Effort, scarce: Scarcity
    ) -> None:
        """One month of the pipeline, last stage first, then the common stop rule on what has been revealed.

        `known` [workload, sample] are the use cases that have come in by now; a new one takes the place of one that failed. A
        service that has reached its age is retired and rolled out anew. Roll-outs of what runs on own accelerators wait where
        capacity is short. A plan of which nothing is live and nothing is left to try is over.
        """
        deliver, work = beliefs.delivery, self.work
        self.known = known
        changing = bool(self.live_total.any())
        if changing:
            rate = 1.0 / (deliver.service_life_months * act.service_life)
            np.multiply(self.live, rate[:, None, :], out=work)
            self.retirement_sum += work
            np.floor(self.retirement_sum, out=work)
            np.minimum(work, self.launched, out=work)
            np.maximum(work, self.retired, out=self.retired)
        if (self.graduated_total > self.live_total).any():
            np.subtract(self.graduated, self.live, out=work)
            work *= self.production_speed
            work *= (effort.pace / act.lead_time)[:, None, :]
            if scarce.short:
                work *= 1.0 - scarce.built * scarce.missing_ratio[:, None, :]
            self.production_sum += work
            np.floor(self.production_sum, out=work)
            np.minimum(work, self.graduated + self.retired, out=work)
            np.maximum(work, self.launched, out=self.launched)
            changing = True
        if changing:
            np.subtract(self.launched, self.retired, out=self.live)
            np.add.reduce(self.live, axis=1, out=self.live_total)
        if (self.begun_total > self.finished_total).any():
            np.subtract(self.begun, self.finished, out=work)
            speed = effort.pace / (deliver.pilot_months * (1.0 + scarce.wait_ratio * act.experiment_wait))
            work *= speed[:, None, :]
            self.pilot_sum += work
            np.floor(self.pilot_sum, out=work)
            np.minimum(work, self.begun, out=work)
            self._ended(beliefs, np.flatnonzero(work > self.finished), maturity)
        places = np.minimum(self.planned + self.finished - self.graduated, known)
        if (self.begun < places).any():
            np.subtract(places, self.begun, out=work)
            work *= (effort.starting / deliver.intake_months)[:, None, :]
            self.begun_sum += work
            np.floor(self.begun_sum, out=work)
            np.minimum(work, places, out=work)
            np.maximum(work, self.begun, out=self.begun)
            np.add.reduce(self.begun, axis=1, out=self.begun_total)
        rule = beliefs.stopping
        give_up = (self.finished_total >= rule.after_pilots) & (self.learned_ratio() < rule.below_ratio)
        idle = (self.begun_total == self.finished_total) & (self.graduated_total == self.live_total)
        if idle.any():
            to_come = np.minimum(self.planned + self.finished - self.graduated, self.in_all) > self.begun
            idle &= ~to_come.any(axis=1)
            self.workless_months += idle
            give_up |= idle
        self.stopped_months += self.stopped
        self.stopped |= give_up & (self.live_total <= 0.0)

    def _ended(self, beliefs: Scenario[Array], places: NDArray[np.int64], maturity: Array) -> None:
        """One pilot ends at each of these flat places; whether it graduates is up to its stored die."""
        if not places.size:
            return
        graduation = beliefs.channels.graduation
        _, workloads, samples = self.finished.shape
        row, sample = places // samples, places % samples
        strategy, workload = row // workloads, row % workloads
        odds = self.log_odds[sample] + self.bought[strategy, workload] * self.bought_log_odds[sample]
        if graduation.enabled:
            odds += maturity[strategy, sample] * np.log(graduation.odds_factor[sample])
        number = self.finished.reshape(-1)[places].astype(int)
        die = self.dice[number, workload, sample]
        self.graduated.reshape(-1)[places] += die < 1.0 / (1.0 + np.exp(-odds))
        self.finished.reshape(-1)[places] += 1.0
        np.add.reduce(self.finished, axis=1, out=self.finished_total)
        np.add.reduce(self.graduated, axis=1, out=self.graduated_total)

    def taken_up(self, beliefs: Scenario[Array], lost_ratio: Array) -> None:
        """Users take up what is live, leave after trouble, and want less of what comes late."""
        work = self.work
        share = self.live / self.planned
        np.multiply(share, self.ceiling, out=work)
        work -= self.reach
        work *= self.adoption_speed
        self.reach += work
        self.reach *= (1.0 - lost_ratio)[:, None, :]
        np.subtract(1.0, share, out=share)
        share *= beliefs.delivery.late_ratio_per_month
        np.subtract(1.0, share, out=share)
        self.ceiling *= share

    def series(self) -> dict[str, Array | Flags]:
        """What a page may ask for by month; `reach_left_ratio` is what lateness has left of the demand to be had."""
        return {
            "graduated_pilots": self.graduated_total,
            "graduation_learned_ratio": self.learned_ratio(),
            "finished_pilots": self.finished_total,
            "reach_left_ratio": self.ceiling.mean(axis=1),
            "stopped": self.stopped,
        }

    def imbalance(self) -> Array:
        """Use cases known less those in some stage, [strategy, sample]: nought."""
        failed = self.finished - self.graduated
        parts = (self.known - self.begun) + (self.begun - self.finished) + failed + (self.graduated - self.live) + self.live
        return np.asarray((self.known - parts).sum(axis=1))


def triggered(choices: Choices, pipeline: Pipeline, busy: Array, spend_usd: Array, value_usd: Array) -> Flags:
    """Which strategies' triggers hold on last month's observations, [strategy, sample]."""
    holds = np.zeros(spend_usd.shape, dtype=bool)
    for row, trigger in choices.triggers:
        seen = {
            "busy_accelerators": busy,
            "live_use_cases": pipeline.live_total,
            "graduated_pilots": pipeline.graduated_total,
            "monthly_spend_usd": spend_usd,
            "monthly_value_usd": value_usd,
            "graduation_learned_ratio": pipeline.learned_ratio(),
        }[trigger.watch]
        holds[row] = (seen[row] >= trigger.at_least) & ~pipeline.stopped[row]
    return holds
