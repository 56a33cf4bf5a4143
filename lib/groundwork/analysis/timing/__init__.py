"""When to build the platform: every start month priced in every future, rules that look first, and what a look is worth."""

from groundwork.analysis.timing.decision import CORNERS, SAID, Corner, Kind, Rule, Timing, Watched, timing
from groundwork.analysis.timing.played import staged_levers, starts_of
from groundwork.analysis.timing.regression import Policy, known_terms, ridge, stopping_policy
from groundwork.analysis.timing.starts import Curve, Starts, curve, joined
from groundwork.analysis.timing.triggers import Mark, best_mark, best_month, marks

__all__ = [
    "CORNERS",
    "SAID",
    "Corner",
    "Curve",
    "Kind",
    "Mark",
    "Policy",
    "Rule",
    "Starts",
    "Timing",
    "Watched",
    "best_mark",
    "best_month",
    "curve",
    "joined",
    "known_terms",
    "marks",
    "ridge",
    "staged_levers",
    "starts_of",
    "stopping_policy",
    "timing",
]
