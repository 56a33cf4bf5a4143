"""Which setting of one number reaches a goal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalSought:
    """What was found.

    Parameters
    ----------
    reached
        False where the goal lies outside what the two ends of the range give: then `at` is the end that comes nearer.
    at
        Setting, own unit; when reached, within the tolerance of the place where the goal is crossed.
    outcome
        Outcome there.
    runs
        How often the model was asked.
    """

    reached: bool
    at: float
    outcome: float
    runs: int


def goal_seek(
    outcome: Callable[[float], float], low: float, high: float, goal: float, tolerance: float, most_runs: int = 60
) -> GoalSought:
    """The setting between low and high at which the outcome crosses the goal.

    The goal stays between the two ends at every step: secant steps (Illinois rule), and the middle whenever two steps did
    not halve the range. Stops when the range is narrower than the tolerance or the goal is hit exactly.

    What a user would get wrong: the outcome must come from the same draws each time (common random numbers); then it is a plain
    function, jumps included, and no sampling noise can point the wrong way. If it is not monotone one of several crossings is
    found. A jump over the goal is reported as reached, with the outcome at the side found.

    Parameters
    ----------
    outcome
        setting -> outcome, any units.
    low, high
        Range of the setting, low < high.
    goal
        Outcome wanted.
    tolerance
        Of the setting, own unit, above 0.
    most_runs
        Stop after so many evaluations.

    References
    ----------
    M. Dowell, P. Jarratt (1971), A modified regula falsi method, BIT 11, 168-174.
    """
    if not low < high:
        raise ValueError(f"low < high; came {low:g} and {high:g}")
    if not tolerance > 0.0:
        raise ValueError(f"tolerance: above 0; came {tolerance:g}")
    ends = [low, high]
    misses = [float(outcome(low)) - goal, float(outcome(high)) - goal]
    if misses[0] * misses[1] > 0.0:
        nearer = 0 if abs(misses[0]) <= abs(misses[1]) else 1
        return GoalSought(reached=False, at=ends[nearer], outcome=goal + misses[nearer], runs=2)
    weights = list(misses)  # what the secant sees: halved at an end that stays, so that it moves too
    runs, widths, kept = 2, [high - low], -1
    while ends[1] - ends[0] > tolerance and 0.0 not in misses and runs < most_runs:
        slow = len(widths) > 2 and widths[-1] > widths[-3] / 2.0
        middle = (ends[0] + ends[1]) / 2.0
        secant = ends[0] - weights[0] * (ends[1] - ends[0]) / (weights[1] - weights[0])
        at = middle if slow or not ends[0] < secant < ends[1] else secant
        miss = float(outcome(at)) - goal
        runs += 1
        replaced = 0 if miss * misses[0] > 0.0 else 1
        ends[replaced], misses[replaced], weights[replaced] = at, miss, miss
        if kept == 1 - replaced:
            weights[kept] /= 2.0
        kept = 1 - replaced
        widths.append(ends[1] - ends[0])
    best = 0 if abs(misses[0]) <= abs(misses[1]) else 1
    return GoalSought(reached=True, at=ends[best], outcome=goal + misses[best], runs=runs)
