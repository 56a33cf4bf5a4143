"""Portfolios on whole nodes: by hand, against every packing there is, and never the wrong way round."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from groundwork.errors import InputFault
from groundwork.formulas.portfolio import Portfolio, packed_nodes_count, portfolio

DAY = np.where((np.arange(24) >= 8) & (np.arange(24) < 20), 6.0, 2.0)


def fewest(sizes: tuple[int, ...], node: int) -> int:
    """The fewest nodes by trying everything."""

    @cache
    def from_here(left: tuple[int, ...], rooms: tuple[int, ...]) -> int:
        if not left:
            return len(rooms)
        size, rest = left[0], left[1:]
        answers = [from_here(rest, tuple(sorted([*rooms, node - size])))]
        for place, room in enumerate(rooms):
            if room >= size and room not in rooms[:place]:
                answers.append(from_here(rest, tuple(sorted([*rooms[:place], room - size, *rooms[place + 1 :]]))))
        return min(answers)

    return from_here(tuple(sorted(sizes, reverse=True)), ())


def test_copies_on_nodes_by_hand() -> None:
    assert packed_nodes_count([3.0], [5], 8) == 3.0
    assert packed_nodes_count([3.0, 3.0], [5, 3], 8) == 3.0
    assert packed_nodes_count([1.0, 2.0, 5.0], [8, 4, 1], 8) == 3.0
    # Twelve accelerators take one node and four of another, which hold a copy of four.
    assert packed_nodes_count([1.0, 1.0], [12, 4], 8) == 2.0
    assert packed_nodes_count(np.zeros((2, 3)), [1, 8], 8).tolist() == [0.0, 0.0, 0.0]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(some.lists(some.sampled_from((1, 2, 4, 8)), min_size=1, max_size=9))
def test_sizes_that_divide_each_other_are_packed_in_the_fewest_nodes(sizes: list[int]) -> None:
    counts = [float(sizes.count(size)) for size in (1, 2, 4, 8)]
    assert packed_nodes_count(counts, [1, 2, 4, 8], 8) == fewest(tuple(sizes), 8)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(some.lists(some.integers(1, 7), min_size=1, max_size=8))
def test_other_sizes_stay_within_the_bound(sizes: list[int]) -> None:
    kinds = sorted(set(sizes))
    packed = float(packed_nodes_count([float(sizes.count(kind)) for kind in kinds], kinds, 8))
    best = fewest(tuple(sizes), 8)
    assert best <= packed <= 11.0 / 9.0 * best + 4.0
    assert packed >= np.ceil(sum(sizes) / 8)


def test_peaks_at_other_hours_share_nodes_and_batch_fills_the_night() -> None:
    copies = np.stack([DAY, 8.0 - DAY])
    shared = portfolio(copies, [1, 1], 4)
    assert (shared.nodes_count, shared.separate_count) == (2, 4)
    assert shared.services_by_hour_count.tolist() == [2.0] * 24
    # Two of six accelerators work at night: 12 hours x (8 - 2) are free on two nodes of four, so 72 hours of work are free.
    night = portfolio(DAY[None], [1], 4, batch_accelerator_hours=[72.0], batch_start_hours=[20.0], batch_deadline_hours=[12.0])
    assert (night.nodes_count, night.separate_count) == (2, 4)
    assert night.used_ratio == pytest.approx((12 * 6 + 12 * 2 + 72) / (2 * 4 * 24))
    more = portfolio(DAY[None], [1], 4, batch_accelerator_hours=[73.0], batch_start_hours=[20.0], batch_deadline_hours=[12.0])
    assert more.nodes_count == 3
    noon = portfolio(DAY[None], [1], 4, batch_accelerator_hours=[72.0], batch_start_hours=[8.0], batch_deadline_hours=[12.0])
    assert noon.nodes_count == 3


def test_a_portfolio_of_batch_work_alone_needs_no_services() -> None:
    alone = portfolio(
        np.zeros((0, 24)), [], 4, batch_accelerator_hours=[96.0], batch_start_hours=[0.0], batch_deadline_hours=[8.0]
    )
    assert (alone.nodes_count, alone.separate_count) == (3, 3)
    assert alone.services_by_hour_count.tolist() == [0.0] * 24


def test_windows_inside_one_another_are_held_together() -> None:
    # Alone each fits two nodes of one; the short one and the long one together do not fit into hours 0 to 4.
    starts, lengths = [0.0, 1.0], [4.0, 2.0]
    both = portfolio(
        np.zeros((1, 24)), [1], 1, batch_accelerator_hours=[6.0, 3.0], batch_start_hours=starts, batch_deadline_hours=lengths
    )
    assert both.nodes_count == 3


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(some.floats(0, 60), some.integers(0, 23), some.integers(1, 24)), min_size=1, max_size=4),
    some.integers(0, 5),
)
def test_batch_work_fits_where_a_linear_program_says_so(windows: list[tuple[float, int, int]], services: int) -> None:
    """The fewest accelerators by the interval rule against a transport of work to hours, solved as a linear program."""
    from scipy.optimize import linprog

    taken = np.where(np.arange(24) % 5 == 0, float(services), 0.0)
    work, start, length = (np.array(one, dtype=float) for one in zip(*windows, strict=True))
    found = portfolio(
        taken[None], [1], 1, batch_accelerator_hours=work, batch_start_hours=start, batch_deadline_hours=length
    ).nodes_count
    places = [[(int(first) + step) % 24 for step in range(int(long))] for first, long in zip(start, length, strict=True)]
    pairs = [(row, hour) for row, hours in enumerate(places) for hour in hours]
    demand = np.array([[float(row == one) for row, _ in pairs] for one in range(len(work))])
    # One more variable: the accelerators held in every hour, which is to be small.
    hours = np.array([[float(hour == one) for _, hour in pairs] + [-1.0] for one in range(24)])
    solved = linprog(
        np.append(np.zeros(len(pairs)), 1.0),
        A_ub=hours,
        b_ub=-taken,
        A_eq=np.column_stack([demand, np.zeros(len(work))]),
        b_eq=work,
        bounds=[(0.0, None)] * len(pairs) + [(taken.max(), None)],
    )
    assert found == np.ceil(solved.fun - 1e-6)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    some.lists(some.lists(some.integers(0, 6), min_size=24, max_size=24), min_size=1, max_size=3),
    some.floats(0, 200),
    some.integers(0, 23),
    some.integers(1, 24),
    some.floats(1.0, 3.0),
)
def test_sharing_never_costs_and_more_work_never_needs_less(
    rows: list[list[int]], work: float, start: int, hours: int, more: float
) -> None:
    def nodes(factor: float) -> Portfolio:
        return portfolio(
            np.array(rows, dtype=float), [1, 2, 4][: len(rows)], 8, batch_accelerator_hours=[factor * work],
            batch_start_hours=[float(start)], batch_deadline_hours=[float(hours)],
        )  # fmt: skip

    assert nodes(1.0).nodes_count <= nodes(1.0).separate_count
    assert nodes(more).nodes_count >= nodes(1.0).nodes_count
    assert 0.0 <= nodes(1.0).used_ratio <= 1.0 + 1e-9


def test_spares_stand_once_on_top_of_the_pool() -> None:
    plain = portfolio(np.full((2, 24), 20.0), [1, 2], 4)
    safe = portfolio(np.full((2, 24), 20.0), [1, 2], 4, node_availability_ratio=0.98)
    assert plain.spare_nodes_count == 0
    assert safe.nodes_count == plain.nodes_count + safe.spare_nodes_count
    assert safe.spare_nodes_count >= 1


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputFault) as caught:
        portfolio(np.zeros((1, 23)), [1], 8, batch_accelerator_hours=[-1.0], batch_start_hours=[0.5], batch_deadline_hours=[25.0])
    assert len(caught.value.faults) == 4
    with pytest.raises(InputFault, match="whole"):
        packed_nodes_count([1.5], [1], 8)
