"""Stages of the month once more, as formulas on whole arrays: what the compiled loops are held to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


def moved(now: SimpleNamespace, state: SimpleNamespace) -> None:
    """Use cases pass from stage to stage, [strategy, workload, sample]; `state` changes in place."""

    def by_sample(values: Any) -> Any:
        return values[:, None, :]

    state.retirement_sum += state.live / by_sample(now.service_life_months * now.service_life)
    np.copyto(state.retired, np.clip(np.floor(state.retirement_sum), state.retired, state.launched))
    speed = by_sample(now.pace / (now.lead_months * now.lead_time))
    speed = speed * np.where(now.bought[:, :, None], now.hastened, 1.0 - by_sample(now.missing_ratio))
    state.production_sum += (state.graduated - state.live) * speed
    ready = np.minimum(np.floor(state.production_sum), state.graduated + state.retired)
    np.copyto(state.launched, np.maximum(state.launched, ready))
    np.copyto(state.live, state.launched - state.retired)

    trying = state.begun - state.finished
    state.pilot_sum += trying * by_sample(now.pace / (now.pilot_months * (1.0 + now.wait_ratio * now.experiment_wait)))
    ends = (state.pilot_sum >= state.finished + 1.0) & (trying > 0.0)
    odds = by_sample(now.log_odds + now.maturity * now.graduation_log) + now.bought[:, :, None] * now.bought_log_odds
    workload, sample = np.ogrid[: state.live.shape[1], : state.live.shape[2]]
    attempt = np.minimum(state.finished.astype(int), len(now.hurdles) - 1)
    won = now.hurdles[attempt, workload, sample] < odds
    state.graduated += ends & won
    state.places += ends & ~won
    state.finished += ends

    most = np.minimum(state.places, now.known)
    state.begun_sum += (most - state.begun) * by_sample(now.starting / now.intake_months)
    np.copyto(state.begun, np.maximum(state.begun, np.minimum(np.floor(state.begun_sum), most)))


def spent(now: SimpleNamespace) -> dict[str, Any]:
    """Where engineers' time goes, [strategy, sample]."""
    active = now.begins <= now.month
    moving = active & ~now.stopped & ~now.frozen
    there = now.staff_fte * active
    toil = np.minimum((now.toil_fte * now.less_toil + now.retraining_fte) * now.live, there)
    rebuild = np.minimum(there - toil, now.frozen * now.rebuild_fte)
    platform = np.minimum(there - toil - rebuild, now.building * now.diverted_fte)
    free = there - toil - rebuild - platform
    wanted = now.piloting * now.pilot_fte + now.rolling * now.production_fte
    output = now.productivity * (1.0 - now.dip * now.dip_throughput_ratio)
    pace = np.minimum(free * output / np.maximum(wanted, 1e-12), 1.0) * moving
    delivered = np.minimum(pace * wanted / output, free)
    idle = (free - delivered) * now.employed
    busy = toil + rebuild + platform
    waiting = (now.platform_started_at <= now.month) & (now.platform_started_at > now.month - now.wait_months)
    return {
        "pace": pace,
        "paid": busy + now.kept * (delivered + now.idle_paid_ratio * idle),
        "staff": busy + delivered + idle,
        "delivered": delivered,
        "toil": toil,
        "rebuild": rebuild,
        "platform": platform,
        "idle": idle,
        "starting": moving & ~waiting,
    }


def planned(now: SimpleNamespace, state: SimpleNamespace) -> None:
    """Orders and arrivals of commitments, [strategy, sample]; `state` changes in place."""
    slots, strategies, samples = state.coming.shape
    arriving = state.coming[now.slot].copy()
    state.coming[now.slot] = 0.0
    state.under_way -= arriving
    state.committed += arriving - state.ended
    growth = np.clip(now.need * (1.0 + now.buffer_ratio) / np.maximum(now.last_need, 1e-9) - 1.0, 0.0, 0.2)
    ahead = 1.0 + growth * now.maturity * now.growth_view_ratio * now.expected_lead_months
    share = now.commit_ratio + now.maturity * now.planned_more_ratio
    seen = np.maximum(now.last_need - now.owned - now.owned_under_way, 0.0)
    order = np.maximum(share * seen * ahead - state.committed - state.under_way, 0.0)
    strategy, sample = np.ogrid[:strategies, :samples]
    state.coming[(now.slot + now.lead_months) % slots, strategy, sample] += order
    state.under_way += order
    state.ordered += order
    state.arrived += arriving
    np.copyto(state.ended, arriving)


def needed(now: SimpleNamespace) -> Any:
    """Accelerators that a month asks for, [strategy, sample]."""
    load = now.busy[:, now.services] * now.scale
    servers = np.maximum(np.ceil(load + now.fixed + now.root * np.sqrt(load)), 1.0)
    promised = (servers * now.price * (load > 0.0)).sum(axis=1)
    quiet = now.quiet_ratio * promised + (now.busy[:, now.dated] * now.deadline[now.dated]).sum(axis=1)
    at_sites = now.busy[:, now.sited].sum(axis=1)
    return np.maximum((now.busy.sum(axis=1) - at_sites) / now.use_ratio, np.maximum(promised, quiet)) + at_sites


def carried(now: SimpleNamespace, state: SimpleNamespace) -> dict[str, Any]:
    """The scaling wall, [strategy, sample]; `state` changes in place."""
    ended = (state.left_months > 0.0) & (state.left_months <= 1.0)
    np.copyto(state.left_months, np.maximum(state.left_months - 1.0, 0.0))
    np.copyto(state.level, np.floor(np.maximum(state.level, now.maturity)) + 1.0, where=ended)
    np.copyto(state.complete, 1.0, where=ended)
    reached = np.maximum(state.level, now.maturity)
    most = now.load_accelerators * np.exp(now.log_lift * reached)
    begins = (now.load > most) & (state.left_months <= 0.0)
    state.count += begins
    np.copyto(state.left_months, np.broadcast_to(now.rebuild_months, begins.shape), where=begins)
    return {
        "within": np.minimum(1.0, most / np.maximum(now.load, 1e-12)),
        "frozen": state.left_months > 0.0,
        "paid_usd": begins * now.rebuild_usd * (1.0 + np.floor(reached) - reached),
    }


def down(now: SimpleNamespace) -> Any:
    """Hours down in a month, [strategy, sample]."""
    spared = np.minimum(now.held * now.down_ratio, 1.0) ** now.spare_count / now.spare_factorial
    count = np.maximum(now.held, 1.0)
    failures = count * now.failures
    ill_luck = np.log(np.maximum(np.minimum(failures, 1.0) / now.node, 1.0)) * np.maximum(failures, 1.0)
    one = ill_luck * now.repair_hours / count * spared + now.outage_hours
    by_hand = now.failover < now.failing * now.uncovered
    several = now.outages * np.where(by_hand, now.manual_hours, now.switch_hours) + (now.outages > 0.0) * now.crowded_hours
    changes = now.bad_change_hours * now.change_restore * (1.0 + now.dip * now.dip_stability_ratio)
    hours = changes + now.replicas_hours + np.where(now.one_zone, one, several)
    return np.minimum(hours, now.most_hours) * np.minimum(now.live, 1.0)


def asked(now: SimpleNamespace, stored: Any) -> dict[str, Any]:
    """What users ask, summed over workloads, [strategy, sample]; `stored` [strategy, workload, sample] changes in place."""
    taken = now.reach * now.units
    bought = taken * now.bought[:, :, None]
    own = taken - bought
    busy = own * now.busy_hours * now.own_cost_ratio
    stored *= now.kept_ratio
    stored += taken * now.gigabytes
    return {
        "busy": busy,
        "load": busy.sum(axis=1),
        "all_units": taken.sum(axis=1),
        "own_units": own.sum(axis=1),
        "own_value": (own * now.value_usd).sum(axis=1),
        "bought_units": bought.sum(axis=1),
        "bought_value": (bought * now.bought_value_usd).sum(axis=1),
        "api_usd": (bought * now.bought_usd).sum(axis=1) * now.api_price_ratio,
        "stored_gb": stored.sum(axis=1),
        "moved_gb": (taken * now.gigabytes).sum(axis=1),
    }
