"""What every start month is worth in every future, and what could have been known by then.

Before the start all paths are the same, so one table - a row for each month in which the platform may begin, and one for
"never" - and what is seen on the path that never begins price every rule of the form "begin when ...": the value of a rule in
a future is the entry of its month. Nothing is added to it: a late start's saved spend is in the entry already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from groundwork.quantities import Array, Flags

Months = NDArray[np.int64]
Item = TypeVar("Item", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Starts:
    """One set of futures.

    Parameters
    ----------
    start_usd
        [month, sample]: value when the platform begins in that month, the first row being "now".
    never_usd, nothing_usd
        [sample]: value when it never begins, and when nothing at all is begun.
    known
        Name -> [month, sample]: what is known *when the month begins* on the path that never begins. What happens within it
        - its load, value, spend - is not known yet: see `before`.
    stopped
        [month, sample]: whether the stop rule, common to all, has ended the work when the month begins.
    """

    start_usd: Array
    never_usd: Array
    nothing_usd: Array
    known: Mapping[str, Array]
    stopped: Flags

    def __post_init__(self) -> None:
        shape = self.start_usd.shape
        wrong = [name for name, series in self.known.items() if series.shape != shape]
        if len(shape) != 2 or wrong or self.stopped.shape != shape:
            raise ValueError(f"start_usd, known and stopped: [month, sample] alike; came {shape}, wrong: {wrong or 'stopped'}")
        if self.never_usd.shape != shape[1:] or self.nothing_usd.shape != shape[1:]:
            raise ValueError("never_usd, nothing_usd: [sample]")
        values = (self.start_usd, self.never_usd, self.nothing_usd, *self.known.values())
        if not all(np.isfinite(each).all() for each in values):
            raise ValueError("every value must be finite")

    @property
    def months(self) -> int:
        """Months in which the platform may begin; also the number that stands for "never"."""
        return int(self.start_usd.shape[0])

    @property
    def samples(self) -> int:
        return int(self.start_usd.shape[1])

    def value_usd(self, month: Months) -> Array:
        """Value [sample] when the platform begins in the given month of each sample; `months` and above mean never.

        Where the stop rule has ended the work by then, nothing begins.
        """
        place = np.minimum(month, self.months)
        everyone = np.arange(self.samples)
        inside = np.minimum(place, self.months - 1)
        begins = (place < self.months) & ~self.stopped[inside, everyone]
        return np.where(begins, self.start_usd[inside, everyone], self.never_usd)

    def fixed_usd(self) -> Array:
        """Value of each fixed month, [month, sample], with the stop rule."""
        return np.where(self.stopped, self.never_usd, self.start_usd)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Value against the month in which the platform begins, [month] each, means over futures, USD.

    Parameters
    ----------
    over_never_usd, over_never_error_usd
        Mean of that month less "never", and its standard error: of the paired difference.
    delay_usd, delay_error_usd
        What one month more costs: this month less the next, the last against "never".
    """

    over_never_usd: Array
    over_never_error_usd: Array
    delay_usd: Array
    delay_error_usd: Array


def curve(futures: Starts) -> Curve:
    """Value against start month, the stop rule common to all."""
    over = futures.fixed_usd() - futures.never_usd
    delay = over - np.vstack([over[1:], np.zeros_like(futures.never_usd)])
    return Curve(
        over_never_usd=over.mean(axis=1),
        over_never_error_usd=mean_error(over),
        delay_usd=delay.mean(axis=1),
        delay_error_usd=mean_error(delay),
    )


def joined(blocks: Sequence[Starts]) -> Starts:
    """Several blocks of futures as one set, in their order."""
    return Starts(
        start_usd=np.concatenate([each.start_usd for each in blocks], axis=1),
        never_usd=np.concatenate([each.never_usd for each in blocks]),
        nothing_usd=np.concatenate([each.nothing_usd for each in blocks]),
        known={name: np.concatenate([each.known[name] for each in blocks], axis=1) for name in blocks[0].known},
        stopped=np.concatenate([each.stopped for each in blocks], axis=1),
    )


def mean_error(values: Array) -> Array:
    """Standard error of the mean over the last axis, [..., sample] -> [...], as of independent samples.

    Dice outweigh beliefs in these differences, so evenly spread points gain nothing here: on retail the mean of 1,024 futures
    scattered by 0.32 M over 40 seeds, and this says 0.39 M.
    """
    return np.asarray(values.std(axis=-1, ddof=1) / np.sqrt(values.shape[-1]))


def before(series: NDArray[Item]) -> NDArray[Item]:
    """Last month's row of a series [month, ...], which is what is known when a month begins; 0 before the first."""
    later = np.zeros_like(series)
    later[1:] = series[:-1]
    return later
