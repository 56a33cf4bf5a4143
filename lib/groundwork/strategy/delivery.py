"""How use cases move: backlog, pilot, graduated, production, live - whole ones, never shares of one.

Each stage adds up its rate; the k-th use case leaves when the sum passes k - 1 plus a first threshold drawn around one.
Luck is drawn before any choice: the k-th pilot of a workload meets the same die under every strategy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.effort import Effort
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import Future
from groundwork.strategy.loops import delivery as loops
from groundwork.strategy.loops.compiled import apart, plain
from groundwork.strategy.prior import Prior


@dataclass(frozen=True, slots=True)
class Scarcity:
    """How far compute is missing this month: for pilots [sample], for roll-outs [strategy, sample] where they are built."""

    wait_ratio: Array
    missing_ratio: Array


@dataclass(slots=True)
class Pipeline:
    """Whole use cases by stage and how far users have taken them up, [strategy, workload, sample]; totals [strategy, sample].

    `known` use cases are those that have come in so far and `in_all` those of the whole plan, [workload, sample]; `places` are
    those for which there is room. The sums begin at one less their first threshold, so that the whole part of a sum counts the
    use cases that have passed. People are `kept`, and paid, before the stop and during notice; a team is `employed` while there
    is a use case to come, to try or to roll out, and during notice after that. `coming_reach` is taken up once all users have
    come who come to what is live.
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
    bought: Array
    pilot_months: Array
    lead_months: Array
    intake_months: Array
    service_life_months: Array
    taken_up_ratio: Array
    stay_ratio: Array
    late_ratio: Array
    never_late_ratio: Array
    leaving_ratio: Array
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
    graduated: Array
    launched: Array
    retired: Array
    live: Array
    reach: Array
    ceiling: Array
    coming_reach: Array
    stopped: Flags
    kept: Flags
    employed: Flags
    stopped_months: Array
    workless_months: Array
    begun_total: Array
    finished_total: Array
    graduated_total: Array
    live_total: Array
    piloting_total: Array
    rolling_total: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], choices: Choices, world: Future, prior: Prior) -> Pipeline:
        work = [item for item in beliefs.workloads.values() if item.enabled]
        samples = world.dice.luck.size
        shape = (choices.count, len(work), samples)
        flat = (choices.count, samples)
        channels, deliver, rule = beliefs.channels, beliefs.delivery, beliefs.stopping
        sooner = channels.bought_lead_time.factor if channels.bought_lead_time.enabled else np.ones(samples)
        begun_sum, pilot_sum, production_sum, retirement_sum, *stages = apart(14, shape)
        begun, finished, graduated, launched, retired, live, places, reach, ceiling, coming_reach = stages
        begun_sum[:], pilot_sum[:], production_sum[:], retirement_sum[:] = 0.75 - 1.5 * world.dice.phase
        planned = np.array([float(item.use_cases) for item in work])[:, None]
        places[:], ceiling[:] = planned, 1.0
        adopted = 1.0 / np.maximum(deliver.adoption_months, 1.0)
        bought, more = channels.bought_graduation, channels.graduation
        return cls(
            choices=choices,
            known=world.use_cases[0],
            in_all=world.use_cases[-1],
            prior=prior,
            hurdles=plain(world.dice.graduation),
            log_odds=np.log(deliver.graduation_ratio / (1.0 - deliver.graduation_ratio))
            + deliver.graduation_spread * world.dice.luck,
            bought_log_odds=np.log(bought.odds_factor) if bought.enabled else np.zeros(samples),
            graduation_log=np.log(more.odds_factor) if more.enabled else np.zeros(samples),
            hastened=1.0 / sooner,
            bought=plain(choices.bought[:, :, 0] > 0.0, bool),
            pilot_months=plain(deliver.pilot_months),
            lead_months=plain(deliver.lead_months),
            intake_months=plain(deliver.intake_months),
            service_life_months=plain(deliver.service_life_months),
            taken_up_ratio=adopted / planned,
            stay_ratio=1.0 - adopted,
            late_ratio=deliver.late_ratio_per_month / planned,
            never_late_ratio=1.0 - deliver.late_ratio_per_month,
            leaving_ratio=plain(beliefs.operations.unserved_churn_ratio),
            after_pilots=choices.each(rule.after_pilots),
            below_ratio=choices.each(rule.below_ratio),
            notice_months=choices.each(rule.notice_months),
            begun_sum=begun_sum,
            pilot_sum=pilot_sum,
            production_sum=production_sum,
            retirement_sum=retirement_sum,
            places=places,
            begun=begun,
            finished=finished,
            graduated=graduated,
            launched=launched,
            retired=retired,
            live=live,
            reach=reach,
            ceiling=ceiling,
            coming_reach=coming_reach,
            stopped=np.zeros(flat, dtype=bool),
            kept=np.ones(flat, dtype=bool),
            employed=choices.each(rule.notice_months) > 0.0,
            stopped_months=np.zeros(flat),
            workless_months=np.zeros(flat),
            begun_total=np.zeros(flat),
            finished_total=np.zeros(flat),
            graduated_total=np.zeros(flat),
            live_total=np.zeros(flat),
            piloting_total=np.zeros(flat),
            rolling_total=np.zeros(flat),
        )

    def learned_ratio(self) -> Array:
        """The graduation rate that anybody could have learned from finished pilots, [strategy, sample]."""
        known = self.prior.graduates + self.prior.failures
        return (self.prior.graduates + self.graduated_total) / (known + self.finished_total)

    def stepped(self, known: Array, maturity: Array, act: Multipliers, effort: Effort, scarce: Scarcity) -> None:
        """One month of the pipeline, last stage first, then the common stop rule on what has been revealed.

        `known` [workload, sample] are the use cases that have come in by now; a new one takes the place of one that failed. A
        service that has reached its age is retired and rolled out anew. Roll-outs of what runs on own accelerators wait where
        capacity is short. A pilot ends when its sum has passed those that ended before, one at most in a month for each
        workload; whether it graduates is up to its stored die. A plan of which nothing is live and nothing is left to try is
        over.
        """
        self.known = known
        loops.moved(
            *(known, maturity, scarce.wait_ratio, scarce.missing_ratio, effort.pace, effort.starting),
            *(act.experiment_wait, act.lead_time, act.service_life),
            *(self.pilot_months, self.lead_months, self.intake_months, self.service_life_months),
            *(self.bought, self.hastened, self.hurdles, self.log_odds, self.graduation_log, self.bought_log_odds),
            *(self.begun_sum, self.pilot_sum, self.production_sum, self.retirement_sum),
            *(self.places, self.begun, self.finished, self.graduated, self.launched, self.retired, self.live),
        )
        loops.judged(
            *(self.in_all, self.places, self.begun, self.finished, self.graduated, self.live),
            *(self.after_pilots, self.below_ratio, self.notice_months, self.prior.graduates, self.prior.failures),
            *(self.begun_total, self.finished_total, self.graduated_total, self.live_total),
            *(self.piloting_total, self.rolling_total, self.workless_months, self.stopped_months),
            *(self.stopped, self.kept, self.employed),
        )

    def taken_up(self, lost_ratio: Array, turned_away: Array) -> None:
        """Users take up what is live, leave after trouble or when turned away by choice, and want less of what comes late.

        `lost_ratio` [strategy, sample] leave over what went wrong; `turned_away` [strategy, workload, sample] were so by choice.
        """
        loops.taken_up(
            *(self.live, lost_ratio, turned_away, self.leaving_ratio),
            *(self.taken_up_ratio, self.stay_ratio, self.late_ratio, self.never_late_ratio),
            *(self.reach, self.ceiling, self.coming_reach),
        )

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
