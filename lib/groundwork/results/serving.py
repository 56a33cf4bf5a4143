"""Tables and sentences of how language models are served: copies, what binds, the knee, the next best change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from groundwork.catalogue.serving_points import measured_points, new_names
from groundwork.catalogue.serving_records import Setup, accelerator_row, model_row
from groundwork.catalogue.serving_terms import shipped_spread
from groundwork.errors import OutOfCalibration
from groundwork.quantities import Array, Quantity, percentile
from groundwork.results.compute import middles
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import NO_BREAK, Words, fact, figure, quantity_figure, words
from groundwork.scenario import Scenario
from groundwork.strategy.serving_answer import KEPT_RATIO, ServingAnswer, saved_ratio
from groundwork.strategy.serving_search import CAUTION_RATIO, Fleet, Found
from groundwork.workloads import LlmWork

Answers = Mapping[str, ServingAnswer]
RATE = "output_tokens_per_s_per_gpu"
BINDS = {
    "memory": "memory",
    "bandwidth": "memory bandwidth",
    "compute": "arithmetic",
    "latency": "the limit on the first token",
    "availability": "copies that may be down",
}
STEPS = {
    "precision": "another number format",
    "tensor parallelism": "copies of another size",
    "accelerator": "another accelerator",
}


def language_models(scenario: Scenario[Quantity]) -> dict[str, str]:
    """Names and labels of the workloads that are switched on and served by a language model of one's own."""
    return {
        name: item.label for name, item in scenario.workloads.items() if item.enabled and isinstance(item.work, LlmWork)
    }  # fmt: skip


def error_levels(kind: LlmWork[Quantity]) -> tuple[float, float, float]:
    """Capacity over our estimate at its best, middle and worst tenth: what makes accelerators a range.

    The belief's own where the model, the accelerator and the engine were measured; else wider, by as much as measured throughput
    lies further from what is said of models, accelerators or engines that the fit has not seen.
    """
    high, middle, low = (percentile(kind.error_factor, level) for level in (0.9, 0.5, 0.1))
    setup = Setup(
        model=kind.model, accelerator=kind.accelerator, precision=kind.precision, accelerators_count=kind.tensor_parallel,
        parallel=f"TP{kind.tensor_parallel}", engine=kind.engine,
    )  # fmt: skip
    try:
        unseen = tuple(new_names(setup))
    except OutOfCalibration:
        return high, middle, low  # the answer itself says why there is none
    below, above = np.divide(shipped_spread(unseen, RATE, kind.engine), shipped_spread((), RATE, kind.engine))
    return middle * (high / middle) ** float(above), middle, middle * (low / middle) ** float(below)


def way(fleet: Fleet) -> str:
    """A way of serving in words: 2 copies of 4 x H100, fp8."""
    setup = fleet.setup
    each = f"{setup.accelerators_count} x {setup.accelerator}" if setup.accelerators_count > 1 else setup.accelerator
    held = fleet.copies_count + fleet.spare_copies_count
    return f"{held} {'copy' if held == 1 else 'copies'} on {each}, {setup.precision}"


def priced(fleet: Fleet) -> str:
    """The list price of an hour, or nothing where there is none."""
    return "" if fleet.usd_per_hour is None else f"USD{NO_BREAK}{figure(fleet.usd_per_hour)}"


def answers_table(labels: Mapping[str, str], answers: Answers) -> dict[str, Any]:
    """One row a workload: accelerators with their range, what binds, what is free, how near the knee, latency quantiles."""
    columns = [
        "As it stands",
        "Accelerators, 8 of 10",
        "Binds",
        "Free",
        "Of the knee",
        "First token p50 / p95 / p99, s",
    ]
    rows = []
    for name, answer in answers.items():
        if answer.found is None:
            continue
        now, latency = answer.found.fewest, answer.found.latency
        low, high = np.min(answer.accelerators_count), np.max(answer.accelerators_count)
        rows.append(
            [
                f"{labels.get(name, name)}: {way(now)}",
                f"{now.accelerators_count} ({low:.0f} to {high:.0f})",
                BINDS.get(now.binding, now.binding),
                f"{100 * now.headroom_ratio:.0f}{NO_BREAK}%",
                f"{100 * answer.knee_share_ratio:.0f}{NO_BREAK}%",
                " / ".join(figure(float(value)) for value in latency.ttft_seconds),
            ]
        )
    return {"columns": columns, "rows": rows}


def changes_table(labels: Mapping[str, str], answers: Answers) -> dict[str, Any]:
    """The way as it stands, each single change that saves, and the fewest and the cheapest of all that were measured.

    In brackets: what is left of today's price, or of today's count where there is no price.
    """
    columns = ["Change", "Way of serving", "Accelerators", "An hour, list price", "Measured with"]
    rows = []
    for name, answer in answers.items():
        label, now = labels.get(name, name), answer.found.fewest if answer.found else None
        offers: list[tuple[str, Fleet]] = [("none", now)] if now else []
        offers += [(STEPS[step.what], step.fleet) for step in answer.steps]
        if answer.best:
            offers += [("all at once: fewest", answer.best.fewest)]
            offers += [("all at once: cheapest", answer.best.cheapest)] if answer.best.cheapest else []
        for what, fleet in offers:
            change = what if len(answers) == 1 else f"{label}: {what}"
            left = "" if now is None or fleet is now else f" ({100 * saved_ratio(now, fleet):.0f}{NO_BREAK}%)"
            price = priced(fleet)
            count = f"{fleet.accelerators_count}{'' if price else left}"
            rows.append([change, way(fleet), count, f"{price}{left}" if price else "", _measured_with(fleet)])
    return {"columns": columns, "rows": rows}


def _measured_with(fleet: Fleet) -> str:
    """How near the shipped measurements come to a way of serving: what is far off is the formula alone."""
    own = accelerator_row(fleet.setup.accelerator)["accelerator"]
    model = model_row(fleet.setup.model)["model"]
    here = [point.setup for point in measured_points() if accelerator_row(point.setup.accelerator)["accelerator"] == own]
    mine = [setup for setup in here if model_row(setup.model)["model"] == model]
    if any(setup.precision == fleet.setup.precision for setup in mine):
        return "this model"
    return "this model, other format" if mine else "other models" if here else "nothing"


def answer_words(label: str, answer: ServingAnswer) -> Words:
    """One workload in a sentence or three: what serves it, what binds, how near the knee, what to change next."""
    if answer.found is None:
        said = words(fact(label), f" has no answer as it stands: {answer.refusal}.")
        return said + _next(answer)
    now = answer.found.fewest
    kept = f"{100 * KEPT_RATIO:.0f} of 100"
    said = words(
        fact(label),
        f" asks for {figure(answer.requests_per_second)} requests a second at its busiest. {kept} keep the limits with ",
        fact(way(now)),
        f"; {BINDS.get(now.binding, now.binding)} binds, {100 * now.headroom_ratio:.0f}{NO_BREAK}% is free.",
    )
    return said + _news(now) + _knee(answer, answer.found) + _next(answer)


def _news(fleet: Fleet) -> Words:
    """What of a way of serving was never measured, so that its range is wider."""
    new = list(new_names(fleet.setup).values())
    return words(f" Not sure: {' and '.join(new)}, so the range is wider.") if new else words()


def _knee(answer: ServingAnswer, found: Found) -> Words:
    share = f"{100 * answer.knee_share_ratio:.0f}{NO_BREAK}%"
    if answer.knee_share_ratio > CAUTION_RATIO:
        limit = f"{100 * CAUTION_RATIO:.0f}{NO_BREAK}%"
        return words(
            fact(f" Too near the knee: each copy is at {share} of the load from which waits grow faster than work"),
            f" ({figure(found.knee_requests_per_second)} requests a second); keep below 80 to {limit}, the next burst is late.",
        )
    return words(f" Each copy is at {share} of its knee of {figure(found.knee_requests_per_second)} requests a second.")


def _next(answer: ServingAnswer) -> Words:
    if not answer.steps:
        return words(" No single change of format, copies or accelerator saves anything.")
    step = answer.steps[0]
    first = words(f" Next best change, {STEPS[step.what]}: ", fact(way(step.fleet)))
    if answer.found is None:
        return first + words(f", {step.fleet.accelerators_count} accelerators.")
    now = answer.found.fewest
    left = 100.0 * saved_ratio(now, step.fleet)
    both = now.usd_per_hour and step.fleet.usd_per_hour
    of = f"of the list price, {priced(now)} an hour" if both else f"of the {now.accelerators_count} accelerators"
    return first + words(f", at {left:.0f}{NO_BREAK}% {of}.")


def demand_table(scenario: Scenario[Quantity], months: int) -> dict[str, Any]:
    """Units a day of every workload with all use cases live, at the middles, by month; and how far today's may be off."""
    central: Scenario[Array] = middles(scenario)
    growth = 1.0 + float(np.ravel(central.demand.growth_ratio_per_year)[0])
    shock = float(np.ravel(central.demand.shock_factor)[0])
    shown = [1, *range(12, months + 1, 12)]
    rows = []
    for name, item in scenario.workloads.items():
        if not item.enabled:
            continue
        season = np.asarray(item.season) / np.mean(item.season)
        units = float(np.ravel(central.workloads[name].units_per_day)[0])
        level = [growth ** ((month - 1) / 12.0) * (shock if month > 12 else 1.0) for month in shown]
        cells = [quantity_figure(units * one * float(season[(month - 1) % 12])) for one, month in zip(level, shown, strict=True)]
        low, high = (quantity_figure(percentile(item.units_per_day, tenth)) for tenth in (0.1, 0.9))
        peak = int(np.argmax(item.hour_profile))
        rows.append([f"{item.label}, {item.unit}", *cells, f"{low} to {high}", f"{peak}"])
    columns = ["Units a day", *(f"Month {month}" for month in shown), "Today, 8 of 10", "Busiest hour"]
    return {"columns": columns, "rows": rows}


def sure_of(labels: Sequence[str]) -> str:
    """The heading over the measurements that lie nearest to some workloads."""
    names = " and ".join(in_sentence(label) for label in labels)
    return f"Measured nearest to {names}, and what we said without having seen them"
