"""What a reader does to a real page: types, waits, tabs, prints, loses the network; every step waits for a state of the page."""

from __future__ import annotations

from typing import Any

import pytest

import browsing
from browsing import Watched

pytestmark = pytest.mark.browser
browser, address = browsing.browser, browsing.address
BELIEF = ".gw-section:has-text('What you think is true')"
PLACES = (
    "[...document.querySelectorAll('.gw-page:not([hidden]) .gw-drawing')].map(each => each.getBoundingClientRect().top + scrollY)"
)


def opened(browser: Any, address: str, width: int = 1440, query: str = "") -> Watched:
    """A workbook that has answered what it was asked."""
    visit = Watched(browser, address, f"/voila/render/retail.ipynb{query}", width)
    answered(visit)
    return visit


def state(visit: Watched, test: str) -> None:
    """Wait until the page's root, whose attributes are called `now`, passes a test."""
    asked = "(root => root !== null && (({dataset: now}) => " + test + ")(root))(document.querySelector('.gw[data-asked]'))"
    visit.page.wait_for_function(asked)


def answered(visit: Watched) -> None:
    state(visit, "now.asked === now.answered")


def clean(visit: Watched) -> None:
    assert visit.outside == []
    assert visit.errors == []
    assert not visit.scrolls_sideways()
    visit.page.close()


def test_what_is_typed_is_taken_as_it_is_meant_or_refused_in_words(address: str, browser: Any) -> None:
    visit = opened(browser, address)
    page = visit.page
    box = page.locator(".gw-control[data-path$='platform_team_fte'] .gw-box").first
    fault = page.locator(".gw-control[data-path$='platform_team_fte'] .gw-fault").first
    for text, words in (
        ("1,5", "Decimals stand behind a point"),
        ("12%", "not in per cent"),
        ("", "The box is empty"),
        ("six", "is no number here"),
        ("1e400", "is no number here"),
        ("12,34", "is no number here"),
        ("-3", "Outside"),
    ):
        box.fill(text)
        box.press("Enter")
        answered(visit)
        assert words in fault.inner_text(), text
        assert page.get_attribute(".gw[data-asked]", "data-changes") == "0", text
    box.press("Escape")
    answered(visit)
    assert fault.inner_text() == ""
    assert box.input_value() == "6"
    for text, shown in ((" 7 ", "7"), ("1.2e1", "12"), ("0,008", None), ("\N{MINUS SIGN}0", "0"), ("200", "200")):
        box.fill(text)
        box.press("Enter")
        answered(visit)
        if shown is None:
            assert fault.inner_text() != ""
            box.press("Escape")
            answered(visit)
        else:
            assert (box.input_value(), fault.inner_text()) == (shown, "")
    clean(visit)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_place_of_the_split_tells_of_its_work_and_nothing_jumps_when_it_comes(address: str, browser: Any, width: int) -> None:
    visit = opened(browser, address, width)
    page = visit.page
    state(visit, "now.settled === 'true'")
    slider = page.locator(f"{BELIEF} .gw-slider").first
    if width < 640:
        page.click(".gw-bottom button")
    slider.focus()
    page.evaluate("document.querySelectorAll('.gw-wait').length")
    page.reload()
    page.wait_for_selector(".gw-wait")  # the split of a page that was opened now
    before = page.evaluate(PLACES)
    assert "futures" in page.inner_text(".gw-wait")
    assert page.locator(".gw-wait progress").count() == 1
    page.locator(".gw-wait button").click()
    state(visit, "now.asked === now.answered && now.settled === 'true'")
    page.wait_for_selector(".gw-wait button:has-text('Work it out')")
    assert "Stopped" in page.inner_text(".gw-wait")
    page.locator(".gw-wait button").click()
    page.wait_for_selector(".gw-wait", state="detached")
    answered(visit)
    page.wait_for_function("document.querySelectorAll('.gw-page:not([hidden]) .gw-drawing svg').length === 2")
    assert page.evaluate(PLACES) == pytest.approx(before, abs=1)
    clean(visit)


def test_the_first_tab_leads_past_the_rail(address: str, browser: Any) -> None:
    visit = opened(browser, address)
    page = visit.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('gw-page')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.gw-main').contains(document.activeElement)")
    clean(visit)


def test_a_printed_page_is_light_and_says_what_was_changed(address: str, browser: Any) -> None:
    visit = opened(browser, address, 1440, "?theme=dark")
    page = visit.page
    page.locator(f"{BELIEF} .gw-slider").first.focus()
    page.keyboard.press("ArrowRight")
    state(visit, "now.asked === now.answered && now.changes === '1'")
    label = page.get_attribute(f"{BELIEF} .gw-slider", "aria-label") or ""
    page.click("#gw-tab-says-who")
    page.wait_for_selector("#gw-page-says-who:not([hidden])")
    answered(visit)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.gw')).backgroundColor") == "rgb(251, 250, 248)"
    for hidden in (".gw-rail-column", ".gw-tab-bar", ".gw-words", ".gw-skip"):
        assert page.locator(hidden).is_hidden(), hidden
    for shown in ("#gw-page-which-foundation", "#gw-page-says-who"):  # every page that was opened
        assert page.locator(shown).is_visible(), shown
    printed = page.inner_text(".gw-printed")
    assert "Changed inputs" in printed
    assert label in printed
    assert "s=1." in printed
    visit.wide(673)  # paper, 16 mm left free on either side
    assert not visit.scrolls_sideways()
    page.emulate_media(media="screen")
    clean(visit)


def test_with_forced_colours_knobs_and_strip_are_seen(address: str, browser: Any) -> None:
    context = browser.new_context(forced_colors="active", reduced_motion="reduce", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(browsing.PATIENCE_MS)
    page.goto(f"{address}/voila/render/retail.ipynb")
    page.wait_for_function(
        "(each => each && each.dataset.asked === each.dataset.answered)(document.querySelector('.gw[data-asked]'))"
    )
    colours = page.evaluate(
        "[...document.querySelectorAll('.gw-strip span')].map(each => getComputedStyle(each).backgroundColor)"
    )
    assert len(set(colours)) == len(colours) > 2
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate("getComputedStyle(document.querySelector('.gw-track'), '::before').backgroundColor") != canvas
    assert page.evaluate("getComputedStyle(document.querySelector('.gw-tab')).transitionDuration") == "0s"
    context.close()


def test_a_network_that_goes_and_comes_back_loses_nothing(address: str, browser: Any) -> None:
    visit = opened(browser, address)
    page = visit.page
    page.context.set_offline(True)
    page.locator(f"{BELIEF} .gw-slider").first.focus()
    page.keyboard.press("ArrowRight")
    state(visit, "now.asked !== now.answered")
    page.context.set_offline(False)
    state(visit, "now.asked === now.answered && now.changes === '1'")
    assert page.locator(".gw-banner").is_hidden()
    visit.errors.clear()  # the browser may complain of the network itself
    clean(visit)


@pytest.mark.parametrize("width", [720, 360])
def test_a_page_at_twice_and_four_times_its_size_needs_no_sideways_scroll(address: str, browser: Any, width: int) -> None:
    """A window of 1440 points at 200 % and at 400 % has 720 and 360 of them."""
    visit = opened(browser, address, width)
    for tab in visit.page.evaluate("[...document.querySelectorAll('.gw-page-select option')].map(option => option.value)"):
        if width < 640:
            visit.page.select_option(".gw-page-select", tab)
        else:
            visit.page.click(f"#gw-tab-{tab}")
        visit.page.wait_for_selector(f"#gw-page-{tab}:not([hidden])")
        answered(visit)
        assert not visit.scrolls_sideways(), tab
    clean(visit)
