"""The command line as a user meets it: documents on standard output, faults on standard error, exit status 2."""

from __future__ import annotations

import json
import socket
import subprocess
import sys

import pytest

from groundwork.cli import main


def test_run_prints_one_document_twice_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["run", "retail", "--json", "--samples", "60", "--strategy", "model_first", "--strategy", "infrastructure_first"]
    printed = []
    for _ in range(2):
        assert main(arguments) == 0
        captured = capsys.readouterr()
        printed.append(captured.out)
        assert "rounded up to 64" in captured.err
    assert printed[0] == printed[1]
    document = json.loads(printed[0])
    assert document["schema"] == "groundwork.run/1"
    assert document["samples"] == 64
    split = document["verdict"]["channels"]
    assert sum(split["parts_usd"].values()) == pytest.approx(split["total_usd"], abs=0.01)
    assert split["total_usd"] == pytest.approx(document["verdict"]["advantage_usd"]["mean"], abs=0.01)
    assert sum(part["p_best"] for part in document["strategies"].values()) == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_every_industry_gives_the_whole_document_twice_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["run", name, "--json", "--samples", "32"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    document = json.loads(printed[0])
    assert document["profile"] == name
    assert set(document["strategies"]) >= {"model_first", "infrastructure_first", "staged", "api_first", "wait"}
    assert sum(part["p_best"] for part in document["strategies"].values()) == pytest.approx(1.0)
    for part in document["strategies"].values():
        assert sum(part["cost_by_category_usd"].values()) == pytest.approx(part["cost_usd"]["mean"], abs=0.01)


def test_a_preset_changes_the_run_and_a_wrong_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    plans = ["--strategy", "model_first", "--samples", "16", "--json"]
    assert main(["run", "retail", "--preset", "proof_of_concept", *plans]) == 0
    assert json.loads(capsys.readouterr().out)["months"] == 12
    assert main(["run", "retail", "--preset", "prof_of_concept", *plans]) == 2
    assert "proof_of_concept" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nosuch"], "no profile called nosuch"),
        (["run", "retail", "--months", "5", "--samples", "0"], "--samples"),
        (["run", "retail", "--set", "channels.wal.enabled=false"], "no such place"),
        (["run", "retail", "--strategy", "sideways"], "sideways"),
    ],
)
def test_wrong_use_ends_with_two_and_says_why(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_the_app_names_a_port_that_is_taken_and_the_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["app", "--port", str(port)]) == 2
    said = capsys.readouterr()
    assert f"port {port} is taken; choose another with --port" in said.err
    assert said.out == ""


def test_profiles_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profiles"]) == 0
    assert "retail" in capsys.readouterr().out.split()
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["workloads"]


def test_seek_finds_the_setting_that_a_run_confirms(capsys: pytest.CaptureFixture[str]) -> None:
    own = ["seek", "retail", "--vary", "organisation.wage_usd_per_month=6000:20000", "--strategy", "model_first"]
    assert main([*own, "--goal", "cost_usd.mean=5000000", "--samples", "64", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["reached"]
    setting = f"organisation.wage_usd_per_month={found['at']}"
    assert main(["run", "retail", "--set", setting, "--samples", "64", "--json"]) == 0
    cost = json.loads(capsys.readouterr().out)["strategies"]["model_first"]["cost_usd"]["mean"]
    assert cost == pytest.approx(found["outcome"], rel=1e-9)
    assert cost == pytest.approx(5e6, rel=0.01)


def test_seek_says_everything_that_is_wrong_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seek", "retail", "--vary", "x=2:1", "--strategy", "sideways", "--goal", "npv", "--samples", "0"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    for word in ("--vary", "--goal", "--samples", "sideways"):
        assert word in said.err
    own = ["seek", "retail", "--vary", "organisation.wage_usd_per_month=6000:20000", "--strategy", "staged", "--samples", "16"]
    assert main([*own, "--goal", "no_such.p50=1"]) == 2
    assert "no_such.p50" in capsys.readouterr().err


def test_good_evidence_alone_runs_the_verdict_again(capsys: pytest.CaptureFixture[str]) -> None:
    own = ["run", "retail", "--samples", "32", "--json"]
    documents = []
    for more in ([], ["--good-evidence"]):
        assert main([*own, *more]) == 0
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0]["run_id"] != documents[1]["run_id"]
    assert documents[0]["strategies"] != documents[1]["strategies"]


def test_the_events_of_one_future_are_printed_when_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    plans = ["run", "retail", "--samples", "64", "--strategy", "model_first", "--strategy", "wait"]
    assert main([*plans, "--events", "17", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["events"]["wait"] == []
    assert all(line.startswith("month ") for line in document["events"]["model_first"])
    assert main([*plans, "--events", "middle"]) == 0
    assert "model_first in future middle:" in capsys.readouterr().out
    assert main([*plans, "--events", "65"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "--events: no future '65': a number from 1 to 64, or a share of futures such as 25%, or middle, poor, good"
    ]


def test_a_reader_who_has_read_enough_is_no_fault() -> None:
    words = [sys.executable, "-m", "groundwork", "schema"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()  # before it can write
        assert running.stderr.read() == b""
        assert running.wait() == 1
