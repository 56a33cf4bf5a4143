"""The one place that calls the solver: a linear program in, its answer and shadow prices out, or an error that says why.

References
----------
.. [1] Q. Huangfu, J. A. J. Hall (2018), Parallelizing the dual revised simplex method, Math. Prog. Comp. 10, 119-142 (HiGHS).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.errors import GroundworkError

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Best point [variable], its value, and by how much one more unit of each row's bound changes the value, [row]."""

    point: Array
    value: float
    marginals: Array


def optimum(objective: Array, rows: Any, bounds: Array, lower: Array, upper: Array, presolve: Literal["on", "off"]) -> Optimum:
    """Smallest objective x with rows x <= bounds and lower <= x <= upper, by HiGHS.

    Parameters
    ----------
    objective, lower, upper
        [variable]; infinite ends are allowed.
    rows
        [row, variable], dense or scipy sparse.
    bounds
        [row].
    presolve
        Off is faster for programs of a few hundred rows.

    References
    ----------
    [1]_.
    """
    from scipy.optimize import linprog  # 0.3 s: only for those who plan

    solve: Any = linprog  # the stubs of scipy know neither `highs-ds` options nor sparse rows
    result = solve(
        objective,
        A_ub=rows,
        b_ub=bounds,
        bounds=np.column_stack([lower, upper]),
        method="highs-ds" if presolve == "off" else "highs",
        options={"presolve": presolve == "on"},
    )
    if result.status != 0:
        raise GroundworkError(f"the linear program has no solution: {result.message}")
    return Optimum(point=np.asarray(result.x), value=float(result.fun), marginals=np.asarray(result.ineqlin.marginals))
