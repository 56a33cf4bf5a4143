"""The page without a browser: say what the browser says, read what it draws; the state behind it; every notebook."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import opened_page
from groundwork.app import conclusions
from groundwork.app.pages import PAGES
from groundwork.app.workbook import Workbook
from groundwork.errors import InputFault
from groundwork.profiles import available, load, scenario_from
from groundwork.results.verdicts import Pair
from groundwork.results.words import counts_of_100, plain
from groundwork.strategy.simulation import simulate
from groundwork.study import runs, sharing
from groundwork.study.changes import State
from groundwork.study.runs import channel_split, flips
from groundwork.study.state import SAMPLES, Study, Work
from opened_page import said, say

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PATH = "demand.shock_factor"


fewer, page, home, untouched = opened_page.fewer, opened_page.page, opened_page.home, opened_page.untouched


def only(page: Workbook, *work: Work) -> None:
    """Do this long work of the page and no other, and take its results."""
    page.study.want(work)
    page.study.settle()


def test_moving_a_belief_moves_sentence_and_rows_and_home_is_home(page: Workbook) -> None:
    study = page.study
    assert study.scenario == study.profile
    before, rows, home = said(page), page.page["blocks"][1]["items"][0]["data"], page._inputs.home(PATH)[0]
    say(page, do="change", path=PATH, shown=0.4 * home, phase="dragging")
    assert study.outcome.samples == SAMPLES["dragging"]
    say(page, do="change", path=PATH, shown=0.4 * home, phase="released")
    assert study.outcome.samples == SAMPLES["released"]
    assert said(page) != before
    assert page.page["blocks"][1]["items"][0]["data"] != rows
    assert page.inputs["changed"][PATH]["was"].startswith("was ")
    assert plain(page.verdict["changes"]).startswith("Your 1 change moved the lead from ")
    say(page, do="change", path=PATH, shown=home, phase="released")
    assert study.scenario == study.profile
    assert said(page) == before
    assert page.inputs["changed"] == {}


def test_a_page_travels_as_one_buffer_and_nothing_of_it_is_lost(page: Workbook) -> None:
    say(page, do="change", path=PATH, shown=2.0, phase="dragging")
    travelling = page.get_state("page")["page"]
    assert list(travelling) == ["json"]
    assert isinstance(travelling["json"], bytes)
    assert json.loads(travelling["json"]) == json.loads(json.dumps(page.page))


def test_undo_takes_back_a_whole_drag_and_redo_brings_it_again(page: Workbook) -> None:
    before = said(page)
    for share in (0.9, 0.7, 0.5):
        say(page, do="change", path=PATH, shown=share, phase="dragging")
    say(page, do="change", path=PATH, shown=0.5, phase="released")
    after = said(page)
    say(page, do="undo")
    assert (said(page), page.study.state.values, page.verdict["undo"], page.verdict["redo"]) == (before, {}, False, True)
    say(page, do="redo")
    assert (said(page), page.study.state.values) == (after, {PATH: 0.5})


def test_what_cannot_be_is_refused_beside_its_control_and_changes_nothing(page: Workbook) -> None:
    before = said(page)
    for shown in (-5.0, 1e9, "much"):
        say(page, do="change", path=PATH, shown=shown, phase="released")
        assert page.inputs["changed"][PATH]["fault"][0]
        assert page.study.scenario == page.study.profile
    say(page, do="change", path="no.such.place", shown=1.0, phase="released")
    say(page, do="change", path="name", shown="<b>", phase="released")
    for name in page.study.profile.workloads:
        say(page, do="change", path=f"workloads.{name}.enabled", shown=False, phase="released")
    assert any(item.enabled for item in page.study.scenario.workloads.values())
    say(page, do="reset")
    assert (said(page), page.inputs["changed"]) == (before, {})


@pytest.mark.parametrize(
    "said_so", [None, "x", {}, {"do": "__init__"}, {"do": 3}, {"do": "change"}, {"do": "open", "key": ["x"]}]
)
def test_a_message_that_means_nothing_does_nothing(untouched: Workbook, said_so: object) -> None:
    before = untouched.page
    untouched._handle_custom_msg(said_so, [])
    assert untouched.page == before


def test_whatever_breaks_is_said_and_the_browser_is_answered(page: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page.study, "undo", lambda: 1 / 0)
    say(page, do="undo", number=41)
    assert page.moment["answered"] == 41
    assert "ZeroDivisionError" in page.message[1]


def test_levers_and_switches_move_the_model_and_come_home(page: Workbook) -> None:
    strategy = next(iter(page.study.profile.strategies))
    for path, shown in (
        (f"strategies.{strategy}.commit_ratio", 20.0),
        (f"strategies.{strategy}.platform_start_month", 3),
        (f"strategies.{strategy}.zones_count", 3),
        (f"workloads.{next(iter(page.study.profile.workloads))}.enabled", False),
    ):
        say(page, do="change", path=path, shown=shown, phase="released")
        assert page.study.scenario != page.study.profile, path
        assert page.inputs["changed"][path]["value"] == shown
        say(page, do="reset", paths=[path])
        assert page.study.scenario == page.study.profile, path


def test_long_work_arrives_and_a_new_change_drops_it(fewer: None) -> None:
    study = Study(load("retail"))
    study.want(PAGES[0].work)
    study.change(PATH, 0.7)
    study.settle()
    found = study.found["split"]
    assert found.is_fresh
    pair = Pair(study.outcome, study.pair.first, study.pair.second)
    assert tuple(found.result["between"]) == (pair.first, pair.second)
    study.change(PATH, 0.9, "dragging")
    assert not study.found["split"].is_fresh
    study.rest()
    assert study.phase == "dragging"


def test_a_page_at_rest_is_refined_and_the_sentence_keeps_its_winner(page: Workbook) -> None:
    winner = page.study.pair.first
    page.study.want(())
    page.study.rest()
    page.study.settle()
    assert page.study.outcome.samples == SAMPLES["resting"]
    assert page.study.pair.first == winner
    assert page.verdict["phase"] == "resting"


def test_a_refused_state_leaves_everything(page: Workbook) -> None:
    state = page.study.state
    with pytest.raises(InputFault):
        page.study.change(PATH, float("nan"))
    assert page.study.state == state


@pytest.mark.slow
@pytest.mark.parametrize("profile", available())
def test_every_page_of_every_profile_speaks(profile: str) -> None:
    page = Workbook(profile)
    for tab in PAGES:
        say(page, do="open", key=tab.key)
        page.study.settle()
        assert page.page["key"] == tab.key
        assert plain(page.page["answer"])
        json.dumps(page.page, allow_nan=False)
        text = json.dumps(page.page, ensure_ascii=False)
        assert not re.search(r"\bnan\b|Infinity|None", text)
        for block in page.page["blocks"]:
            for card in block["items"] if block["kind"] == "cards" else []:
                assert len(card["title"]) <= 64, card["title"]
                assert card["empty"] or (card["spoken"].startswith(card["title"]) and card["table"]["rows"])


def test_beliefs_in_the_rail_come_by_what_they_move_and_the_rest_on_demand(page: Workbook) -> None:
    first = [control["path"] for control in page.rail["beliefs"]]
    say(page, do="more")
    rest = [control["path"] for control in page.more]
    assert len(first) + len(rest) == len(page._inputs.known)
    assert not set(first) & set(rest)
    for control in [*page.rail["beliefs"], *page.more]:
        assert control["left"] < control["right"] or not control["belt"], control["path"]
        assert control["left"] <= control["value"] <= control["right"], control["path"]
        assert control["label"]
        assert control["help"]


def test_the_strip_counts_a_hundred_futures() -> None:
    dice = np.random.Generator(np.random.Philox(7))
    for _ in range(200):
        ratios = dice.dirichlet(np.ones(5) * 0.5)
        counts = counts_of_100(ratios)
        assert sum(counts) == 100
        assert all(abs(count - 100 * ratio) < 1.0 for count, ratio in zip(counts, ratios, strict=True))


def test_the_start_page_names_every_profile() -> None:
    from groundwork.app.start import start_page

    shown = start_page().value
    assert all(load(name).title in shown and f'href="{name}.ipynb"' in shown for name in available())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_carry_no_outputs_and_short_cells(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"]
            assert cell["execution_count"] is None
            assert len("".join(cell["source"]).splitlines()) <= 3


def test_a_link_gives_the_same_digits_elsewhere(page: Workbook) -> None:
    strategy = list(page.study.profile.strategies)[1]
    say(page, do="change", path=PATH, shown=0.6, phase="released")
    say(page, do="change", path=f"strategies.{strategy}.platform_team_fte", shown=9, phase="released")
    assert page.link.startswith("1.")
    assert len(page.link) < 1_000
    other = Workbook("retail")
    say(other, do="restore", link=page.link)
    other.study.cancel()
    assert other.message == []
    assert other.study.scenario == page.study.scenario
    assert np.array_equal(other.study.outcome.npv_usd, page.study.outcome.npv_usd)
    assert (said(other), other.verdict["run"], other.link) == (said(page), page.verdict["run"], page.link)


def test_a_link_made_with_another_profile_or_version_says_so(page: Workbook) -> None:
    data = sharing.document(page.study.profile, State((), {PATH: 0.6}), 7)
    shared = sharing.read(page.study.profile, data | {"profile_hash": "0", "version": "0.0.1"})
    assert len(shared.remarks) == 2
    assert (shared.seed, shared.state.values) == (7, {PATH: 0.6})


@pytest.mark.parametrize(
    "link",
    [
        "",
        "1.",
        "2.abc",
        "1.%%%",
        "1.AAAA",
        "1." + "A" * 9_000,
        "1." + base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode(),
        "1." + base64.urlsafe_b64encode(zlib.compress(b'{"a":' + b" " * 10_000_000 + b"1}")).decode(),
        "1." + base64.urlsafe_b64encode(zlib.compress(b'{"schema":"groundwork.scenario/1","profile":"media"}')).decode(),
    ],
)
def test_a_broken_link_is_one_message_and_the_page_keeps_its_state(untouched: Workbook, link: str) -> None:
    say(untouched, do="restore", link=link)
    assert untouched.message[0] == "This link could not be opened."


@pytest.mark.parametrize(
    "values", [{PATH: 1e99}, {PATH: "<b>"}, {PATH: None}, {"name": "x"}, {"strategies.no.buys": []}, {PATH: True}]
)
def test_a_link_with_a_value_that_cannot_be_changes_nothing(untouched: Workbook, values: dict[str, object]) -> None:
    say(untouched, do="restore", link=sharing.packed(untouched.study.profile, State((), values), 1))
    assert untouched.message[0] == "This link could not be opened."
    assert untouched.study.seed == untouched.study.profile.seed


def test_changes_of_both_kinds_are_split_and_add_up(page: Workbook) -> None:
    strategy = list(page.study.profile.strategies)[1]
    say(page, do="change", path=PATH, shown=1.8, phase="released")
    say(page, do="change", path=f"strategies.{strategy}.platform_team_fte", shown=9, phase="released")
    only(page, conclusions.MOVED)
    page._show_verdict()
    parts = page.study.result("moved")
    assert parts["belief"] + parts["lever"] == pytest.approx(parts["now"] - parts["was"], abs=1e-6)
    assert re.search(r"Your 2 changes moved the lead from .+: belief .+, lever .+", plain(page.verdict["changes"]))


def test_good_evidence_alone_is_asked_and_said(page: Workbook) -> None:
    say(page, do="graded", on=True)
    only(page, conclusions.GRADED)
    assert re.match(r"With A and B only: .+ in \d+ of 100 futures", plain(page.graded))
    say(page, do="graded", on=False)
    assert page.graded == []


def test_what_a_reader_moved_is_shown_in_the_rail_however_little_it_matters(page: Workbook) -> None:
    say(page, do="more")
    least = page.more[-1]
    say(page, do="change", path=least["path"], shown=least["right"], phase="released")
    other = Workbook("retail")
    say(other, do="restore", link=page.link)
    other.study.cancel()
    shown = [control["path"] for control in other.rail["beliefs"]]
    assert least["path"] in shown
    say(other, do="more")
    assert least["path"] not in [control["path"] for control in other.more]
    assert len(shown) + len(other.more) == len(other._inputs.known)


def test_the_page_says_whether_more_will_come_by_itself(page: Workbook) -> None:
    assert page.study.is_settled
    say(page, do="change", path=PATH, shown=0.7, phase="released", number=7)
    assert page.moment == {"answered": 7, "phase": "released", "samples": SAMPLES["released"], "changes": 1, "settled": False}
    only(page, conclusions.FLIPS)
    assert page.moment["settled"]
    page.study.rest()
    assert not page.moment["settled"]
    page.study.settle()
    assert (page.moment["samples"], page.moment["phase"]) == (SAMPLES["resting"], "resting")
    assert page.moment["settled"]


def test_work_that_breaks_leaves_a_page_that_waits_for_nothing(page: Workbook) -> None:
    only(page, Work("broken", "Dividing by nothing", lambda asked, report: 1 / 0))
    assert page.moment["settled"]
    assert "Dividing by nothing" in page.message[1]


def test_when_more_futures_put_another_ahead_long_work_starts_again_about_the_new_pair(fewer: None) -> None:
    study = Study(load("retail"))
    pairs: list[tuple[str, str]] = []
    work = Work("pair", "Noting the pair", lambda asked, report: pairs.append(asked.pair))
    study.want((work,))
    study.settle()
    outcome = study.outcome
    study._refined(replace(outcome, npv_usd=-outcome.npv_usd))
    assert not study.found["pair"].is_fresh
    study.settle()
    assert study.found["pair"].is_fresh
    assert pairs[0] != pairs[1] == (study.pair.first, study.pair.second)


def test_long_work_can_be_dropped_between_any_two_plays_of_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        pass

    study = Study(load("retail"))
    pair = (study.pair.first, study.pair.second)
    plays: list[object] = []
    monkeypatch.setattr(runs, "simulate", lambda *what, **how: plays.append(what) or simulate(*what, **how))

    def played() -> int:
        count = len(plays)
        plays.clear()
        return count

    for work in (
        lambda report: channel_split(study.scenario, pair, 16, 1, report),
        lambda report: flips(study.scenario, pair, 16, 1, None, report),
    ):
        asked: list[float] = []

        def third(share: float, asked: list[float] = asked) -> None:
            asked.append(share)
            if len(asked) == 3:
                raise Enough

        with pytest.raises(Enough):
            work(third)
        assert len(asked) == 3
        assert played() <= len(asked)


def files_of(page: Workbook, monkeypatch: pytest.MonkeyPatch, **said: object) -> dict[str, bytes]:
    """The files that come back when this is asked."""
    came: dict[str, bytes] = {}
    monkeypatch.setattr(page, "send", lambda record, buffers=None: came.update({record["file"]: buffers[0]}))
    say(page, do="download", **said)
    return came


def test_a_scenario_file_opens_again_with_its_note_and_the_same_digits(page: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    say(page, do="change", path=PATH, shown=0.6, phase="released")
    ((name, text),) = files_of(page, monkeypatch, what="scenario", note="as the board saw it").items()
    assert name.startswith("retail-")
    assert name.endswith("-scenario.json")
    other = Workbook("retail")
    say(other, do="open_file", text=text.decode())
    other.study.cancel()
    assert "as the board saw it" in other.message[1]
    assert np.array_equal(other.study.outcome.npv_usd, page.study.outcome.npv_usd)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 50_000, "x" * 65_537, '{"schema":"groundwork.scenario/1","profile":"media"}', "\ud800"]
)
def test_a_broken_file_is_one_message_and_the_page_keeps_its_state(untouched: Workbook, text: str) -> None:
    say(untouched, do="open_file", text=text)
    assert untouched.message[0] == "This file could not be opened."


def test_a_profile_file_is_a_profile_that_says_the_same(page: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    say(page, do="change", path=PATH, shown=0.6, phase="released")
    ((name, text),) = files_of(page, monkeypatch, what="profile").items()
    assert name.endswith(".yaml")
    assert scenario_from(text.decode(), name) == page.study.scenario


def test_results_come_as_a_table_and_as_the_document_of_the_command_line(page: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    ((_, text),) = files_of(page, monkeypatch, what="table").items()
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    outcome = page.study.outcome
    assert len(rows) == len(outcome.strategies) * (outcome.months + 1)
    whole = next(row for row in rows if row["strategy"] == "staged" and row["month"] == "whole")
    assert float(whole["value_p50_usd"]) == pytest.approx(np.median(outcome.npv_usd[outcome.strategies.index("staged")]), abs=0.5)
    ((_, text),) = files_of(page, monkeypatch, what="document").items()
    record = json.loads(text)
    assert (record["schema"], record["samples"]) == ("groundwork.run/1", outcome.samples)
    assert [warning["path"] for warning in record["warnings"]] == ["verdict.channels", "verdict.flips"]
    assert files_of(page, monkeypatch, what="no such thing") == {}


def test_kept_scenarios_stand_beside_the_page_and_a_broken_one_is_named(page: Workbook) -> None:
    say(page, do="change", path=PATH, shown=0.6, phase="released")
    link = page.link
    say(page, do="change", path=PATH, shown=0.9, phase="released")
    say(page, do="compare", kept=[{"name": "Shrinking", "link": link, "note": "why"}, {"name": "Broken", "link": "1.x"}, 7])
    told = page.comparison
    assert [column["name"] for column in told["columns"]] == ["This page", "As in the profile", "Shrinking"]
    shown = told["columns"][2]
    assert (shown["note"], shown["kept"]) == ("why", True)
    assert len(shown["changes"]) == 1
    assert shown["changes"][0].startswith("Demand against plan: ")
    assert shown["changes"][0].endswith("→ 0.6 ×")
    assert sum(part["count"] for part in shown["strip"]) == 100
    assert told["refused"][0]["name"] == "Broken"
    other = Workbook("retail")
    say(other, do="restore", link=link)
    other.study.cancel()
    assert plain([tuple(span) for span in shown["verdict"]]) == said(other)
    json.dumps(told, allow_nan=False)
