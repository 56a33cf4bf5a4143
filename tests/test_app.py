"""The page without a browser: set what a user moves, read what a user sees; and every notebook from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def test_moving_a_belief_moves_sentence_and_rows_and_home_is_home() -> None:
    from groundwork.app.workbook import Workbook

    page = Workbook("retail")
    assert page.scenario == page.profile
    before, rows = page.verdict.value, page.chart.data
    slider = page.controls["demand.shock_factor"][1]
    home = slider.value
    slider.value = 0.5 * (slider.min + slider.max)
    assert page.verdict.value != before
    assert page.chart.data != rows
    slider.value = home
    assert page.scenario == page.profile


def test_the_start_page_names_every_profile() -> None:
    from groundwork.app.start import start_page
    from groundwork.profiles import available, load

    shown = start_page().value
    assert all(load(name).title in shown and f'href="{name}.ipynb"' in shown for name in available())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_carry_no_outputs_and_short_cells(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert not cell["outputs"]
            assert cell["execution_count"] is None
            assert len("".join(cell["source"]).splitlines()) <= 3


@pytest.mark.notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    import papermill

    done = papermill.execute_notebook(
        str(path), str(tmp_path / path.name), cwd=str(ROOT), progress_bar=False, execution_timeout=120
    )
    last = [cell for cell in done.cells if cell["cell_type"] == "code"][-1]
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in last["outputs"])
