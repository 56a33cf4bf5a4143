"""What happened in one future, month by month: the traps of either order of work, as dated events with their numbers.

Read from the recorded series alone; nothing is played again. What was to be expected (`plan`) is the median over the futures of
the same run, so that an event says how one future departs from the middle one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from groundwork.errors import InputFault
from groundwork.quantities import Array, Flags
from groundwork.strategy.outcome import BY_WORKLOAD, MONTHLY, Outcome

SERIES = (
    *MONTHLY,
    *BY_WORKLOAD,
    "asked_units",
    "served_units",
    "late_units",
    "declined_units",
    "graduated_pilots",
    "committed_accelerators",
    "owned_accelerators",
    "availability_ratio",
    "data_lag_days",
    "platform_complete_ratio",
    "platform_building",
    "reach_left_ratio",
    "stopped",
    "rebuild_usd",
    "committed_capacity_usd",
    "on_demand_capacity_usd",
    "owned_capacity_usd",
    "waste_usd",
    "api_usd",
    "data_usd",
)
"""What `simulate` must be asked to record before events can be read."""

BILL = ("committed_capacity_usd", "on_demand_capacity_usd", "owned_capacity_usd", "waste_usd", "api_usd", "data_usd")

GROWN_FACTOR = 1.5  # demand over that of the same month a year before
BROKEN_RATIO = 0.05  # load turned away in a month in which the latency limit counts as broken
LAGGING_DAYS = 1.0
OVER_PLAN_FACTOR = 1.25
LATE_FACTOR = 1.5
UNUSED_MATURITY = 0.2
UNUSED_MONTHS = 12
STRANDED_FACTOR = 1.25  # a fifth idle; firms call a quarter to a third of their cloud spend wasted (cloud_waste_share)
STRANDED_MONTHS = 3
MISSED_RATIO = 0.2  # of the users there could be, lost before the first service is live


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: the month (1 is the first), what it is called, its numbers by name and unit, what it is about."""

    month: int
    code: str
    numbers: Mapping[str, float]
    workload: str = ""


SAID = {
    "pilot_succeeds": "the first pilot succeeds",
    "first_launch": "the first service is live",
    "demand_grows": "demand is {factor:.1f} times that of a year before",
    "shortage_slows": "capacity is short, {missing_ratio:.0%} of the need at worst; months in all: {months:.0f}",
    "pipeline_behind": "the data pipelines cannot keep up, {lag_days:.0f} days behind at worst; months in all: {months:.0f}",
    "latency_breaks": "the latency limit breaks, {unserved_ratio:.0%} turned away at worst; months in all: {months:.0f}",
    "bill_over_plan": "the bill passes the plan by {over_ratio:.0%}",
    "wall_reached": "wall reached, rebuild {months:.0f} months",
    "platform_done": "the platform is finished",
    "platform_late": "the platform is late: {months:.0f} months instead of {planned_months:.0f}",
    "platform_unused": "the platform is not used: {maturity_ratio:.0%} of the work is on it",
    "capacity_stranded": "capacity is stranded for {months:.0f} months, worth {usd:,.0f} USD",
    "market_missed": "the market is missed: {lost_ratio:.0%} of the users are gone before the first launch",
    "serving_stopped": "stopped serving {workload}: a unit cost {cost_usd} USD and earned {value_usd} USD",
    "serving_resumed": "serves {workload} again: a unit would cost {cost_usd} USD and earn {value_usd} USD",
    "given_up": "the plan is given up",
}


def said(event: Event) -> str:
    """An event in words, with its month."""
    if event.workload:
        prices = {name: significant(value) for name, value in event.numbers.items()}
        return f"month {event.month}: {SAID[event.code].format(workload=event.workload.replace('_', ' '), **prices)}"
    return f"month {event.month}: {SAID[event.code].format(**event.numbers)}".replace("%", "\N{NO-BREAK SPACE}%")


def significant(value: float) -> str:
    """A price of a unit to two digits that count, however small: 1,400 or 0.00021."""
    digits = max(0, 1 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{digits}f}"


def median_sample(outcome: Outcome, row: int) -> int:
    """The future whose value is the middle one for a strategy."""
    return sample_at(outcome, row, 0.5)


def sample_at(outcome: Outcome, row: int, level: float) -> int:
    """The future below whose value a strategy ends in such a share of futures, 0 to 1 (1 not included)."""
    return int(np.argsort(outcome.npv_usd[row], kind="stable")[int(level * outcome.samples)])


def future_at(outcome: Outcome, row: int, said: str) -> int:
    """The future that somebody means, 0 the first: its number (1 is the first) or, with a %, the share of futures below it.

    A number is the same future for every strategy; a share is of each strategy's own values.

    Raises
    ------
    InputFault
        When there is no such future; one message.
    """
    text = said.strip()
    try:
        value = float(text.removesuffix("%").replace(",", ""))
    except ValueError:
        value = math.nan
    if text.endswith("%") and 0.0 <= value <= 100.0:
        return sample_at(outcome, row, min(value / 100.0, 1.0 - 0.5 / outcome.samples))
    if not text.endswith("%") and value.is_integer() and 1 <= value <= outcome.samples:
        return int(value) - 1
    raise InputFault(f"no future {said!r}: a number from 1 to {outcome.samples:,}, or a share of futures such as 25%")


def events(outcome: Outcome, row: int, sample: int) -> tuple[Event, ...]:
    """The events of one strategy in one future, in order of months.

    Parameters
    ----------
    outcome
        A run that recorded `SERIES`.
    row, sample
        Which strategy, by its place in the outcome, and which future.

    Raises
    ------
    KeyError
        When a series was not recorded.
    """
    one = {name: np.asarray(outcome.monthly[name][:, row, sample], dtype=float) for name in SERIES if name not in BY_WORKLOAD}
    bill = np.sum([outcome.monthly[name][:, row] for name in BILL], axis=0)
    planned_bill = np.median(np.cumsum(bill, axis=0), axis=1)
    planned_build = float(np.median(outcome.monthly["platform_building"][:, row].sum(axis=0)))
    found = [
        *_delivered(one),
        *_pressed(one),
        *_billed(np.cumsum(bill[:, sample]), planned_bill),
        *_built(one, planned_build),
        *_stranded(one),
        *_worth(outcome, row, sample),
    ]
    return tuple(sorted(found, key=lambda event: event.month))


def _first(holds: Flags) -> int | None:
    """The first month in which something holds, or nothing."""
    return int(np.argmax(holds)) + 1 if holds.any() else None


def _spells(holds: Flags) -> list[tuple[int, int]]:
    """First and last month of each spell in which something holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(int), [0]])))
    return [(int(start) + 1, int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _delivered(one: Mapping[str, Array]) -> Iterator[Event]:
    graduated = _first(one["graduated_pilots"] > 0.0)
    if graduated:
        yield Event(graduated, "pilot_succeeds", {})
    live = _first(one["live_use_cases"] > 0.0)
    lost = 1.0 - one["reach_left_ratio"]
    if live:
        yield Event(live, "first_launch", {})
        if lost[live - 1] >= MISSED_RATIO:
            yield Event(live, "market_missed", {"lost_ratio": float(lost[live - 1])})
    elif graduated and lost[-1] >= MISSED_RATIO:
        yield Event(lost.size, "market_missed", {"lost_ratio": float(lost[-1])})
    stopped = _first(one["stopped"] > 0.0)
    if stopped:
        yield Event(stopped, "given_up", {})


def _pressed(one: Mapping[str, Array]) -> Iterator[Event]:
    whole = one["served_units"] + one["late_units"] + one["declined_units"] + one["unserved_ratio"] * one["asked_units"]
    yearly = whole[12:] / np.maximum(whole[:-12], 1e-300)
    grown = _first(yearly >= GROWN_FACTOR)
    if grown:
        yield Event(grown + 12, "demand_grows", {"factor": float(yearly[grown - 1])})
    missing = 1.0 - one["accelerators"] / np.maximum(one["needed_accelerators"], 1e-300)
    missing = np.where(one["needed_accelerators"] > 0.0, missing, 0.0)
    short = (missing > 1e-6) & (one["availability_ratio"] < 1.0)
    for code, name, holds, series in (
        ("shortage_slows", "missing_ratio", short, missing),
        ("pipeline_behind", "lag_days", one["data_lag_days"] >= LAGGING_DAYS, one["data_lag_days"]),
        ("latency_breaks", "unserved_ratio", one["unserved_ratio"] >= BROKEN_RATIO, one["unserved_ratio"]),
    ):
        month = _first(holds)
        if month:
            yield Event(month, code, {"months": float(holds.sum()), name: float(series[holds].max())})
    for start, stop in _spells(one["stalled"] > 0.0):
        usd = float(one["rebuild_usd"][start - 1 : stop].sum())
        yield Event(start, "wall_reached", {"months": stop - start + 1.0, "usd": usd})


def _billed(paid: Array, planned: Array) -> Iterator[Event]:
    over = (paid > OVER_PLAN_FACTOR * planned) & (planned > 0.0)
    if over[-1]:  # from the month on from which it stays above
        month = over.size - int(np.argmin(over[::-1])) + 1 if not over.all() else 1
        yield Event(month, "bill_over_plan", {"over_ratio": float(paid[-1] / planned[-1] - 1.0)})


def _built(one: Mapping[str, Array], planned_months: float) -> Iterator[Event]:
    built = one["platform_building"]
    begun, months = _first(built > 0.0), float(built.sum())
    if not begun:
        return
    done = _first(one["platform_complete_ratio"] >= 1.0)
    if done:
        yield Event(done, "platform_done", {})
    if months > LATE_FACTOR * planned_months:
        late = begun + round(planned_months)
        yield Event(min(late, built.size), "platform_late", {"months": months, "planned_months": planned_months})
    if done and done + UNUSED_MONTHS <= built.size and one["maturity"][done + UNUSED_MONTHS - 1] < UNUSED_MATURITY:
        used = float(one["maturity"][done + UNUSED_MONTHS - 1])
        yield Event(done + UNUSED_MONTHS, "platform_unused", {"maturity_ratio": used})


def _stranded(one: Mapping[str, Array]) -> Iterator[Event]:
    """Capacity that is paid for and idle.

    Rare with the levers of the profiles: commitments last a year and cover 60 to 95 % of the need, so that it must fall by a
    third while they run. Who commits to more than that, or owns, meets it often.
    """
    fixed = one["committed_accelerators"] + one["owned_accelerators"]
    spare = np.maximum(fixed - one["needed_accelerators"], 0.0) / np.maximum(fixed, 1e-300)
    usd = spare * (one["committed_capacity_usd"] + np.maximum(one["owned_capacity_usd"], 0.0))
    idle = (fixed > STRANDED_FACTOR * one["needed_accelerators"]) & (fixed > 0.0)
    for start, stop in _spells(idle):
        if stop - start + 1 >= STRANDED_MONTHS:
            worth = float(usd[start - 1 : stop].sum())
            yield Event(start, "capacity_stranded", {"months": stop - start + 1.0, "usd": worth})


def _worth(outcome: Outcome, row: int, sample: int) -> Iterator[Event]:
    """Where serving stopped at a loss and began again, with what was seen in the month before."""
    stopped, cost, value = (outcome.monthly[name][:, :, row, sample] for name in BY_WORKLOAD)
    for place, workload in enumerate(outcome.workloads):
        for month in np.flatnonzero(np.diff(stopped[:, place])) + 1:
            code = "serving_stopped" if stopped[month, place] else "serving_resumed"
            seen = {"cost_usd": float(cost[month - 1, place]), "value_usd": float(value[month - 1, place])}
            yield Event(int(month) + 1, code, seen, workload)
