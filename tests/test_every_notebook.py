"""Every notebook once as a stranger gets it: real Voila with the shipped settings, real Chromium, nothing from outside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import browsing
from browsing import Watched
from groundwork import profiles
from groundwork.app import launch

pytestmark = pytest.mark.browser
browser, address = browsing.browser, browsing.address
NOTEBOOKS = sorted(launch.notebooks().glob("*.ipynb"))

# The cells are shown, and each part of ours has answered what the browser asked and drawn what it shows.
SHOWN = "getComputedStyle(document.querySelector('#rendered_cells')).display !== 'none'"
ANSWERED = """
  [...document.querySelectorAll('.gw[data-asked]')].every(({dataset: now}) => now.asked === now.answered)
  && [...document.querySelectorAll('.gw-drawing')].every(each => each.querySelector('svg')?.clientWidth > 0 || !each.offsetParent)
"""


def source(path: Path) -> str:
    return "".join(
        "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_opens_whole_at_both_widths(address: str, browser: Any, path: Path) -> None:
    visit = Watched(browser, address, f"/voila/render/{path.name}")
    page = visit.page
    page.wait_for_function(SHOWN)
    if "workbook(" in source(path):
        page.wait_for_selector(".gw[data-asked] .gw-drawing svg")
        assert profiles.load(path.stem).title in page.inner_text(".gw")
    elif "start_page(" in source(path):
        page.wait_for_selector(".gw-start-row")
        assert page.locator(".gw-start-row").count() == len(profiles.available())
    for width in (1440, 390):
        visit.wide(width)
        page.wait_for_function(ANSWERED)
        assert not visit.scrolls_sideways(), width
    assert len(page.inner_text("#rendered_cells")) > 200
    assert page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert "Traceback" not in page.inner_text("body")
    assert visit.outside == []
    assert visit.errors == []
    page.close()


def test_the_start_page_works_by_keyboard(address: str, browser: Any) -> None:
    """Tab reaches every row in the order of the page and shows where it is; Enter opens the workbook."""
    visit = Watched(browser, address, "/voila/render/index.ipynb")
    page = visit.page
    page.wait_for_selector(".gw-start-row")
    links = page.eval_on_selector_all("#rendered_cells a[href$='.ipynb']", "all => all.map(each => each.getAttribute('href'))")
    reached: list[str] = []
    while len(reached) < 3 * len(links) and links[-1] not in reached:
        page.keyboard.press("Tab")
        href = page.evaluate("document.activeElement.getAttribute('href')")
        if href is not None:
            reached.append(href)
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", href
    assert [href for href in reached if href in links] == links
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{links[-1]}")
    page.wait_for_selector(".gw[data-asked] .gw-drawing svg")
    assert visit.errors == []
    page.close()


def test_the_watcher_sees_what_is_wrong(address: str, browser: Any) -> None:
    """A page that complains, asks outside and is too wide is found out: the tests above mean nothing otherwise."""
    visit = Watched(browser, address, "/voila/static/voila.js", 390)
    page = visit.page
    page.goto("about:blank")  # no policy of ours forbids anything here
    page.set_content("<p style='width: 3000px'>wide</p>")
    with page.expect_event("requestfailed"):
        page.evaluate("console.error('complaint'); fetch('http://127.0.0.2:9/').catch(() => 0)")
    assert visit.scrolls_sideways()
    assert any("complaint" in each for each in visit.errors)
    assert visit.outside == ["http://127.0.0.2:9/"]
    page.close()
