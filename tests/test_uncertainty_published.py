"""Every published value of analysis under uncertainty: `published/uncertainty.csv`, within the tolerances that stand there."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from groundwork.analysis.information import partial_information, perfect_information
from groundwork.analysis.interactions import sobol_shares
from groundwork.analysis.robustness import regrets, worst_cases_mean_usd
from groundwork.analysis.search import peeling_path
from groundwork.draws import unit_points

Array = NDArray[np.float64]
PUBLISHED = Path(__file__).with_name("published")


def ishigami(points: Array) -> Array:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 on (-pi, pi)."""
    x = np.pi * (2.0 * points - 1.0)
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def g_function(points: Array) -> Array:
    """Product of (|4 x - 2| + a) / (1 + a)."""
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.asarray(np.prod((np.abs(4.0 * points - 2.0) + a) / (1.0 + a), axis=1))


def shares(function: Callable[[Array], Array], dimensions: int) -> dict[str, Array]:
    matrix = unit_points({f"x{d}": d for d in range(2 * dimensions)}, 16_384, 1).matrix
    result = sobol_shares(function, matrix[:, :dimensions], matrix[:, dimensions:])
    return {"first_order": result.first_order_ratio, "total": result.total_ratio}


def two_options() -> dict[str, Array]:
    """Worth 0 and p1 - p2, p1 ~ N(1, 1), p2 ~ N(0, 2); many draws, because the last printed digit is asked for.

    A bin loses at most f w^2 / 8 where the choice turns and its noise adds f s^2 b / (2 n): the wider p2 takes more bins (w from
    2 N, s = 1) than p1 (s = 2) before the one falls below 0.00005 and the other rises above it.
    """
    normal = ndtri(unit_points({"p1": 0, "p2": 1}, 2**21, 1).matrix)
    beliefs = np.column_stack([1.0 + normal[:, 0], 2.0 * normal[:, 1]])
    value = np.array([np.zeros(len(beliefs)), beliefs[:, 0] - beliefs[:, 1]])
    known = [
        partial_information(beliefs[:, [k]], value, bins=bins, permutations=2).value_usd[0] for k, bins in ((0, 128), (1, 256))
    ]
    return {"evpi": np.array([perfect_information(value).value_usd]), "evppi": np.array(known)}


def normal_tail() -> dict[str, Array]:
    loss = ndtri((np.arange(2**20) + 0.5) / 2**20)
    return {"cvar95": -worst_cases_mean_usd(-loss[None], 0.05)}


def regret_table() -> dict[str, Array]:
    return {"max_regret": regrets([[12.0, 8, -2], [7, 7, 4], [3, 3, 3]]).max_usd}


def bryant_lempert() -> dict[str, Array]:
    """The box after 21 peels of a tenth, the place on the path that the published figures belong to."""
    table = np.loadtxt(PUBLISHED / "bryant_lempert_2010.csv", delimiter=",", skiprows=4)
    assert table.shape == (882, 10)
    box = peeling_path(table[:, :-1], table[:, -1] > 0, peel_ratio=0.1)[21]
    return {"coverage": np.array([box.coverage_ratio]), "density": np.array([box.density_ratio])}


CASES: dict[str, Callable[[], dict[str, Array]]] = {
    "ishigami": lambda: shares(ishigami, 3),
    "g_function": lambda: shares(g_function, 8),
    "two_options": two_options,
    "normal_tail": normal_tail,
    "regret_table": regret_table,
    "bryant_lempert": bryant_lempert,
}


@lru_cache
def result(case: str) -> dict[str, Array]:
    return CASES[case]()


with (PUBLISHED / "uncertainty.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['case']}-{row['quantity']}-{row['index']}")
def test_published_value(row: dict[str, str]) -> None:
    came = result(row["case"])[row["quantity"]][int(row["index"])]
    assert came == pytest.approx(float(row["value"]), abs=float(row["tolerance"]) * (1 + 1e-9) + 1e-12)


def test_every_case_is_in_the_table() -> None:
    assert {row["case"] for row in ROWS} == set(CASES)
