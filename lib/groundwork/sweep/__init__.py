"""Many runs: a grid of settings played point by point, on any executor, one tidy row for each point and strategy.

A point is reduced where it is played, so memory does not grow with the grid. What is done is written down as it comes; a sweep
that was stopped goes on where it was.
"""

from groundwork.sweep.files import ENDINGS, Journal, write
from groundwork.sweep.grid import Axis, Sweep, axes_of, checked
from groundwork.sweep.playing import Row, played, swept
from groundwork.sweep.workers import Processes, executor_of

__all__ = [
    "ENDINGS",
    "Axis",
    "Journal",
    "Processes",
    "Row",
    "Sweep",
    "axes_of",
    "checked",
    "executor_of",
    "played",
    "swept",
    "write",
]
