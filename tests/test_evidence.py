"""Only good evidence, and what a change is made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.analysis.changes import split_change
from groundwork.analysis.evidence import flattened_count, only_good_evidence
from groundwork.quantities import Beta, Choice, Fixed, Lognormal, Pert, Quantity, Triangular, Uniform, middle, percentile, support
from groundwork.scenario import beliefs, replaced
from invented import about, invented

OWN = {"source": "s", "mark": "judgement", "date": "2026", "note": "n"}
PLACE = "organisation.wage_usd_per_month"


def flat(quantity: Quantity) -> Quantity:
    scenario = only_good_evidence(replaced(invented(), PLACE, quantity))
    return next(belief.value for belief in beliefs(scenario) if belief.path == PLACE)


@pytest.mark.parametrize(
    "quantity",
    [
        Triangular(kind="triangular", low=1.0, central=2.0, high=9.0, grade="D", **OWN),
        Pert(kind="pert", low=1.0, central=2.0, high=9.0, grade="C", **OWN),
    ],
)
def test_bounded_kinds_keep_their_ends_and_lose_their_hump(quantity: Triangular | Pert) -> None:
    new = flat(quantity)
    assert isinstance(new, Uniform)
    assert support(new) == support(quantity)
    assert (new.grade, new.source, new.mark, new.note) == (quantity.grade, "s", "judgement", "n")


def test_a_lognormal_keeps_its_median_and_is_flat_in_the_logarithm() -> None:
    old = Lognormal(kind="lognormal", p10=1.0, p90=4.0, grade="D", **OWN)
    new = flat(old)
    assert percentile(new, 0.5) == pytest.approx(2.0)
    assert support(new) == pytest.approx(support(old))
    quarters = np.log([percentile(new, level) for level in (0.25, 0.5, 0.75)])
    assert quarters[2] - quarters[1] == pytest.approx(quarters[1] - quarters[0])
    assert percentile(new, 0.9) > 4.0  # wider than what was believed


def test_a_choice_loses_its_weights_and_a_beta_its_hump() -> None:
    choice = flat(Choice(kind="choice", values=(1.0, 5.0), weights=(9.0, 1.0), grade="C", **OWN))
    assert isinstance(choice, Choice)
    assert choice.weights == (1.0, 1.0)
    assert isinstance(flat(Beta(kind="beta", alpha=2, beta=3, grade="D", **OWN)), Uniform)


@pytest.mark.parametrize("grade", ["A", "B"])
def test_good_evidence_and_fixed_numbers_stay(grade: str) -> None:
    kept = Triangular(kind="triangular", low=1.0, central=2.0, high=9.0, grade=grade, **OWN)  # type: ignore[arg-type]
    assert flat(kept) == kept
    known = Fixed(kind="fixed", value=3.0, grade="D", **OWN)
    assert flat(known) == known


def test_counts_add_up_and_levers_are_untouched() -> None:
    scenario = replaced(invented(), PLACE, about(1.0, 2.0, 3.0))
    good, weak, fixed = flattened_count(scenario)
    held = [belief.value for belief in beliefs(scenario)]
    assert good + weak == sum(not isinstance(quantity, Fixed) for quantity in held)
    assert fixed == sum(isinstance(quantity, Fixed) for quantity in held)  # all of grade D here
    narrowed = only_good_evidence(scenario)
    assert narrowed.strategies == scenario.strategies
    assert only_good_evidence(scenario, ("A", "B", "C", "D")) == scenario
    assert [belief.path for belief in beliefs(narrowed)] == [belief.path for belief in beliefs(scenario)]
    assert middle(next(belief.value for belief in beliefs(narrowed) if belief.path == PLACE)) == 2.0


numbers = st.floats(-1e6, 1e6)


@settings(derandomize=True, deadline=None)
@given(baseline=numbers, belief=numbers, lever=numbers, both=numbers)
def test_a_change_is_its_two_parts_whatever_comes_first(baseline: float, belief: float, lever: float, both: float) -> None:
    parts = split_change(baseline, belief, lever, both)
    assert parts.belief + parts.lever == pytest.approx(both - baseline, abs=1e-6)
    turned = split_change(baseline, lever, belief, both)
    assert parts.belief == pytest.approx(float(turned.lever), abs=1e-6)
    assert split_change(baseline, belief, baseline, belief).lever == pytest.approx(0.0, abs=1e-6)


def test_a_product_shares_its_joint_part() -> None:
    """2 x 3 becomes 5 x 4: belief (3 x 3 + 3 x 4) / 2, lever (2 x 1 + 5 x 1) / 2, joint 3."""
    parts = split_change([6.0, 6.0], [15.0, 15.0], [8.0, 8.0], [20.0, 20.0])
    assert parts.belief.tolist() == [10.5, 10.5]
    assert parts.lever.tolist() == [3.5, 3.5]
    assert parts.together.tolist() == [3.0, 3.0]
