"""The page *How fast do we move?*: the events of any future that a reader chooses."""

from __future__ import annotations

from typing import Any

import pytest

from groundwork.app.content import as_plain
from groundwork.app.pages import how_fast
from groundwork.results.words import plain
from groundwork.study.state import Study
from invented import invented


@pytest.fixture(scope="module")
def study() -> Study:
    made = Study(invented())
    made.want(how_fast.WORK)
    made.settle()
    return made


def shown(study: Study) -> tuple[dict[str, Any], list[Any]]:
    """The box in which a future is typed, and the passages below it."""
    blocks = how_fast.content(study).blocks
    box = next(
        item
        for block in as_plain(how_fast.content(study))["blocks"]
        for item in block["items"]
        if isinstance(item, dict) and item.get("hint")
    )
    return box, [block for block in blocks if block.kind == "passages"]


def ask(study: Study, future: str) -> tuple[dict[str, Any], list[Any]]:
    study.ask("happened", "chosen")
    study.ask("future", future)
    study.settle()
    return shown(study)


def test_the_box_is_there_only_when_a_future_of_ones_own_is_wanted(study: Study) -> None:
    study.ask("happened", "poor")
    study.settle()
    box, passages = shown(study)
    assert box["is_hidden"]
    assert "poor future" in passages[0].title
    assert not ask(study, "1")[0]["is_hidden"]


def test_a_number_is_the_same_future_for_both_and_another_number_another(study: Study) -> None:
    first = ask(study, "3")[1]
    assert all(passage.title.endswith("in future 3") for passage in first)
    other = ask(study, "40")[1]
    assert [plain(line) for line in first[0].items] != [plain(line) for line in other[0].items]
    assert "25% of its futures end below" in ask(study, "25%")[1][0].title


@pytest.mark.parametrize("typed", ["0", "513", "soon"])
def test_a_future_out_of_range_gets_one_message_and_no_events(study: Study, typed: str) -> None:
    box, passages = ask(study, typed)
    assert box["value"] == typed
    assert "Type a number from 1 to 512" in box["fault"][1]
    assert [plain(line) for line in passages[0].items] == ["There is no such future."]
    assert ask(study, "2")[0]["fault"] == ()
