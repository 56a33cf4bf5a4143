"""Tables of demand and compute: accelerators by month, a day hour by hour, what each workload takes, what was measured nearby."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.catalogue.serving_points import MeasuredPoint, measured_points
from groundwork.catalogue.serving_records import accelerator_row
from groundwork.catalogue.unseen_records import unseen_by_identifier
from groundwork.errors import OutOfCalibration
from groundwork.quantities import Array, Quantity, middle
from groundwork.results.fan import LABEL_ROOM_RATIO, parted
from groundwork.results.verdicts import Pair
from groundwork.results.words import figure, ink, quantity_figure, rounded_domain, shape
from groundwork.scenario import Scenario, mapped
from groundwork.strategy.machines import Share
from groundwork.strategy.served_copy import CopyLatency
from groundwork.strategy.servers import servers_of
from groundwork.strategy.simulation import Outcome
from groundwork.workloads import EdgeWork, LlmWork, Workload

Rows = list[dict[str, Any]]
LEVELS = (0.1, 0.5, 0.9)
MOST_LETTERS = 30  # of a name with its figure beside the hours of a day
TINTS = (0.9, 0.62, 0.4, 0.24, 0.13)  # of ink, the largest first
METRICS = {
    "output_tokens_per_s_per_gpu": "tokens/s per GPU",
    "output_tokens_per_s_total": "tokens/s",
    "tpot_ms": "ms per token",
    "ttft_ms": "ms to first token",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one workload takes at its middle, all use cases live: servers by hour [24], in reference accelerators by price.

    `servers_count` are whole servers in the busiest hour, `server` says of what kind; `refusal` is the reason when there is no
    answer. `share` is its share of a pool of machines, none for devices at sites.
    """

    label: str
    server: str
    servers_count: float
    hours: Array
    busy_ratio: float
    refusal: str = ""
    share: Share | None = None


def middles(scenario: Scenario[Quantity]) -> Scenario[Array]:
    """The scenario with every belief at its middle, [1]."""
    return mapped(scenario, lambda path, quantity: np.array([middle(quantity)]))


def parts_of(scenario: Scenario[Quantity]) -> list[Part]:
    """What every workload that is switched on takes of accelerators over a day, the largest first."""
    work = [item for item in middles(scenario).workloads.values() if item.enabled]
    return sorted((_part(item) for item in work), key=lambda part: -float(part.hours.sum()))


def _part(item: Workload[Array]) -> Part:
    kind = item.work
    name = kind.accelerator
    server = f"{kind.tensor_parallel} x {name}" if isinstance(kind, LlmWork) and kind.tensor_parallel > 1 else name
    try:
        servers = servers_of(item)
    except OutOfCalibration as reason:
        return Part(label=item.label, server=server, servers_count=0.0, hours=np.zeros(24), busy_ratio=0.0, refusal=str(reason))
    price = float(np.ravel(servers.price_ratio)[0])
    peak, fixed, root, deadline = (
        float(np.ravel(value)[0])
        for value in (servers.peak_ratio, servers.fixed_count, servers.root_count, servers.deadline_ratio)
    )
    busy = float((item.units_per_day * servers.hours_per_unit)[0]) / 24.0
    profile = np.asarray(item.hour_profile, dtype=np.float64)
    window = None
    if deadline > 0.0:
        count = int(np.ceil(24.0 / deadline))
        start = min(range(24), key=lambda hour: sum(profile[(hour + step) % 24] for step in range(count)))
        needed = np.zeros(24)
        needed[[(start + step) % 24 for step in range(count)]] = busy * 24.0 / count
        window = (start, count)
    elif isinstance(kind, EdgeWork):
        needed = np.full(24, np.ceil(busy - 1e-9))
    else:
        load = busy * peak * profile / profile.max()
        needed = np.where(load > 0.0, np.maximum(np.ceil(load + fixed + root * np.sqrt(load)), 1.0), 0.0)
    most = float(needed.max())
    used = busy / most if most > 0.0 else 0.0
    size = kind.tensor_parallel if isinstance(kind, LlmWork) else 1
    share = Share(label=item.label, accelerator=name, server_accelerators_count=size, servers=needed, window=window)
    return Part(
        label=item.label,
        server=server,
        servers_count=np.ceil(most - 1e-9),
        hours=needed * price,
        busy_ratio=min(used, 1.0),
        share=None if isinstance(kind, EdgeWork) else share,
    )


def accelerator_rows(scenario: Scenario[Any], outcome: Outcome, pair: Pair) -> dict[str, Rows]:
    """Data sets `belt`, `lines` and `ends` of the accelerators held by the two strategies compared, by month."""
    belt: Rows = []
    lines: Rows = []
    ends: Rows = []
    for name in (pair.first, pair.second):
        levels = np.quantile(outcome.monthly["accelerators"][:, outcome.strategies.index(name)], LEVELS, axis=1)
        own = {"strategy": name, "colour": shape(scenario, name)}
        for month in range(outcome.months):
            low, half, high = (round(float(value), 4) for value in levels[:, month])
            lines.append(own | {"month": month + 1, "value": half})
            belt.append(own | {"month": month + 1, "low": low, "high": high})
        last = float(levels[1, -1])
        ends.append({"month": outcome.months, "end": last, "label": f"{scenario.strategies[name].short} {figure(last)}"})
        ends[-1] |= {"colour": ink(scenario, name)}
    low, high = accelerator_domain(outcome, pair)
    return {"belt": belt, "lines": lines, "ends": parted(ends, (high - low) * LABEL_ROOM_RATIO, low)}


def accelerator_domain(outcome: Outcome, pair: Pair) -> tuple[float, float]:
    """Nought and a round number above the belts."""
    rows = [outcome.strategies.index(name) for name in (pair.first, pair.second)]
    return rounded_domain(0.0, max(float(np.quantile(outcome.monthly["accelerators"][:, rows], 0.9, axis=2).max()), 1e-6))


def accelerator_table(scenario: Scenario[Any], outcome: Outcome, pair: Pair) -> dict[str, Any]:
    """Accelerators held and needed, every sixth month, for a reader."""
    rows = []
    for name in (pair.first, pair.second):
        place = outcome.strategies.index(name)
        for month in [*range(6, outcome.months, 6), outcome.months]:
            held = np.quantile(outcome.monthly["accelerators"][month - 1, place], LEVELS)
            needed = np.quantile(outcome.monthly["needed_accelerators"][month - 1, place], 0.5)
            label = scenario.strategies[name].label
            rows.append([label, str(month), *(figure(float(value)) for value in (held[1], held[0], held[2], needed))])
    return {"columns": ["Strategy", "Month", "Held", "p10", "p90", "Needed"], "rows": rows}


def day_rows(parts: Sequence[Part]) -> dict[str, Rows]:
    """Data sets `bars` (stacked, [hour x group]) and `ends` (names beside the last hour): at most five groups."""
    shown = [part for part in parts if part.hours.any()]
    groups = [(part.label, part.hours) for part in shown[:4]]
    if len(shown) > 4:
        rest = np.sum([part.hours for part in shown[4:]], axis=0)
        groups.append((shown[4].label if len(shown) == 5 else "Other", rest))
    bars: Rows = []
    ends: Rows = []
    base = np.zeros(24)
    for place, (label, hours) in enumerate(groups):
        top = base + hours
        for hour in range(24):
            bars.append({"hour": hour, "base": float(base[hour]), "top": float(top[hour]), "tint": TINTS[place], "label": label})
        said = with_figure(label, figure(float(hours.max())))
        ends.append({"hour": 23, "end": float(0.5 * (base[23] + top[23])), "label": said})
        base = top
    high = day_domain(parts)[1]
    return {"bars": bars, "ends": parted(ends, high * LABEL_ROOM_RATIO * 348.0 / 262.0, 0.0)}


def with_figure(label: str, said: str) -> str:
    """A name and its figure in the room beside the picture; of a longer name the first words, the rest stands in the table."""
    kept = label
    while len(kept) + 1 + len(said) > MOST_LETTERS and " " in kept:
        kept = kept.removesuffix("\N{HORIZONTAL ELLIPSIS}").rsplit(" ", 1)[0] + "\N{HORIZONTAL ELLIPSIS}"
    return f"{kept} {said}"


def day_domain(parts: Sequence[Part]) -> tuple[float, float]:
    """Nought and a round number above the busiest hour."""
    return rounded_domain(0.0, max(float(np.sum([part.hours for part in parts], axis=0).max()) if parts else 0.0, 1e-6))


def day_table(parts: Sequence[Part]) -> dict[str, Any]:
    """Servers of each workload in its busiest hour and how busy they are over the day."""
    rows = [
        [part.label, part.server, f"{part.servers_count:.0f}", figure(float(part.hours.max())), f"{100 * part.busy_ratio:.0f} %"]
        for part in parts
        if not part.refusal
    ]
    return {"columns": ["Workload", "Server", "Servers", "By price", "Busy, day"], "rows": rows}


def latency_rows(told: CopyLatency, limit_seconds: float, high: float) -> dict[str, Rows]:
    """Data sets `lines` ([quantile x load]), `ends` and `marks` (limit, knee) of the time to first token of one copy."""
    lines: Rows = []
    ends: Rows = []
    names = ("half of requests", "95 of 100", "99 of 100")
    for row, (name, dash) in enumerate(zip(names, ([2, 2], [], [6, 3]), strict=True)):
        pairs = _up_to(told.load_requests_per_second, told.ttft_seconds[row], high)
        lines += [{"load": x, "value": y, "name": name, "dash": dash, "width": 2.5 if row == 1 else 1.5} for x, y in pairs]
        if pairs:
            ends.append({"load": pairs[-1][0], "end": pairs[-1][1], "label": name})
    # Labels of lines that leave the picture at its upper edge would stand outside of it, the topmost cut off.
    room = high * LABEL_ROOM_RATIO * 348.0 / 262.0
    places = parted(ends, room)
    over = max((float(end["place"]) for end in places), default=0.0) - (high - 0.5 * room)
    if over > 0.0:
        places = [end | {"place": float(end["place"]) - over} if float(end["end"]) > high - 3.0 * room else end for end in places]
    # The line that leaves last rises through the name of one that left before it: both names stand behind the last.
    leaving = [end for end in places if float(end["end"]) > high - 3.0 * room]
    behind = max((float(end["load"]) for end in leaving), default=0.0)
    places = [end | {"load": behind} if end in leaving else end for end in places]
    marks = [{"load": told.knee_requests_per_second, "value": high, "label": "knee"}]
    limits = [{"value": limit_seconds, "label": "limit"}] if limit_seconds <= high else []
    return {"lines": lines, "ends": places, "marks": marks, "limits": limits}


def _up_to(loads: Array, seconds: Array, high: float) -> list[tuple[float, float]]:
    """The points of a rising line inside the picture, and the one where it leaves it."""
    inside = [(float(x), float(y)) for x, y in zip(loads, seconds, strict=True) if y <= high]
    if 0 < len(inside) < len(loads):
        inside.append((float(np.interp(high, seconds, loads)), high))
    return inside


def latency_table(told: CopyLatency) -> dict[str, Any]:
    """First-token and per-token times by load for a reader."""
    columns = ["Requests/s", "First token p50, ms", "p95", "p99", "Per token p50, ms", "p95", "p99"]
    rows = []
    for place, load in enumerate(told.load_requests_per_second):
        values = [*told.ttft_seconds[:, place], *told.tpot_seconds[:, place]]
        rows.append([figure(float(load)), *(figure(1e3 * float(value)) for value in values)])
    return {"columns": columns, "rows": rows}


def nearest_points(kind: LlmWork[Array], count: int = 6) -> tuple[MeasuredPoint, ...]:
    """The shipped measurements nearest to a workload: by model, accelerator, precision and ways, then by lengths."""
    size = float(np.ravel(kind.input_tokens)[0]), float(np.ravel(kind.output_tokens)[0])
    own = accelerator_row(kind.accelerator)["accelerator"]

    def distance(point: MeasuredPoint) -> float:
        setup = point.setup
        apart = 6.0 * (setup.model != kind.model) + 3.0 * (accelerator_row(setup.accelerator)["accelerator"] != own)
        apart += 1.5 * (setup.precision != kind.precision)
        ratios = (point.input_tokens / size[0], point.output_tokens / size[1], setup.accelerators_count / kind.tensor_parallel)
        return apart + sum(abs(float(np.log(ratio))) for ratio in ratios if ratio > 0.0)

    return tuple(sorted(measured_points(), key=distance)[:count])


def nearest_table(points: Sequence[MeasuredPoint]) -> dict[str, Any]:
    """Measured points for a reader with their sources, beside what a fit says of them that has not seen their run."""
    rows, unseen = [], unseen_by_identifier()
    for point in points:
        setup = point.setup
        flight = "" if np.isnan(point.in_flight_count) else f", {point.in_flight_count:.0f} in flight"
        lengths = f"{point.input_tokens:,.0f} tokens in, {point.output_tokens:,.0f} out"
        hardware = f"{setup.model} on {setup.accelerators_count} x {setup.accelerator}, {setup.precision}"
        value = f"{quantity_figure(point.value)} {METRICS.get(point.metric, point.metric)}"
        # The file inside a repository is for whoever opens the catalogue; on the page it only widens the table.
        said = unseen.get(point.identifier)
        ours = f"{quantity_figure(said.predicted)} ({quantity_figure(said.p10)} to {quantity_figure(said.p90)})" if said else ""
        rows.append([f"{hardware}; {lengths}{flight}", value, ours, point.source.split(" (")[0]])
    return {"columns": ["Setup", "Measured", "Said unseen, 8 of 10", "Source"], "rows": rows}
