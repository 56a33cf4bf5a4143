"""The split of a difference over the channels: seconds, the error of its orders, and whether the parts add up; all profiles.

    python tests/benchmarks/attribution_speed.py

Each profile's two best plans that do something, in 1,024 futures. Seconds are the processor's on one core, divided by the scale
of `reference.py`. The error is that of the largest part from sampling orders. Its bar is 2 % of the total; where the total lies
within two of its own standard errors of nought its sign is open, a share of it says nothing, and the bar is a tenth of that
standard error.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import time

from bars import Bars
from reference import scale

from groundwork.profiles import load
from groundwork.stories import lead_if_done
from groundwork.study import channel_split, outcome_of

PROFILES = ("retail", "finance", "healthcare", "manufacturing", "media")
SAMPLES = 1_024
SECONDS, OF_TOTAL, OF_ITS_ERROR, USD = 5.0, 2.0, 10.0, 0.01


def main() -> None:
    """Print three lines for each profile."""
    bars = Bars()
    for name in PROFILES:
        scenario, factor = load(name), scale()
        outcome = outcome_of(scenario, SAMPLES, scenario.seed)
        lead = lead_if_done(outcome)
        pair = (lead.first, lead.second) if lead is not None else outcome.strategies[:2]
        started = time.process_time()
        split = channel_split(scenario, pair, SAMPLES, scenario.seed)
        spent = (time.process_time() - started) / min(factor, scale())
        total, error, orders = abs(split["total_usd"]), split["total_error_usd"], split["error_usd"]
        print(f"{name}: {pair[0]} less {pair[1]}, {split['total_usd'] / 1e6:+.3f} +- {error / 1e6:.3f} million USD")
        bars.at_most(f"{name}, seconds, scaled", spent, SECONDS, "s")
        if total >= 2.0 * error:
            bars.at_most(f"{name}, largest error of the orders, of the total", 100.0 * orders / total, OF_TOTAL, "%")
        else:
            bars.at_most(f"{name}, the same, of the total's own error", 100.0 * orders / error, OF_ITS_ERROR, "%")
            print(f"      {name}: {100.0 * orders / total:.1f} % of a total whose sign is open")
        values = [outcome.npv_usd[outcome.strategies.index(one)].mean() for one in pair]
        bars.at_most(f"{name}, parts less the total", abs(sum(split["parts_usd"].values()) - (values[0] - values[1])), USD, "USD")
    bars.close()


if __name__ == "__main__":
    main()
