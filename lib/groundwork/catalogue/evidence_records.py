"""Findings for, against and neutral to starting with infrastructure: one record each, with direction and grade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from groundwork.catalogue.tables import table_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One finding. `label` is what a page calls it; `direction` is FOR, AGAINST or NEUTRAL.

    `grade` is A to D, or synth for a judged prior.
    """

    name: str
    label: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    year: str
    title: str
    url: str
    direction: str
    grade: str
    remark: str


@cache
def evidence() -> tuple[Evidence, ...]:
    """All findings in the order of the table."""
    labels = {row["parameter"]: row["label"] for row in table_rows("evidence_words.csv")}
    return tuple(_record(row, labels) for row in table_rows("evidence.csv"))


@cache
def evidence_ids() -> frozenset[str]:
    """Names under which a quantity may cite a finding."""
    return frozenset(record.name for record in evidence())


def _record(row: dict[str, str], labels: dict[str, str]) -> Evidence:
    direction, grade, remark = (*row["note"].split("|", 2), "", "")[:3]
    grade, _, more = grade.partition(".")  # a judged prior has its remark behind a point
    return Evidence(
        name=row["parameter"],
        label=labels.get(row["parameter"], row["parameter"].replace("_", " ")),
        low=float(row["low"]) if row["low"] else None,
        central=float(row["central"]) if row["central"] else None,
        high=float(row["high"]) if row["high"] else None,
        unit=row["unit"],
        year=row["year"],
        title=row["source_title"],
        url=row["url"],
        direction=direction,
        grade=grade,
        remark=remark or more.strip(),
    )
