"""What five measured points of one's own are worth, on real runs and sites that the fit had not seen.

    python tests/benchmarks/local_correction.py [DRAWS]

Of every run (or site: model, accelerator, format and engine) with eight points or more, five set the two factors and the others
judge; the predictions come from fits without the run, or without the whole model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from groundwork.catalogue.serving_points import MeasuredPoint
from groundwork.catalogue.unseen_records import Unseen, unseen_points
from groundwork.intake.calibration import Checked
from groundwork.intake.local_correction import Gain, correction_gain

GROUPS: dict[str, Callable[[MeasuredPoint], object]] = {
    "run": lambda point: point.run,
    "site": lambda point: (point.setup.model, point.setup.accelerator, point.setup.precision, point.setup.engine),
}
PREDICTIONS: dict[str, Callable[[Unseen], float]] = {
    "the run": lambda one: one.predicted,
    "the model": lambda one: one.without_model,
}


def gain(group: str, unseen: str, draws: int) -> Gain:
    """The gain within groups of one kind, by predictions that had not seen so much."""
    found: dict[object, list[Checked]] = {}
    for one in unseen_points():
        point = one.point
        found.setdefault(GROUPS[group](point), []).append(
            Checked(
                identifier=point.identifier,
                metric=point.metric,
                expected=point.value,
                predicted=PREDICTIONS[unseen](one),
                p10=one.p10,
                p90=one.p90,
                status="ok",
                message="",
            )
        )
    return correction_gain(list(found.values()), draws, seed=0)


def main(draws: int) -> None:
    """One line for each kind of group and each thing unseen."""
    for group in GROUPS:
        for unseen in PREDICTIONS:
            told = gain(group, unseen, draws)
            print(
                f"5 points of one {group}, {unseen} unseen: {told.groups_count} groups, {told.judged_count} judged, median / p90 "
                f"{told.before_percent[0]:.1f} / {told.before_percent[1]:.1f} % before, "
                f"{told.after_percent[0]:.1f} / {told.after_percent[1]:.1f} % after"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
