"""Scenarios side by side: what each says, what each strategy is worth in it, and what was changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.results.verdicts import compared, futures_strip, in_sentence, labels_of, verdict_words
from groundwork.results.words import NO_BREAK, Words, fact, ink, money_scale, words
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One scenario of a comparison: its name, the scenario and what came of it, its changes in words, the reader's note."""

    name: str
    scenario: Scenario[Any]
    outcome: Outcome
    changes: Sequence[str]
    note: str = ""


def side_by_side(columns: Sequence[Column]) -> dict[str, Any]:
    """The columns as records: verdict, futures strip, and rows of numbers in one unit of money for all columns.

    What a user would get wrong: every column meets the same futures only where its seed is the same; then a difference between
    two columns is what the changes did, and no chance.
    """
    largest = max((float(np.abs(np.median(column.outcome.npv_usd, axis=1)).max()) for column in columns), default=1.0)
    scale = money_scale(largest)
    first = columns[0]
    rows = []
    for name, strategy in first.scenario.strategies.items():
        cells = []
        for column in columns:
            if name not in column.outcome.strategies:
                cells.append(["", ""])
                continue
            low, middle, high = np.quantile(column.outcome.npv_usd[column.outcome.strategies.index(name)], [0.1, 0.5, 0.9])
            interval = f"{scale.signed(float(low))} to {scale.signed(float(high))}"
            cells.append([scale.signed(float(middle)), interval])
        rows.append({"label": strategy.label, "ink": ink(first.scenario, name), "cells": cells})
    return {
        "unit": f"{first.scenario.currency} {scale.word}".strip(),
        "columns": [
            {
                "name": column.name,
                "verdict": [list(span) for span in _verdict(column)],
                "lead": [list(span) for span in _lead(column)],
                "strip": futures_strip(column.scenario, column.outcome),
                "changes": list(column.changes),
                "note": column.note,
                "seed": column.outcome.seed,
            }
            for column in columns
        ],
        "rows": rows,
    }


def _verdict(column: Column) -> Words:
    return verdict_words(compared(column.outcome), labels_of(column.scenario), currency=column.scenario.currency)


def _lead(column: Column) -> Words:
    pair = compared(column.outcome)
    low, middle, high = (float(value) for value in np.quantile(pair.lead_usd, [0.1, 0.5, 0.9]))
    scale = money_scale(max(abs(low), abs(middle), abs(high)))
    worth = f"{column.scenario.currency}{NO_BREAK}{scale.signed(middle)}{NO_BREAK}{scale.letter}".strip()
    first, second = (column.scenario.strategies[name].label for name in (pair.first, pair.second))
    return words(
        f"{first} over {in_sentence(second)}: ",
        fact(worth),
        f", 8 of 10 futures {scale.signed(low)} to {scale.signed(high)}",
    )


def results_table(scenario: Scenario[Any], outcome: Outcome) -> dict[str, Any]:
    """One row for each strategy and month, and one for the whole with what counts after the end: for a spreadsheet."""
    levels = np.quantile(outcome.npv_path_usd, [0.1, 0.5, 0.9], axis=2)
    whole = np.quantile(outcome.npv_usd, [0.1, 0.5, 0.9], axis=1)
    unit = scenario.currency.lower()
    rows: list[list[Any]] = []
    for row, name in enumerate(outcome.strategies):
        label = scenario.strategies[name].label
        for month in range(outcome.months):
            figures = [*levels[:, month, row], outcome.npv_path_usd[month, row].mean()]
            rows.append([name, label, str(month + 1), *(f"{float(value):.0f}" for value in figures)])
        figures = [*whole[:, row], outcome.npv_usd[row].mean()]
        rows.append([name, label, "whole", *(f"{float(value):.0f}" for value in figures)])
    names = [f"value_{level}_{unit}" for level in ("p10", "p50", "p90", "mean")]
    return {"columns": ["strategy", "label", "month", *names], "rows": rows}
