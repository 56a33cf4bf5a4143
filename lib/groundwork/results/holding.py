"""Will it hold, in rows, tables and words: downtime by cause, the architectures by cost, what better practice buys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from groundwork.quantities import Array
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import (
    NO_BREAK,
    Words,
    fact,
    figure,
    ink,
    listed,
    money,
    money_scale,
    quantity_words,
    rounded_domain,
    shape,
    signed_money,
    words,
)
from groundwork.scenario import Scenario, beliefs

Rows = list[dict[str, Any]]

CAUSES = {"bad_changes": "Bad changes", "zones": "Zone outages", "servers": "Failed servers"}
LEAST_HOURS = 1.0 / 60.0  # the axis of hours is in equal ratios: nothing is drawn below a minute
APART_RATIO = 0.062  # of the height of the ladder: names closer than this are moved apart
BAD_YEAR = 0.95


class Architecture(Protocol):
    """A design of a plan, see `study.holding.Design`."""

    @property
    def zones_count(self) -> int: ...
    @property
    def spare_servers_count(self) -> int: ...
    @property
    def has_platform(self) -> bool: ...


class Standing(Protocol):
    """What a design costs and how long it is down, see `study.holding.Rung`."""

    @property
    def design(self) -> Architecture: ...
    @property
    def cost_usd(self) -> float: ...
    @property
    def value_usd(self) -> float: ...
    @property
    def typical_hours(self) -> float: ...
    @property
    def bad_hours(self) -> float: ...
    @property
    def missed_ratio(self) -> float: ...
    @property
    def beaten(self) -> bool: ...


class Downtimes(Protocol):
    """A cause and the hours it takes in a year, [sample]."""

    @property
    def name(self) -> str: ...
    @property
    def hours_per_year(self) -> Array: ...


def duration(hours: float) -> str:
    """Hours as people say them: 22 min, 3.1 h, 4 days."""
    if hours < 0.995:
        return f"{60.0 * hours:.0f}{NO_BREAK}min"
    return f"{figure(hours)}{NO_BREAK}h" if hours < 99.5 else f"{hours / 24.0:.0f}{NO_BREAK}days"


def design_words(design: Architecture) -> str:
    """Two zones with a spare server and a platform."""
    said = {1: "one zone", 2: "two zones", 3: "three zones", 4: "four zones"}[design.zones_count]
    more = ["a spare server"] if design.spare_servers_count == 1 else []
    more += [f"{design.spare_servers_count} spare servers"] if design.spare_servers_count > 1 else []
    more += ["a platform"] if design.has_platform else []
    return f"{said} with {listed(more)}" if more else said


def short_words(design: Architecture) -> str:
    """The same where there is little room: 2 zones, spare, platform."""
    said = f"{design.zones_count} zone{'s' * (design.zones_count != 1)}"
    return said + ", spare" * bool(design.spare_servers_count) + ", platform" * design.has_platform


def step_words(here: Architecture, there: Architecture) -> str:
    """What has to change from one design to another: a third zone and a platform."""
    zones = {1: "only one zone", 2: "a second zone", 3: "a third zone", 4: "a fourth zone"}
    changed = []
    if there.zones_count != here.zones_count:
        changed.append(zones[there.zones_count] if there.zones_count > here.zones_count else f"{zones[there.zones_count]}")
    if there.spare_servers_count != here.spare_servers_count:
        more = there.spare_servers_count > here.spare_servers_count
        changed.append("a spare server in every zone" if more else "no spare servers")
    if there.has_platform != here.has_platform:
        changed.append("a platform from now on" if there.has_platform else "no platform")
    return listed(changed) if changed else "nothing"


def cause_rows(causes: Sequence[Downtimes]) -> dict[str, Rows]:
    """Data set `bars`: mean hours a year, whisker to one year in twenty; the worst in ink."""
    return {
        "bars": [
            {
                "row": row,
                "label": CAUSES[cause.name],
                "value": float(cause.hours_per_year.mean()),
                "high": float(np.quantile(cause.hours_per_year, BAD_YEAR)),
                "text": figure(float(cause.hours_per_year.mean())),
                "colour": "var(--gw-ink)" if row == 0 else "var(--gw-edge)",
                "weight": 600 if row == 0 else 400,
            }
            for row, cause in enumerate(causes)
        ]
    }


def cause_end(causes: Sequence[Downtimes]) -> float:
    """The end of the axis of hours a year."""
    return rounded_domain(0.0, max(1e-3, *(float(np.quantile(cause.hours_per_year, BAD_YEAR)) for cause in causes)), 5)[1]


def cause_table(causes: Sequence[Downtimes], hours_per_year: Array) -> dict[str, Any]:
    """Every cause: mean, middle and bad year, share of all."""
    total = max(float(hours_per_year.mean()), 1e-12)
    rows = []
    for cause in causes:
        middle, bad = np.quantile(cause.hours_per_year, [0.5, BAD_YEAR])
        mean = float(cause.hours_per_year.mean())
        rows.append([CAUSES[cause.name], figure(mean), figure(float(middle)), figure(float(bad)), f"{100.0 * mean / total:.0f}"])
    return {"columns": ["Cause", "Hours a year, mean", "Median", "1 year in 20", "Share of all, %"], "rows": rows}


def cause_title(causes: Sequence[Downtimes], hours_per_year: Array) -> str:
    """Which cause takes most."""
    total = float(hours_per_year.mean())
    if total <= 0.0 or not causes:
        return "Nothing is ever down"
    share = float(causes[0].hours_per_year.mean()) / total
    return f"{CAUSES[causes[0].name]} take {100.0 * share:.0f}{NO_BREAK}% of all downtime"


def ladder_rows(
    scenario: Scenario[Any],
    strategy: str,
    here: Standing,
    named: Sequence[Standing],
    rungs: Sequence[Standing],
    budget_hours: float,
) -> dict[str, Rows]:
    """Data sets `dots`, `front` (what nothing beats), `names` and `target`; x in the unit of `ladder_scale`, y in hours."""
    scale = money_scale(max(rung.cost_usd for rung in rungs))
    ends = ladder_domain(rungs, budget_hours)
    span = np.log(ends["top"] / ends["low"])

    def place(rung: Standing) -> dict[str, float]:
        return {"x": rung.cost_usd / scale.divisor, "y": max(rung.bad_hours, LEAST_HOURS)}

    dots: Rows = []
    for rung in rungs:
        own = shape(scenario, strategy) if rung is here else "var(--gw-ink)"
        hollow = rung.beaten and rung is not here
        dots.append(
            {**place(rung), "colour": own, "fill": "var(--gw-paper)" if hollow else own, "size": 130 if rung is here else 60}
        )
    names: Rows = []
    for rung in dict.fromkeys([here, *named]):
        said = f"here: {short_words(rung.design)}" if rung is here else short_words(rung.design)
        at = place(rung)
        left = at["x"] - ends["left"] > 0.55 * (ends["right"] - ends["left"])
        colour = ink(scenario, strategy) if rung is here else "var(--gw-ink)"
        names.append(
            {**at, "text": said, "ink": colour, "side": "left" if left else "right", "weight": 600 if rung is here else 400}
        )
    last = np.inf
    for name in sorted(names, key=lambda name: -float(name["y"])):
        name["y"] = float(min(name["y"], last * np.exp(-APART_RATIO * span)))
        last = name["y"]
    front = [place(rung) for rung in sorted(rungs, key=lambda rung: rung.cost_usd) if not rung.beaten]
    target = [{"y": budget_hours, "text": f"the promise allows {duration(budget_hours)}"}]
    return {"dots": dots, "names": names, "front": front, "target": target if ends["low"] < budget_hours < ends["top"] else []}


def ladder_domain(rungs: Sequence[Standing], budget_hours: float) -> dict[str, float]:
    """Ends of both axes by the name of their signal; hours in whole powers of ten."""
    scale = money_scale(max(rung.cost_usd for rung in rungs))
    costs = [rung.cost_usd / scale.divisor for rung in rungs]
    room = 0.06 * max(max(costs) - min(costs), 0.05 * max(costs))
    left, right = rounded_domain(min(costs) - room, max(costs) + room)
    hours = [max(LEAST_HOURS, hours) for hours in (budget_hours, *(rung.bad_hours for rung in rungs))]
    low, top = 10.0 ** np.floor(np.log10(0.8 * min(hours))), 10.0 ** np.ceil(np.log10(1.25 * max(hours)))
    return {"left": max(0.0, left), "right": right, "low": float(low), "top": float(top)}


def ladder_table(scenario: Scenario[Any], here: Standing, rungs: Sequence[Standing]) -> dict[str, Any]:
    """Every architecture: cost, worth against today's, downtime, months in which the promise is missed."""
    scale = money_scale(max(rung.cost_usd for rung in rungs))
    rows = [
        [
            design_words(rung.design) + (" (here)" if rung is here else ""),
            scale.figure(rung.cost_usd),
            signed_money(rung.value_usd - here.value_usd) if rung is not here else "",
            duration(rung.typical_hours),
            duration(rung.bad_hours),
            f"{round(100 * rung.missed_ratio)} of 100",
            "beaten" if rung.beaten else "",
        ]
        for rung in rungs
    ]
    unit = f"{scenario.currency} {scale.word}".strip()
    columns = [
        "Architecture",
        f"Cost, {unit}",
        f"Worth more, {scenario.currency}",
        "Typical month",
        "1 month in 20",
        "Promise missed",
        "",
    ]
    return {"columns": columns, "rows": rows}


def ladder_title(here: Standing, step: Standing | None, holds: Standing | None, budget_hours: float) -> str:
    """Whether any architecture keeps the promise in a bad month, and what the next step spares."""
    if here.bad_hours <= budget_hours:
        return "The promise holds even in a bad month"
    if holds is not None:
        return f"{design_words(holds.design).capitalize()} would keep the promise in a bad month"
    if step is None:
        return "No architecture is down less than this one"
    spared = 100.0 * (1.0 - step.bad_hours / here.bad_hours)
    return f"No architecture keeps the promise; the next spares {spared:.0f}{NO_BREAK}%"


def step_said(scenario: Scenario[Any], here: Standing, step: Standing | None) -> Words:
    """The next step: what it is, what it spares in a bad month, what it costs and what the plan is worth then."""
    if step is None:
        return words("No architecture here is down less in a bad month than the present one.")
    extra, worth = step.cost_usd - here.cost_usd, step.value_usd - here.value_usd
    price = f"costs {money(extra, scenario.currency)} more" if extra >= 0.0 else f"costs {money(-extra, scenario.currency)} less"
    than = "more" if worth >= 0.0 else "less"
    return words(
        "The next step is ",
        fact(step_words(here.design, step.design)),
        f": a bad month is down {duration(step.bad_hours)} instead of {duration(here.bad_hours)}, which {price} over the plan; "
        f"all counted, the plan is worth {money(abs(worth), scenario.currency)} {than}.",
    )


def practice_label(scenario: Scenario[Any], path: str, value: float) -> str:
    """A belief at a value: time to restore at 1 h."""
    belief = next(belief for belief in beliefs(scenario) if belief.path == path)
    return f"{in_sentence(belief_label(scenario, belief))} at {quantity_words(belief.name, value)}"


def practice_words(scenario: Scenario[Any], path: str, value: float, bad_hours: float, missed_ratio: float) -> Words:
    """What one better practice buys."""
    return words(
        "With ",
        fact(practice_label(scenario, path, value)),
        f" a bad month is down {duration(bad_hours)}, and the promise is missed in {round(100 * missed_ratio)} of 100 months.",
    )
