"""Real Voila, real Chromium, no address outside this machine: the page opens, a dragged slider moves sentence and picture."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from running_server import served

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "chromium is missing and this is CI"
        pytest.skip("chromium is not installed; these tests look at real pages")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "groundwork", "app", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    home = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(home, timeout=5).close()
            break
        except OSError:
            if server.poll() is not None:
                pytest.fail(f"the server ended with {server.returncode}")
            time.sleep(0.1)
    yield home
    os.killpg(server.pid, 15)
    server.wait(30)


DRAWN = "globalThis.groundworkDrawn > 0 && document.querySelector('.gw-drawing svg')?.clientWidth > 0"
OPEN = "document.querySelector('.gw[data-asked] .gw-tabs')?.clientWidth > 0"  # a page may have no picture
BELIEF = ".gw-section:has-text('What you think is true')"
PATIENCE_MS = 120_000  # a loaded machine is slow; nothing here is timed


class Visit:
    """One visit to a page: what it said on the console and whom it asked outside this machine.

    The page says in attributes of its root what it has answered and whether more will come by itself: tests wait for those
    and never for time, because long work and finer runs arrive whenever the machine lets them.
    """

    def __init__(self, browser: Any, address: str, width: int, query: str = "") -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.set_default_timeout(PATIENCE_MS)
        self.outside: list[str] = []
        self.errors: list[str] = []
        here = (address, "data:", "blob:", "ws://127.0.0.1")
        self.page.on("request", lambda asked: None if asked.url.startswith(here) else self.outside.append(asked.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{address}/voila/render/retail.ipynb{query}")
        self.page.wait_for_function(OPEN if "#" in query else DRAWN)
        self.answered()

    def sentence(self) -> str:
        return str(self.page.inner_text(".gw-sentence"))

    def state(self, test: str) -> None:
        """Wait until the root's data attributes, called `now`, pass a test."""
        self.page.wait_for_function(f"(({{dataset: now}}) => {test})(document.querySelector('.gw[data-asked]'))")

    def answered(self) -> None:
        """Everything asked so far is answered."""
        self.state("now.asked === now.answered")

    def settled(self) -> None:
        """Everything is answered and nothing more will come by itself: sentences can be compared."""
        self.state("now.asked === now.answered && now.settled === 'true'")

    def dragging(self) -> None:
        """Everything is answered in the few futures of a slider that moves: nothing else happens until it does."""
        self.state("now.asked === now.answered && now.phase === 'dragging'")

    def changed(self, count: int) -> None:
        """Everything is answered and so many inputs stand elsewhere than at home."""
        self.state(f"now.asked === now.answered && now.changes === '{count}'")

    def released(self) -> None:
        """Everything is answered in the futures of a page at rest, however fast it went on to finer ones."""
        self.state("now.asked === now.answered && now.phase !== 'dragging'")

    def clean(self) -> None:
        """Nothing was asked outside, nothing complained, nothing scrolls sideways."""
        assert self.outside == []
        assert self.errors == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        self.page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dragged_slider_moves_the_sentence_and_the_chart(address: str, browser: Any, width: int) -> None:
    visit = Visit(browser, address, width)
    page = visit.page
    picture = page.inner_html(".gw-drawing svg")
    if width < 640:
        page.click(".gw-bottom button")
    slider = page.locator(f"{BELIEF} .gw-slider").first
    slider.hover()  # scrolls it into view and waits until it stands still
    box = slider.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2, steps=2)
    visit.dragging()
    said = visit.sentence()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=8)
    visit.dragging()
    assert visit.sentence() != said
    assert page.get_attribute(".gw[data-asked]", "data-samples") == "256"
    page.mouse.up()
    visit.released()
    assert int(page.get_attribute(".gw[data-asked]", "data-samples")) >= 1_024
    page.wait_for_function("html => document.querySelector('.gw-drawing svg').innerHTML !== html", arg=picture)
    assert visit.sentence() != said
    assert page.locator(".gw-section .gw-moved").count() == 1
    assert "Your 1 change" in (page.text_content(".gw-changes") or "")
    if width < 640:
        assert page.inner_text(".gw-bottom button") == "Show results"
        page.click(".gw-bottom button")
        assert "Change inputs" in page.inner_text(".gw-bottom button")
    visit.clean()


def test_a_drag_survives_what_arrives_meanwhile_and_its_end_is_never_lost(address: str, browser: Any) -> None:
    """The pointer is let go outside the page's slider, after a preset was asked for that makes the rail anew."""
    visit = Visit(browser, address, 1440)
    page = visit.page
    slider = page.locator(f"{BELIEF} .gw-slider").first
    label = slider.get_attribute("aria-label")
    slider.hover()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 2, steps=3)
    visit.dragging()
    page.evaluate(
        "[...document.querySelectorAll('#gw-preset-stage')].map(pick => {"
        "pick.selectedIndex = 1; pick.dispatchEvent(new Event('change')); })"
    )
    visit.answered()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] - 200, steps=3)
    page.mouse.up()
    visit.released()
    assert page.locator(f".gw-control:has([aria-label='{label}']).gw-moved").count() == 1
    assert page.evaluate("document.querySelector('#gw-preset-stage').selectedIndex") == 1
    visit.clean()


def test_everything_works_by_keyboard(address: str, browser: Any) -> None:
    visit = Visit(browser, address, 1440)
    page = visit.page
    page.locator(f"{BELIEF} .gw-box").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "range"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    visit.changed(1)
    undo = page.locator(".gw-top-word", has_text="Undo")
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.wait_for_selector("#gw-page-says-who:not([hidden])")
    assert page.locator("#gw-tab-says-who").get_attribute("aria-selected") == "true"
    page.locator(".gw-reset-all").focus()
    page.keyboard.press("Enter")
    visit.changed(0)
    assert page.locator(".gw-moved").count() == 0
    undo.focus()
    page.keyboard.press("Enter")
    visit.changed(1)
    assert page.locator(".gw-control.gw-moved").count() == 1
    visit.clean()


def test_a_typed_number_out_of_range_is_refused_in_words(address: str, browser: Any) -> None:
    visit = Visit(browser, address, 1440)
    page = visit.page
    box = page.locator(f"{BELIEF} .gw-box").first
    box.fill("-1e12")
    box.press("Enter")
    page.wait_for_selector(".gw-fault strong")
    assert "Outside" in page.inner_text(".gw-fault strong")
    visit.changed(0)
    page.locator(".gw-refused .gw-reset").click()
    page.wait_for_selector(".gw-fault strong", state="detached")
    visit.clean()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_serious_stands_in_the_way_of_anyone(address: str, browser: Any, width: int, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    visit = Visit(browser, address, width, f"?theme={theme}")
    page = visit.page
    paper = page.evaluate("getComputedStyle(document.querySelector('.gw')).backgroundColor")
    assert paper == {"light": "rgb(251, 250, 248)", "dark": "rgb(20, 23, 26)"}[theme]
    for tab in page.evaluate("[...document.querySelectorAll('.gw-page-select option')].map(option => option.value)"):
        if width < 640:
            page.select_option(".gw-page-select", tab)
        else:
            page.click(f"#gw-tab-{tab}")
        page.wait_for_selector(f"#gw-page-{tab}:not([hidden])")
        if (width, theme) == (1440, "light"):
            visit.settled()  # once with everything that long work brings, else as the page opens
        else:
            visit.answered()
        found = Axe().run(page).response["violations"]
        serious = [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in {"serious", "critical"}]
        assert serious == []
    visit.clean()


def test_a_table_stands_behind_every_chart_and_files_come_out(address: str, browser: Any) -> None:
    visit = Visit(browser, address, 1440)
    page = visit.page
    card = page.locator(".gw-card").first
    height = card.bounding_box()["height"]
    card.get_by_role("button", name="Table").click()
    assert card.locator("tbody tr").count() > 5
    assert card.bounding_box()["height"] == pytest.approx(height, abs=2)
    card.get_by_role("button", name="Picture").click()
    for word, kind in (("CSV", "csv"), ("SVG", "svg"), ("PNG", "png")):
        with page.expect_download() as waited:
            card.get_by_role("button", name=word).click()
        assert waited.value.suggested_filename.endswith(kind)
    visit.clean()


def test_the_address_carries_the_scenario_and_a_reload_restores_it(address: str, browser: Any) -> None:
    """That the same link gives the same digits is tested without a browser."""
    visit = Visit(browser, address, 1440)
    page = visit.page
    slider = page.locator(f"{BELIEF} .gw-slider").first
    label = slider.get_attribute("aria-label")
    slider.focus()
    for _ in range(40):
        page.keyboard.press("ArrowLeft")
    visit.changed(1)
    page.wait_for_function("location.search.includes('s=1.')")
    value, link = page.locator(f"{BELIEF} .gw-box").first.input_value(), page.evaluate("location.search")
    page.reload()
    page.wait_for_function("document.querySelector('.gw-changes')?.textContent.includes('Your 1 change')")
    visit.changed(1)
    kept = page.locator(f".gw-control:has([aria-label='{label}'])")
    assert kept.locator(".gw-box").input_value() == value
    assert kept.evaluate("node => node.classList.contains('gw-moved')")
    assert page.evaluate("location.search") == link
    visit.clean()


def test_a_broken_link_is_said_and_the_page_stands(address: str, browser: Any) -> None:
    visit = Visit(browser, address, 390, "?s=1.broken")
    visit.page.wait_for_selector(".gw-message strong")
    assert "could not be opened" in visit.page.inner_text(".gw-message")
    assert visit.page.evaluate("!location.search.includes('s=')")
    visit.clean()


def test_a_link_opens_a_page_and_back_leads_to_the_one_before(address: str, browser: Any) -> None:
    visit = Visit(browser, address, 1440, "#says-who")
    page = visit.page
    page.wait_for_selector("#gw-page-says-who:not([hidden])")
    page.click("#gw-tab-how-fast")
    page.wait_for_selector("#gw-page-how-fast:not([hidden])")
    page.locator(f"{BELIEF} .gw-slider").first.focus()
    page.keyboard.press("ArrowLeft")
    visit.changed(1)
    page.go_back()
    page.wait_for_selector("#gw-page-says-who:not([hidden])")
    visit.changed(1)
    assert page.evaluate("location.search.includes('s=1.') && location.hash === '#says-who'")
    page.go_forward()
    page.wait_for_selector("#gw-page-how-fast:not([hidden])")
    visit.clean()


def test_a_scenario_is_kept_compared_saved_and_opened_again(address: str, browser: Any, tmp_path: Path) -> None:
    visit = Visit(browser, address, 1440)
    page = visit.page
    page.locator(f"{BELIEF} .gw-slider").first.focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    visit.changed(1)
    label = page.locator(f"{BELIEF} .gw-slider").first.get_attribute("aria-label")
    kept = page.locator(f".gw-control:has([aria-label='{label}']) .gw-box")
    value = kept.input_value()
    page.get_by_role("button", name="Compare").click()
    page.get_by_label("Name").fill("Board")
    page.get_by_label("Note", exact=True).fill("<b>as agreed</b>")
    page.get_by_role("button", name="Keep this scenario").click()
    page.wait_for_selector(".gw-side th:has-text('Board')")
    assert page.locator(".gw-side thead th").count() == 3
    assert "<b>as agreed</b>" in page.inner_text(".gw-side")
    page.get_by_role("button", name="Download").click()
    with page.expect_download() as waited:
        page.get_by_role("button", name="Scenario file").click()
    waited.value.save_as(tmp_path / "scenario.json")
    page.locator(".gw-reset-all").click()
    visit.changed(0)
    page.locator(".gw-keep input[type=file]").set_input_files(tmp_path / "scenario.json")
    visit.changed(1)
    assert kept.input_value() == value
    page.locator(".gw-reset-all").click()
    visit.changed(0)
    page.reload()
    page.wait_for_function(DRAWN)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Open Board").click()
    visit.changed(1)
    page.get_by_role("button", name="Remove Board").click()
    page.wait_for_selector(".gw-side th:has-text('Board')", state="detached")
    visit.clean()


def test_when_the_model_is_gone_a_banner_says_so_and_reload_brings_the_scenario_back(browser: Any) -> None:
    """On a server of its own, whose model is killed."""
    with served(ROOT / "notebooks", "--VoilaConfiguration.preheat_kernel=False") as port:
        visit = Visit(browser, f"http://127.0.0.1:{port}", 390)
        page = visit.page
        assert page.locator(".gw-banner").is_hidden()
        page.click(".gw-bottom button")
        page.locator(f"{BELIEF} .gw-slider").first.focus()
        for _ in range(20):
            page.keyboard.press("ArrowLeft")
        visit.changed(1)
        page.wait_for_function("location.search.includes('s=1.')")
        for process in kernels(port):
            os.kill(process, signal.SIGKILL)
        page.wait_for_selector(".gw-banner:not([hidden])")
        assert "lost" in page.inner_text(".gw-banner")
        visit.errors.clear()  # the browser may complain of the lost connection itself
        page.get_by_role("button", name="Reload and restore").click()
        page.wait_for_function("document.querySelector('.gw-changes')?.textContent.includes('Your 1 change')")
        visit.changed(1)
        assert page.locator(".gw-banner").is_hidden()
        visit.clean()


def kernels(port: int) -> list[int]:
    """The models of the server that listens on a port: its children that are kernels."""
    words: dict[int, list[str]] = {}
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words[int(place.name)] = (place / "cmdline").read_text(encoding="utf-8").split("\0")
            parents[int(place.name)] = int((place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
    return [each for each in words if "ipykernel_launcher" in words[each] and f"--port={port}" in words.get(parents[each], [])]
