"""Notebooks: prose without numbers, cells of three lines, parameters that are checked, every sentence live when they run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundwork import notebooks, profiles
from groundwork.app.start import records
from groundwork.cli import main
from groundwork.errors import InputFault

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
INDUSTRIES = [path for path in NOTEBOOKS if path.stem in profiles.available()]
TEST_SIZE = {"samples": 64}
STORY = ["question", "answer", "why", "reversal", "assumptions", "rules", "sectors"]


def cells(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["cells"])


def test_every_profile_has_its_notebook() -> None:
    assert {path.stem for path in INDUSTRIES} >= {"finance", "healthcare", "manufacturing", "media", "retail"}
    assert {path.stem for path in INDUSTRIES} == set(profiles.available())


@pytest.mark.parametrize("path", INDUSTRIES, ids=lambda path: path.stem)
def test_prose_holds_no_number_and_code_holds_no_logic(path: Path) -> None:
    tagged = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for line in "".join(tagged[0]["source"]).splitlines():
        assert re.fullmatch(r"\w+: (str|int) = \S+  # .+", line), "a parameter has its kind and says what it is"
    for cell in cells(path):
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            assert not re.search(r"\d", text), f"a number in prose comes from the model: {text}"
        else:
            assert len(text.splitlines()) <= 3
            assert not re.search(r"^\s*(def|for|while|if|class|lambda)\b", text, re.MULTILINE)


def shown(done: Any) -> dict[str, str]:
    """What each cell of an executed notebook shows as text, by the cell's name."""
    return {
        cell["id"]: "".join(output["data"].get("text/markdown", "") for output in cell["outputs"] if "data" in output)
        for cell in done.cells
        if cell["cell_type"] == "code"
    }


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", INDUSTRIES, ids=lambda path: path.stem)
def test_a_notebook_tells_the_story_of_its_profile(path: Path, tmp_path: Path) -> None:
    done = notebooks.executed(path, tmp_path / path.name, TEST_SIZE, ROOT)
    texts = shown(done)
    scenario = profiles.load(path.stem)
    for name in STORY:
        assert texts[f"{name}-live"].strip(), name
    assert scenario.question in texts["question-live"]
    assert any(plan.label in texts["answer-live"] for plan in scenario.strategies.values())
    assert "of 100 futures" in texts["reversal-live"]
    assert f"{len(scenario.constraints)} rules" in texts["why-live"]
    widgets = [
        output for cell in done.cells for output in cell.get("outputs", []) if "widget-view" in str(output.get("data", {}))
    ]
    assert widgets


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_notebook_tells_any_profile(tmp_path: Path) -> None:
    path = ROOT / "notebooks" / "retail.ipynb"
    done = notebooks.executed(path, tmp_path / "x.ipynb", TEST_SIZE | {"profile": "media", "months": 24}, ROOT)
    assert profiles.load("media").question in shown(done)["question-live"]
    assert "24 months" in shown(done)["question-live"]


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_nbval_finds_nothing_wrong_but_in_a_notebook_that_is(tmp_path: Path) -> None:
    """`pytest --nbval-lax` on all notebooks, with few futures where one may choose, and on one more that must fail.

    In a process of its own, so that nothing of this run is loaded there.
    """
    import papermill

    for path in NOTEBOOKS:
        chosen = {name: value for name, value in TEST_SIZE.items() if name in papermill.inspect_notebook(str(path))}
        papermill.execute_notebook(str(path), str(tmp_path / path.name), parameters=chosen, prepare_only=True, progress_bar=False)
    sound = sum(cell["cell_type"] == "code" for path in NOTEBOOKS for cell in cells(tmp_path / path.name))
    whole = json.loads((ROOT / "notebooks" / "index.ipynb").read_text(encoding="utf-8"))
    whole["cells"][-1]["source"] = ["from groundwork.app.start import no_such_page"]
    (tmp_path / "broken.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval-lax", "--nbval-current-env", "."]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert re.search(rf"\b1 failed, {sound} passed\b", done.stdout), done.stdout[-3000:]
    assert "FAILED broken.ipynb" in done.stdout


def test_a_parameter_that_is_none_is_refused_before_anything_runs(tmp_path: Path) -> None:
    path = ROOT / "notebooks" / "retail.ipynb"
    with pytest.raises(InputFault) as caught:
        notebooks.executed(path, tmp_path / "x.ipynb", {"sampels": 64, "months": "many", "profile": 3})
    said = str(caught.value)
    assert len(caught.value.faults) == 3
    assert "did you mean samples" in said
    assert "horizon" in said
    assert not (tmp_path / "x.ipynb").exists()


def test_a_bad_profile_gets_one_clear_message() -> None:
    from groundwork.stories import story

    with pytest.raises(InputFault) as caught:
        story("retial", 600, 0)
    said = str(caught.value)
    assert "did you mean retail" in said
    assert "from 6 to 60; came 600" in said
    assert "samples" in said


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_sixth_industry_is_one_profile_and_one_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "industry_profiles").mkdir()
    (tmp_path / "notebooks").mkdir()
    text = (ROOT / "industry_profiles" / "manufacturing.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("name: manufacturing", "name: energy"),
        ("title: Manufacturing", "title: Energy"),
        ("question: Inspect on the line or in the centre, and who runs the sites?", "question: Watch the grid from where?"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "industry_profiles" / "energy.yaml").write_text(text, encoding="utf-8")
    book = tmp_path / "notebooks" / "energy.ipynb"
    shutil.copy(ROOT / "notebooks" / "manufacturing.ipynb", book)
    book.write_text(book.read_text(encoding="utf-8").replace('\\"manufacturing\\"', '\\"energy\\"'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["profiles"]) == 0
    assert "energy" in capsys.readouterr().out.split()
    assert main(["run", "energy", "--samples", "16", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] == "energy"
    assert "Watch the grid from where?" in [row["question"] for row in records()]
    done = notebooks.executed(book, tmp_path / "out.ipynb", TEST_SIZE, tmp_path)
    assert "Watch the grid from where?" in shown(done)["question-live"]
