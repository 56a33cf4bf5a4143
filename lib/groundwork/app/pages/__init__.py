"""The pages of a workbook, in the order of their tabs.

How to add a page
-----------------
1. `results/THEME.py`: functions that make tables (rows as plain dicts) from an outcome or from the result of long work.
2. `charts/NAME.py`: one function without parameters that returns an Altair chart over named data; add it to `charts.build` and
   run `python -m groundwork.charts.build`. Colours are `var(--gw-...)` tokens, so a theme change touches nothing; axes read
   their ends from the signals `low` and `high` that the page sends.
3. `app/pages/NAME.py`: a function `content(study) -> Content` (quick: it runs on every move of a slider, so only tables from
   `study.outcome`) and, where more is needed, `Work` (slow: runs beside the page, with progress and Cancel). `content` reads
   the work's result by `study.result(NAME)`: nothing before the first time, and the last one while a new one is made
   (`study.found[NAME].is_fresh` tells which).
4. One `Page` in `PAGES` below. Questions that a page asks are `Choice` records; the answers stand in `study.asked`.

Sentences are `Words` (`results.words`): spans with a look, never HTML. Titles and sentences take every number from the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from groundwork.app.content import Content
from groundwork.app.pages import how_fast, how_sure, says_who, what_will_run, when_to_move, which_foundation, will_it_hold
from groundwork.study.state import Study, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its key in addresses, the question on its tab, what it says now, the long work it needs.

    `follows` says whether it is told anew while a slider is dragged or only once it is released.
    """

    key: str
    question: str
    content: Callable[[Study], Content]
    work: tuple[Work, ...] = ()
    follows: Literal["drag", "release"] = "drag"


PAGES: tuple[Page, ...] = (
    Page(
        key="which-foundation",
        question="Which foundation?",
        content=which_foundation.content,
        work=which_foundation.WORK,
    ),
    Page(key="how-fast", question="How fast do we move?", content=how_fast.content, work=how_fast.WORK, follows="release"),
    Page(
        key="what-will-run",
        question="What will run?",
        content=what_will_run.content,
        work=what_will_run.WORK,
        follows="release",
    ),
    Page(
        key="will-it-hold",
        question="Will it hold?",
        content=will_it_hold.content,
        work=will_it_hold.WORK,
        follows="release",
    ),
    Page(
        key="when-to-move",
        question="When to move?",
        content=when_to_move.content,
        work=when_to_move.WORK,
        follows="release",
    ),
    Page(key="how-sure", question="How sure?", content=how_sure.content, work=how_sure.WORK, follows="release"),
    Page(key="says-who", question="Says who?", content=says_who.content, work=says_who.WORK, follows="release"),
)
