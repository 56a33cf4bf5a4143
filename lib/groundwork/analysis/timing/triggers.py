"""Rules that wait for something to be seen: begin in the first month in which it is known to have reached a mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from groundwork.analysis.timing.starts import Months, Starts

LEAST_SHARE = 0.01
"""A mark that fewer futures reach is "never" by another name."""
AT_ONCE_SHARE = 0.5
"""A mark that more futures than this reach in the first two months is no look, but "now" by another name."""
MARKS = 24
"""Marks tried for each series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Begin in the first month in which `watch` is known to be `at_least` so much, unless stopped."""

    watch: str
    at_least: float

    def months(self, starts: Starts) -> Months:
        """The month in which the rule begins in each sample, [sample]; `starts.months` where it never does."""
        holds = (starts.known[self.watch] >= self.at_least) & ~starts.stopped
        return np.where(holds.any(axis=0), holds.argmax(axis=0), starts.months)


def marks(futures: Starts) -> Iterator[Mark]:
    """The marks to try: evenly spread over what was seen, so that they differ in the futures and months they pick.

    None of them holds before anything has happened: that would be "now" by another name.
    """
    for name, known in futures.known.items():
        highest = np.maximum.accumulate(known, axis=0).ravel()
        levels = np.quantile(highest, np.linspace(0.0, 1.0, MARKS + 1)[1:], method="higher")
        for level in np.unique(levels[levels > known[0].max()]):
            yield Mark(watch=name, at_least=float(level))


def best_mark(futures: Starts) -> Mark | None:
    """The mark of the largest mean value on these futures, of those that begin in one future of a hundred at least
    and have something to see first.

    What a user would get wrong: its mean here is flattered by the choice. Score it on futures that had no say.
    """
    best, best_usd = None, -np.inf
    for mark in marks(futures):
        months = mark.months(futures)
        if np.mean(months < futures.months) < LEAST_SHARE or np.mean(months <= 1) > AT_ONCE_SHARE:
            continue
        mean_usd = float(futures.value_usd(months).mean())
        if mean_usd > best_usd:
            best, best_usd = mark, mean_usd
    return best


def best_month(futures: Starts) -> int:
    """The fixed month of the largest mean value on these futures, the stop rule in force."""
    return int(futures.fixed_usd().mean(axis=1).argmax())
