"""How use cases move in one month: [strategy, workload, sample], [workload, sample], [strategy, sample] or [sample]."""

from __future__ import annotations

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.strategy.loops.compiled import compiled


@compiled
def moved(
    known: Array,
    maturity: Array,
    wait_ratio: Array,
    missing_ratio: Array,
    pace: Array,
    starting: Flags,
    experiment_wait: Array,
    lead_time: Array,
    service_life: Array,
    pilot_months: Array,
    lead_months: Array,
    intake_months: Array,
    service_life_months: Array,
    bought: Flags,
    hastened: Array,
    hurdles: Array,
    log_odds: Array,
    graduation_log: Array,
    bought_log_odds: Array,
    begun_sum: Array,
    pilot_sum: Array,
    production_sum: Array,
    retirement_sum: Array,
    places: Array,
    begun: Array,
    finished: Array,
    graduated: Array,
    launched: Array,
    retired: Array,
    live: Array,
) -> None:
    """Use cases of each workload pass from stage to stage; where a stage is empty its sum stays as it is.

    One short loop for each step: the compiler then works on several samples at once, which it does not where arrays are many.
    """
    strategies, workloads, samples = live.shape
    ageing, rolling, trying, starts = np.empty(samples), np.empty(samples), np.empty(samples), np.empty(samples)
    for s in range(strategies):
        for n in range(samples):
            ageing[n] = 1.0 / (service_life_months[n] * service_life[s, n])
            trying[n] = pace[s, n] / (pilot_months[n] * (1.0 + wait_ratio[n] * experiment_wait[s, n]))
            starts[n] = starting[s, n] / intake_months[n]
        for w in range(workloads):
            for n in range(samples):
                rolling[n] = pace[s, n] / (lead_months[n] * lead_time[s, n])
                rolling[n] *= hastened[n] if bought[s, w] else 1.0 - missing_ratio[s, n]

            due, done, alive, start = retirement_sum[s, w], retired[s, w], live[s, w], launched[s, w]
            for n in range(samples):
                due[n] += alive[n] * ageing[n]
                done[n] = max(done[n], min(np.floor(due[n]), start[n]))

            due, won = production_sum[s, w], graduated[s, w]
            for n in range(samples):
                due[n] += (won[n] - alive[n]) * rolling[n]
            for n in range(samples):
                start[n] = max(start[n], min(np.floor(due[n]), won[n] + done[n]))
            for n in range(samples):
                alive[n] = start[n] - done[n]

            due, start, done, place = pilot_sum[s, w], begun[s, w], finished[s, w], places[s, w]
            for n in range(samples):
                due[n] += (start[n] - done[n]) * trying[n]
            for n in range(samples):
                if due[n] >= done[n] + 1.0 and start[n] > done[n]:
                    odds = log_odds[n] + maturity[s, n] * graduation_log[n]
                    if bought[s, w]:
                        odds += bought_log_odds[n]
                    if hurdles[int(done[n]), w, n] < odds:
                        won[n] += 1.0
                    else:
                        place[n] += 1.0
                    done[n] += 1.0

            due, come = begun_sum[s, w], known[w]
            for n in range(samples):
                due[n] += (min(place[n], come[n]) - start[n]) * starts[n]
            for n in range(samples):
                start[n] = max(start[n], min(np.floor(due[n]), min(place[n], come[n])))


@compiled
def judged(
    in_all: Array,
    places: Array,
    begun: Array,
    finished: Array,
    graduated: Array,
    live: Array,
    after_pilots: Array,
    below_ratio: Array,
    notice_months: Array,
    prior_graduates: float,
    prior_failures: float,
    begun_total: Array,
    finished_total: Array,
    graduated_total: Array,
    live_total: Array,
    piloting_total: Array,
    rolling_total: Array,
    workless_months: Array,
    stopped_months: Array,
    stopped: Flags,
    kept: Flags,
    employed: Flags,
) -> None:
    """Totals over workloads, and who gives up: after enough pilots of which too few graduated, or when nothing is left to do."""
    strategies, workloads, samples = live.shape
    prior = prior_graduates + prior_failures
    for s in range(strategies):
        for n in range(samples):
            started = ended = won = running = room = 0.0
            for w in range(workloads):
                at = (s, w, n)
                started += begun[at]
                ended += finished[at]
                won += graduated[at]
                running += live[at]
                room += min(places[at], in_all[w, n])
            piloting, rolling = started - ended, won - running
            give_up = ended >= after_pilots[s, n] and won < below_ratio[s, n] * (prior + ended) - prior_graduates
            workless = piloting + rolling == 0.0 and room <= started
            workless_months[s, n] += workless
            stopped_months[s, n] += stopped[s, n]
            if running <= 0.0 and (give_up or workless):
                stopped[s, n] = True
            kept[s, n] = not stopped[s, n] or stopped_months[s, n] < notice_months[s, n]
            employed[s, n] = workless_months[s, n] < notice_months[s, n]
            begun_total[s, n], finished_total[s, n], graduated_total[s, n], live_total[s, n] = started, ended, won, running
            piloting_total[s, n], rolling_total[s, n] = piloting, rolling


@compiled
def taken_up(
    live: Array,
    lost_ratio: Array,
    turned_away: Array,
    leaving_ratio: Array,
    taken_up_ratio: Array,
    stay_ratio: Array,
    late_ratio: Array,
    never_late_ratio: Array,
    reach: Array,
    ceiling: Array,
    coming_reach: Array,
) -> None:
    """Reach, what can still be reached, and what will be once all have come, for each workload."""
    strategies, workloads, samples = live.shape
    for s in range(strategies):
        for w in range(workloads):
            for n in range(samples):
                at = (s, w, n)
                reach[at] = reach[at] * stay_ratio[n] + live[at] * taken_up_ratio[w, n] * ceiling[at]
                reach[at] *= (1.0 - lost_ratio[s, n]) * (1.0 - turned_away[at] * leaving_ratio[n])
                ceiling[at] *= live[at] * late_ratio[w, n] + never_late_ratio[n]
                coming_reach[at] = live[at] * ceiling[at] * (taken_up_ratio[w, n] / (1.0 - stay_ratio[n]))
