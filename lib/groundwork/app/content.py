"""What a page says, as plain records: the front end turns them into HTML, a report into paper, a test reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from groundwork.results.words import Words

LONGEST_TITLE = 64  # characters that a card has room for on one or two lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number with its unit (`before` or `after` it) and one note of context; never a number without either."""

    label: str
    number: str
    before: str = ""
    after: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One chart. `chart` names a function of `charts`; `data` maps its data sets to rows; `signals` are numbers it reads.

    `title` is the message, `shows` what is drawn with unit and interval, `spoken` the title with the numbers that prove it,
    `table` the same numbers as {"columns", "rows"}. `held` names a pair of signals that may grow but not shrink while a
    slider is dragged. An empty card has no data and says why in `empty`; `work` is the title of the work that it waits for.
    """

    chart: str
    title: str
    shows: str
    spoken: str
    data: Mapping[str, Any] = field(default_factory=dict)
    signals: Mapping[str, float] = field(default_factory=dict)
    held: tuple[str, str] | None = None
    table: Mapping[str, Any] = field(default_factory=dict)
    empty: str = ""
    work: str = ""
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a page: `kind` is tiles, cards, choices, passages or assumptions; `items` are its records.

    `layout` of cards: `wide` (first takes what the second leaves), `halves`, `whole`.
    """

    kind: str
    items: Sequence[Any]
    layout: str = "whole"
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A question that the page asks: a select (`options` are (value, label)), a box or a switch; the answer goes to `Study.ask`.

    A box has a `hint` of what may be typed and, when that was refused, the words of the `fault`; it can be hidden.
    """

    name: str
    label: str
    value: Any
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""
    fault: Sequence[str] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A page: one live sentence above, then its blocks."""

    answer: Words
    blocks: Sequence[Block]


def spoken(title: str, rows: Sequence[Mapping[str, Any]], said: str, unit: str = "") -> str:
    """A title with the numbers that prove it, row by row, for who cannot see the picture; `said` names what is read of a row."""
    read = ", ".join(f"{row['label']} {row[said]}" for row in rows)
    return f"{title}: {read}{f', {unit}' if unit else ''}."


def as_plain(content: Content) -> dict[str, Any]:
    """The page as the front end reads it."""
    return {
        "answer": [list(span) for span in content.answer],
        "blocks": [
            {
                "kind": block.kind,
                "layout": block.layout,
                "title": block.title,
                "items": [item if isinstance(item, dict | list | tuple) else _record(item) for item in block.items],
            }
            for block in content.blocks
        ],
    }


def _record(item: Any) -> dict[str, Any]:
    return {entry.name: getattr(item, entry.name) for entry in fields(item)}  # rows are many: none is copied
