"""Many cases of one strategy in one pass of the chain: a case is a future and the channels that are on in it.

A channel whose beliefs say "no effect" acts as one that is switched off; so cases with different channels on are played side by
side like samples. Only channels that change a rule, and have no belief that says so, part the cases into passes of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwork.draws import Points
from groundwork.quantities import Array, Flags, Quantity
from groundwork.scenario import Scenario, mapped
from groundwork.strategy.choices import chosen
from groundwork.strategy.future import dice, most_use_cases
from groundwork.strategy.prior import prior_of
from groundwork.strategy.remembered import drawn
from groundwork.strategy.simulation import played

NONE: Mapping[str, Mapping[str, float | str]] = {
    "lead_time": {"divisor": 1.0},
    "graduation": {"odds_factor": 1.0},
    "utilisation": {"with_ratio": "without_ratio"},
    "experiment_wait": {"cut_ratio": 0.0},
    "change_restore": {"factor": 1.0},
    "failover": {"with_ratio": "without_ratio"},
    "wall": {"load_accelerators": np.inf},
    "toil": {"cut_ratio": 0.0, "gain_ratio": 0.0},
    "data_waste": {"cut_ratio": 0.0},
    "lifecycle": {"cut_ratio": 0.0, "life_factor": 1.0},
    "data_pipeline": {"throughput_factor": 1.0},
    "early_dip": {"months": 0.0},
    "bought_graduation": {"odds_factor": 1.0},
    "bought_lead_time": {"factor": 1.0},
    "api_price_decline": {"factor_per_year": 1.0},
    "api_markup": {"factor": 1.0},
    "bought_quality": {"ratio": 1.0},
    "lock_in": {"kept_ratio": 0.0},
}
"""By channel: the beliefs that say that it does nothing, as a number or as another of its beliefs."""


def case_values_usd(
    scenario: Scenario[Quantity],
    points: Points,
    strategy: str,
    inside: Mapping[str, Flags],
    futures: NDArray[np.int64],
    report: Callable[[int], None] = lambda cases: None,
) -> Array:
    """Net present value of one strategy in each case, USD, [case].

    Parameters
    ----------
    scenario, points
        As in `simulate`.
    strategy
        A name of the scenario's strategies.
    inside
        By channel: in which cases it is on, [case]; what is not named stays as it is in the scenario.
    futures
        Which sample each case is played in, [case].
    report
        Called with the number of cases about to be played; whatever it raises ends the work.
    """
    beliefs, months = drawn(scenario, points), scenario.months
    thrown = dice(months, most_use_cases(beliefs, months), points)
    prior, values = prior_of(scenario.delivery), np.zeros(futures.size)
    rules = [name for name in inside if name not in NONE]
    kinds = sum((inside[name].astype(np.int64) << place for place, name in enumerate(rules)), np.zeros(futures.size, np.int64))
    for kind in np.unique(kinds):
        alike = np.flatnonzero(kinds == kind)
        for start in range(0, alike.size, LARGEST_PASS):
            cases = alike[start : start + LARGEST_PASS]
            report(cases.size)
            sample = futures[cases]
            part = mapped(beliefs, lambda _, column: column.take(sample))  # noqa: B023
            switched = {name: _switched(getattr(part.channels, name), name, on[cases]) for name, on in inside.items()}
            part = dataclasses.replace(part, channels=dataclasses.replace(part.channels, **switched))
            values[cases] = played(part, chosen(part, [strategy]), thrown.of(sample), prior, months)
    return values


LARGEST_PASS = 4_096
"""Cases in one pass: in passes of 1,024 a case takes a third more, in larger ones no less, and memory."""


def _switched(channel: Any, name: str, on: Flags) -> Any:
    """The drawn channel, on in these cases and without effect in the others."""
    if name not in NONE:
        return dataclasses.replace(channel, enabled=bool(on[0]))
    none = {
        belief: np.where(on, getattr(channel, belief), getattr(channel, value) if isinstance(value, str) else value)
        for belief, value in NONE[name].items()
    }
    return dataclasses.replace(channel, enabled=True, **none)
