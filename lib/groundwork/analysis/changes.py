"""How much of a change came from what the reader believes, and how much from what the reader chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SplitChange:
    """A change in two parts that add up to it, all of one shape, in the outcome's unit.

    Parameters
    ----------
    belief, lever
        Average over the two orders in which the changes can be made.
    total
        both - baseline, exactly belief + lever.
    together
        Part that neither makes alone: both - belief only - lever only + baseline. Half of it stands in either part.
    """

    belief: Array
    lever: Array
    total: Array
    together: Array


def split_change(baseline: ArrayLike, belief_only: ArrayLike, lever_only: ArrayLike, both: ArrayLike) -> SplitChange:
    """Split a change over beliefs and levers from four runs of the same futures.

    belief = ((belief only - baseline) + (both - lever only)) / 2,
    lever the same with the roles exchanged: Shapley's rule for two.

    What a user would get wrong: giving the belief its effect alone and the lever "the rest" makes the split depend on the order
    in which somebody moved the sliders.

    Parameters
    ----------
    baseline
        Outcome before any change; any shape, for example [sample] or a mean; USD or another unit.
    belief_only, lever_only
        With the changed beliefs and the old levers, and the other way round. `lever_only` is the second baseline to draw:
        what the choice does in the world as it was believed before.
    both
        As it stands now.
    """
    nothing, belief, lever, all_of_it = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (baseline, belief_only, lever_only, both))
    )
    belief_part = ((belief - nothing) + (all_of_it - lever)) / 2.0
    total = all_of_it - nothing
    return SplitChange(belief=belief_part, lever=total - belief_part, total=total, together=all_of_it - belief - lever + nothing)
