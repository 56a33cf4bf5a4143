"""Words in the value fan stand beside its lines: in every profile, on a laptop and on a phone."""

from __future__ import annotations

import numpy as np
import pytest

from groundwork.profiles import available, load
from groundwork.results.fan import fan_table, parted
from groundwork.results.placing import LETTER_PX, PLOTS_PX, Block, Picture
from groundwork.results.verdicts import compared
from groundwork.study.runs import outcome_of

LINES = np.array([np.full(37, 4.0), np.linspace(0.0, -8.0, 37)])


def picture(words: tuple[Block, ...] = ()) -> Picture:
    return Picture(curves=LINES, weights=np.ones(2), low=-10.0, high=10.0, words=words)


def words(month: float = 18.0, anchor: str = "centre", height: float = 0.0) -> Block:
    return Block(month=month, anchor=anchor, letters_count=10, lines_count=2, height=height)


def test_words_go_to_the_nearest_height_at_which_no_line_passes() -> None:
    made = picture()
    heights = made.heights(2)
    costs = made.costs(words(), heights, -4.0)
    best = float(heights[np.argmin(costs)])
    assert costs.min() < 0.5
    begin, end = words().months(min(PLOTS_PX), 36)
    inside = LINES[:, int(begin) : int(end) + 2]
    assert not ((inside < best + 0.5 * made.line) & (inside > best - 1.5 * made.line)).any()


def test_words_do_not_cover_other_words() -> None:
    free = picture()
    heights = free.heights(2)
    first = float(heights[np.argmin(free.costs(words(), heights, 0.0))])
    other = picture((words(height=first),))
    second = float(heights[np.argmin(other.costs(words(), heights, 0.0))])
    assert abs(second - first) >= 2.0 * other.line


def test_words_that_would_leave_the_drawing_cost_more() -> None:
    heights = picture().heights(2)
    inside, outside = (picture().costs(words(2.0, anchor), heights, 0.0).min() for anchor in ("start", "end"))
    assert outside > inside + 1.0


@pytest.mark.parametrize("name", available())
def test_no_line_passes_through_what_is_written_in_a_profiles_fan(name: str) -> None:
    scenario = load(name)
    outcome = outcome_of(scenario, 256, 2026)
    made = fan_table(scenario, outcome, compared(outcome))
    assert made.rows["said"]
    line = (made.domain[1] - made.domain[0]) * 16.0 / 308.0
    paths = {
        key: np.array([row["value"] for row in rows]).reshape(-1, outcome.months + 1)
        for key, rows in made.rows.items()
        if key in ("others", "pair")
    }
    curves = np.concatenate([*paths.values()])
    for said in made.rows["said"]:
        half = 0.5 * len(said["text"]) * LETTER_PX / PLOTS_PX[0] * outcome.months
        middle = said["month"] + {"left": half, "center": 0.0, "right": -half}[said["align"]]
        first, last = max(0, round(middle - half)), min(outcome.months, round(middle + half))
        beside = curves[:, first : last + 1]
        assert not ((beside < said["value"] + 0.4 * line) & (beside > said["value"] - 0.4 * line)).any(), said


def test_labels_at_line_ends_never_stand_below_the_axis() -> None:
    made = parted([{"end": 0.1}, {"end": 0.0}, {"end": 9.0}], 1.0, 0.0)
    assert [row["place"] for row in made] == [0.0, 1.0, 9.0]
