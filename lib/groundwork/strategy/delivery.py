"""How use cases move: backlog, pilot, graduated, production, live - whole ones, never shares of one.

Each stage adds up its rate; the k-th use case leaves when the sum passes k - 1 plus a first threshold drawn around one.
Luck is drawn before any choice: the k-th pilot of a workload meets the same die under every strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.beliefs import Delivery
from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.effort import Effort
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import Future
from groundwork.strategy.prior import Prior


@dataclass(frozen=True, slots=True)
class Scarcity:
    """How far compute is missing this month: for pilots [sample], for roll-outs [strategy, sample] where they are built."""

    wait_ratio: Array
    missing_ratio: Array
    short: bool


@dataclass(slots=True)
class Pipeline:
    """Whole use cases by stage and how far users have taken them up, [strategy, workload, sample]; totals [strategy, sample].

    `known` use cases are those that have come in so far and `in_all` those of the whole plan, [workload, sample]; `places` are
    those for which there is room. The sums begin at one less their first threshold, so that the whole part of a sum counts the
    use cases that have passed; a pilot ends when its sum has reached what is `due`.
    """

    choices: Choices
    known: Array
    in_all: Array
    prior: Prior
    hurdles: Array
    log_odds: Array
    bought_log_odds: Array
    graduation_log: Array
    hastened: Array
    taken_up_ratio: Array
    stay_ratio: Array
    late_ratio: Array
    never_late_ratio: Array
    after_pilots: Array
    below_ratio: Array
    notice_months: Array
    begun_sum: Array
    pilot_sum: Array
    production_sum: Array
    retirement_sum: Array
    places: Array
    begun: Array
    finished: Array
    due: Array
    graduated: Array
    launched: Array
    retired: Array
    live: Array
    reach: Array
    ceiling: Array
    give_up: Flags
    stopped: Flags
    someone_stopped: bool
    stopped_months: Array
    workless_months: Array
    begun_total: Array
    finished_total: Array
    graduated_total: Array
    live_total: Array
    piloting_total: Array
    rolling_total: Array
    work: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, world: Future, prior: Prior) -> Pipeline:
        work = [item for item in beliefs.workloads.values() if item.enabled]
        samples = world.dice.luck.size
        shape = (choices.count, len(work), samples)
        flat = (choices.count, samples)
        channels, deliver, rule = beliefs.channels, beliefs.delivery, beliefs.stopping
        sooner = channels.bought_lead_time.factor if channels.bought_lead_time.enabled else np.ones(samples)
        first = 0.75 - 1.5 * world.dice.phase
        planned = np.array([float(item.use_cases) for item in work])[:, None]
        adopted = 1.0 / np.maximum(deliver.adoption_months, 1.0)
        bought, more = channels.bought_graduation, channels.graduation
        return cls(
            choices=choices,
            known=world.use_cases[0],
            in_all=np.ascontiguousarray(world.use_cases[-1]),
            prior=prior,
            hurdles=np.ascontiguousarray(world.dice.graduation),
            log_odds=np.log(deliver.graduation_ratio / (1.0 - deliver.graduation_ratio))
            + deliver.graduation_spread * world.dice.luck,
            bought_log_odds=np.log(bought.odds_factor) if bought.enabled else np.zeros(samples),
            graduation_log=np.log(more.odds_factor) if more.enabled else np.zeros(samples),
            hastened=1.0 / (1.0 - choices.bought * (1.0 - sooner)),
            taken_up_ratio=adopted / planned,
            stay_ratio=1.0 - adopted,
            late_ratio=deliver.late_ratio_per_month / planned,
            never_late_ratio=1.0 - deliver.late_ratio_per_month,
            after_pilots=choices.each(rule.after_pilots),
            below_ratio=choices.each(rule.below_ratio),
            notice_months=choices.each(rule.notice_months),
            begun_sum=np.broadcast_to(first[0], shape).copy(),
            pilot_sum=np.broadcast_to(first[1], shape).copy(),
            production_sum=np.broadcast_to(first[2], shape).copy(),
            retirement_sum=np.broadcast_to(first[3], shape).copy(),
            places=np.broadcast_to(planned, shape).copy(),
            begun=np.zeros(shape),
            finished=np.zeros(shape),
            due=np.ones(shape),
            graduated=np.zeros(shape),
            launched=np.zeros(shape),
            retired=np.zeros(shape),
            live=np.zeros(shape),
            reach=np.zeros(shape),
            ceiling=np.ones(shape),
            give_up=np.zeros(flat, dtype=bool),
            stopped=np.zeros(flat, dtype=bool),
            someone_stopped=False,
            stopped_months=np.zeros(flat),
            workless_months=np.zeros(flat),
            begun_total=np.zeros(flat),
            finished_total=np.zeros(flat),
            graduated_total=np.zeros(flat),
            live_total=np.zeros(flat),
            piloting_total=np.zeros(flat),
            rolling_total=np.zeros(flat),
            work=np.empty(shape),
        )

    def kept(self) -> Flags:
        """Where people are still paid: before the stop and during notice, [strategy, sample]."""
        return ~self.stopped | (self.stopped_months < self.notice_months)

    def employed(self) -> Flags:
        """Where a team is kept: while there is a use case to come, to try or to roll out, and during notice after that."""
        return self.workless_months < self.notice_months

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
        self.known = known
        self._rolled_out(beliefs.delivery, act, effort, scarce)
        self._tried(beliefs.delivery, maturity, act, effort, scarce)
        self._begun(beliefs.delivery, effort)
        np.subtract(self.begun_total, self.finished_total, out=self.piloting_total)
        np.subtract(self.graduated_total, self.live_total, out=self.rolling_total)
        idle = self.piloting_total + self.rolling_total == 0.0
        if np.count_nonzero(idle):
            np.minimum(self.places, self.in_all, out=self.work)
            idle &= np.add.reduce(self.work, axis=1) <= self.begun_total
            self.workless_months += idle
        if self.someone_stopped:
            self.stopped_months += self.stopped
        over = self.give_up | idle
        over &= self.live_total <= 0.0
        self.stopped |= over
        self.someone_stopped = bool(np.count_nonzero(self.stopped))

    def _rolled_out(self, deliver: Delivery[Array], act: Multipliers, effort: Effort, scarce: Scarcity) -> None:
        """What has reached its age is retired; what is rolled out becomes live."""
        work, live, sales = self.work, bool(self.live_total.any()), bool(self.rolling_total.any())
        if not (live or sales):
            return
        if live:
            rate = 1.0 / (deliver.service_life_months * act.service_life)
            np.multiply(self.live, rate[:, None, :], out=work)
            self.retirement_sum += work
            np.floor(self.retirement_sum, out=work)
            np.minimum(work, self.launched, out=work)
            np.maximum(work, self.retired, out=self.retired)
        if sales:
            speed = effort.pace / (deliver.lead_months * act.lead_time)
            if scarce.short:
                ready = 1.0 - scarce.missing_ratio
                ready[list(self.choices.buyers)] = 1.0
                speed *= ready
            np.subtract(self.graduated, self.live, out=work)
            work *= speed[:, None, :]
            for row in self.choices.buyers:
                work[row] *= self.hastened[row] * (1.0 - self.choices.built[row] * scarce.missing_ratio[row])
            self.production_sum += work
            np.floor(self.production_sum, out=work)
            np.minimum(work, self.graduated + self.retired, out=work)
            np.maximum(work, self.launched, out=self.launched)
        np.subtract(self.launched, self.retired, out=self.live)
        np.add.reduce(self.live, axis=1, out=self.live_total)

    def _tried(self, deliver: Delivery[Array], maturity: Array, act: Multipliers, effort: Effort, scarce: Scarcity) -> None:
        """Pilots go on, and one at most ends for each workload; whether it graduates is up to its stored die."""
        if not self.piloting_total.any():
            return
        np.subtract(self.begun, self.finished, out=self.work)
        speed = effort.pace / (deliver.pilot_months * (1.0 + scarce.wait_ratio * act.experiment_wait))
        self.work *= speed[:, None, :]
        self.pilot_sum += self.work
        at = np.flatnonzero(self.pilot_sum >= self.due)
        done = self.finished.take(at)
        trying = done < self.begun.take(at)
        at, done = at.compress(trying), done.compress(trying)
        if not at.size:
            return
        _, workloads, samples = self.finished.shape
        cells = workloads * samples
        strategy, row = at // cells, at // samples
        sample, cell = at - row * samples, at - strategy * cells
        odds = (self.log_odds + maturity * self.graduation_log).take(sample + strategy * samples)
        if self.choices.buyers:
            odds += self.choices.bought.take(row) * self.bought_log_odds.take(sample)
        won = self.hurdles.take(done.astype(np.int64) * cells + cell) < odds
        done += 1.0
        self.finished.put(at, done)
        self.due.put(at, done + 1.0)
        graduates, failed = at.compress(won), at.compress(~won)
        self.graduated.put(graduates, self.graduated.take(graduates) + 1.0)
        self.places.put(failed, self.places.take(failed) + 1.0)
        np.add.reduce(self.finished, axis=1, out=self.finished_total)
        np.add.reduce(self.graduated, axis=1, out=self.graduated_total)
        known = self.prior.graduates + self.prior.failures
        learned_graduates = self.below_ratio * (known + self.finished_total) - self.prior.graduates
        self.give_up = (self.finished_total >= self.after_pilots) & (self.graduated_total < learned_graduates)

    def _begun(self, deliver: Delivery[Array], effort: Effort) -> None:
        """Use cases that are known, and for which there is a place, become pilots."""
        work, places = self.work, np.minimum(self.places, self.known)
        np.subtract(places, self.begun, out=work)
        if not work.any():
            return
        work *= (effort.starting / deliver.intake_months)[:, None, :]
        self.begun_sum += work
        np.floor(self.begun_sum, out=work)
        np.minimum(work, places, out=work)
        np.maximum(work, self.begun, out=self.begun)
        np.add.reduce(self.begun, axis=1, out=self.begun_total)

    def taken_up(self, lost_ratio: Array) -> None:
        """Users take up what is live, leave after trouble, and want less of what comes late."""
        work = self.work
        np.multiply(self.live, self.taken_up_ratio, out=work)
        work *= self.ceiling
        self.reach *= self.stay_ratio
        self.reach += work
        self.reach *= (1.0 - lost_ratio)[:, None, :]
        np.multiply(self.live, self.late_ratio, out=work)
        work += self.never_late_ratio
        self.ceiling *= work

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
