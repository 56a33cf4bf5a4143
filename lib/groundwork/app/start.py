"""The start page: one row for each industry with its question and today's verdict."""

from __future__ import annotations

import html

import ipywidgets as widgets

from groundwork.profiles import available, load
from groundwork.results import verdict
from groundwork.study import outcome_of

SAMPLES = 256


def start_page() -> widgets.HTML:
    """Rows of all profiles, each a link to its workbook."""
    rows = []
    for name in available():
        scenario = load(name)
        said = verdict(outcome_of(scenario, SAMPLES, scenario.seed))
        look = "display:block;padding:12px 0;border-top:1px solid #E4E1DB;color:inherit;text-decoration:none"
        title, question, said_so = (html.escape(words) for words in (scenario.title, scenario.question, said["sentence"]))
        head = f'<b style="font-size:18px">{title} →</b>'
        rows.append(f'<a href="{html.escape(name)}.ipynb" style="{look}">{head}<br>{question}<br>{said_so}</a>')
    return widgets.HTML("".join(rows))
