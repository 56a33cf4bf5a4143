"""The split over channels: exact for games that can be done by hand, and always adding up."""

from __future__ import annotations

import pytest

from groundwork.analysis.attribution import attribution

NAMES = ["left", "right", "idle"]


def gloves(inside: frozenset[str]) -> float:
    """A pair is worth 6; `left` alone 2; `idle` nothing: Shapley values 4, 2, 0 and 10 with nobody."""
    return 10.0 + 6.0 * ({"left", "right"} <= inside) + 2.0 * ("left" in inside and "right" not in inside)


def test_a_small_game_by_hand() -> None:
    split = attribution(NAMES, gloves, pairs=1, seed=3)
    assert split.parts_usd == pytest.approx({"left": 4.0, "right": 2.0, "idle": 0.0})
    assert split.without_usd == 10.0
    assert split.runs <= 8


@pytest.mark.parametrize("pairs", [1, 2, 5])
def test_parts_add_up_whatever_the_number_of_orders(pairs: int) -> None:
    split = attribution(NAMES, lambda inside: float(len(inside) ** 3 + 7 * ("idle" in inside)), pairs=pairs, seed=1)
    assert sum(split.parts_usd.values()) + split.without_usd == pytest.approx(split.total_usd, rel=1e-12)


def test_progress_may_end_the_work() -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        attribution(NAMES, gloves, pairs=2, seed=1, progress=stop)
