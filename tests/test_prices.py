"""Price processes in closed form and by property; the price tables and the fit behind their parameters."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.catalogue import fit_price_process, price_records, tables
from groundwork.catalogue.sourced_rows import sourced_rows
from groundwork.draws import chance
from groundwork.errors import InputFault
from groundwork.formulas import prices

TRANSITION = [[0.93, 0.07, 0.0], [0.10, 0.82, 0.08], [0.0, 0.10, 0.90]]
STILL: dict[str, Any] = {
    "first_usd_per_hour": 4.0,
    "level_usd_per_hour": 2.0,
    "drift_ratio_per_year": 0.0,
    "half_life_months": 4.0,
    "stationary_sd_log": 0.0,
    "scarcity_ratio": np.ones((25, 1)),
    "up_jump_ratio_per_month": 0.0,
    "up_jump_log": 0.0,
    "down_jump_ratio_per_month": 0.0,
    "down_jump_log": 0.0,
    "shock_uniforms": np.full((25, 1), 0.5),
    "jump_uniforms": np.full((25, 1), 0.5),
}


def market(**changes: Any) -> np.ndarray:
    return prices.market_price_usd_per_hour(**(STILL | changes))


# --- closed forms --------------------------------------------------------------------------------------------------------------


def test_half_of_a_deviation_is_gone_after_the_half_life() -> None:
    # from twice the level: log 2, log 2 / 2, log 2 / 4 after 0, 4, 8 months
    assert market()[[0, 4, 8], 0] == pytest.approx([4.0, 2 * 2**0.5, 2 * 2**0.25])


def test_the_level_drifts_and_scarcity_lifts_it_for_everybody() -> None:
    drifting = market(first_usd_per_hour=2.0, drift_ratio_per_year=-0.1)
    assert drifting[[12, 24], 0] == pytest.approx([1.8, 1.62])
    scarce = market(first_usd_per_hour=2.0, scarcity_ratio=np.full((25, 1), 1.5), half_life_months=0.5)
    assert scarce[24, 0] == pytest.approx(3.0)


def test_jumps_go_both_ways_and_then_fade() -> None:
    uniforms = np.full((25, 2), 0.5)
    uniforms[1] = (0.001, 0.999)
    path = market(
        first_usd_per_hour=2.0,
        up_jump_ratio_per_month=0.01,
        up_jump_log=np.log(2),
        down_jump_ratio_per_month=0.01,
        down_jump_log=np.log(2),
        jump_uniforms=uniforms,
        shock_uniforms=np.full((25, 2), 0.5),
        scarcity_ratio=np.ones((25, 2)),
    )
    assert path[1] == pytest.approx([4.0, 1.0])
    assert path[5] == pytest.approx([2 * 2**0.5, 2 / 2**0.5])


def test_stationary_spread_is_what_was_asked_for() -> None:
    shape = (120, 4000)
    path = market(
        first_usd_per_hour=2.0,
        stationary_sd_log=0.162,
        shock_uniforms=chance("test of prices", shape, 1),
        jump_uniforms=np.full(shape, 0.5),
        scarcity_ratio=np.ones((120, 1)),
    )
    late = np.log(path[60:] / 2.0)
    assert late.std() == pytest.approx(0.162, rel=0.02)
    assert late.mean() == pytest.approx(0.0, abs=0.005)
    # a half-life of 4 months leaves 2^(-1/4) of this month in the next
    assert np.corrcoef(late[:-1].ravel(), late[1:].ravel())[0, 1] == pytest.approx(2**-0.25, abs=0.01)


def test_list_prices_stand_still_and_step() -> None:
    uniforms = np.full((6, 1), 0.5)
    uniforms[0], uniforms[2], uniforms[4] = 0.999, 0.999, 0.001
    path = prices.list_price_usd_per_hour(10.0, 0.01, np.log(2), 0.01, np.log(1.5), uniforms)
    assert path[:, 0] == pytest.approx([10, 10, 5, 5, 7.5, 7.5])  # month 0 is today's price, whatever its uniform


def test_token_prices_fall_geometrically() -> None:
    path = prices.api_price_usd_per_million_tokens(8.0, [2.0, 1.0], 25)
    assert path[[0, 12, 24]].tolist() == [[8, 8], [4, 8], [2, 8]]


def test_market_state_shares_approach_the_stationary_ones() -> None:
    states = prices.market_states(chance("test of states", (400, 2000), 1), TRANSITION, 0)
    shares = np.bincount(states[100:].ravel(), minlength=3) / states[100:].size
    # pi P = pi: normal : tight : shortage = 1 : 0.7 : 0.56
    assert shares == pytest.approx(np.array([1.0, 0.7, 0.56]) / 2.26, abs=0.01)
    assert set(states[0]) == {0}
    steps = np.abs(np.diff(states, axis=0))
    assert steps.max() == 1  # from normal to shortage only through tight


def test_values_by_state_may_differ_by_sample() -> None:
    states = np.array([[0, 1], [2, 0]])
    assert prices.by_market_state(states, [2.0, 5.0, 10.0]).tolist() == [[2, 5], [10, 2]]
    assert prices.by_market_state(states, [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]).tolist() == [[1, 4], [5, 2]]


def test_correlated_uniforms_keep_their_law_and_meet_their_correlation() -> None:
    common, own = chance("common", (1, 20000), 3), chance("own", (1, 20000), 3)
    mixed = prices.correlated_uniforms(common, own, 0.7)
    assert np.quantile(mixed, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.01)
    assert np.corrcoef(common[0], mixed[0])[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.35), abs=0.02)
    assert prices.correlated_uniforms(common, own, 1.0) == pytest.approx(common)


# --- properties ----------------------------------------------------------------------------------------------------------------


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), half_life=st.floats(0.2, 40), sd=st.floats(0, 0.6), drift=st.floats(-0.5, 0.5))
def test_prices_stay_positive_scale_with_their_unit_and_columns_do_not_mix(
    seed: int, half_life: float, sd: float, drift: float
) -> None:
    shape = (25, 5)
    arguments: dict[str, Any] = {
        "half_life_months": half_life,
        "stationary_sd_log": sd,
        "drift_ratio_per_year": drift,
        "scarcity_ratio": np.ones((25, 1)),
        "shock_uniforms": chance("shocks", shape, seed),
        "jump_uniforms": chance("jumps", shape, seed),
        "up_jump_ratio_per_month": 0.05,
        "up_jump_log": 0.3,
        "down_jump_ratio_per_month": 0.05,
        "down_jump_log": 0.3,
    }
    path = market(**arguments)
    assert np.all(path > 0)
    assert path[0] == pytest.approx(4.0)
    assert market(**arguments, first_usd_per_hour=40.0, level_usd_per_hour=20.0) == pytest.approx(10 * path)
    alone = {name: value[:, :1] for name, value in arguments.items() if name.endswith("uniforms")}
    assert market(**(arguments | alone)) == pytest.approx(path[:, :1])


@settings(derandomize=True, max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_scarcer_is_never_cheaper(seed: int) -> None:
    shocks, jumps = chance("shocks", (25, 4), seed), chance("jumps", (25, 4), seed)
    states = prices.market_states(chance("market", (25, 4), seed), TRANSITION, 0)
    factor = prices.by_market_state(states, [1.0, 1.15, 1.5])
    common: dict[str, Any] = {"shock_uniforms": shocks, "jump_uniforms": jumps, "stationary_sd_log": 0.2}
    assert np.all(market(**common, scarcity_ratio=factor) >= market(**common, scarcity_ratio=np.ones((25, 1))) - 1e-12)


def test_bad_inputs_are_refused_by_name() -> None:
    with pytest.raises(InputFault, match="half_life_months: must be finite and above 0; came 0"):
        market(half_life_months=0.0)
    with pytest.raises(InputFault, match="shock_uniforms: must be below 1"):
        market(shock_uniforms=np.ones((25, 1)))
    with pytest.raises(InputFault, match="rows must sum to 1"):
        prices.market_states(np.full((2, 2), 0.5), [[0.5, 0.4], [0.5, 0.5]], 0)
    with pytest.raises(InputFault, match="down_jump_ratio_per_month: must leave the sum"):
        market(up_jump_ratio_per_month=0.6, down_jump_ratio_per_month=0.6)


# --- the tables ----------------------------------------------------------------------------------------------------------------

TABLES = {
    "gpu_prices": (price_records.gpu_prices, 148),
    "gpu_price_history": (price_records.gpu_price_history, 603),
    "gpu_price_trends": (price_records.gpu_price_trends, 27),
    "h100_index": (price_records.h100_index, 11),
    "commitment_discounts": (price_records.commitment_discounts, 12),
    "gpu_purchase_prices": (price_records.gpu_purchase_prices, 25),
    "owned_tco": (price_records.owned_tco, 40),
    "llm_api_prices": (price_records.llm_api_prices, 178),
    "lead_times": (price_records.lead_times, 21),
    "carbon_energy": (price_records.carbon_energy, 61),
    "market_states": (price_records.market_states, 3),
    "tax_depreciation": (price_records.tax_depreciation, 6),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_record_carries_source_mark_and_grade(name: str) -> None:
    read, count = TABLES[name]
    records = read()
    assert len(records) == count
    assert read() is records  # read once
    for record in records:
        assert record.source
        assert record.mark in {"published", "derived", "estimate", "recalled", "secondary", "judgement"}
        assert record.grade in set("ABCD")


def test_marks_of_weak_rows_were_kept() -> None:
    weak = {record.item for record in price_records.carbon_energy() if record.mark == "recalled"}
    assert weak == {"HGX H100 8-GPU baseboard"}
    contract = next(quote for quote in price_records.h100_index() if quote.what == "1-year contract")
    assert (contract.low, contract.mark) == (2.35, "secondary")


def test_purchase_totals_agree_with_the_price_per_gpu() -> None:
    for record in price_records.gpu_purchase_prices():
        assert record.usd_per_gpu * record.gpus == pytest.approx(record.usd_total, abs=1), record.item


def test_fitted_parameters_are_what_the_tables_give() -> None:
    with fit_price_process.TARGET.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == fit_price_process.fitted()
    for record in price_records.price_process().values():
        assert record.low <= record.central <= record.high


def test_market_states_are_a_chain() -> None:
    rows = [(s.to_normal_ratio, s.to_tight_ratio, s.to_shortage_ratio) for s in price_records.market_states()]
    assert [list(row) for row in rows] == TRANSITION
    assert [state.lead_months for state in price_records.market_states()] == [2, 5, 10]


def test_written_dates_become_the_last_day_they_can_mean() -> None:
    assert price_records.latest_day("2026-06-18") == date(2026, 6, 18)
    assert price_records.latest_day("2024-02") == date(2024, 2, 29)
    assert price_records.latest_day("2026-Q1") == date(2026, 3, 31)
    assert price_records.latest_day("2026Q3") == date(2026, 9, 30)
    assert price_records.latest_day("2025-H1") == date(2025, 6, 30)
    assert price_records.latest_day("2025-26") == date(2026, 12, 31)
    assert price_records.latest_day("2022-2025") == date(2025, 12, 31)
    assert price_records.latest_day("2026-06-18 (spot 2026-09-06)") == date(2026, 6, 18)
    assert price_records.latest_day("") is None


def test_a_broken_table_lists_every_fault_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.csv").write_text("schedule,year,share_ratio\nA,one,0.2\nA,2,\n", encoding="utf-8")
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "tables.py"))
    with pytest.raises(InputFault) as refusal:
        sourced_rows("broken.csv", price_records.TaxDepreciation)
    assert [(fault.line, fault.path, fault.came) for fault in refusal.value.faults] == [
        (2, "year", "one"),
        (3, "share_ratio", "nothing"),
    ]


def test_prices_do_not_import_the_slow_parts_of_scipy() -> None:
    modules = "prices, cost, finance, procurement"
    code = f"import sys; from groundwork.formulas import {modules}; print([m for m in sys.modules if m.startswith('scipy')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
