"""The start page: a row for each profile, drawn from data that a test works out again; no script, nothing to wait for."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from groundwork import profiles
from groundwork.app.start import records, start_page
from groundwork.app.start_records import RECORDS, row_of

SHIPPED = json.loads(RECORDS.read_text(encoding="utf-8"))


class Tags(HTMLParser):
    """Which tags are open, and whether all were closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        if tag not in {"br", "line", "circle", "polyline"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"line", "circle", "polyline"}:
            return
        assert self.open.pop() == tag


def test_the_page_is_whole_and_links_every_profile_by_one_row() -> None:
    page = start_page().value
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert [link for link in tags.links if link.endswith(".ipynb")] == [
        "index.ipynb",
        *(f"{name}.ipynb" for name in profiles.available()),
    ]
    assert "<script" not in page
    assert "http" not in page
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_the_counts_of_a_row_add_up_and_its_paths_begin_at_nought() -> None:
    for row in records():
        assert sum(part["count"] for part in row["strip"]) == 100
        assert len(row["paths"]) == 2
        for path in row["paths"]:
            assert path["millions"][0] == 0.0
            assert len(path["millions"]) == row["months"] + 1
        assert "".join(text for text, _ in row["verdict"]).endswith(".")


def test_the_page_opens_without_the_model() -> None:
    words = "import sys, groundwork.app.start as start; start.start_page(); print({'numpy', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()", "a shipped row is stale: python -m groundwork.app.start_records"


def test_a_name_is_shown_and_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [SHIPPED[0] | {"title": "<img src=x onerror=alert(1)>", "question": "a & b", "verdict": [["<b>", None]]}]
    monkeypatch.setattr("groundwork.app.start.records", lambda: rows)
    page = start_page().value
    assert "<img" not in page
    assert "a &amp; b" in page
    assert "&lt;b&gt;" in page


def test_a_changed_profile_is_worked_out_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "industry_profiles").mkdir()
    text = profiles.found("retail").read_text(encoding="utf-8")
    (tmp_path / "industry_profiles" / "retail.yaml").write_text(text.replace("title: Retail", "title: Shop", 1), encoding="utf-8")
    asked: list[str] = []
    monkeypatch.setattr("groundwork.app.start_records.row_of", lambda name: asked.append(name) or {"name": name})
    monkeypatch.chdir(tmp_path)
    records()
    assert asked == ["retail"]


@pytest.mark.slow
@pytest.mark.parametrize("name", profiles.available())
def test_the_shipped_rows_are_those_that_the_model_gives_today(name: str) -> None:
    shipped = next(row for row in SHIPPED if row["name"] == name)
    assert json.loads(json.dumps(row_of(name))) == shipped, "run python -m groundwork.app.start_records"
