"""What the serving model says of the shipped points when it has not seen them: one record a point, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from groundwork.catalogue.serving_points import MeasuredPoint, measured_points
from groundwork.catalogue.tables import table_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """One measured point beside predictions by fits that had not seen it, all in the unit of its metric.

    `predicted` is by a fit on the other half of the runs, with `p10` and `p90` from that half; `without_model` and
    `without_accelerator` are by fits without any point of its model or accelerator.
    """

    point: MeasuredPoint
    predicted: float
    p10: float
    p90: float
    without_model: float
    without_accelerator: float

    @property
    def is_covered(self) -> bool:
        """Whether the measured value lies in the interval that says 8 of 10."""
        return self.p10 <= self.point.value <= self.p90


@cache
def unseen_points() -> tuple[Unseen, ...]:
    """All shipped points with their predictions, in the file's order."""
    points = {point.identifier: point for point in measured_points()}
    return tuple(
        Unseen(
            point=points[row["id"]],
            predicted=float(row["predicted"]),
            p10=float(row["p10"]),
            p90=float(row["p90"]),
            without_model=float(row["without_model"]),
            without_accelerator=float(row["without_accelerator"]),
        )
        for row in table_rows("serving_unseen.csv")
    )


@cache
def unseen_by_identifier() -> dict[str, Unseen]:
    """The same by the points' identifiers."""
    return {one.point.identifier: one for one in unseen_points()}
