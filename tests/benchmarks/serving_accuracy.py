"""How far the serving model is from measurements that its fit has not seen, against the floor and the goal.

    python tests/benchmarks/serving_accuracy.py [SPLITS]

Run halves: random halves of the runs, fitted on one and judged on the other, both ways. Whole models out, and for information
whole accelerators, engines and sources. Intervals of halves come from a ten-fold split of the fitted half alone, those of things
left out from the other things left out; for a source, and a model on an accelerator both new, they are those that a user gets.
"""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np

from groundwork.catalogue.fit_serving import FOLDS, LEAST_FAMILY_COUNT
from groundwork.catalogue.serving_fit import (
    FitTask,
    fit_task,
    folds_by_run,
    half_errors,
    left_out_errors,
    new_group_factors,
    spreads_of_others,
)
from groundwork.catalogue.serving_points import measured_points
from groundwork.catalogue.serving_terms import shipped_spread

METRICS = {"output_tokens_per_s_per_gpu": "throughput", "tpot_ms": "TPOT", "ttft_ms": "TTFT"}
FLOOR = {"throughput": (16, 42), "TPOT": (14.5, 45), "TTFT": (48, 115)}
GOAL = {"throughput": (12, 35), "TPOT": (12, 38), "TTFT": (35, 90)}
MODEL_FLOOR = {"throughput": (25, 50), "TPOT": (20, 55)}
MODEL_GOAL = {"throughput": (20, 45), "TPOT": (18, 50)}


def errors_percent(task: FitTask, errors: np.ndarray) -> dict[str, tuple[float, float]]:
    """Median and 90th percentile of the absolute percentage error, by metric."""
    found = {}
    for metric, name in METRICS.items():
        chosen = np.array([point.metric == metric for point in task.points]) & np.isfinite(errors)
        absolute = 100 * np.abs(np.expm1(-errors[chosen]))  # predicted over measured - 1
        found[name] = (float(np.median(absolute)), float(np.quantile(absolute, 0.9)))
    return found


def coverage_percent(task: FitTask, errors: np.ndarray, spreads: np.ndarray) -> dict[str, float]:
    """Share of points inside their interval, by metric and in all."""
    inside = (errors >= spreads[:, 0]) & (errors <= spreads[:, 1])
    found = {"all": 100 * float(inside.mean())}
    for metric, name in METRICS.items():
        found[name] = 100 * float(inside[np.array([point.metric == metric for point in task.points])].mean())
    return found


def faster_named_percent(task: FitTask, errors: np.ndarray) -> tuple[float, int]:
    """Of pairs of accelerators on one model and lengths whose best measured throughput differs by over 10 %, how often the
    prediction names the faster; and the number of pairs."""
    best: dict[tuple[object, ...], dict[str, tuple[float, float]]] = {}
    for point, error, observed in zip(task.points, errors, task.observed, strict=True):
        if point.metric == "output_tokens_per_s_per_gpu":
            key = (point.setup.model, point.input_tokens, point.output_tokens)
            gpus = best.setdefault(key, {})
            old = gpus.get(point.setup.accelerator, (-np.inf, -np.inf))
            gpus[point.setup.accelerator] = (max(old[0], observed), max(old[1], observed - error))
    right = total = 0
    for gpus in best.values():
        for one, other in combinations(gpus.values(), 2):
            if abs(one[0] - other[0]) > np.log(1.1):
                total += 1
                right += (one[0] > other[0]) == (one[1] > other[1])
    return 100 * right / total, total


def spreads_for_new(task: FitTask, errors: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """80 % interval of each point's error, spread and widening from the errors of the other groups alone, [point, 2]."""
    families = [(point.metric, point.setup.engine) for point in task.points]
    spreads = spreads_of_others(errors, groups, families, LEAST_FAMILY_COUNT)
    for group in np.unique(groups):
        mine = groups == group
        factors = new_group_factors(np.where(mine, np.nan, errors), groups, families, LEAST_FAMILY_COUNT)
        spreads[mine] *= np.array([[factors[metric]] for (metric, _), one in zip(families, mine, strict=True) if one])
    return spreads


def both_left_out(task: FitTask, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Errors by fits without a point's model and without its accelerator, and the interval that a user gets for such a point."""
    models, gpus = (np.array([getattr(point.setup, name) for point in task.points]) for name in ("model", "accelerator"))
    errors = np.full(len(task.points), np.nan)
    for model, gpu in sorted(set(zip(models.tolist(), gpus.tolist(), strict=True))):
        here = (models == model) & (gpus == gpu)
        errors[here] = (task.observed - task.logs(task.fit((models != model) & (gpus != gpu), start)))[here]
    told = [shipped_spread(("model", "gpu"), point.metric, point.setup.engine) for point in task.points]
    return errors, np.array(told)


def source_spreads(task: FitTask) -> np.ndarray:
    """The interval that a user gets whose model, accelerator or engine no other source has, [point, 2]."""
    told = []
    for point in task.points:
        others = [one.setup for one in task.points if one.source != point.source]
        names = (("model", "model"), ("gpu", "accelerator"), ("engine", "engine"))
        unseen = [kind for kind, name in names if getattr(point.setup, name) not in {getattr(one, name) for one in others}]
        told.append(shipped_spread(unseen, point.metric, point.setup.engine))
    return np.array(told)


def halves(task: FitTask, start: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Errors and intervals of every point, each from a fit on the half of the runs without it."""
    half, inner = folds_by_run(task.points, 2, seed), folds_by_run(task.points, FOLDS, seed + 1000)
    return half_errors(task, half, inner, LEAST_FAMILY_COUNT, start)


def verdict(value: float, floor: float, goal: float) -> str:
    """What the value meets."""
    return "OK goal" if value <= goal else "OK floor" if value <= floor else "MISS"


def print_coverage(task: FitTask, errors: np.ndarray, spreads: np.ndarray) -> None:
    """One line: how many of a hundred points the interval holds, in all and by metric."""
    found = coverage_percent(task, errors, spreads)
    print("  80 % interval covers", ", ".join(f"{name} {value:.1f} %" for name, value in found.items()))


def main(splits: int) -> int:
    """Print every bar; the exit status is 1 when a floor is missed."""
    points = measured_points()
    task = fit_task(points)
    zeros = np.zeros(len(task.names))
    missed = False
    runs = [halves(task, zeros, seed) for seed in range(splits)]
    table = [errors_percent(task, errors) for errors, _ in runs]
    print(f"run halves, mean of {splits} splits (spread)")
    for name in METRICS.values():
        for place, kind in enumerate(("median", "p90")):
            values = np.array([row[name][place] for row in table])
            said = verdict(values.mean(), FLOOR[name][place], GOAL[name][place])
            missed |= said == "MISS"
            print(
                f"  {name:10} {kind:6} {values.mean():6.1f} % ({values.std():.1f})"
                f"   floor {FLOOR[name][place]:5} goal {GOAL[name][place]:4}   {said}"
            )
    covered = [coverage_percent(task, errors, spreads) for errors, spreads in runs]
    for name in ("all", *METRICS.values()):
        values = np.array([row[name] for row in covered])
        said = "OK" if 75 <= values.mean() <= 85 else "MISS"
        missed |= said == "MISS" and name == "all"
        print(f"  80 % interval covers {name:10} {values.mean():5.1f} % ({values.std():.1f})   75-85   {said}")
    ordered = [faster_named_percent(task, errors) for errors, _ in runs]
    values = np.array([share for share, _ in ordered])
    print(
        f"  faster accelerator named {values.mean():5.1f} % of {ordered[0][1]} pairs   95   "
        f"{'OK' if values.mean() >= 95 else 'MISS'}"
    )
    for what, groups in (
        ("whole models out", [point.setup.model for point in points]),
        ("whole accelerators out", [point.setup.accelerator for point in points]),
        ("whole engines out", [point.setup.engine for point in points]),
        ("whole sources out", [point.source for point in points]),
    ):
        names = sorted(set(groups))
        numbers = np.array([names.index(one) for one in groups])
        out = left_out_errors(task, np.ones(len(points), dtype=bool), numbers, zeros)
        print(what)
        for name, pair in errors_percent(task, out).items():
            for place, kind in enumerate(("median", "p90")):
                judged = what == "whole models out" and name in MODEL_FLOOR
                said = verdict(pair[place], MODEL_FLOOR[name][place], MODEL_GOAL[name][place]) if judged else ""
                bars = f"floor {MODEL_FLOOR[name][place]:5} goal {MODEL_GOAL[name][place]:4}" if judged else ""
                missed |= said == "MISS"
                print(f"  {name:10} {kind:6} {pair[place]:6.1f} %   {bars}   {said}")
        if what == "whole sources out":
            print_coverage(task, out, source_spreads(task))
        else:
            print_coverage(task, out, spreads_for_new(task, out, numbers))
    print("model and accelerator both out")
    print_coverage(task, *both_left_out(task, zeros))
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 6))
