"""Published training runs, the efficiency reported for others, and the shipped shrinkage of `groundwork.formulas.training`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.tables import table_rows
from groundwork.formulas.training import MfuShrinkage, TrainingRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedMfu:
    """MFU as a paper prints it, of the running system: stops and restarts are not in it."""

    run: str
    accelerator: str
    mfu_ratio: float
    source: str
    mark: str
    grade: str


def training_run_names() -> tuple[str, ...]:
    """Names of the runs, in the order of `training_runs`."""
    return tuple(row["run"] for row in table_rows("training_runs.csv"))


def training_runs() -> TrainingRuns:
    """Runs with published accelerator-hours, as arrays."""

    def column(name: str) -> NDArray[np.float64]:
        return np.array([float(row[name]) for row in table_rows("training_runs.csv")])

    return TrainingRuns(
        parameters_b=column("active_b"),
        tokens_b=1000.0 * column("tokens_t"),
        peak_tflops=column("peak_bf16_tflops"),
        accelerator_hours=column("gpu_hours_published"),
    )


def mfu_shrinkage() -> MfuShrinkage:
    """Fitted shrinkage, written by `groundwork.catalogue.fit_training_mfu`."""
    return MfuShrinkage(**{row["parameter"]: float(row["value"]) for row in table_rows("training_mfu_fit.csv")})


def reported_mfu() -> tuple[ReportedMfu, ...]:
    """Reported MFU of large runs, to be shown beside an estimate."""
    return tuple(
        ReportedMfu(
            run=row["run"],
            accelerator=row["accelerator"],
            mfu_ratio=float(row["mfu"]),
            source=row["source"],
            mark=row["mark"],
            grade=row["grade"],
        )
        for row in table_rows("training_mfu.csv")
    )
