"""Exact reliability against a discrete-event simulation of the same fleet at 1 % standard error, both timed in this run.

Run: python tests/benchmarks/reliability_speed.py
"""

from __future__ import annotations

import heapq
import sys
import time
from collections.abc import Callable

import numpy as np

from groundwork.formulas import reliability as rel

MEASURES_BAR_MS = 10.0
LADDER_BAR_MS = 50.0


def fleet(zones: tuple[tuple[int, ...], ...]) -> rel.Fleet:
    def cause(name: str, up: float, down: float) -> rel.Failure:
        return rel.Failure(cause=name, mean_up_hours=up, mean_down_hours=down)

    regions = tuple(
        rel.Place(
            name=f"region {number}",
            failures=(cause("region", 17520.0, 6.0),),
            inside=tuple(
                rel.Place(name=f"zone {number}.{place}", failures=(cause("zone", 8760.0, 4.0),), replicas_count=count)
                for place, count in enumerate(row)
            ),
        )
        for number, row in enumerate(zones)
    )
    top = rel.Place(name="everywhere", failures=(cause("vendor", 26280.0, 3.0), cause("bad change", 720.0, 0.75)), inside=regions)
    return rel.Fleet(everywhere=top, replica=cause("replica", 720.0, 1.0), needed_count=40)


def simulated_unavailability(design: rel.Fleet, seed: int, wanted_error_ratio: float) -> tuple[float, float, float]:
    """Unavailability, its standard error, simulated hours: batches of a hundred years until the error is small enough."""
    dice = np.random.Generator(np.random.Philox(seed))
    parts: list[tuple[rel.Failure, tuple[int, ...]]] = []
    number = 0
    for region in design.everywhere.inside:
        first_of_region = number
        for zone in region.inside:
            replicas = tuple(range(number, number + zone.replicas_count))
            parts += [(design.replica, (replica,)) for replica in replicas]
            parts += [(failure, replicas) for failure in zone.failures]
            number += zone.replicas_count
        parts += [(failure, tuple(range(first_of_region, number))) for failure in region.failures]
    parts += [(failure, tuple(range(number))) for failure in design.everywhere.failures]
    blocks = [0] * number
    working, clock, down_hours = number, 0.0, 0.0
    up = [True] * len(parts)
    events = [(float(dice.exponential(failure.mean_up_hours)), place) for place, (failure, _) in enumerate(parts)]
    heapq.heapify(events)
    batch_hours, shares, batch_end = 100.0 * 8760.0, [], 100.0 * 8760.0
    while True:
        when, place = heapq.heappop(events)
        while when >= batch_end:
            down_hours += (batch_end - clock) * (working < design.needed_count)
            clock = batch_end
            shares.append(down_hours / batch_hours)
            down_hours, batch_end = 0.0, batch_end + batch_hours
            if len(shares) >= 8:
                error = float(np.std(shares, ddof=1) / np.sqrt(len(shares)))
                if error <= wanted_error_ratio * float(np.mean(shares)):
                    return float(np.mean(shares)), error, clock
        down_hours += (when - clock) * (working < design.needed_count)
        clock = when
        failure, hit = parts[place]
        step = 1 if up[place] else -1
        up[place] = not up[place]
        for replica in hit:
            before = blocks[replica]
            blocks[replica] = before + step
            working += (blocks[replica] == 0) - (before == 0)
        mean = failure.mean_up_hours if up[place] else failure.mean_down_hours
        heapq.heappush(events, (when + float(dice.exponential(mean)), place))


def best_ms(work: Callable[[], object], repeats: int = 15) -> float:
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times) * 1000.0


def main() -> int:
    today = fleet(((12, 11, 11), (10, 10, 10)))

    def all_measures() -> None:
        known = rel.fleet_reliability(today)
        lengths = [known.mean_outage_hours for _ in known.causes]
        rates = [part.outages_per_year / 8760.0 for part in known.causes]
        month = rel.window_downtime(rates, lengths, 730.0, 0.02, 200.0)
        month.quantile_hours(0.95), month.tail_mean_hours(0.95), month.miss_probability(0.999, 730.0)
        rel.served_ratio(known, 1.0, np.linspace(20.0, 60.0, 24))

    shapes = [
        ((12, 11, 11),),
        ((12, 11, 11), (10, 10, 10)),
        ((16, 16, 16, 16),),
        ((22, 21), (21, 20)),
        ((12,) * 6,),
        ((9,) * 4, (9,) * 4),
    ]
    designs = [rel.Design(name=str(shape), fleet=fleet(shape), usd_per_month=1000.0 * sum(map(sum, shape))) for shape in shapes]

    def ladder_and_cliffs() -> None:
        rel.ladder(designs, str(shapes[1]), 8.76)
        rel.cliffs(today)

    measures, steps = best_ms(all_measures), best_ms(ladder_and_cliffs)
    begun = time.perf_counter()
    simulated, error, hours = simulated_unavailability(today, 1, 0.01)
    took = (time.perf_counter() - begun) * 1000.0
    exact = rel.fleet_unavailability_ratio(today)
    for name, took_ms, bar_ms in (
        ("one architecture, all measures", measures, MEASURES_BAR_MS),
        ("with ladder and next step", measures + steps, LADDER_BAR_MS),
    ):
        print(f"{name:32}{took_ms:8.2f} ms   bar {bar_ms:g}   {'ok' if took_ms <= bar_ms else 'MISS'}")
    print(f"discrete-event simulation       {took:8.0f} ms   for {hours / 8760.0:,.0f} years; ratio {took / measures:,.0f}")
    print(f"unavailability exact {exact:.6e}, simulated {simulated:.6e} +- {error:.1e} ({(simulated - exact) / error:+.1f} s.e.)")
    return int(measures > MEASURES_BAR_MS or measures + steps > LADDER_BAR_MS or abs(simulated - exact) > 4.0 * error)


if __name__ == "__main__":
    sys.exit(main())
