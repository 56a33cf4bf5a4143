"""The start page: one row for each industry with its question and today's verdict, as HTML without any script.

The rows are shipped (`start_records`), so that the page opens without the model; only a profile that is new or has changed is
worked out when the page is opened.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from string import Template
from typing import Any

from groundwork.profile_files import available, found

_HERE = Path(__file__).parent

WIDTH, HEIGHT, ROOM = 118.0, 56.0, 8.0  # the drawing of two paths, and the room above and below them
LEAST_APART = 17.0  # two labels at the ends of the paths: on a phone the drawing shrinks and its letters do not


class Page:
    """HTML that a notebook shows."""

    def __init__(self, value: str) -> None:
        self.value = value

    def _repr_html_(self) -> str:
        return self.value


def start_page(notebooks: str = ".") -> Page:
    """The rows of all profiles, each a link to its workbook, and the tools that lie in the folder `notebooks`."""
    rows = records()
    style = (_HERE / "start.css").read_text(encoding="utf-8") + _looks(rows)
    page = Template((_HERE / "start.html").read_text(encoding="utf-8"))
    return Page(page.substitute(style=style, rows="".join(_row(row) for row in rows), tools=_tools(Path(notebooks))))


def records() -> list[dict[str, Any]]:
    """The rows as data: shipped where the profile's text is the one they were made from, worked out now elsewhere."""
    shipped = {row["name"]: row for row in json.loads((_HERE / "start_records.json").read_text(encoding="utf-8"))}
    rows = []
    for name in available():
        text = found(name).read_text(encoding="utf-8")
        row = shipped.get(name)
        if row is None or row["digest"] != blake2b(text.encode(), digest_size=4).hexdigest():
            from groundwork.app.start_records import row_of  # the model: only for what is new

            row = row_of(name)
        rows.append(row)
    return rows


def _row(row: dict[str, Any]) -> str:
    name = html.escape(row["title"])
    return (
        f'<li><a class="gw-start-row" href="{html.escape(row["name"])}.ipynb" target="_self"><span class="gw-start-name">'
        f'<strong>{name}</strong> <i aria-hidden="true">→</i><span>{html.escape(row["question"])}</span></span>'
        f'{_strip(row["strip"])}{_paths(row)}<span class="gw-start-verdict">{_spans(row["verdict"])}</span></a></li>'
    )


def _strip(parts: Sequence[dict[str, Any]]) -> str:
    bars = "".join(f'<i class="gw-look-{part["look"]}" style="flex:{part["count"]}"></i>' for part in parts)
    names = "".join(
        f'<span class="gw-text-{part["look"]}"><b>{part["count"]}</b> {html.escape(part["label"])}</span>' for part in parts[:2]
    )
    said = ", ".join(f"{html.escape(part['label'])} {part['count']}" for part in parts)
    return (
        f'<span class="gw-start-futures"><span class="gw-start-unseen">Best choice in 100 futures: {said}.</span>'
        f'<span aria-hidden="true" class="gw-start-two">{names}</span>'
        f'<span aria-hidden="true" class="gw-start-strip">{bars}</span></span>'
    )


def _paths(row: dict[str, Any]) -> str:
    paths = row["paths"]
    values = [value for path in paths for value in path["millions"]] or [0.0]
    low, high = min(*values, 0.0), max(*values, 0.0)
    scale = (HEIGHT - 2.0 * ROOM) / max(high - low, 1e-9)

    def down(value: float) -> float:
        return float(HEIGHT - ROOM - (value - low) * scale)

    ends = _apart([down(path["millions"][-1]) for path in paths])
    drawn = [f'<line class="gw-start-nought" x1="0" x2="{WIDTH:g}" y1="{down(0.0):.1f}" y2="{down(0.0):.1f}"/>']
    for number, (path, place) in enumerate(zip(paths, ends, strict=True)):
        step = WIDTH / max(len(path["millions"]) - 1, 1)
        points = " ".join(f"{step * month:.1f},{down(value):.1f}" for month, value in enumerate(path["millions"]))
        last = path["millions"][-1]
        weight = 2.5 if number == 0 else 1.5
        drawn.append(f'<polyline class="gw-line-{path["look"]}" stroke-width="{weight}" points="{points}"/>')
        drawn.append(f'<circle class="gw-dot-{path["look"]}" cx="{WIDTH:g}" cy="{down(last):.1f}" r="2.6"/>')
        drawn.append(f'<text class="gw-fill-{path["look"]}" x="{WIDTH + 8:g}" y="{place + 4:.1f}">{_signed(last)}</text>')
    said = "; ".join(f"{html.escape(path['label'])} {_signed(path['millions'][-1])}" for path in paths)
    title = f"Median present value to date after {row['months']} months, {html.escape(row['currency'])} million: {said}."
    return f'<svg class="gw-start-paths" viewBox="0 -4 176 64" role="img" aria-label="{title}">{"".join(drawn)}</svg>'


def _apart(places: Sequence[float]) -> list[float]:
    """The same heights, moved apart where two labels would touch."""
    if len(places) < 2 or abs(places[0] - places[1]) >= LEAST_APART:
        return list(places)
    middle, sign = 0.5 * (places[0] + places[1]), 1.0 if places[0] >= places[1] else -1.0
    return [middle + sign * 0.5 * LEAST_APART, middle - sign * 0.5 * LEAST_APART]


def _signed(millions: float) -> str:
    said = f"{abs(millions):.1f}"
    return "0.0" if said == "0.0" else f"{'+' if millions > 0 else chr(0x2212)}{said}"


def _spans(spans: Sequence[Sequence[Any]]) -> str:
    return "".join(
        html.escape(text) if look is None else f'<b class="gw-text-{look}">{html.escape(text)}</b>' for text, look in spans
    )


def _looks(rows: Sequence[dict[str, Any]]) -> str:
    """The strategies' colours as classes, light and dark; the record of the first profile that has the most of them."""
    looks: list[dict[str, Any]] = max((row["looks"] for row in rows), key=len, default=[])
    rules = []
    for theme, at in (("", 0), ('[data-theme="dark"] ', 1)):
        for number, look in enumerate(looks):
            shape, text = html.escape(look["shape"][at]), html.escape(look["text"][at])
            rules.append(f"{theme}.gw-look-{number}{{background:{shape}}}{theme}.gw-line-{number}{{stroke:{shape}}}")
            rules.append(
                f"{theme}.gw-dot-{number},{theme}.gw-fill-{number}{{fill:{text}}}{theme}.gw-text-{number}{{color:{text}}}"
            )
    return "".join(rules)


def _tools(folder: Path) -> str:
    """The notebooks that say of themselves that they are tools: metadata `tool` with a title and a sentence."""
    found_tools = []
    for path in sorted(folder.glob("*.ipynb")):
        tool = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("tool")
        if tool:
            title, words = html.escape(tool["title"]), html.escape(tool["sentence"])
            found_tools.append(
                f'<li><a href="{html.escape(path.name)}" target="_self"><strong>{title}</strong><span>{words}</span></a></li>'
            )
    return f'<h2>Tools</h2><ul class="gw-start-tools">{"".join(found_tools)}</ul>' if found_tools else ""
