"""What moves the lead alone and what only together: bars, table and the one-line finding of Sobol' indices."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from groundwork.quantities import Array
from groundwork.results.assumptions import belief_label
from groundwork.results.turning import axis_with_room
from groundwork.results.verdicts import in_sentence
from groundwork.scenario import Scenario, beliefs

Rows = list[dict[str, Any]]


class Shares(Protocol):
    """Indices by group, all [group]; a group is the path of a belief or says itself what it is."""

    @property
    def groups(self) -> tuple[str, ...]: ...
    @property
    def alone_ratio(self) -> Array: ...
    @property
    def total_ratio(self) -> Array: ...
    @property
    def error_ratio(self) -> Array: ...


def together_rows(scenario: Scenario[Any], found: Shares) -> dict[str, Rows]:
    """Data set `bars`, the largest total first, in per cent; an index that noise makes negative is drawn as nought."""
    labels = _labels(scenario)
    bars: Rows = []
    for place in np.argsort(-found.total_ratio, kind="stable").tolist():
        alone, total = 100.0 * float(found.alone_ratio[place]), 100.0 * float(found.total_ratio[place])
        bars.append(
            {
                "row": len(bars),
                "label": labels.get(found.groups[place], found.groups[place].capitalize()),
                "alone": max(0.0, alone),
                "total": max(0.0, total),
                "text": f"{max(0.0, alone):.0f} % alone, {max(0.0, total):.0f} % with others",
            }
        )
    return {"bars": bars}


def together_end(scenario: Scenario[Any], found: Shares) -> float:
    """The end of the axis, with room for what is written behind the bars."""
    rows = together_rows(scenario, found)["bars"]
    return axis_with_room([(0.0, 0, 1.0, 0), *((0.0, 0, row["total"], len(row["text"]) + 1) for row in rows)])[1]


def together_table(scenario: Scenario[Any], found: Shares) -> dict[str, Any]:
    """Every group: alone, in all, the error of that."""
    labels = _labels(scenario)
    rows = [
        [
            labels.get(found.groups[place], found.groups[place].capitalize()),
            f"{100.0 * float(found.alone_ratio[place]):.1f}",
            f"{100.0 * float(found.total_ratio[place]):.1f}",
            f"{100.0 * float(found.error_ratio[place]):.1f}",
        ]
        for place in np.argsort(-found.total_ratio, kind="stable").tolist()
    ]
    return {"columns": ["What is unknown", "Alone, %", "With all others, %", "Error"], "rows": rows}


def together_title(scenario: Scenario[Any], found: Shares) -> str:
    """How much of the spread no group explains alone, or what decides alone."""
    alone = 100.0 * float(np.maximum(found.alone_ratio, 0.0).sum())
    if alone < 50.0:
        return f"{max(0.0, 100.0 - alone):.0f} % of the spread comes of things acting together"
    top = int(np.argmax(found.alone_ratio))
    label = _labels(scenario).get(found.groups[top], found.groups[top])
    return f"The {in_sentence(label)} decides most alone: {100.0 * float(found.alone_ratio[top]):.0f} %"


def _labels(scenario: Scenario[Any]) -> dict[str, str]:
    return {belief.path: belief_label(scenario, belief) for belief in beliefs(scenario)}
