"""Which capacity to commit to: merit order, monthly cuts, whole nodes, and the closed form for one uncertain demand."""

from groundwork.formulas.procurement.full_program import (
    full_program_plan,
)
from groundwork.formulas.procurement.linear_program import (
    Optimum,
    optimum,
)
from groundwork.formulas.procurement.merit_order import (
    Dispatch,
    MeritOrder,
    Support,
    merit_order_dispatch,
)
from groundwork.formulas.procurement.monthly_cuts import (
    CapacityPlan,
    cheapest_plan,
    objective_usd,
)
from groundwork.formulas.procurement.newsvendor import (
    newsvendor_from_samples,
    newsvendor_normal,
    newsvendor_sample_cost_usd,
    newsvendor_uniform,
    newsvendor_uniform_cost_usd,
)
from groundwork.formulas.procurement.problem import (
    CapacityProblem,
    Commitments,
    OpenSources,
    commitments_from_terms,
)
from groundwork.formulas.procurement.two_stage import (
    TwoStageProgram,
    TwoStageValues,
    two_stage_values,
)
from groundwork.formulas.procurement.whole_nodes import (
    WholeNodePlan,
    whole_node_plan,
)

__all__ = [
    "CapacityPlan",
    "CapacityProblem",
    "Commitments",
    "Dispatch",
    "MeritOrder",
    "OpenSources",
    "Optimum",
    "Support",
    "TwoStageProgram",
    "TwoStageValues",
    "WholeNodePlan",
    "cheapest_plan",
    "commitments_from_terms",
    "full_program_plan",
    "merit_order_dispatch",
    "newsvendor_from_samples",
    "newsvendor_normal",
    "newsvendor_sample_cost_usd",
    "newsvendor_uniform",
    "newsvendor_uniform_cost_usd",
    "objective_usd",
    "optimum",
    "two_stage_values",
    "whole_node_plan",
]
