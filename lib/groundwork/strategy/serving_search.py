"""The fewest accelerators that serve a language model within its promises, over accelerator, precision and tensor parallelism.

The steady state of one copy is known for all setups in one call; how many copies random arrivals need is then looked for in the
order of the least each setup could need, until no other setup can be better. Latency quantiles are given for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from groundwork.catalogue.price_records import gpu_prices
from groundwork.catalogue.serving_points import measured_points
from groundwork.catalogue.serving_records import Setup, accelerator_row, replica_of
from groundwork.catalogue.serving_terms import serving_terms
from groundwork.catalogue.tables import table_rows
from groundwork.errors import OutOfCalibration
from groundwork.formulas.latency import BatchingServer, ServerLatency, knee_requests_per_second, server_latency
from groundwork.formulas.queueing import servers_with_spares_count
from groundwork.formulas.serving import LIMITS, Replica, ReplicaCapacity, ServingTerms, decode_step, replica_capacity
from groundwork.quantities import Array
from groundwork.strategy.served_copy import Promise, Traffic, allowed_load, checked, one_copy, one_point

QUANTILES = (0.5, 0.95, 0.99)
CAUTION_RATIO = 0.85  # of the knee: above it the next burst is late


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """One way to serve the traffic: so many copies of one setup, with spares for those that are down.

    `binding` names what keeps a copy from more: memory, bandwidth, compute, latency or availability. `headroom_ratio` is the
    share of what a copy may carry that is free. `usd_per_hour` is at the median list price, nothing where there is none.
    """

    setup: Setup
    copies_count: int
    spare_copies_count: int
    binding: str
    headroom_ratio: float
    usd_per_hour: float | None
    is_measured: bool

    @property
    def accelerators_count(self) -> int:
        """Accelerators in all, spares included."""
        return (self.copies_count + self.spare_copies_count) * self.setup.accelerators_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The fewest, the cheapest and others near them; latency of the fewest at this traffic; refusals counted by reason."""

    fewest: Fleet
    cheapest: Fleet | None
    others: tuple[Fleet, ...]
    latency: ServerLatency
    knee_requests_per_second: float
    load_per_copy_requests_per_second: float
    refused: dict[str, int]
    warnings: tuple[str, ...]


def catalogue_accelerators() -> tuple[str, ...]:
    """Every accelerator of the catalogue with a memory and a bandwidth."""
    return tuple(
        row["accelerator"] for row in table_rows("accelerators.csv") if row["memory_gib"] and row["bandwidth_gb_per_second"]
    )


def fewest_accelerators(
    model: str,
    traffic: Traffic,
    promise: Promise,
    *,
    accelerators: Sequence[str],
    precisions: Sequence[str] = ("bf16", "fp8", "fp4"),
    tensor_parallel: Sequence[int] = (1, 2, 4, 8),
    engine: str = "vllm",
) -> Found:
    """The setup that needs the fewest accelerators, and the cheapest one.

    What a user would get wrong: a copy at its largest batch within the limits on the mean breaks them for one request in two.
    Copies are therefore added until the quantile holds, queueing included; requests are dealt out evenly and at random.

    Parameters
    ----------
    model
        By the catalogue's name.
    traffic, promise
        See there.
    accelerators, precisions, tensor_parallel
        What may be used; a precision below the accelerator's own arithmetic is refused for it.
    engine
        By the catalogue's name.

    Raises
    ------
    OutOfCalibration
        When no setup keeps the promise: the message says how many fail for what.
    """
    checked(traffic, promise)
    setups, replica, terms, points = _candidates(model, tuple(accelerators), tuple(precisions), tuple(tensor_parallel), engine)
    capacity = replica_capacity(
        replica,
        terms,
        input_tokens=np.full(len(setups), traffic.input_tokens),
        output_tokens=np.full(len(setups), traffic.output_tokens),
        ttft_limit_ms=promise.ttft_limit_ms,
        tpot_limit_ms=promise.tpot_limit_ms,
        reused_ratio=traffic.reused_ratio,
    )
    able = capacity.fits & capacity.within_limits
    refused = {
        "does not fit in memory": int((~capacity.fits).sum()),
        "breaks a limit even alone": int((capacity.fits & ~capacity.within_limits).sum()),
    }
    ways = np.array([setup.accelerators_count for setup in setups], dtype=float)
    prices = np.array([_price(setup.accelerator) for setup in setups])
    least = np.where(able, np.ceil(traffic.requests_per_second / capacity.requests_per_second), np.inf)
    fleets: dict[int, Fleet] = {}
    proved: dict[int, ServerLatency] = {}
    while True:
        for cost in (ways, ways * prices):
            best = min((fleets[place].accelerators_count * cost[place] / ways[place] for place in fleets), default=np.inf)
            for place in np.argsort(least * cost, kind="stable"):
                if not least[place] * cost[place] < best:
                    break
                if place not in fleets:
                    fleet = _fleet(int(place), setups, points[place], capacity, traffic, promise, prices)
                    if fleet is None:
                        refused["breaks a limit at the quantile"] = refused.get("breaks a limit at the quantile", 0) + 1
                        least[place] = np.inf
                        continue
                    fleets[int(place)] = fleet
                best = min(best, fleets[int(place)].accelerators_count * cost[place] / ways[place])
        if not fleets:
            reasons = ", ".join(f"{count} x {reason}" for reason, count in refused.items() if count)
            raise OutOfCalibration(f"{model}: none of {len(setups)} setups keeps the promise ({reasons})")
        place = min(fleets, key=lambda one: (fleets[one].accelerators_count, prices[one]))
        server, fixed = one_copy(*points[place], float(capacity.batch_count[place]), traffic)
        if place in proved:
            break
        # The proof may add a copy, and then a setup that came second, or that was not even looked at, may need fewer.
        fleets[place], proved[place] = _proved(fleets[place], server, fixed, traffic, promise, float(prices[place]))
    fewest, latency = fleets[place], proved[place]
    priced = [fleet for fleet in fleets.values() if fleet.usd_per_hour is not None]
    knee, load = knee_requests_per_second(server, 16), traffic.requests_per_second / fewest.copies_count
    return Found(
        fewest=fewest,
        cheapest=min(priced, key=lambda one: one.usd_per_hour or 0.0, default=None),
        others=tuple(sorted(fleets.values(), key=lambda one: one.accelerators_count)[1:6]),
        latency=latency,
        knee_requests_per_second=knee,
        load_per_copy_requests_per_second=load,
        refused={reason: count for reason, count in refused.items() if count},
        warnings=_warnings(fewest, load / knee),
    )


def _warnings(fleet: Fleet, share_of_knee: float) -> tuple[str, ...]:
    said = []
    if share_of_knee > CAUTION_RATIO:
        said.append(f"each copy is at {share_of_knee:.0%} of the load from which waits grow faster than work: keep below 80-85 %")
    if not fleet.is_measured:
        said.append(f"no measurement of {fleet.setup.accelerator} is among the shipped ones: this is the formula alone")
    return tuple(said)


@lru_cache(maxsize=16)
def _candidates(
    model: str, accelerators: tuple[str, ...], precisions: tuple[str, ...], tensor_parallel: tuple[int, ...], engine: str
) -> tuple[tuple[Setup, ...], Replica, ServingTerms, tuple[tuple[Replica, ServingTerms], ...]]:
    """Every combination that the hardware can compute, with its sizes and fitted terms: together, and one by one."""
    setups = tuple(
        Setup(
            model=model,
            accelerator=accelerator,
            precision=precision,
            accelerators_count=count,
            parallel=f"TP{count}",
            engine=engine,
        )
        for accelerator, precision, count in product(accelerators, precisions, tensor_parallel)
        if precision not in ("fp8", "fp4") or accelerator_row(accelerator)[f"{precision}_dense_tflops"]
    )
    if not setups:
        raise OutOfCalibration("none of these accelerators computes in any of these precisions")
    replica, terms = replica_of(setups), serving_terms(setups)
    return setups, replica, terms, tuple(one_point(replica, terms, place) for place in range(len(setups)))


@lru_cache(maxsize=64)
def _price(accelerator: str) -> float:
    """Median on-demand list price of one accelerator for an hour; infinite where the catalogue has none."""
    row = accelerator_row(accelerator)
    names = {row["accelerator"], *row["alias"].split(";")}
    known = [one.on_demand_usd_per_gpu_hour for one in gpu_prices() if one.accelerator in names]
    quoted = [price for price in known if price is not None]
    return float(np.median(quoted)) if quoted else np.inf


@lru_cache(maxsize=1)
def measured_accelerators() -> frozenset[str]:
    """Accelerators of which there are shipped measurements, by the catalogue's names."""
    return frozenset(accelerator_row(point.setup.accelerator)["accelerator"] for point in measured_points())


def _fleet(
    place: int,
    setups: Sequence[Setup],
    point: tuple[Replica, ServingTerms],
    capacity: ReplicaCapacity,
    traffic: Traffic,
    promise: Promise,
    prices: Array,
) -> Fleet | None:
    """Copies of one setup until the quick bounds hold; nothing when they hold at no load."""
    server, fixed = one_copy(*point, float(capacity.batch_count[place]), traffic)
    allowed = allowed_load(server, fixed, promise)
    if allowed is None:
        return None
    copies = int(np.ceil(traffic.requests_per_second / allowed))
    setup = setups[place]
    part = decode_step(*point, capacity.batch_count[place], 1.0)
    bandwidth = float(np.ravel(part.weights_seconds + part.cache_seconds)[0])
    rest = float(np.ravel(part.compute_seconds)[0])
    limit = LIMITS[int(capacity.binding[place])]
    names = {LIMITS[0]: "memory", LIMITS[1]: "bandwidth" if bandwidth >= rest else "compute", LIMITS[2]: "latency"}
    return _with_spares(
        Fleet(
            setup=setup,
            copies_count=copies,
            spare_copies_count=0,
            binding=names.get(limit, "latency"),
            headroom_ratio=1.0 - traffic.requests_per_second / (copies * allowed),
            usd_per_hour=None,
            is_measured=accelerator_row(setup.accelerator)["accelerator"] in measured_accelerators(),
        ),
        promise,
        float(prices[place]),
    )


def _with_spares(fleet: Fleet, promise: Promise, price: float) -> Fleet:
    """The fleet with spares for copies that are down, and its price."""
    held = int(servers_with_spares_count(fleet.copies_count, promise.copy_availability_ratio, promise.availability_ratio))
    spare = held - fleet.copies_count
    made = replace(fleet, spare_copies_count=spare, binding="availability" if spare >= fleet.copies_count else fleet.binding)
    return replace(made, usd_per_hour=made.accelerators_count * price if np.isfinite(price) else None)


def _proved(
    fleet: Fleet, server: BatchingServer, fixed_seconds: float, traffic: Traffic, promise: Promise, price: float
) -> tuple[Fleet, ServerLatency]:
    """The fleet with its latency quantiles; a copy more for as long as the promise is broken after all."""
    levels = (*QUANTILES, promise.quantile_ratio)
    while True:
        told = server_latency(server, traffic.requests_per_second / fleet.copies_count, levels)
        first = told.ttft_seconds + fixed_seconds
        kept = 1e3 * first[-1] <= promise.ttft_limit_ms and 1e3 * told.tpot_seconds[-1] <= promise.tpot_limit_ms
        if kept or fleet.copies_count > 1_000_000:
            count = len(QUANTILES)
            return _with_spares(fleet, promise, price), replace(
                told, ttft_seconds=first[:count], tpot_seconds=told.tpot_seconds[:count]
            )
        fleet = replace(fleet, copies_count=fleet.copies_count + max(1, fleet.copies_count // 20))
