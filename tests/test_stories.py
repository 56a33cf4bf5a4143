"""Stories: what the sentences say is what the outcome holds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from groundwork import profiles, stories
from groundwork.results import verdict
from groundwork.results.particulars import difference_by_category
from groundwork.results.verdicts import acting, labels_of


@pytest.fixture(scope="module", params=profiles.available())
def told(request: pytest.FixtureRequest) -> stories.Story:
    return stories.story(request.param, samples=128)


def test_the_answer_is_the_verdict_and_the_best_plan_if_something_is_done(told: stories.Story) -> None:
    assert told.answer.startswith(verdict(told.outcome, labels_of(told.scenario))["sentence"])
    lead = stories.lead_if_done(told.outcome)
    assert lead is not None
    assert lead.first in acting(told.outcome)
    npv = {name: told.outcome.npv_usd[row] for row, name in enumerate(told.outcome.strategies)}
    assert np.array_equal(lead.lead_usd, npv[lead.first] - npv[lead.second])
    assert f"in {round(100 * lead.better_ratio)}, typically" in told.answer


def test_what_the_lead_is_made_of_adds_up_to_the_lead(told: stories.Story) -> None:
    lead = stories.lead_if_done(told.outcome)
    assert lead is not None
    parts = difference_by_category(told.outcome, lead.first, lead.second)
    assert sum(parts.values()) == pytest.approx(float(lead.lead_usd.mean()), abs=0.01)


def test_every_passage_says_something_in_plain_figures(told: stories.Story) -> None:
    for passage in (told.question, told.answer, told.why, told.reversal, told.assumptions, told.rules):
        assert isinstance(passage, stories.Told)
        assert passage._repr_markdown_() == passage
        assert not re.search(r"\b(nan|inf|None)\b|\de[+-]\d", passage), "figures as people write them"
    for line in told.reversal.splitlines()[2:]:
        assert ("turns it" in line) or ("does not turn it" in line)


def test_the_five_industries_say_different_things() -> None:
    names = ("healthcare", "finance", "retail", "manufacturing", "media")
    told = {name: stories.story(name, samples=64) for name in names}
    assert len({told[name].why for name in names}) == len(names)
    assert len({told[name].rules for name in names}) == len(names)
