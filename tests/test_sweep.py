"""Many runs: a grid is what single runs give, in any executor and after a stop; wrong use says everything at once."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import types
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

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


def test_a_cluster_that_does_not_answer_is_an_input_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("distributed")

    def client(scheduler: str) -> None:
        raise OSError(f"timed out trying to connect to {scheduler}")

    monkeypatch.setattr(module, "Client", client, raising=False)
    monkeypatch.setitem(sys.modules, "distributed", module)
    with pytest.raises(InputFault, match="tcp://127"), sweep.executor_of("tcp://127.0.0.1:1", 1):
        pass


@pytest.mark.slow
def test_processes_give_what_this_one_gives() -> None:
    asked = grid()
    with sweep.executor_of(None, 2) as processes:
        assert list(sweep.swept(asked, processes, 2)) == list(sweep.swept(asked))


class Mortal(sweep.Processes):
    """Processes whose first pools die, each after it has played so many points."""

    def __init__(self, deaths: int, plays: int = 1) -> None:
        self.deaths, self.plays = deaths, plays
        self.made = 0
        super().__init__(1)

    def _made(self) -> Any:
        self.made += 1
        return DyingPool(self.plays if self.made <= self.deaths else 1_000)


class DyingPool(ThreadPoolExecutor):
    """A pool as `ProcessPoolExecutor` is once a process of it was killed: it refuses, and what it had fails."""

    def __init__(self, plays: int) -> None:
        super().__init__(1)
        self.left = plays

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.left < -1:
            raise BrokenExecutor("a process died")
        self.left -= 1
        if self.left >= 0:
            return super().submit(fn, *args, **kwargs)
        lost: Future[Any] = Future()
        lost.set_exception(BrokenExecutor("a process died"))
        return lost


def test_what_a_dead_process_had_is_played_again() -> None:
    asked = grid()
    kept: list[object] = []
    mortal = Mortal(deaths=2)
    assert list(sweep.swept(asked, mortal, 1, keep=kept.append)) == list(sweep.swept(asked))
    assert mortal.made == 3
    assert len(kept) == asked.count


def test_a_point_that_kills_every_process_is_named_and_nothing_before_it_is_lost() -> None:
    asked = grid()
    kept: list[object] = []
    with pytest.raises(RuntimeError, match=f"{WAGE}=8000"):
        list(sweep.swept(asked, Mortal(deaths=1_000, plays=0), 1, keep=kept.append))
    assert kept == []


def test_a_stop_by_ctrl_c_leaves_no_half_file_and_the_same_command_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "runs.csv"
    target.write_text("older rows\n", encoding="utf-8")
    own = ["sweep", "retail", "--vary", f"{WAGE}=8000:12000:3", "--samples", "32", "-o", str(target)]
    real = sweep.Journal.keep

    def stopping(journal: sweep.Journal, rows: list[sweep.Row]) -> None:
        real(journal, rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep.Journal, "keep", stopping)
    assert main(own) == 130
    said = capsys.readouterr()
    assert "runs.csv.part keeps what is done" in said.err
    assert target.read_text(encoding="utf-8") == "older rows\n"
    monkeypatch.setattr(sweep.Journal, "keep", real)
    assert main(own) == 0
    table = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert {row[WAGE] for row in table} == {"8000.0", "10000.0", "12000.0"}
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]


def test_a_file_that_cannot_be_finished_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    target = tmp_path / "runs.csv"
    target.write_text("older rows\n", encoding="utf-8")

    def full(table: pd.DataFrame, path: Path, **own: object) -> None:
        path.write_text("a,stra", encoding="utf-8")
        raise OSError("no space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(OSError, match="no space"):
        sweep.write([{"a": 1.0, "strategy": "x"}], target)
    assert target.read_text(encoding="utf-8") == "older rows\n"
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]


def test_a_journal_with_a_torn_line_in_the_middle_is_used_up_to_it(tmp_path: Path) -> None:
    asked = grid()
    journal = sweep.Journal(tmp_path / "runs.csv", asked)
    lines = [asked.name, '[{"a": 1}]', '[{"a": 2', '[{"a": 3}]']
    journal.path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert journal.done() == [[{"a": 1}]]


@pytest.mark.slow
def test_a_killed_process_loses_nothing() -> None:
    asked = grid()
    killed: list[int] = []

    def kill(number: int, count: int) -> None:
        if not killed:
            victim = multiprocessing.active_children()[0]
            victim.kill()
            killed.append(number)

    with sweep.executor_of(None, 2) as processes:
        assert list(sweep.swept(asked, processes, 2, progress=kill)) == list(sweep.swept(asked))
    assert killed == [1]


@pytest.mark.slow
def test_ctrl_c_on_the_real_command_is_told_in_a_line_and_loses_nothing(tmp_path: Path) -> None:
    target = tmp_path / "runs.csv"
    own = [sys.executable, "-m", "groundwork", "sweep", "retail", "--vary", f"{WAGE}=8000:12000:9", "--samples", "1024"]
    own += ["--workers", "2", "-o", str(target)]
    with subprocess.Popen(own, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True) as running:
        assert running.stderr is not None
        assert "points" in running.stderr.readline()
        os.killpg(running.pid, signal.SIGINT)
        said = running.stderr.read()
        assert running.wait() == 130
    assert "Traceback" not in said
    assert "keeps what is done" in said
    assert not target.exists()
    assert main([*own[3:], "--workers", "1"]) == 0
    table = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    scenario = load("retail")
    asked = sweep.Sweep(scenario=scenario, axes=sweep.axes_of([f"{WAGE}=8000:12000:9"]), samples=1_024, seed=scenario.seed)
    assert [float(row["npv_usd_mean"]) for row in table] == [row["npv_usd_mean"] for row in sweep.swept(asked)]
