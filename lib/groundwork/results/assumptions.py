"""Every assumption as a row: value, range, unit, grade, source, what it moves, and what evidence says for and against."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.sensitivity import swings
from groundwork.catalogue.evidence_records import Evidence, evidence
from groundwork.quantities import Array, Fixed, Quantity, middle, percentile
from groundwork.results.words import MoneyScale, figure, money_scale, quantity_figure
from groundwork.scenario import Belief, Scenario, beliefs
from groundwork.units import scale_of, unit_of

GRADES = {"A": "measured", "B": "surveyed", "C": "vendor or prediction", "D": "judged"}
DIRECTIONS = {"FOR": "speaks for", "AGAINST": "speaks against"}
LEAST_BINS_SAMPLES = 1_024  # fewer futures say too little about a single belief


def cited(scenario: Scenario[Any]) -> dict[str, tuple[str, str, str]]:
    """Title, year and link of every source that a belief may name."""
    known = {record.name: (record.title, record.year, record.url) for record in evidence()}
    return known | {name: (source.title, source.year, source.url) for name, source in scenario.sources.items()}


def swings_usd(points: Array, lead_usd: Array) -> tuple[Array, Array]:
    """How far the lead moves as each belief goes from its tenth to its ninetieth percentile, and its standard error."""
    found = swings(points, lead_usd)
    return found.swing_usd, found.standard_error_usd


def assumption_rows(
    scenario: Scenario[Quantity], base: Scenario[Quantity], swing_usd: Array | None, error_usd: Array | None
) -> list[dict[str, Any]]:
    """One row for each belief, those that move the lead most first; a swing within two standard errors is not stated.

    Swings are written in the unit of `swing_scale`.
    """
    titles = cited(scenario)
    directions = {record.name: record.direction for record in evidence()}
    homes = {belief.path: belief.value for belief in beliefs(base)}
    scale = swing_scale(swing_usd)
    rows = []
    for place, belief in enumerate(beliefs(scenario)):
        value = belief.value
        home = homes[belief.path]
        title, year, url = titles.get(home.source, (home.source, "", ""))
        moves, noise = (0.0, 1.0) if swing_usd is None or error_usd is None else (abs(swing_usd[place]), error_usd[place])
        direction = directions.get(home.source, "")
        judged = home.source == "judgement"
        tags = ["changed"] * (value != home) + [direction.lower()] * bool(direction) + ["without"] * judged
        rows.append(
            _figures(belief, home)
            | {
                "path": belief.path,
                "label": belief_label(scenario, belief),
                "help": belief.help,
                "grade": home.grade,
                "source": "Judged; no measurement" if judged else title,
                "mark": home.mark,
                "date": home.date or year,
                "url": url if url.startswith(("https://", "http://")) else "",
                "note": home.note,
                "moves": figure(moves / scale.divisor) if moves > 2.0 * noise else "",
                "size": float(moves) if moves > 2.0 * noise else 0.0,
                "remark": "no evidence" if judged else DIRECTIONS.get(direction, ""),
                "tags": tags,
            }
        )
    return sorted(rows, key=lambda row: -float(row["size"]))


def swing_scale(swing_usd: Array | None) -> MoneyScale:
    """The unit in which swings are written."""
    return money_scale(1.0 if swing_usd is None else float(np.abs(swing_usd).max()))


def belief_label(scenario: Scenario[Any], belief: Belief[Any]) -> str:
    """The name of a belief, with its workload where it belongs to one."""
    return belief.label if belief.workload is None else f"{scenario.workloads[belief.workload].label}: {belief.label.lower()}"


def _figures(belief: Belief[Quantity], home: Quantity) -> dict[str, Any]:
    scale = scale_of(belief.name)
    low, high = (percentile(belief.value, level) * scale for level in (0.1, 0.9))
    spread = (
        "taken as known" if isinstance(belief.value, Fixed) else f"{quantity_figure(low)} \N{EN DASH} {quantity_figure(high)}"
    )
    return {
        "unit": unit_of(belief.name),
        "value": quantity_figure(middle(belief.value) * scale),
        "was": quantity_figure(middle(home) * scale) if belief.value != home else "",
        "range": spread,
        "belt": belt_of(belief.value, home),
    }


def belt_of(value: Quantity, home: Quantity) -> list[float]:
    """Places on a line from 0 to 100: p10, p90, middle, and the middle at home; the line spans the home belief generously."""
    if isinstance(home, Fixed):
        return [50.0, 50.0, 50.0, 50.0]
    low, high = percentile(home, 0.01), percentile(home, 0.99)
    ends = [percentile(value, 0.1), percentile(value, 0.9), middle(value), middle(home)]
    positive = home.kind == "lognormal"
    scaled = [np.log(x) if positive else x for x in (low, high, *ends)]
    width = scaled[1] - scaled[0] or 1.0
    return [round(float(np.clip(100.0 * (x - scaled[0]) / width, 0.0, 100.0)), 1) for x in scaled[2:]]


def evidence_rows() -> list[dict[str, Any]]:
    """Every finding of the catalogue with its direction, for infrastructure, against it or neither."""
    return [_finding(record) for record in evidence() if record.grade != "synth"]


def _finding(record: Evidence) -> dict[str, Any]:
    unit, scale = _unit_in_words(record.unit)
    known = dict.fromkeys(value for value in (record.low, record.central, record.high) if value is not None)
    return {
        "label": record.label,
        "value": " \N{MIDDLE DOT} ".join(quantity_figure(value * scale) for value in known),
        "unit": unit,
        "year": record.year,
        "title": record.title,
        "url": record.url if record.url.startswith(("https://", "http://")) else "",
        "direction": record.direction.lower(),
        "grade": record.grade,
        "remark": _remark(record.remark),
    }


def _unit_in_words(unit: str) -> tuple[str, float]:
    """What a page writes behind a finding's number, and what it multiplies the number by."""
    for start, said, scale in (("share", "%", 100.0), ("relative", "%", 100.0), ("ratio", "×", 1.0), ("factor", "×", 1.0)):
        if unit == start or unit.startswith(f"{start} "):
            return f"{said}{unit.removeprefix(start)}", scale
    return unit, 1.0


def _remark(noted: str) -> str:
    """A finding's note as a reader reads it: how far the source was read, then what is to be kept in mind."""
    return f"Read: {noted.removeprefix('read=')}" if noted.startswith("read=") else noted


def quality(scenario: Scenario[Quantity]) -> dict[str, int]:
    """How many numbers there are, how many of them measured or surveyed (A, B), how many not."""
    grades = [belief.value.grade for belief in beliefs(scenario)]
    good = sum(grade in {"A", "B"} for grade in grades)
    return {"all": len(grades), "good": good, "weak": len(grades) - good}
