"""A picture whose rows were changed where they stand is the picture that is drawn of those rows at once, in a real Chromium."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import browsing
from groundwork.app.chart import STATIC
from groundwork.app.workbook import Workbook
from groundwork.charts import specification
from groundwork.results.channels import waterfall_domain, waterfall_rows
from groundwork.results.fan import fan_table
from groundwork.results.verdicts import compared
from groundwork.study.runs import outcome_of

pytestmark = pytest.mark.browser
browser = browsing.browser

# What is seen: every mark with its layer, its place and its words. An axis label that goes leaves its opacity behind.
SEEN = """
  const said = (node) => [node.parentNode.getAttribute('class'), node.textContent, ...[...node.attributes]
    .filter(({ name }) => name !== 'opacity').map(({ name, value }) => `${name}=${value}`).sort()].join(' ');
  globalThis.seen = (frame) => [...frame.querySelectorAll('path:not(.background):not(.foreground), line, text')].map(said).sort();
"""
SHOW = """
  async ([specification, cards]) => {
    const frame = () => document.body.appendChild(Object.assign(document.createElement('div'), { style: 'width: 600px' }));
    const [kept, fresh] = [frame(), frame()];
    const drawing = new Drawing(kept, specification, groundworkVegaEmbed, cards[0]);
    await drawing.ready;
    for (const card of cards.slice(1)) await drawing.show(structuredClone(card), 'resting');
    const node = kept.querySelector('svg');
    const other = new Drawing(fresh, specification, groundworkVegaEmbed, structuredClone(cards.at(-1)));
    await other.ready;
    return [seen(kept), seen(fresh), node.isConnected];
  }
"""


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    """An empty page with the drawing runtime and nothing else."""
    opened = browser.new_page()
    opened.set_content("<html><body></body></html>")
    opened.add_script_tag(content=(STATIC / "vega_runtime.js").read_text(encoding="utf-8"), type="module")
    opened.add_script_tag(content=(STATIC / "drawing.js").read_text(encoding="utf-8") + SEEN)
    opened.wait_for_function("Boolean(globalThis.groundworkVegaEmbed)")
    return opened


def is_the_same_picture(page: Any, chart: str, cards: Sequence[dict[str, Any]]) -> None:
    """Shown one after the other in one drawing, the cards end in the picture of the last of them drawn at once."""
    kept, fresh, same_node = page.evaluate(SHOW, [specification(chart), json.loads(json.dumps(cards))])
    assert len(fresh) > 20
    assert kept == fresh
    assert same_node


def fan(demand: float, first: str, second: str) -> dict[str, Any]:
    book = Workbook("retail")
    book.study.change("demand.shock_factor", demand, "dragging")
    outcome = book.study.outcome
    table = fan_table(book.study.scenario, outcome, replace(compared(outcome), first=first, second=second))
    signals = {"low": table.domain[0], "high": table.domain[1], "last": outcome.months}
    return {"data": table.rows, "signals": signals, "spoken": "", "held": None}


def test_the_value_fan_follows_other_rows_and_another_pair(page: Any) -> None:
    """Moved demand changes figures; another pair changes which lines lie on top."""
    cards = [fan(1.0, "api_first", "model_first"), fan(0.7, "api_first", "model_first"), fan(1.5, "staged", "api_first")]
    is_the_same_picture(page, "fan", cards)
    is_the_same_picture(page, "fan", cards[::-1])


def test_the_waterfall_follows_other_parts_and_more_of_them(page: Any) -> None:
    book = Workbook("retail")
    outcome = outcome_of(book.study.scenario, 64, 1)

    def card(parts: dict[str, float], start: float) -> dict[str, Any]:
        split = {"between": outcome.strategies[:2], "from_usd": start, "total_usd": sum(parts.values()), "parts_usd": parts}
        rows = waterfall_rows(book.study.scenario, split | {"part_errors_usd": dict.fromkeys(parts, 100000.0)})
        low, high = waterfall_domain(rows)
        return {"data": rows, "signals": {"low": low, "high": high}, "spoken": "", "held": None}

    names = ("utilisation", "wall", "sequencing", "reliability")
    first = card(dict(zip(names, (3e6, 2e6, -1e6, -4e6), strict=True)), 2e6)
    second = card(dict(zip(names, (-3e6, 2e6, 5e6, -4e6), strict=True)), -1e6)
    third = card({"wall": 3e6}, 1e6)
    is_the_same_picture(page, "waterfall", [first, second, third, first, third, second])
