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
