"""The same charts with the same rows shown in three ways, each with a button that turns to the other of two sets of rows.

Imported by the notebooks that `chart_path.py` writes, which puts the two sets into a file beside them. When a button is clicked
everything that a way can have ready is ready: the other ways are spared the making of their specifications.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from copy import deepcopy
from itertools import cycle
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.display import display

from groundwork.app.workbook import Workbook
from groundwork.charts import specification

BUNDLE = "jupyter_chart.js"
SETS = "sets.json"
MOVED = {"channels.utilisation.with_ratio": 0.7, "demand.shock_factor": 0.7, "organisation.discount_ratio_per_year": 0.7}
EMBED = {"renderer": "svg", "actions": False}


def every_card(page: dict[str, Any]) -> list[dict[str, Any]]:
    """The charts of a page, those included that wait for long work."""
    return [card for block in page["blocks"] if block["kind"] == "cards" for card in block["items"]]


def two_sets() -> list[dict[str, Any]]:
    """The first page of retail as it opens and after beliefs have been moved, long work done."""
    book = Workbook("retail")
    pages = []
    for moved in ({}, MOVED):
        for path, share in moved.items():
            book.do_change({"path": path, "shown": share * book._inputs.home(path)[0], "phase": "released"})
        for _ in range(9):  # finer futures ask for long work anew
            book.study.settle()
            if not any(card["empty"] or card["is_stale"] for card in every_card(book.page)):
                break
        pages.append(deepcopy(book.page))
    assert not any(card["empty"] for page in pages for card in every_card(page)), "a chart of the page is empty"
    return pages


def offline_bundle() -> str:
    """JupyterChart's module with all it imports inside, as `enable_offline` makes it in every kernel: many seconds."""
    import altair

    altair.JupyterChart.enable_offline()
    return str(altair.JupyterChart._esm)


def whole(card: dict[str, Any]) -> dict[str, Any]:
    """A chart's specification with its rows and numbers in it, which the other ways need."""
    made = deepcopy(specification(card["chart"]))
    made["datasets"] = card["data"]
    for number in made.get("params", ()):
        if number["name"] in card["signals"]:
            number["value"] = card["signals"][number["name"]]
    return made


def button(way: str, turn: Callable[[], None]) -> ipywidgets.Button:
    """What turns the charts; the moment in which the kernel begins to send the rows is written into a file."""

    def clicked(_: Any) -> None:
        Path(f"{way}.begun").write_text(repr(time.time()), encoding="utf-8")
        turn()

    made = ipywidgets.Button(description="turn")
    made.add_class("turn")
    made.on_click(clicked)
    return made


def show(way: str) -> None:
    """Show the page's charts: `ours`, `jupyter_chart` or `output`."""
    pages = json.loads(Path(SETS).read_text(encoding="utf-8"))
    {"ours": ours, "jupyter_chart": jupyter_chart, "output": output}[way](pages)


def ours(pages: list[dict[str, Any]]) -> None:
    """The workbook's own widget with everything that is on it; nothing but the button turns its page."""
    turns = cycle(pages)
    book = Workbook("retail")
    book.study.cancel()
    book.study.unobserve_all()

    def turn() -> None:
        book.page = next(turns)

    display(button("ours", turn), book)


def jupyter_chart(pages: list[dict[str, Any]]) -> None:
    """One `altair.JupyterChart` for each chart, given a ready chart."""
    import altair

    altair.JupyterChart._esm = Path(BUNDLE).read_text(encoding="utf-8")
    sets = [[altair.Chart.from_dict(whole(card)) for card in every_card(page)] for page in pages]
    shown = [altair.JupyterChart(chart, embed_options=EMBED) for chart in sets[-1]]
    turns = cycle(sets)

    def turn() -> None:
        for widget, chart in zip(shown, next(turns), strict=True):
            widget.chart = chart

    display(button("jupyter_chart", turn), *shown)


def output(pages: list[dict[str, Any]]) -> None:
    """One `Output` for each chart, which displays a ready bundle anew."""

    def bundle(card: dict[str, Any]) -> dict[str, Any]:
        # Voila's front end knows the media type of version 5 only.
        old = {**whole(card), "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "usermeta": {"embedOptions": EMBED}}
        return {"application/vnd.vegalite.v5+json": old, "text/plain": ""}

    sets = [[bundle(card) for card in every_card(page)] for page in pages]
    shown = [ipywidgets.Output() for _ in sets[0]]
    turns = cycle(sets)

    def turn() -> None:
        for widget, made in zip(shown, next(turns), strict=True):
            with widget:
                widget.clear_output(wait=True)
                display(made, raw=True)

    display(button("output", turn), *shown)
