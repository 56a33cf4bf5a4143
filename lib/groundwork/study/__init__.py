"""What a reader chose and what came of it: runs, background work, undo. Knows neither widgets nor charts."""

from groundwork.study.runs import channel_split, flips, outcome_of, run
from groundwork.study.when import When, when

__all__ = ["When", "channel_split", "flips", "outcome_of", "run", "when"]
