"""What another place buys, in rows, tables and words: exact downtime of an architecture, step by step, and where steps end."""

from __future__ import annotations

from typing import Any

from groundwork.catalogue.outage_records import place_outages
from groundwork.results.holding import duration
from groundwork.results.words import NO_BREAK, Words, fact, figure, money, rounded_domain, signed_money, words
from groundwork.strategy.architectures import Stand
from groundwork.strategy.standing import Standing, Step

Rows = list[dict[str, Any]]

CAUSES = {
    "bad_changes": "Bad changes",
    "servers": "Servers",
    "zones": "Zones",
    "regions": "Regions",
    "vendors": "Vendors",
}
SHARED = ("bad_changes", "regions", "vendors")  # what takes every zone of one region at once
STEPS = {  # in the table and in sentences; beside a bar; at the head of a title
    "spare": ("a spare server in every zone", "+ spare", "A spare server per zone"),
    "zone": ("one zone more", "+ zone", "One zone more"),
    "room": ("room to lose a zone", "+ room", "Room to lose a zone"),
    "region": ("a second region that can carry all", "+ region", "A second region"),
    "vendor": ("a second vendor that can carry all", "+ vendor", "A second vendor"),
}
INK, EDGE = "var(--gw-ink)", "var(--gw-edge)"


def step_rows(found: Standing) -> dict[str, Rows]:
    """Data set `bars`: hours down in a bad month, today first and in ink, then every step."""
    stands = [("Today", found.here), *((STEPS[step.name][1], step.stand) for step in found.steps)]
    return {"bars": [_bar(row, label, stand.bad_hours) for row, (label, stand) in enumerate(stands)]}


def cause_rows(found: Standing) -> dict[str, Rows]:
    """Data set `bars`: mean hours a year of each cause, causes that every zone shares in ink."""
    hours = found.here.hours_per_year
    bars = [_bar(row, CAUSES[name], hours[name]) for row, name in enumerate(hours)]
    for bar, name in zip(bars, hours, strict=True):
        bar |= {"colour": INK, "weight": 600} if name in SHARED else {"colour": EDGE, "weight": 400}
    return {"bars": bars}


def _bar(row: int, label: str, value: float) -> dict[str, Any]:
    first = row == 0
    look = {"colour": INK if first else EDGE, "weight": 600 if first else 400}
    return {"row": row, "label": label, "value": value, "high": value, "text": figure(value), **look}


def bars_end(rows: dict[str, Rows]) -> float:
    """The end of the axis of hours."""
    return rounded_domain(0.0, max(1e-3, *(float(bar["value"]) for bar in rows["bars"])), 5)[1]


def step_title(found: Standing) -> str:
    """What the cheapest step that helps makes of a bad month."""
    step = found.next_step
    if step is None:
        return "No further place helps: what is left is shared"
    here, then = duration(found.here.bad_hours), duration(step.stand.bad_hours)
    return f"{STEPS[step.name][2]}: a bad month of {then} instead of {here}"


def shared_ratio(stand: Stand) -> float:
    """Share of the downtime from causes that take every zone at once."""
    total = sum(stand.hours_per_year.values())
    return sum(stand.hours_per_year[name] for name in SHARED) / total if total > 0.0 else 0.0


def cause_title(found: Standing) -> str:
    """How much of the downtime no zone helps against."""
    return f"Zones do not help against {100.0 * shared_ratio(found.here):.0f}{NO_BREAK}% of the downtime"


def cause_table(found: Standing) -> dict[str, Any]:
    """Every cause: mean hours a year, share, whether a zone more can help."""
    total = max(sum(found.here.hours_per_year.values()), 1e-12)
    rows = [
        [CAUSES[name], figure(hours), f"{100.0 * hours / total:.0f}", "shared by all zones" if name in SHARED else "one place"]
        for name, hours in found.here.hours_per_year.items()
    ]
    return {"columns": ["Cause", "Hours a year, mean", "Share of all, %", "Reach"], "rows": rows}


def step_table(found: Standing, currency: str) -> dict[str, Any]:
    """Today and every step: downtime, months in which the promise is missed, money a month, the cause that takes most then."""
    rows = [["as today", *_figures(found.here), "", "", "", _most(found.here)]]
    rows += [
        [
            STEPS[step.name][0],
            *_figures(step.stand),
            signed_money(step.usd_per_month),
            figure(60.0 * step.spared_hours_per_month),
            signed_money(step.spared_usd_per_month),
            _most(step.stand),
        ]
        for step in found.steps
    ]
    columns = [
        "Architecture",
        "Typical month",
        "1 month in 20",
        "Promise missed",
        f"Costs more a month, {currency}",
        "Minutes spared a month",
        f"Spared time worth, {currency}",
        "Takes most",
    ]
    return {"columns": columns, "rows": rows}


def _figures(stand: Stand) -> list[str]:
    return [duration(stand.typical_hours), duration(stand.bad_hours), f"{round(100 * stand.missed_ratio)} of 100"]


def _most(stand: Stand) -> str:
    return CAUSES[next(iter(stand.hours_per_year))].lower()


def next_words(found: Standing, currency: str) -> Words:
    """The cheapest step that helps, in minutes and money."""
    step = found.next_step
    if step is None:
        return words("No spare server, zone, region or vendor spares a twentieth of the downtime: the causes left are shared.")
    return words(
        "Of one step more, the cheapest for a minute is ",
        fact(STEPS[step.name][0]),
        f": {figure(60.0 * step.spared_hours_per_month)}{NO_BREAK}minutes a month less{_price(step, currency)}",
    )


def _price(step: Step, currency: str) -> str:
    minutes = 60.0 * step.spared_hours_per_month
    worth = money(step.spared_usd_per_month / minutes, currency)
    if step.usd_per_month <= 0.0:
        return f" at no cost of capacity; a minute down costs {worth}."
    said = "pays" if step.pays else "does not pay by that alone"
    each = money(step.usd_per_month / minutes, currency)
    return (
        f" for {money(step.usd_per_month, currency)}, {each} a minute. A minute down costs {worth}, "
        f"value not served aside: it {said}."
    )


def cliff_words(found: Standing) -> tuple[Words, Words]:
    """Whether the places left carry the peak when one is lost, and where places stop to help."""
    if found.served_ratio >= 0.9995:
        first = words("When a zone is lost, those left ", fact("carry the whole day"), ": the next cliff is what zones share.")
    elif found.served_ratio == 0.0:
        first = words("There is one zone: ", fact("its loss takes all"), ".")
    else:
        first = words(
            "When a zone is lost, those left serve ",
            fact(f"{100.0 * found.served_ratio:.0f}{NO_BREAK}% of a day"),
            f": the plan holds {figure(found.held_ratio)} times what its peak needs; "
            f"{figure(found.carries_ratio)} times would carry it.",
        )
    second = words(
        "More places help only so far: even with two vendors, three regions of each and four zones in each, a bad month is down ",
        fact(duration(found.places_end_hours)),
        f"; the promise allows {duration(found.budget_hours)}.",
    )
    return first, second


def source_words() -> Words:
    """Where the rates of regions and vendors come from."""
    region, vendor = place_outages("region"), place_outages("vendor")
    return words(
        f"Region: {region.outages_per_year:g} outages a year of {region.mean_hours:g} h ({region.mark}, grade {region.grade}). "
        f"Vendor: {vendor.outages_per_year:g} of {vendor.mean_hours:g} h ({vendor.mark}, grade {vendor.grade}). {region.source}. "
        "The rest as in Beliefs. These figures are of one service before any platform, without the price of copies of data; the "
        "plan played month by month above has its platform, and knows no region or vendor that fails.",
    )
