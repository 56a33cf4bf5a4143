"""The way of new rows to pixels, all charts of the open page, against two other ways of showing the same charts and rows.

    python tests/benchmarks/chart_path.py        (needs chromium)

Three pages of real Voila in one Chromium that reaches nothing but this machine: the workbook of retail on its first page,
`altair.JupyterChart` (its offline bundle) and an `Output` widget for each chart that displays it anew. On each a button turns
the charts to the other of two sets of rows, worked out before from two states of the study. The clock runs from the moment in
which the kernel begins to send the rows (its own clock, which is the browser's) until all charts are drawn. *Drawn* is one thing
for all three ways: in an animation frame the lines, places and words in the SVG of every chart are those of the other set's
final picture, and that frame has been painted (the first task after it runs). The pages take turns, so that whatever else the
machine does meets all three alike; the median is compared.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bars import Bars

sys.path.insert(0, str(Path(__file__).parents[1]))

from chart_path_pages import BUNDLE, SETS, every_card, offline_bundle, two_sets

from browsing import PATIENCE_MS, chromium
from running_server import served

HERE = Path(__file__).parent
WAYS = {"ours": ".gw-drawing svg", "jupyter_chart": ".vega-embed svg", "output": ".vega-embed svg"}
TURNS = 15

# What a chart shows, without what its library numbers anew on each drawing and in whatever order it wrote the marks of an axis.
SHOWN = """
  const said = (node) =>
    (node.getAttribute('d') ?? '') + (node.getAttribute('transform') ?? '') + (node.childElementCount ? '' : node.textContent);
  globalThis.shown = (selector) => [...document.querySelectorAll(selector)].filter(each => each.getClientRects().length)
    .map(each => [...each.querySelectorAll('path, text, line, rect')].map(said).sort().join('|'));
"""
# The picture of every chart once all have changed and have not moved for a while.
STILL = """
  async ([selector, before]) => {
    const frame = () => new Promise(requestAnimationFrame);
    let last = '', since = 0;
    while (!last || performance.now() - since < 1200) {
      await frame();
      const now = shown(selector);
      const turned = now.length === before.length && now.every((each, place) => each && each !== before[place]);
      const text = turned ? now.join('#') : '';
      if (text !== last) [last, since] = [text, performance.now()];
    }
    return shown(selector);
  }
"""
TURN = """
  async ([selector, wanted]) => {
    const frame = () => new Promise(requestAnimationFrame);
    const painted = () => new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
    await frame();
    document.querySelector('button.turn').click();
    while (shown(selector).join('#') !== wanted) await frame();
    await painted();
    return Date.now();
  }
"""


def notebook(way: str) -> str:
    source = ["from chart_path_pages import show\n", f"show({way!r})"]
    cell = {"cell_type": "code", "execution_count": None, "id": "page", "metadata": {}, "outputs": [], "source": source}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


def opened(browser: Any, address: str, way: str, count: int) -> tuple[Any, list[str]]:
    """A way's page, and its pictures of both sets, in the order in which the next turns bring them."""
    page = browser.new_page(viewport={"width": 1440, "height": 1800})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(SHOWN)
    page.goto(f"{address}/voila/render/{way}.ipynb", timeout=PATIENCE_MS)
    page.wait_for_selector("button.turn")
    pictures = [[""] * count]
    for _ in range(3):
        page.click("button.turn")
        pictures.append(page.evaluate(STILL, [WAYS[way], pictures[-1]]))
    assert pictures[3] == pictures[1], f"{way} draws the same rows twice and differently"
    return page, ["#".join(each) for each in pictures[2:]]


def milliseconds(browser: Any, folder: Path, address: str, count: int) -> dict[str, list[float]]:
    """How long each way took for every turn."""
    pages = {way: opened(browser, address, way, count) for way in WAYS}
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(TURNS):
        for way, (page, pictures) in pages.items():
            page.bring_to_front()
            ended = page.evaluate(TURN, [WAYS[way], pictures[number % 2]])
            took[way].append(ended - 1e3 * float((folder / f"{way}.begun").read_text(encoding="utf-8")))
    return took


def main() -> None:
    bars = Bars()
    sets = two_sets()  # before a browser is open: a study that finds a loop leaves its long work to that loop
    count = len(every_card(sets[0]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(HERE / "chart_path_pages.py", folder)
        (folder / SETS).write_text(json.dumps(sets), encoding="utf-8")
        (folder / BUNDLE).write_text(offline_bundle(), encoding="utf-8")
        for way in WAYS:
            (folder / f"{way}.ipynb").write_text(notebook(way), encoding="utf-8")
        with chromium() as browser, served(folder, "--VoilaConfiguration.preheat_kernel=False") as port:
            took = milliseconds(browser, folder, f"http://127.0.0.1:{port}", count)
    for way, values in took.items():
        print(f"{way}: {count} charts, median of {TURNS} turns {statistics.median(values):.0f} ms, fastest {min(values):.0f} ms")
    median = {way: statistics.median(values) for way, values in took.items()}
    bars.at_least("new rows to pixels: JupyterChart over ours", median["jupyter_chart"] / median["ours"], 3.0, "times")
    bars.at_least("new rows to pixels: Output over ours", median["output"] / median["ours"], 4.0, "times")
    bars.close()


if __name__ == "__main__":
    main()
