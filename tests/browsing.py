"""A real Chromium for a test, and a page that is watched: what it says on its console, whom it asks outside this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from groundwork.app import launch
from running_server import served

PATIENCE_MS = 120_000  # a loaded machine is slow; nothing here is timed


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for a module; a module that uses it names it: `browser = browsing.browser`."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:
    """The workbook's server with its own notebooks; `browser` comes first, so that nothing starts where there is none."""
    with served(launch.notebooks()) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's Chromium, or the one that playwright installed; neither is a failure in CI and a skip elsewhere."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        system = shutil.which("chromium")
        if system is None and not Path(play.chromium.executable_path).exists():
            assert os.environ.get("CI") != "true", "there is no chromium and this is CI"
            pytest.skip("chromium is not installed; these tests look at real pages")
        opened = play.chromium.launch(executable_path=system, args=["--no-sandbox"])
        yield opened
        opened.close()


class Watched:
    """A page of the server at an address, opened when it is made; what goes wrong on it is kept."""

    def __init__(self, browser: Any, address: str, path: str, width: int = 1440) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.page.set_default_timeout(PATIENCE_MS)
        self.outside: list[str] = []
        self.errors: list[str] = []
        here = (address, address.replace("http", "ws"), "data:", "blob:")
        self.page.on("request", lambda asked: None if asked.url.startswith(here) else self.outside.append(asked.url))
        self.page.on("websocket", lambda asked: None if asked.url.startswith(here) else self.outside.append(asked.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{address}{path}")

    def wide(self, width: int) -> None:
        """The page at another width, once everything on it has been laid out again."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_function("width => innerWidth === width", arg=width)
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))
