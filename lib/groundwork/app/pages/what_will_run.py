"""What will run, on how much compute? Accelerators by month, hours of a day, latency over load, what binds, what was measured."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.app.content import Block, Card, Content, Tile
from groundwork.catalogue.serving_points import MeasuredPoint
from groundwork.errors import OutOfCalibration
from groundwork.results.compute import (
    Part,
    accelerator_domain,
    accelerator_rows,
    accelerator_table,
    day_domain,
    day_rows,
    day_table,
    latency_rows,
    latency_table,
    middles,
    nearest_points,
    nearest_table,
    parts_of,
)
from groundwork.results.packing import packing_table, packing_words
from groundwork.results.serving import (
    answer_words,
    answers_table,
    changes_table,
    demand_table,
    error_levels,
    language_models,
    sure_of,
)
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import Words, fact, figure, rounded_domain, words
from groundwork.strategy.machines import pools_of
from groundwork.strategy.served_copy import latency_over_load
from groundwork.strategy.serving_answer import ServingAnswer, serving_answer
from groundwork.study.jobs import Report
from groundwork.study.state import Asked, Study, Work
from groundwork.workloads import LlmWork

LOADS = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.92, 0.97)
QUANTILES = (0.5, 0.95, 0.99)


def _latency(asked: Asked, report: Report) -> dict[str, Any]:
    """Latency over load of the first language model that is served on own accelerators; the reason where there is no answer."""
    for name, item in middles(asked.scenario).workloads.items():
        if item.enabled and isinstance(item.work, LlmWork):
            report(0.1)
            try:
                return {"workload": name, "told": latency_over_load(item.work, LOADS, QUANTILES), "reason": ""}
            except OutOfCalibration as reason:
                return {"workload": name, "told": None, "reason": str(reason)}
    return {"workload": "", "told": None, "reason": ""}


def _answers(asked: Asked, report: Report) -> dict[str, ServingAnswer]:
    """What serves each language model as it stands and what would serve it with less, by the workload's name."""
    found = {}
    central, names = middles(asked.scenario).workloads, language_models(asked.scenario)
    for place, name in enumerate(names):
        report((place + 0.1) / len(names))
        kind = asked.scenario.workloads[name].work
        assert isinstance(kind, LlmWork)
        found[name] = serving_answer(central[name], error_levels(kind))
    return found


WORK = (
    Work("latency", "Working out latency over load", _latency),
    Work("serving", "Looking for the next best change", _answers),
)


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    pair, parts, found = holders(study), parts_of(study.scenario), study.result("latency")
    models = language_models(study.scenario)
    answers = {name: one for name, one in (study.result("serving") or {}).items() if name in models}
    blocks = [
        Block(kind="tiles", items=tiles(study, pair, found)),
        Block(kind="cards", layout="whole", items=(accelerators(study, pair),)),
    ]
    second = (latency(study, found),) if models else ()
    blocks.append(Block(kind="cards", layout="halves" if models else "whole", items=(day(study, parts), *second)))
    blocks += packing(study, parts)
    if models:
        blocks += serving(models, answers)
    blocks.append(Block(kind="table", items=(day_table(parts),), title="What each workload takes in its busiest hour"))
    demand = demand_table(study.scenario, study.outcome.months)
    blocks.append(Block(kind="table", items=(demand,), title="What is asked for, all use cases live"))
    refused = [words(fact(part.label), f" has no answer: {part.refusal}.") for part in parts if part.refusal]
    if refused:
        blocks.append(Block(kind="passages", items=refused, title="Outside what was measured"))
    near: dict[tuple[MeasuredPoint, ...], list[str]] = {}
    for name, label in models.items():
        kind = middles(study.scenario).workloads[name].work
        assert isinstance(kind, LlmWork)
        near.setdefault(nearest_points(kind), []).append(label)
    blocks += [Block(kind="table", items=(nearest_table(points),), title=sure_of(labels)) for points, labels in near.items()]
    return Content(answer=answer(study, pair, parts), blocks=tuple(blocks))


def packing(study: Study, parts: list[Part]) -> list[Block]:
    """Whole machines for all workloads together, against machines of their own; nothing where no two share an accelerator."""
    shares = [part.share for part in parts if part.share is not None]
    pools = pools_of(shares, float(middles(study.scenario).market.owned_server_accelerators[0]))
    if not pools:
        return []
    return [
        Block(kind="passages", items=[packing_words(pools)], title="What sharing whole machines saves"),
        Block(kind="table", items=(packing_table(pools),), title="Whole machines with all use cases live, apart and shared"),
    ]


def serving(models: dict[str, str], answers: dict[str, ServingAnswer]) -> list[Block]:
    """How the language models are served, what binds, how near the knee, and the next best change."""
    said = [answer_words(models[name], one) for name, one in answers.items()]
    waiting = [words("What binds and what to change next is being worked out.")]
    served = (answers_table(models, answers),) if answers else ()
    others = (changes_table(models, answers),) if answers else ()
    return [
        Block(kind="passages", items=said or waiting, title="What binds, and what to change next"),
        Block(kind="table", items=served, title="How language models are served"),
        Block(kind="table", items=others, title="What else would serve them"),
    ]


def holders(study: Study) -> Pair:
    """The two strategies whose accelerators are shown: those compared, or the next ones where one of them holds none."""
    outcome, pair = study.outcome, study.pair
    held = outcome.monthly["accelerators"].sum(axis=(0, 2))
    order = dict.fromkeys((pair.first, pair.second, *outcome.strategies))
    some = [name for name in order if held[outcome.strategies.index(name)] > 0.0]
    return Pair(outcome, *some[:2]) if len(some) > 1 else pair


def _levels(study: Study, name: str, series: str = "accelerators") -> tuple[float, float, float]:
    outcome = study.outcome
    last = outcome.monthly[series][-1, outcome.strategies.index(name)]
    low, half, high = (float(value) for value in np.quantile(last, [0.1, 0.5, 0.9]))
    return low, half, high


def answer(study: Study, pair: Pair, parts: list[Part]) -> Words:
    """How many accelerators at the end, and what takes most of them."""
    low, half, high = _levels(study, pair.first)
    reference = study.scenario.reference_accelerator
    said = words(
        f"{study.scenario.strategies[pair.first].label} holds ",
        fact(f"{figure(half)} {reference}s"),
        f" after {study.outcome.months} months, counted by price; 8 of 10 futures: {figure(low)} to {figure(high)}.",
    )
    total = float(sum(part.hours.max() for part in parts))
    if not parts or total <= 0.0:
        return said
    top = max(parts, key=lambda part: float(part.hours.max()))
    share = 100.0 * float(top.hours.max()) / total
    return said + words(
        " With all use cases live, ", fact(in_sentence(top.label)), f" asks for {share:.0f} % of what keeps the limits."
    )


def tiles(study: Study, pair: Pair, found: dict[str, Any] | None) -> list[Tile]:
    """Accelerators, and three uses that must not be mixed up: allocated, busy, and of the peak speed."""
    outcome, row = study.outcome, study.outcome.strategies.index(pair.first)
    low, half, high = _levels(study, pair.first)
    held = outcome.monthly["accelerators"][:, row].sum(axis=0)
    some = held > 0.0

    def share(series: str) -> tuple[float, float, float]:
        part = np.minimum(outcome.monthly[series][:, row], outcome.monthly["accelerators"][:, row]).sum(axis=0)
        ratio = 100.0 * part[some] / held[some] if some.any() else np.zeros(1)
        bottom, centre, top = (float(value) for value in np.quantile(ratio, [0.1, 0.5, 0.9]))
        return bottom, centre, top

    allocated, busy = share("needed_accelerators"), share("busy_accelerators")
    told = found["told"] if found else None
    unserved = 100.0 * outcome.monthly["unserved_ratio"][:, row].mean(axis=0)
    last = (
        Tile(
            label="Peak speed used (MFU)",
            number=f"{100 * told.mfu_ratio:.0f}",
            after="%",
            note="by a full copy of the language model",
        )
        if told is not None
        else Tile(
            label="Asked for and not served",
            number=figure(float(np.quantile(unserved, 0.5))),
            after="%",
            note=f"of units, mean month; 1 in 10 futures: {figure(float(np.quantile(unserved, 0.9)))} % and more",
        )
    )
    return [
        Tile(
            label=f"Accelerators in month {outcome.months}",
            number=figure(half),
            after=f"{study.scenario.reference_accelerator} by price",
            note=f"8 of 10 futures: {figure(low)} to {figure(high)}",
        ),
        Tile(
            label="Allocated",
            number=f"{allocated[1]:.0f}",
            after="%",
            note=f"of those held; 8 of 10 futures: {allocated[0]:.0f} to {allocated[2]:.0f} %",
        ),
        Tile(
            label="Busy",
            number=f"{busy[1]:.0f}",
            after="%",
            note=f"of those held; 8 of 10 futures: {busy[0]:.0f} to {busy[2]:.0f} %",
        ),
        last,
    ]


def accelerators(study: Study, pair: Pair) -> Card:
    """Accelerators held by month, the two strategies compared."""
    scenario, outcome = study.scenario, study.outcome
    first, second = (scenario.strategies[name].label for name in (pair.first, pair.second))
    ends = [_levels(study, name)[1] for name in (pair.first, pair.second)]
    if abs(ends[0] - ends[1]) < 0.05 * max(*ends, 1e-9):
        title = "Both end with about as many accelerators"
    else:
        title = f"{first if ends[0] > ends[1] else second} ends with more accelerators"
    low, high = accelerator_domain(outcome, pair)
    rows = accelerator_rows(scenario, outcome, pair)
    return Card(
        chart="accelerators",
        title=title,
        shows=f"Accelerators held, in {scenario.reference_accelerator} by price; median, middle 80 %",
        spoken=f"{title}. After {outcome.months} months: " + ", ".join(row["label"] for row in rows["ends"]) + ".",
        data=rows,
        signals={"low": low, "high": high, "last": outcome.months},
        held=("low", "high"),
        table=accelerator_table(scenario, outcome, pair),
    )


def day(study: Study, parts: list[Part]) -> Card:
    """A day at full use, hour by hour."""
    total = np.sum([part.hours for part in parts], axis=0) if parts else np.zeros(24)
    shows = f"Accelerators that keep the limits, all use cases live, {study.scenario.reference_accelerator} by price, by hour"
    if not total.any():
        return Card(
            chart="day", title="A day at full use", shows=shows, spoken="", empty="No workload is switched on that has an answer."
        )
    busiest, quietest = int(total.argmax()), int(total.argmin())
    ratio = float(total.max() / max(total.min(), 1e-9))
    flat = ratio < 1.1
    title = (
        "The need is the same at every hour" if flat else f"Hour {busiest} needs {figure(ratio)} times what hour {quietest} needs"
    )
    low, high = day_domain(parts)
    return Card(
        chart="day",
        title=title,
        shows=shows,
        spoken=f"{title}: {figure(float(total.max()))} against {figure(float(total.min()))} accelerators.",
        data=day_rows(parts),
        signals={"low": low, "high": high},
        table=day_table(parts),
    )


def latency(study: Study, found: dict[str, Any] | None) -> Card:
    """Time to the first token over the load of one copy."""
    if found is None or found["told"] is None:
        reason = found["reason"] if found else ""
        empty = f"No answer: {reason}." if reason else "Latency over load is being worked out."
        waiting = "" if reason else WORK[0].title
        return Card(
            chart="latency", title="Latency over load", shows="Seconds to the first token", spoken="", empty=empty, work=waiting
        )
    told, item = found["told"], middles(study.scenario).workloads[found["workload"]]
    assert isinstance(item.work, LlmWork)
    limit = float(item.work.ttft_limit_ms[0]) / 1e3
    within = told.load_requests_per_second[told.ttft_seconds[1] <= limit]
    knee, most = told.knee_requests_per_second, told.saturation_requests_per_second
    title = f"Above {figure(0.85 * knee)} requests a second a copy has no room left"
    if not within.size:
        title = "No load keeps the limit on the first token"
    # The bend is the message: the limit is drawn only where it is near, and said in words in any case.
    high = float(max(2.0 * told.ttft_seconds[1, LOADS.index(0.75)], 1.2 * told.ttft_seconds[1, LOADS.index(0.92)]))
    high = rounded_domain(0.0, high)[1]
    return Card(
        chart="latency",
        title=title,
        shows=f"{item.label}: seconds to the first token over requests a second of one copy; limit {figure(limit)} s",
        spoken=f"{title}. Waits grow faster than work from {figure(knee)} on; none is served above {figure(most)}.",
        data=latency_rows(told, limit, high),
        signals={"low": 0.0, "high": high, "last": most},
        table=latency_table(told),
        is_stale=not study.found["latency"].is_fresh,
    )
