"""Measured serving points on the command line: what we would have said, and how far off that is."""

from __future__ import annotations

import argparse
import sys

DRAWS = 20  # choices of the points that set a correction, of which the others judge it


def check(options: argparse.Namespace) -> int:
    """A row for each point, or for each metric."""
    import csv
    from math import isfinite
    from pathlib import Path

    from groundwork.intake.calibration import checked_points, summaries
    from groundwork.intake.local_correction import LEAST_POINTS, correction_gain, local_correction
    from groundwork.intake.measured_doubts import reasons, unit_doubts
    from groundwork.intake.measured_file import read_points

    points = read_points(Path(options.measured))
    answers = checked_points(points, options.leave_out)
    doubts = unit_doubts(points, answers)
    for said in doubts:
        print(f"groundwork: {said}", file=sys.stderr)

    def number(value: float) -> str:
        return f"{value:.6g}" if isfinite(value) else ""

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if options.csv:
        writer.writerow(("id", "metric", "expected", "predicted", "p10", "p90", "status", "message"))
        for one in answers:
            numbers = [number(value) for value in (one.expected, one.predicted, one.p10, one.p90)]
            writer.writerow((one.identifier, one.metric, *numbers, one.status, one.message))
        return 0
    writer.writerow(("metric", "n", "median_ape", "p90_ape", "coverage80", "refused", "skipped"))
    for row in summaries(answers):
        errors = [number(value) for value in (row.median_error_percent, row.p90_error_percent, row.coverage_percent)]
        writer.writerow((row.metric, row.points_count, *errors, row.refused_count, row.skipped_count))
    for said in reasons(answers):
        print(f"groundwork: {said}", file=sys.stderr)
    if not doubts and sum(one.status == "ok" for one in answers) >= LEAST_POINTS:
        local = local_correction(answers)
        said = f"a step takes {local.pace_factor:.3g} x what we say, a first token {local.first_factor:.3g} x"
        print(f"groundwork: from these {local.points_count} points a local correction would be: {said}", file=sys.stderr)
        gain = correction_gain([[one for one in answers if one.status == "ok"]], DRAWS, seed=0)
        if gain.groups_count:
            then = f"from {gain.before_percent[0]:.1f} to {gain.after_percent[0]:.1f} % at the median"
            print(f"groundwork: any {LEAST_POINTS} of them bring the error of the others {then}", file=sys.stderr)
    return 0
