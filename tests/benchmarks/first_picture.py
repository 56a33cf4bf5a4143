"""How soon the first picture stands, and how soon it follows a slider.

    python tests/benchmarks/first_picture.py        (needs chromium)

The workbook of retail is opened beside the smallest Voila page with one chart - one cell, no import, the same rows for Voila's
own renderer - on the same server with the shipped configuration, each with a kernel that waits; the fastest of each is compared,
because a busy machine only ever adds time. A slider is then moved step by step: from its event until the answer is in, the fan's
lines are others and the frame that shows them has been painted. Those absolute bars hold where `reference.py` takes 100 ms and
nothing else runs.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bars import Bars
from reference import scale

sys.path.insert(0, str(Path(__file__).parents[1]))

from chart_path_pages import whole

from browsing import PATIENCE_MS, chromium
from groundwork.app.workbook import Workbook
from running_server import served

ROOT = Path(__file__).parents[2]
OPENINGS, STEPS, RELEASES = 5, 30, 8
QUIET_S = 2.0
PAGES = {"smallest": ".vega-embed svg path", "retail": ".gw-drawing svg path"}

MOVE = """
  async ([path, step, event]) => {
    const root = document.querySelector('.gw[data-asked]');
    const slider = root.querySelector(`[data-path="${path}"] input[type=range]`);
    const lines = () => [...root.querySelectorAll('.gw-card:first-of-type .gw-drawing svg path')];
    const picture = () => lines().map(each => each.getAttribute('d')).join();
    const frame = () => new Promise(requestAnimationFrame);
    const painted = () => new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
    await frame();
    const before = picture();
    const begun = performance.now();
    if (event === 'input') slider.value = step;
    slider.dispatchEvent(new Event(event, { bubbles: true }));
    const now = root.dataset;
    const phase = () => (now.phase === 'dragging') === (event === 'input');
    while (now.asked !== now.answered || !phase() || picture() === before) await frame();
    await painted();
    return performance.now() - begun;
  }
"""


def smallest(card: dict[str, Any]) -> str:
    """A notebook with one cell that shows one chart and imports nothing."""
    spec = {**whole(card), "$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    spec["usermeta"] = {"embedOptions": {"renderer": "svg", "actions": False}}
    bundle = {"application/vnd.vegalite.v5+json": spec, "text/plain": ""}
    cell = {"cell_type": "code", "execution_count": None, "id": "chart", "metadata": {}, "outputs": []}
    cell["source"] = [f"display({bundle!r}, raw=True)"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def kernel_seconds(folder: str) -> tuple[int, float]:
    """How many kernels work for a folder, and the processor time that they have used."""
    spent = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == Path(folder) and b"ipykernel" in (process / "cmdline").read_bytes():
                fields = (process / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
                spent.append((int(fields[11]) + int(fields[12])) / 100.0)
        except OSError:
            continue
    return len(spent), sum(spent)


def wait_until_ready(folder: str) -> None:
    """Wait until a kernel stands ready for each page and none has anything to do."""
    before, since = (0, 0.0), time.monotonic()
    while before[0] < len(PAGES) or time.monotonic() - since < QUIET_S:
        time.sleep(0.1)
        now = kernel_seconds(folder)
        if now[0] != before[0] or now[1] > before[1] + 0.05:
            before, since = now, time.monotonic()


def opening_seconds(browser: Any, address: str, folder: str) -> dict[str, list[float]]:
    """From the address to the first picture; the first opening of each page fills the browser's cache and does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in PAGES}
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    for _ in range(1 + OPENINGS):
        for name, mark in PAGES.items():
            wait_until_ready(folder)
            page = context.new_page()
            begun = time.perf_counter()
            page.goto(f"{address}/voila/render/{name}.ipynb", wait_until="commit", timeout=PATIENCE_MS)
            page.wait_for_selector(mark, timeout=PATIENCE_MS, state="attached")
            seconds[name].append(time.perf_counter() - begun)
            page.close()
    return {name: values[1:] for name, values in seconds.items()}


def moving_milliseconds(browser: Any, address: str) -> tuple[list[float], list[float]]:
    """From a slider's event to the painted picture: while it is dragged, and when it is let go."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/voila/render/retail.ipynb", timeout=PATIENCE_MS)
    page.wait_for_function("document.querySelector('.gw[data-asked]')?.dataset.settled === 'true'")
    path = page.get_attribute(".gw-section:has-text('What you think is true') .gw-control", "data-path")
    dragged, released = [], []
    for release in range(RELEASES):
        steps = STEPS // RELEASES + 1
        dragged += [page.evaluate(MOVE, [path, 20 + 9 * step + release, "input"]) for step in range(steps)]
        released.append(page.evaluate(MOVE, [path, None, "change"]))  # where it stands by now, in more futures
    page.close()
    return dragged, released


def main() -> None:
    bars = Bars()
    card = Workbook("retail").page["blocks"][1]["items"][0]
    with tempfile.TemporaryDirectory() as name:
        folder = str(Path(name).resolve())
        shutil.copy(ROOT / "notebooks" / "retail.ipynb", folder)
        (Path(folder) / "smallest.ipynb").write_text(smallest(card), encoding="utf-8")
        with chromium() as browser, served(Path(folder)) as port:
            address = f"http://127.0.0.1:{port}"
            opened = opening_seconds(browser, address, folder)
            dragged, released = moving_milliseconds(browser, address)
    for page, values in opened.items():
        print(f"{page}: first picture after {min(values):.2f} s at best, {statistics.median(values):.2f} s as a median")
    bars.at_most("first picture: retail over the smallest page", min(opened["retail"]) / min(opened["smallest"]), 1.3, "times")
    by = scale()
    print(f"bars in ms are multiplied by {by:.2f}")
    for what, values in (("dragged", dragged), ("released", released)):
        print(f"{what}: {min(values):.0f} ms at best, {statistics.median(values):.0f} ms as a median of {len(values)}")
    bars.at_most("slider to picture, dragged, median", statistics.median(dragged), 120.0 * by, "ms")
    bars.at_most("slider to picture, dragged, p95", statistics.quantiles(dragged, n=20)[-1], 200.0 * by, "ms")
    bars.at_most("slider to picture, released, median", statistics.median(released), 200.0 * by, "ms")
    bars.close()


if __name__ == "__main__":
    main()
