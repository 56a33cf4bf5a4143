"""The page "How sure?" without a browser: every number of it comes from the study."""

from __future__ import annotations

from groundwork.app.content import as_plain
from groundwork.app.pages import PAGES
from groundwork.profiles import load
from groundwork.results.words import plain
from groundwork.study.state import Study


def test_the_page_tells_at_once_what_it_can_and_the_rest_when_it_is_found() -> None:
    study = Study(load("retail"))
    page = next(page for page in PAGES if page.key == "how-sure")
    study.want(page.work)
    early = page.content(study)
    assert "being worked out" in plain(early.answer)
    study.settle()
    late = as_plain(page.content(study))
    assert study.fault == ""
    found = study.result("doubts")
    said = "".join(text for text, _ in late["answer"])
    assert ("No single belief" in said) == (not found.flips)
    assert "being worked out" not in said
    for block in late["blocks"]:
        if block["kind"] == "table":
            for table in block["items"]:
                assert all(len(row) == len(table["columns"]) for row in table["rows"])
                assert len(table["rows"]) <= 9
    passages = next(block for block in late["blocks"] if block["kind"] == "passages")
    assert len(passages["items"]) <= 1 + len(found.corners)
    study.compare(*reversed(found.pair))
    assert "being worked out" in plain(page.content(study).answer)  # what was found is about another pair
