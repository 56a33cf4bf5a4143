"""Many runs: a grid is what single runs give, in any executor and after a stop; wrong use says everything at once."""

from __future__ import annotations

import csv
import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from groundwork import sweep
from groundwork.cli import main
from groundwork.errors import InputFault
from groundwork.profiles import apply_settings, load
from groundwork.study.runs import outcome_of

WAGE, TEAM = "organisation.wage_usd_per_month", "strategies.staged.platform_team_fte"


def grid(samples: int = 32) -> sweep.Sweep:
    scenario = load("retail")
    axes = sweep.axes_of([f"{WAGE}=8000:12000:3", f"{TEAM}=2,5.5"])
    return sweep.checked(sweep.Sweep(scenario=scenario, axes=axes, samples=samples, seed=7))


def test_a_range_has_both_ends_and_whole_numbers_stay_whole() -> None:
    axes = sweep.axes_of(["a.b=0:1:11", "c.d_count=1:4:4", "e=true,false"])
    assert axes[0].values[:4] == ("0", "0.1", "0.2", "0.3")
    assert axes[0].values[-1] == "1"
    assert axes[1].values == ("1", "2", "3", "4")
    assert axes[2].values == ("true", "false")


def test_every_row_is_what_a_single_run_gives() -> None:
    asked = grid()
    rows = list(sweep.swept(asked))
    assert len(rows) == asked.count * len(asked.scenario.strategies) == 6 * len(asked.scenario.strategies)
    settings = list(asked.points())[3]
    alone = outcome_of(apply_settings(asked.scenario, [f"{path}={value}" for path, value in settings.items()]), 32, 7)
    mine = [row for row in rows if all(row[path] == float(value) for path, value in settings.items())]
    assert [row["strategy"] for row in mine] == list(alone.strategies)
    np.testing.assert_array_equal([row["npv_usd_mean"] for row in mine], alone.npv_usd.mean(axis=1))
    assert sum(row["p_best"] for row in mine) == pytest.approx(1.0)


def test_an_executor_gives_the_same_rows_in_the_same_order() -> None:
    asked = grid()
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        rows = list(sweep.swept(asked, executor, 1, progress=lambda number, count: seen.append((number, count))))
    assert rows == list(sweep.swept(asked))
    assert seen == [(number, 6) for number in range(1, 7)]


def test_a_stopped_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    asked, target = grid(), tmp_path / "runs.csv"
    journal = sweep.Journal(target, asked)
    journal.begin(journal.done())

    def stop(number: int, count: int) -> None:
        if number == 4:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        list(sweep.swept(asked, keep=journal.keep, progress=stop))
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('[{"half a li')  # stopped in the middle of a line
    done = journal.done()
    assert len(done) == 4
    journal.begin(done)
    kept: list[object] = []
    assert list(sweep.swept(asked, done=done, keep=kept.append)) == list(sweep.swept(asked))
    assert len(kept) == 2
    other = sweep.Sweep(scenario=asked.scenario, axes=asked.axes, samples=asked.samples, seed=8)
    assert sweep.Journal(target, other).done() == []  # another seed is another sweep
    journal.end()
    assert not journal.path.exists()


@pytest.mark.parametrize("ending", sweep.ENDINGS)
def test_rows_are_written_as_they_are(ending: str, tmp_path: Path) -> None:
    import pandas as pd

    rows = [{"a": 1.0, "strategy": "x", "p_best": 0.25}, {"a": 2.0, "strategy": "y", "p_best": 0.75}]
    target = tmp_path / f"runs{ending}"
    sweep.write(rows, target)
    read = {".parquet": pd.read_parquet, ".csv": pd.read_csv, ".json": pd.read_json}[ending](target)
    assert read.to_dict("records") == rows


def test_the_command_prints_json_or_csv_and_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["sweep", "retail", "--vary", "demand.growth_ratio_per_year=0.1:0.3:2", "--samples", "30"]
    assert main([*own, "--json"]) == 0
    printed = capsys.readouterr()
    rows = json.loads(printed.out)
    assert "rounded up to 32" in printed.err
    assert "2 of 2 points" in printed.err
    target = tmp_path / "runs.parquet"
    assert main([*own, "--csv", "-o", str(target)]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["strategy"] for row in table] == [row["strategy"] for row in rows]
    assert [float(row["npv_usd_mean"]) for row in table] == [row["npv_usd_mean"] for row in rows]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs.parquet"]


def test_wrong_use_says_everything_at_once_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "runs.txt"
    wrong = ["--vary", "demand.growth=0.1:0.3:2", "--vary", "x=1:2", "--vary", "strategies.staged.zones_count=1:9:3"]
    assert main(["sweep", "retail", *wrong, "--samples", "0", "--seed", "-1", "--workers", "0", "-o", str(target)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    for word in ("x=1:2", "--samples", "--seed", "--workers", "runs.txt"):
        assert word in said.err
    assert not list(tmp_path.iterdir())
    places = ["--vary", "demand.growth=0.1:0.3:2", "--vary", "strategies.staged.zones_count=1:9:3"]
    assert main(["sweep", "retail", *places, "--json"]) == 2
    said = capsys.readouterr()
    for word in ("demand.growth", "zones_count"):
        assert word in said.err
    assert main(["sweep", "retail"]) == 2
    said = capsys.readouterr()
    assert "--vary" in said.err
    assert "-o" in said.err


@pytest.mark.parametrize("text", ["a=1:2", "a=2:1:3", "a=1:2:0", "a=1:2:1", "a=nan:2:3", "a=1:2:x", "a", "=1:2:3", "a=1,,2"])
def test_a_range_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(InputFault):
        sweep.axes_of([text])


def test_a_path_is_varied_once_and_a_grid_has_an_end() -> None:
    with pytest.raises(InputFault, match="twice"):
        sweep.axes_of(["a=1:2:3", "a=3:4:2"])
    axes = sweep.axes_of([f"{WAGE}=8000:9000:2000", f"{TEAM}=1:2:2000"])
    with pytest.raises(InputFault, match="1,000,000"):
        sweep.checked(sweep.Sweep(scenario=load("retail"), axes=axes, samples=2, seed=1))


def test_a_cluster_without_its_package_is_an_input_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputFault, match="distributed"), sweep.executor_of("tcp://127.0.0.1:1", 1):
        pass


@pytest.mark.slow
def test_processes_give_what_this_one_gives() -> None:
    asked = grid()
    with sweep.executor_of(None, 2) as processes:
        assert list(sweep.swept(asked, processes, 2)) == list(sweep.swept(asked))
