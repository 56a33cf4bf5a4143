"""What a few measured points of one's own say beyond the shipped fit: one factor for the pace, one for the first token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, nan

import numpy as np

from groundwork.catalogue.serving_fit import noise_by_metric
from groundwork.errors import InputFault
from groundwork.intake.calibration import Checked

LEAST_POINTS = 5
PRIOR_SPREAD_LOG = 0.2
"""How far a site as a whole may be from the shipped fit, one standard deviation: judgement."""
RATE, TOKEN, FIRST = "output_tokens_per_s_per_gpu", "tpot_ms", "ttft_ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCorrection:
    """Factors of predicted times, 1 where the points are silent: `pace_factor` of a step (rates are divided by it),
    `first_factor` of the time to the first token.

    What a user would get wrong: a slow first token says little about the pace, since it hangs on who is let in when.
    """

    pace_factor: float
    first_factor: float
    points_count: int

    def corrected(self, metric: str, predicted: float) -> float:
        """A prediction of this metric with the correction."""
        if metric == RATE:
            return predicted / self.pace_factor
        return predicted * (self.first_factor if metric == FIRST else self.pace_factor)


def local_correction(answers: Sequence[Checked]) -> LocalCorrection:
    """The correction from at least five points, each factor shrunk towards 1.

    Posterior mean of a normal offset of the logarithm: n mean / (n + s^2 / prior^2), the mean replaced by the median so that one
    odd point does not move it; s is the points' own spread about it, the usual error of the metric at least.

    Parameters
    ----------
    answers
        Points beside predictions that have not seen them; refused and skipped ones are passed over.

    Raises
    ------
    InputFault
        Fewer than five points that can be predicted.
    """
    right = [answer for answer in answers if answer.status == "ok"]
    if len(right) < LEAST_POINTS:
        raise InputFault(f"a local correction needs {LEAST_POINTS} points that can be predicted; came {len(right)}")
    noise = noise_by_metric()

    def factor(*metrics: str) -> float:
        gaps = np.array([_slower(one) for one in right if one.metric in metrics])
        if gaps.size == 0:
            return 1.0
        own = float(np.median(np.abs(gaps - np.median(gaps)))) / 0.6745
        spread = max(own, noise[metrics[0]])
        return exp(float(np.median(gaps)) * gaps.size / (gaps.size + (spread / PRIOR_SPREAD_LOG) ** 2))

    return LocalCorrection(pace_factor=factor(TOKEN, RATE), first_factor=factor(FIRST), points_count=len(right))


def _slower(one: Checked) -> float:
    """Logarithm of measured time over predicted time, whichever way round the metric is."""
    gap = log(one.expected / one.predicted)
    return -gap if one.metric == RATE else gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Median and 90th percentile of the absolute error in percent, before and after, on points that no correction had seen.

    Not-a-number where no group was large enough.
    """

    groups_count: int
    judged_count: int
    before_percent: tuple[float, float]
    after_percent: tuple[float, float]


def correction_gain(groups: Sequence[Sequence[Checked]], draws_count: int, seed: int) -> Gain:
    """What a correction from five points of a group gains on the group's others, over random choices of the five.

    Parameters
    ----------
    groups
        Points of one run or site each, beside predictions that have not seen them; groups of fewer than eight are passed over.
    draws_count
        Choices of the five for each group.
    seed
        Of the choices.
    """
    large = [group for group in groups if len(group) >= LEAST_POINTS + 3]
    order = np.random.default_rng(seed)
    before, after = [], []
    for group in large:
        for _ in range(draws_count):
            places = order.permutation(len(group))
            correction = local_correction([group[place] for place in places[:LEAST_POINTS]])
            for place in places[LEAST_POINTS:]:
                one = group[place]
                before.append(abs(one.predicted / one.expected - 1.0))
                after.append(abs(correction.corrected(one.metric, one.predicted) / one.expected - 1.0))

    def percent(errors: list[float]) -> tuple[float, float]:
        if not errors:
            return nan, nan
        return 100.0 * float(np.median(errors)), 100.0 * float(np.quantile(errors, 0.9))

    return Gain(groups_count=len(large), judged_count=len(before), before_percent=percent(before), after_percent=percent(after))
