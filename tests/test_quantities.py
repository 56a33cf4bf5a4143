"""How a lognormal holds what was stated, and where it ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from groundwork.quantities import Lognormal, percentile, support

OWN = {"source": "s", "mark": "judgement", "grade": "D"}


def belief(p10: float, p90: float) -> Lognormal:
    return Lognormal(kind="lognormal", p10=p10, p90=p90, **OWN)  # type: ignore[arg-type]


@given(st.floats(1e-6, 1e9), st.floats(1.01, 1e4))
def test_a_lognormal_holds_what_was_stated_and_ends_near_it(p10: float, ratio: float) -> None:
    quantity = belief(p10, p10 * ratio)
    assert percentile(quantity, 0.1) == pytest.approx(p10)
    assert percentile(quantity, 0.9) == pytest.approx(p10 * ratio)
    assert percentile(quantity, 0.5) == pytest.approx(p10 * math.sqrt(ratio))
    low, high = support(quantity)
    # 2.3263 over 1.2372, the normal's 99th percentile over its 89.2nd
    assert high / percentile(quantity, 0.5) == pytest.approx(math.sqrt(ratio) ** 1.88028032)
    assert low * high == pytest.approx(p10 * p10 * ratio)
    assert np.all(np.diff(quantity.at(np.linspace(0.0, 1.0, 101))) > 0.0)


def test_its_shape_between_the_ends_is_that_of_a_normal_in_logs() -> None:
    quantity = belief(1.0, math.exp(2.0))
    points = np.linspace(0.001, 0.999, 999)
    places = (np.log(quantity.at(points)) - 1.0) * 1.2372346  # in spreads of the normal behind
    assert (ndtr(places) - 0.01) / 0.98 == pytest.approx(points, abs=1e-7)
