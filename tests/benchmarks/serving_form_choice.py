"""How far the choice of the form flatters the serving model: the form is chosen anew inside each half, without the other half.

    python tests/benchmarks/serving_form_choice.py [SPLITS]

The shipped form was chosen by what predicts runs and models left out, but with all points in sight. Here each half of the runs
gets the form, out of a menu from poor to rich, that predicts best within that half alone (three folds by run); the half that
neither the choice nor the fit has seen is the judge. The difference to the shipped form on the same halves is what the choice
was worth.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from serving_accuracy import errors_percent, faster_named_percent

from groundwork.catalogue.serving_fit import FitTask, fit_task, folds_by_run, left_out_errors, shipped_form
from groundwork.catalogue.serving_points import measured_points

Form = list[Mapping[str, str]]
INNER_FOLDS = 3


def edited(without: Sequence[tuple[str, str]] = (), beside: Sequence[tuple[str, str, float]] = ()) -> Form:
    """The shipped form without some (term, feature), with some (term, feature, prior spread); `*` stands for every term."""
    rows = [
        row for row in shipped_form() if (row["term"], row["feature"]) not in without and ("*", row["feature"]) not in without
    ]
    base = {row["term"]: row["base"] for row in rows}
    return [*rows, *({"term": t, "base": base[t], "feature": f, "prior_spread_log": str(s)} for t, f, s in beside)]


def every(*parts: str) -> list[tuple[str, str]]:
    """All features of the shipped form in which one of these parts occurs."""
    return [("*", row["feature"]) for row in shipped_form() if set(parts) & set(row["feature"].split("+"))]


def menu() -> dict[str, Form]:
    """Forms from poor to rich."""
    offsets = every(
        "engine", "architecture", "grace_host", "model", "layout", "expert_size", "widened", "dealt_sequences", "dealt_experts"
    )
    hosts = every("grace_host")
    batches = [("offline_batch_count", "layout+attention")]
    tight = [("tight_ratio", "all")]
    own = [("whole_factor", "accelerator", 0.08)]
    return {
        "terms alone, one set for all": edited(offsets),
        "without offsets of engines": edited(every("engine")),
        "without offsets of architectures": edited(every("architecture")),
        "without offsets of models": edited(every("model")),
        "without size of experts and widened weights": edited(every("expert_size", "widened")),
        "without ways of splitting": edited(every("layout", "dealt_sequences", "dealt_experts")),
        "no fixed hold-up of a first token by others": edited([("queue_seconds", "all"), ("queue_seconds", "engine")]),
        "hold-up of a first token alike for engines": edited([("queue_seconds", "engine")]),
        "first tokens alike for models": edited([("first_seconds", "model")]),
        "shipped": edited(),
        "offsets of accelerators in place of hosts and batches, as before": edited(hosts + batches + tight, own),
        "hosts alike": edited(hosts),
        "one batch limit for all": edited(batches),
        "least memory of the cache as assumed": edited(tight),
        "offsets of accelerators beside hosts": edited((), own),
        "prefill by architecture and precision": edited((), [("prefill_factor", "architecture+precision", 0.25)]),
        "offline by architecture and precision": edited((), [("offline_factor", "architecture+precision", 0.1)]),
        "prefill and admission by engine": edited((), [("prefill_factor", "engine", 0.25), ("admission_seconds", "engine", 0.3)]),
    }  # fmt: skip


def badness(task: FitTask, errors: np.ndarray) -> float:
    """Mean loss of the errors in units of their usual size: square for small ones, absolute for large ones."""
    scaled = errors[np.isfinite(errors)] / task.noise[np.isfinite(errors)]
    return float(np.mean(np.sqrt(1.0 + scaled**2) - 1.0))


def main(splits: int) -> None:
    """Figures with the form chosen inside and with the shipped form, on the same halves."""
    points = measured_points()
    tasks = {name: fit_task(points, form) for name, form in menu().items()}
    chosen: Counter[str] = Counter()
    rows: dict[str, list[np.ndarray]] = {"chosen inside": [], "shipped": []}
    for seed in range(splits):
        half, inner = folds_by_run(points, 2, seed), folds_by_run(points, INNER_FOLDS, seed + 500)
        nested, plain = np.full(len(points), np.nan), np.full(len(points), np.nan)
        for side in (0, 1):
            seen = half == side
            scores, fits = {}, {}
            for name, task in tasks.items():
                fits[name] = task.fit(seen)
                scores[name] = badness(task, left_out_errors(task, seen, inner, fits[name]))
            best = min(scores, key=lambda name: scores[name])
            chosen[best] += 1
            for errors, name in ((nested, best), (plain, "shipped")):
                errors[~seen] = (tasks[name].observed - tasks[name].logs(fits[name]))[~seen]
        rows["chosen inside"].append(nested)
        rows["shipped"].append(plain)
        for name, found in rows.items():
            table = [errors_percent(tasks["shipped"], one) for one in found]
            order = np.mean([faster_named_percent(tasks["shipped"], one)[0] for one in found])
            said = "  ".join(
                f"{metric} {np.mean([one[metric][0] for one in table]):5.1f} / {np.mean([one[metric][1] for one in table]):5.1f}"
                for metric in table[0]
            )
            print(f"{name:14} {said}  faster named {order:.1f} %  ({seed + 1} splits)", flush=True)
    print("chosen:", ", ".join(f"{name} {count} x" for name, count in chosen.most_common()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
