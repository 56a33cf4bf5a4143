"""Looking for places: boxes of beliefs, front of options, break-evens, the map of winners, the lever that reaches a goal."""

from groundwork.analysis.search.boxes import scenario_boxes
from groundwork.analysis.search.break_even import BreakEvens, break_evens
from groundwork.analysis.search.front import Front, pareto_front
from groundwork.analysis.search.goal import GoalSought, goal_seek
from groundwork.analysis.search.peeling import Box, Limit, peeling_path
from groundwork.analysis.search.turning import TurningPoint, may_turn, turning_point
from groundwork.analysis.search.winners import TIED, Judged, WinnerMap, refining_winner_maps, winner_map

__all__ = [
    "TIED",
    "Box",
    "BreakEvens",
    "Front",
    "GoalSought",
    "Judged",
    "Limit",
    "TurningPoint",
    "WinnerMap",
    "break_evens",
    "goal_seek",
    "may_turn",
    "pareto_front",
    "peeling_path",
    "refining_winner_maps",
    "scenario_boxes",
    "turning_point",
    "winner_map",
]
