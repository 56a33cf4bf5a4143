"""How good is the serving model? Its page for a notebook: errors on points that no fit had seen, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from groundwork.app.content import Block, Card, Choice, Content, Tile
from groundwork.app.sheet import Sheet
from groundwork.errors import Fault, InputFault
from groundwork.results.accuracy import (
    BASES,
    KINDS,
    METRICS,
    Basis,
    Family,
    duels,
    families,
    family_table,
    figures,
    misnamed_table,
    of_metric,
    order_table,
    others_source,
    others_table,
    scatter_domain,
    scatter_rows,
    scatter_table,
    sources_table,
    spread_rows,
)
from groundwork.results.words import NO_BREAK, Words, fact, words

FAMILIES = {
    "kind": "Kind of attention",
    "model": "Model",
    "accelerator": "Accelerator",
    "engine": "Engine",
    "precision": "Format",
}
ALLOWED = {"metric": tuple(METRICS), "family": tuple(FAMILIES), "unseen": tuple(BASES)}


def accuracy_page(metric: str, family: str, unseen: str) -> Sheet:
    """The page, opened at a figure, a way of grouping and what the fits had not seen.

    Raises
    ------
    InputFault
        Every one of the three that there is not.
    """
    asked = {"metric": metric, "family": family, "unseen": unseen}
    faults = [
        Fault(path=name, rule=f"must be one of {', '.join(ALLOWED[name])}", came=repr(value))
        for name, value in asked.items()
        if value not in ALLOWED[name]
    ]
    if faults:
        raise InputFault(faults)
    return Sheet(content, asked, ALLOWED, "How good is the model?", "Can its numbers on serving language models be believed?")


def content(asked: Mapping[str, Any]) -> Content:
    """Sentence, tiles, choices, pictures and the table of families."""
    metric, family, basis = asked["metric"], cast(Family, asked["family"]), cast(Basis, asked["unseen"])
    return Content(
        answer=answer(basis),
        blocks=(
            Block(kind="tiles", items=tiles(basis)),
            Block(
                kind="choices",
                items=(
                    Choice(name="metric", label="Figure", value=metric, options=[(key, row[1]) for key, row in METRICS.items()]),
                    Choice(name="unseen", label="The fit had not seen", value=basis, options=list(BASES.items())),
                    Choice(name="family", label="Families by", value=family, options=list(FAMILIES.items())),
                ),
            ),
            Block(kind="cards", layout="halves", items=(scatter(metric, basis), spread(metric, family, basis))),
            Block(kind="table", items=(family_table(metric, family, basis),), title=f"{METRICS[metric][1]}, family by family"),
            *order(),
            *others(),
        ),
    )


def answer(basis: Basis) -> Words:
    """How far off, in one sentence for all three figures, and how often the interval holds."""
    told = {name: figures(of_metric(name), basis) for name in METRICS}
    count = sum(one.points_count for one in told.values())
    covered = sum(one.covered_percent * one.points_count for one in told.values()) / count
    return words(
        "On measurements that it has not seen, half of its answers are within ",
        fact(f"{told['throughput'].median_percent:.0f}{NO_BREAK}% for throughput"),
        f", {told['token'].median_percent:.0f}{NO_BREAK}% for the time per token and "
        f"{told['first'].median_percent:.0f}{NO_BREAK}% for the first token; ranges that say 8 of 10 hold ",
        fact(f"{covered:.0f} of 100"),
        f" of {count:,} points.",
    )


def tiles(basis: Basis) -> list[Tile]:
    """Median error of each figure with its 90th percentile, and how often the faster accelerator is named."""
    made = []
    for name, (_, label, _unit) in METRICS.items():
        told = figures(of_metric(name), basis)
        made.append(
            Tile(
                label=f"{label}, median error",
                number=f"{told.median_percent:.1f}",
                after="%",
                note=f"9 of 10 within {told.p90_percent:.0f} %; {told.points_count} points",
            )
        )
    pairs = duels(basis)
    named = 100.0 * sum(one.is_named for one in pairs) / len(pairs)
    note = f"of {len(pairs)} pairs whose best throughput differs by more than a tenth"
    return [*made, Tile(label="Faster accelerator named", number=f"{named:.1f}", after="%", note=note)]


def scatter(metric: str, basis: Basis) -> Card:
    """Predicted against measured."""
    told = figures(of_metric(metric), basis)
    _, label, unit = METRICS[metric]
    within = f"{told.median_percent:.0f} %"
    title = f"{label}: half of what we say is within {within}"
    low, high = scatter_domain(metric)
    kinds = ", ".join(f"{mark} {KINDS[kind].lower()}" for mark, kind in (("●", "dense"), ("○", "moe"), ("△", "latent")))
    return Card(
        chart="accuracy_points",
        title=title,
        shows=f"Said (up) against measured (across), {unit}, both logarithmic; {kinds}; dashed: a quarter off",
        spoken=f"{title}. 9 of 10 are within {told.p90_percent:.0f} %, {told.points_count} points.",
        data=scatter_rows(metric, basis),
        signals={"low": low, "high": high},
        table=scatter_table(metric, basis),
    )


def spread(metric: str, family: Family, basis: Basis) -> Card:
    """Measured over predicted, by family."""
    rows = spread_rows(metric, family, basis)
    worst = max(rows, key=lambda row: row["high"] / row["low"])
    count = len(families(metric, family))
    title = f"{worst['label']} is the least certain" if len(rows) > 1 else f"{METRICS[metric][1]}: one family was measured"
    shown = f"the {len(rows)} largest of {count} families" if count > len(rows) else "every family"
    return Card(
        chart="accuracy_spread",
        title=title,
        shows=f"Measured against what was said: middle and middle 80 % of {shown}; right: median error and points",
        spoken=f"{title}: 8 of 10 points between {worst['low']:.2f} and {worst['high']:.2f} times what was said.",
        data={"rows": rows},
        signals={"low": min(0.5, *(0.95 * row["low"] for row in rows)), "high": max(2.0, *(1.05 * row["high"] for row in rows))},
        table=family_table(metric, family, basis),
    )


def order_words() -> Words:
    """Of two accelerators, which is faster."""
    pairs = duels("run")
    wrong = [one for one in pairs if not one.is_named]
    clear = [one for one in wrong if one.measured_ratio > 1.2]
    return words(
        "Of two accelerators the faster is named in ",
        fact(f"{100 * (1 - len(wrong) / len(pairs)):.0f} of 100 pairs"),
        f"; of the {len(wrong)} pairs in the wrong order {len(wrong) - len(clear)} differ by a fifth at most.",
    )


def order() -> tuple[Block, ...]:
    """How often the faster of two accelerators is named, and which pairs are in the wrong order."""
    return (
        Block(kind="passages", items=(order_words(),), title="Which accelerator is faster?"),
        Block(kind="table", items=(order_table(),), title="How often the faster is named"),
        Block(kind="table", items=(misnamed_table("run"),), title="The pairs in the wrong order, half of the runs unseen"),
    )


def others() -> tuple[Block, ...]:
    """This model beside simpler ones, each judged on the points that its row names."""
    here = figures(of_metric("throughput"), "run")
    said = words(
        "Median and 90th percentile of the error in percent; every row is judged on the points that it names. This model: ",
        fact(f"{here.median_percent:.1f} / {here.p90_percent:.1f} for throughput"),
        f", half of the runs unseen. The others: {others_source()}, an older comparison.",
    )
    return (
        Block(kind="passages", items=(said,), title="Beside other models"),
        Block(kind="table", items=(others_table(),), title="Simpler models and a simulator with measured kernels"),
        Block(kind="table", items=(sources_table(),), title="Where the measured points come from"),
    )
