"""The fitted terms of serving at any setup: the features of the form, the coefficients that the fit wrote, and their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import log

import numpy as np

from groundwork.catalogue.serving_records import (
    Setup,
    accelerator_row,
    attention_kind,
    expert_parameters_b,
    format_row,
    replica_of,
    ways,
)
from groundwork.catalogue.tables import table_rows
from groundwork.formulas.serving import Design, Replica, ServingTerms
from groundwork.formulas.serving.measured import terms_from
from groundwork.formulas.serving.replica import Array

Coefficient = tuple[str, str, str]
"""Term, feature and level, as in serving_coefficients.csv."""

USUAL_EXPERT_B = 0.025
"""Billions of parameters of one expert in one layer at which the size of experts counts nothing; any value gives the same fit."""


def layout(setup: Setup) -> str:
    """`one`, `tensor`, `expert` or `data`: how several accelerators share a replica."""
    split = ways(setup)
    if setup.accelerators_count == 1:
        return "one"
    if split.sequence > 1:
        return "data"
    return "expert" if split.expert > 1 else "tensor"


@cache
def _levels(setup: Setup) -> Mapping[str, str]:
    kind = attention_kind(setup.model)
    return {
        "all": "all",
        "mixture": "yes" if kind != "dense" else "",
        "latent": "yes" if kind == "latent" else "",
        "engine": setup.engine,
        "architecture": accelerator_row(setup.accelerator)["architecture"],
        "precision": setup.precision,
        "accelerator": accelerator_row(setup.accelerator)["accelerator"],
        "model": setup.model,
        "grace_host": "yes" if accelerator_row(setup.accelerator)["host"] == "Grace" else "",
        "layout": layout(setup),
        "dealt_sequences": "yes" if layout(setup) == "data" else "",
        "dealt_experts": "yes" if layout(setup) == "expert" else "",
        "attention": kind,
        "expert_size": "log" if kind != "dense" else "",
        "widened": "yes" if format_row(setup)["widened"] == "yes" else "",
    }


@cache
def level(setup: Setup, feature: str) -> str:
    """The level of a feature at a setup; a feature of two joins their levels; empty where it does not apply."""
    return "+".join(_levels(setup)[part] for part in feature.split("+"))


def weight(setup: Setup, feature: str, one: str) -> float:
    """How much the coefficient of this level counts at a setup: 1 or 0, or the feature's own size where it is a number."""
    if not one or level(setup, feature) != one:
        return 0.0
    return log(expert_parameters_b(setup.model) / USUAL_EXPERT_B) if feature == "expert_size" else 1.0


def bases() -> dict[str, float]:
    """Where each term starts from, in its unit, before the coefficients."""
    return {row["term"]: float(row["base"]) for row in table_rows("serving_form.csv")}


def columns(setups: Sequence[Setup], form: Sequence[Mapping[str, str]]) -> list[tuple[Coefficient, float]]:
    """Every coefficient that a form gives these setups, with its prior spread; the shipped form is serving_form.csv."""
    found: dict[Coefficient, float] = {}
    for row in form:
        if row["feature"]:
            for one in sorted({level(setup, row["feature"]) for setup in setups} - {""}):
                found[row["term"], row["feature"], one] = float(row["prior_spread_log"])
    return list(found.items())


def design_of(setups: Sequence[Setup], kept: Sequence[tuple[Coefficient, float]]) -> Design:
    """Which of these coefficients acts at which setup, [point, coefficient]."""
    matrix = np.zeros((len(setups), len(kept)))
    for place, ((_, feature, one), _) in enumerate(kept):
        matrix[:, place] = [weight(setup, feature, one) for setup in setups]
    return Design(terms=tuple(name[0] for name, _ in kept), prior_spreads=np.array([spread for _, spread in kept]), matrix=matrix)


@cache
def shipped_coefficients() -> Mapping[Coefficient, float]:
    """Coefficients that `groundwork.catalogue.fit_serving` wrote."""
    return {
        (row["term"], row["feature"], row["level"]): float(row["value_log"]) for row in table_rows("serving_coefficients.csv")
    }


def term_logs(setups: Sequence[Setup], coefficients: Mapping[Coefficient, float]) -> dict[str, Array]:
    """Logarithm of every term over its base at these setups; levels without a coefficient count nothing."""
    logs: dict[str, Array] = {}
    places = {setup: place for place, setup in enumerate(dict.fromkeys(setups))}  # a file of many rows has few setups
    for row in table_rows("serving_form.csv"):
        if row["feature"]:
            values = [_part(setup, row["term"], row["feature"], coefficients) for setup in places]
            logs[row["term"]] = logs.get(row["term"], np.zeros(len(places))) + np.array(values)
    each = [places[setup] for setup in setups]
    return {term: values[each] for term, values in logs.items()}


def _part(setup: Setup, term: str, feature: str, coefficients: Mapping[Coefficient, float]) -> float:
    one = level(setup, feature)
    return coefficients.get((term, feature, one), 0.0) * weight(setup, feature, one)


def serving_terms(setups: Sequence[Setup]) -> ServingTerms:
    """The fitted terms at these setups, each field [point]."""
    return terms_from(bases(), term_logs(setups, shipped_coefficients()))


@cache
def served(setup: Setup) -> tuple[Replica, ServingTerms]:
    """The replica and the fitted terms of one setup, each field of shape [1]."""
    return replica_of([setup]), serving_terms([setup])


@cache
def _spreads() -> Mapping[tuple[str, str, str], tuple[float, float]]:
    return {
        (row["unseen"], row["metric"], row["engine"]): (float(row["low_log"]), float(row["high_log"]))
        for row in table_rows("serving_spread.csv")
    }


def shipped_spread(unseen: Sequence[str], metric: str, engine: str) -> tuple[float, float]:
    """Tenth and ninetieth percentile of log(measured / predicted) where the fit has not seen all of this.

    The spread of runs left out, wider by what each further unseen thing adds to it: the squares of the distances from 0 add up,
    as those of independent errors do. A spread is that of the engine where it has enough points, else of the metric.

    Parameters
    ----------
    unseen
        Of `model`, `gpu`, `engine`, `lengths` and `load`: what no shipped point is like. Empty where only the run is new.
    metric, engine
        By their names in the table.
    """
    spreads = _spreads()

    def ends(kind: str) -> Array:
        found = spreads.get((kind, metric, engine), spreads.get((kind, metric, ""), spreads["run", metric, ""]))
        return np.asarray(np.maximum([-found[0], found[1]], 0.0) ** 2)

    run = ends("run")
    low, high = np.sqrt(run + sum((np.maximum(ends(kind) - run, 0.0) for kind in unseen), np.zeros(2)))
    return -float(low), float(high)
