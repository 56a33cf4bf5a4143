"""A page without a browser: opened, spoken to as the browser does, read as it is shown; its long work ends with the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from groundwork.app import conclusions
from groundwork.app.pages import which_foundation
from groundwork.app.workbook import Workbook
from groundwork.results.words import plain
from groundwork.study import state

FEWER = {"dragging": 64, "released": 256, "resting": 512}


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer futures than a reader's, for the verdict and for long work: enough where a test does not ask about digits."""
    for phase, samples in FEWER.items():
        monkeypatch.setitem(state.SAMPLES, phase, samples)
    monkeypatch.setattr(which_foundation, "SPLIT_SAMPLES", 64)
    monkeypatch.setattr(conclusions, "CHANGE_SAMPLES", FEWER["released"])
    monkeypatch.setattr(conclusions, "FLIP_SAMPLES", 64)


@pytest.fixture
def page(fewer: None) -> Iterator[Workbook]:
    """A page of retail of its own."""
    opened = Workbook("retail")
    opened.study.cancel()
    yield opened
    opened.study.cancel()


@pytest.fixture(scope="module")
def home() -> Iterator[Workbook]:
    """A page of retail as a reader meets it, shared by tests of a module that must leave it alone: see `untouched`."""
    opened = Workbook("retail")
    opened.study.cancel()
    yield opened
    opened.study.cancel()


@pytest.fixture
def untouched(home: Workbook) -> Iterator[Workbook]:
    """The shared page, which stands at home before and after the test: nothing changed, nothing to undo, the same digits."""
    before = standing(home)
    assert home.study.scenario == home.study.profile
    yield home
    assert standing(home) == before
    home._faults.clear()
    say(home, do="forget")


def standing(page: Workbook) -> tuple[object, ...]:
    """What a refused wish must leave as it was."""
    study = page.study
    return study.scenario, study.state, study.seed, study.can_undo, study.can_redo, id(study.outcome), page.verdict, page.link


def say(page: Workbook, **said: object) -> None:
    """What the browser sends."""
    page._handle_custom_msg({"number": 1, **said}, [])


def said(page: Workbook) -> str:
    """The sentence of the verdict."""
    return plain(page.verdict["sentence"])
