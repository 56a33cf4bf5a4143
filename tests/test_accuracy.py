"""How good is the model: figures are those of the shipped predictions, the page answers its choices, the notebook runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import browsing
from browsing import Watched
from groundwork import notebooks
from groundwork.app import accuracy as page
from groundwork.catalogue.unseen_records import unseen_points
from groundwork.errors import InputFault
from groundwork.results import accuracy
from groundwork.results.words import plain

ROOT = Path(__file__).parents[1]
browser, address = browsing.browser, browsing.address
BOOK = ROOT / "notebooks" / "how_good_is_the_model.ipynb"


def test_unseen_runs_and_models_are_within_the_floors_and_not_better_than_the_noise() -> None:
    """Median and 90th percentile in percent, on one split into halves and with whole models left out."""
    floors: dict[tuple[accuracy.Basis, str], tuple[float, float]] = {
        ("run", "throughput"): (16, 46), ("run", "token"): (14.5, 45), ("run", "first"): (48, 115),
        ("model", "throughput"): (25, 50), ("model", "token"): (20, 55),
    }  # fmt: skip
    for (basis, metric), (median, p90) in floors.items():
        told = accuracy.figures(accuracy.of_metric(metric), basis)
        assert 6 < told.median_percent <= median
        assert told.p90_percent <= p90
        assert told.points_count > 100
    everything = np.mean([one.is_covered for one in unseen_points()])
    assert 0.75 <= everything <= 0.85


def test_errors_are_of_what_was_measured() -> None:
    one = unseen_points()[0]
    told = accuracy.figures([one], "run")
    assert told.median_percent == pytest.approx(100 * abs(one.predicted - one.point.value) / one.point.value)


@pytest.mark.parametrize("family", page.FAMILIES)
def test_families_hold_every_point_once(family: accuracy.Family) -> None:
    for metric in accuracy.METRICS:
        found = accuracy.families(metric, family)
        assert sum(map(len, found.values())) == len(accuracy.of_metric(metric))
        table = accuracy.family_table(metric, family, "run")
        assert len(table["rows"]) == len(found) + 1


def test_duels_are_of_one_model_and_lengths_and_differ_enough() -> None:
    for basis in accuracy.BASES:
        pairs = accuracy.duels(basis)
        assert len(pairs) > 90
        assert all(one.measured_ratio > 1.1 and one.faster != one.slower for one in pairs)
        wrong = accuracy.misnamed_table(basis)["rows"]
        assert len(wrong) == sum(not one.is_named for one in pairs)


def test_the_page_follows_its_choices_and_ignores_what_it_does_not_offer() -> None:
    sheet = page.accuracy_page("throughput", "kind", "run")
    before = sheet.content
    sheet.choose("metric", "first")
    after = sheet.content
    assert after["number"] == before["number"] + 1
    assert after["blocks"][2]["items"][0]["title"] != before["blocks"][2]["items"][0]["title"]
    sheet.choose("metric", "<script>")
    sheet.choose("nothing", "run")
    assert sheet.content == after
    for metric in accuracy.METRICS:
        for unseen in accuracy.BASES:
            sheet.choose("metric", metric)
            sheet.choose("unseen", unseen)
            assert len(sheet.content["blocks"][2]["items"][0]["data"]["points"]) == len(accuracy.of_metric(metric))
    with pytest.raises(InputFault) as caught:
        page.accuracy_page("speed", "kin", "nothing")
    assert len(caught.value.faults) == 3


def test_points_lie_inside_the_picture() -> None:
    for metric in accuracy.METRICS:
        low, high = accuracy.scatter_domain(metric)
        for basis in accuracy.BASES:
            rows = accuracy.scatter_rows(metric, basis)
            values = [row[name] for kind in rows.values() for row in kind for name in ("measured", "predicted")]
            assert low <= min(values)
            assert max(values) <= high


def test_sentences_state_what_the_tables_say() -> None:
    pairs = accuracy.duels("run")
    named = sum(one.is_named for one in pairs)
    said = plain(page.order_words())
    assert f"{100 * named / len(pairs):.0f} of 100" in said
    told = accuracy.figures(accuracy.of_metric("throughput"), "run")
    assert f"{told.median_percent:.0f}" in plain(page.answer("run"))
    assert len(accuracy.others_table()["rows"]) == 3 + 8


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("unseen", ["run", "accelerator"])
def test_the_notebook_runs_with_its_parameters(unseen: str, tmp_path: Path) -> None:
    done = notebooks.executed(BOOK, tmp_path / "out.ipynb", {"metric": "token", "unseen": unseen}, ROOT)
    views = [output for cell in done.cells for output in cell.get("outputs", []) if "widget-view" in str(output.get("data", {}))]
    assert len(views) == 1
    states = done.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    contents = [state["state"]["content"] for state in states if "content" in state["state"]]
    assert len(contents) == 1
    assert any("On measurements that it has not seen" in str(content["answer"]) for content in contents)


def test_prose_of_the_notebook_holds_no_number_and_its_cells_are_short() -> None:
    book = json.loads(BOOK.read_text(encoding="utf-8"))
    assert book["metadata"]["tool"]["title"]
    for cell in book["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            assert not re.search(r"\d", text)
        else:
            assert len(text.splitlines()) <= 3
            assert not cell["outputs"]


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_a_choice_on_the_page_is_answered_and_nothing_stands_in_the_way(
    address: str, browser: Any, width: int, theme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit = Watched(browser, address, f"/voila/render/{BOOK.name}?theme={theme}", width)
    shown = visit.page
    shown.wait_for_selector(".gw-tool .gw-drawing svg")
    before = shown.inner_text(".gw-card h3")
    shown.get_by_label("Figure").select_option("first")
    shown.wait_for_selector(".gw-tool[data-asked='1'][data-answered='1']")
    assert shown.inner_text(".gw-card h3") != before
    assert not visit.scrolls_sideways()
    found = Axe().run(shown).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []
    assert visit.errors == []
    assert visit.outside == []
    shown.close()
