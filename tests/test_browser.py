"""Real Voila, real Chromium, no address outside this machine: the page opens, a dragged slider moves sentence and picture."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

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


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dragged_slider_moves_the_sentence_and_the_chart(address: str, width: int) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        outside: list[str] = []
        errors: list[str] = []
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((address, "data:", "blob:", "ws://127")) else outside.append(request.url)
            ),
        )
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/voila/render/retail.ipynb")
        page.wait_for_selector(".gw-chart svg path", timeout=60_000)
        page.wait_for_function("globalThis.groundworkDrawn > 0")
        said = page.inner_text(".gw .note >> nth=0")
        drawn = page.evaluate("globalThis.groundworkDrawn")
        picture = page.inner_html(".gw-chart svg")
        handle = page.locator(".noUi-handle").first
        box = handle.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + 80, box["y"] + box["height"] / 2, steps=5)
        page.mouse.up()
        page.wait_for_function(f"globalThis.groundworkDrawn > {drawn}")
        page.wait_for_function(
            "text => document.querySelector('.gw .verdict').parentElement.innerText.indexOf(text) < 0", arg=said
        )
        assert page.inner_html(".gw-chart svg") != picture
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert outside == []
        assert errors == []
        browser.close()
