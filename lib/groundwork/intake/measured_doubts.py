"""What is odd about a file of measurements beside our predictions: units, and why points got no answer or a wide one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np

from groundwork.catalogue.serving_points import MeasuredPoint
from groundwork.formulas.serving.measured import METRICS
from groundwork.intake.calibration import Checked

THOUSAND, NEAR = 1000.0, 5.0  # a thousand times off, give or take this factor, is a unit and not a slow server
LEAST_ACCELERATORS, NEAR_COUNT = 4, 1.6
MOST_REASONS = 5


def unit_doubts(points: Sequence[MeasuredPoint], answers: Sequence[Checked]) -> list[str]:
    """Metrics whose measurements look as if written in another unit, one sentence each; judged by the middle point.

    Parameters
    ----------
    points, answers
        In the same order.
    """
    said = []
    for metric in METRICS:
        pairs = [
            (point, one)
            for point, one in zip(points, answers, strict=True)
            if one.metric == metric and one.status == "ok"
        ]  # fmt: skip
        if not pairs:
            continue
        times = float(np.median([one.expected / one.predicted for _, one in pairs]))
        is_rate = metric == METRICS[2]
        if _is_near(times, 1.0 / THOUSAND, NEAR):
            unit = "thousands of tokens? Write tokens" if is_rate else "seconds? Write milliseconds"
            said.append(f"{metric}: measured is about a thousandth of what we say; are these {unit}.")
        elif _is_near(times, THOUSAND, NEAR):
            unit = "tokens an hour or of a whole site? Write tokens a second" if is_rate else "microseconds? Write milliseconds"
            said.append(f"{metric}: measured is about a thousand times what we say; are these {unit}.")
        elif is_rate:
            count = float(np.median([point.setup.accelerators_count for point, _ in pairs]))
            if count >= LEAST_ACCELERATORS and _is_near(times, count, NEAR_COUNT):
                said.append(
                    f"{metric}: measured is {times:.1f} x what we say on {count:.0f} accelerators; "
                    "is it the rate of all of them? Divide it by n_gpus."
                )
    return said


def _is_near(value: float, other: float, factor: float) -> bool:
    return abs(log(value / other)) < log(factor)


def reasons(answers: Sequence[Checked]) -> list[str]:
    """Why points were refused or skipped, or got a wider range than others: reasons with their counts, most frequent first."""
    counts = Counter((one.status, one.message) for one in answers if one.message)
    words = {"refused": "refused", "skipped": "skipped", "ok": "with a wider range"}
    told = [f"{count} {words[status]}: {message}" for (status, message), count in counts.most_common(MOST_REASONS)]
    more = len(counts) - len(told)
    return [*told, f"{more} more reasons: see them with --csv"] if more > 0 else told
