"""Any small two-stage linear program, and what knowing more would be worth.

min c x + sum_s p_s q_s y_s  with  A x <= b,  T_s x + W y_s >= h_s,  x, y_s >= 0.

References
----------
.. [1] J. R. Birge, F. Louveaux (1997), Introduction to Stochastic Programming, Springer, ch. 1 (the farmer) and ch. 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from groundwork.formulas.input_ranges import at_least, finite, holds, refuse
from groundwork.formulas.procurement.linear_program import optimum

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoStageProgram:
    """Data of the program; costs are minimised, so a profit enters with its sign turned.

    Parameters
    ----------
    first_cost
        c, [first].
    first_rows, first_bounds
        A [row, first] and b [row].
    second_cost
        q, [sample, second].
    technology
        T, [sample, rule, first].
    recourse
        W, [rule, second].
    requirement
        h, [sample, rule].
    probability
        p, [sample], sums to 1.
    """

    first_cost: Array
    first_rows: Array
    first_bounds: Array
    second_cost: Array
    technology: Array
    recourse: Array
    requirement: Array
    probability: Array

    def __post_init__(self) -> None:
        samples, rules, firsts = np.shape(self.technology)
        seconds = np.shape(self.second_cost)[1]
        refuse(
            [
                holds("first_cost", np.shape(self.first_cost) == (firsts,), f"must be [{firsts}]"),
                holds("first_rows", np.shape(self.first_rows)[1:] == (firsts,), f"must be [row, {firsts}]"),
                holds("first_bounds", np.shape(self.first_bounds) == np.shape(self.first_rows)[:1], "one for each row"),
                holds("second_cost", np.shape(self.second_cost)[0] == samples, f"must be [{samples}, second]"),
                holds("recourse", np.shape(self.recourse) == (rules, seconds), f"must be [{rules}, {seconds}]"),
                holds("requirement", np.shape(self.requirement) == (samples, rules), f"must be [{samples}, {rules}]"),
                holds("probability", np.shape(self.probability) == (samples,), f"must be [{samples}]"),
            ]
        )
        refuse(
            [
                finite("technology", self.technology),
                at_least("probability", self.probability, 0.0),
                holds("probability", bool(abs(np.sum(self.probability) - 1.0) < 1e-9), "must sum to 1"),
            ]
        )

    def of_samples(self, technology: Array, requirement: Array, second_cost: Array, probability: Array) -> TwoStageProgram:
        """The same program with other samples."""
        return TwoStageProgram(
            first_cost=self.first_cost,
            first_rows=self.first_rows,
            first_bounds=self.first_bounds,
            second_cost=second_cost,
            technology=technology,
            recourse=self.recourse,
            requirement=requirement,
            probability=probability,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoStageValues:
    """Costs of deciding well, badly and with foresight.

    `recourse_problem` deciding once for all samples; `expected_value` what the plan for mean data promises, and
    `expected_value_plan_cost` what it really costs; `wait_and_see` deciding after the sample is known. `evpi` and `vss` are the
    two differences: what a perfect forecast, and what planning with samples, is worth.
    """

    first_stage: Array
    recourse_problem: float
    expected_value: float
    expected_value_plan_cost: float
    wait_and_see: float

    @property
    def evpi(self) -> float:
        """Expected value of perfect information."""
        return self.recourse_problem - self.wait_and_see

    @property
    def vss(self) -> float:
        """Value of the stochastic solution."""
        return self.expected_value_plan_cost - self.recourse_problem


def two_stage_values(program: TwoStageProgram) -> TwoStageValues:
    """Solve the program four ways and compare.

    What a user would get wrong: the plan for mean data promises more than it keeps; the difference to its promise is not its
    worth. Only `vss` compares plans that are both paid in full.

    Parameters
    ----------
    program
        Feasible for each first stage that is looked at (relatively complete recourse).

    References
    ----------
    [1]_: the farmer with yields 1.2, 1, 0.8 earns 108,390 at (170, 80, 250); 118,600; 115,406; 7,016; 107,240; 1,150.
    """
    probability = program.probability
    first, cost = _solved(program)
    mean = program.of_samples(
        np.tensordot(probability, program.technology, axes=1)[None],
        (probability @ program.requirement)[None],
        (probability @ program.second_cost)[None],
        np.ones(1),
    )
    mean_first, mean_cost = _solved(mean)
    singles = [
        _solved(program.of_samples(program.technology[[s]], program.requirement[[s]], program.second_cost[[s]], np.ones(1)))[1]
        for s in range(len(probability))
    ]
    rows = np.vstack([program.first_rows, np.eye(mean_first.size), -np.eye(mean_first.size)])
    fixed = TwoStageProgram(
        first_cost=program.first_cost,
        first_rows=rows,
        first_bounds=np.concatenate([program.first_bounds, mean_first, -mean_first]),
        second_cost=program.second_cost,
        technology=program.technology,
        recourse=program.recourse,
        requirement=program.requirement,
        probability=probability,
    )
    return TwoStageValues(
        first_stage=first,
        recourse_problem=cost,
        expected_value=mean_cost,
        expected_value_plan_cost=_solved(fixed)[1],
        wait_and_see=float(probability @ np.array(singles)),
    )


def _solved(program: TwoStageProgram) -> tuple[Array, float]:
    """Best first stage and cost, by the deterministic equivalent."""
    import scipy.sparse

    sparse: Any = scipy.sparse

    samples, rules, firsts = program.technology.shape
    seconds = program.recourse.shape[1]
    objective = np.concatenate([program.first_cost, (program.probability[:, None] * program.second_cost).ravel()])
    upper = sparse.hstack([program.first_rows, sparse.csr_matrix((len(program.first_rows), samples * seconds))])
    lower = sparse.hstack(
        [program.technology.reshape(samples * rules, firsts), sparse.kron(sparse.identity(samples), program.recourse)]
    )
    found = optimum(
        objective,
        sparse.vstack([upper, -lower]).tocsr(),
        np.concatenate([program.first_bounds, -program.requirement.ravel()]),
        np.zeros_like(objective),
        np.full_like(objective, np.inf),
        "on",
    )
    return found.point[:firsts], found.value
