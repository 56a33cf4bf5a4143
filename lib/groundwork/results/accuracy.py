"""How good the serving model is, as tables: errors on points that no fit had seen, by family, order, and simpler models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from groundwork.catalogue.serving_records import accelerator_row, attention_kind, model_row
from groundwork.catalogue.tables import table_rows
from groundwork.catalogue.unseen_records import Unseen, unseen_points
from groundwork.quantities import Array
from groundwork.results.words import NO_BREAK, quantity_figure

Basis = Literal["run", "model", "accelerator"]
Family = Literal["kind", "engine", "accelerator", "model", "precision"]

METRICS = {
    "throughput": ("output_tokens_per_s_per_gpu", "Throughput", "tokens a second and accelerator"),
    "token": ("tpot_ms", "Time per token", "ms"),
    "first": ("ttft_ms", "Time to the first token", "ms"),
}
BASES: dict[Basis, str] = {"run": "half of the runs", "model": "the whole model", "accelerator": "the whole accelerator"}
KINDS = {"dense": "Dense", "moe": "Mixture of experts", "latent": "Latent attention"}
MOST_ROWS = 9  # families in a picture; the table has all
WORTH_NAMING = (1.1, 1.2, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Errors of some points in percent of what was measured; coverage of the interval that says 80."""

    points_count: int
    median_percent: float
    p90_percent: float
    covered_percent: float


def said_by(one: Unseen, basis: Basis) -> float:
    """The prediction that had not seen the point's run, model or accelerator."""
    return {"run": one.predicted, "model": one.without_model, "accelerator": one.without_accelerator}[basis]


def of_metric(metric: str) -> list[Unseen]:
    """The points of one metric by its short name."""
    return [one for one in unseen_points() if one.point.metric == METRICS[metric][0]]


def factors(points: Sequence[Unseen], basis: Basis) -> Array:
    """Measured over predicted, [point]."""
    return np.array([one.point.value / said_by(one, basis) for one in points])


def figures(points: Sequence[Unseen], basis: Basis) -> Figures:
    """Median and 90th percentile of the absolute error, and the share inside the interval (that of halves of the runs)."""
    errors = 100.0 * np.abs(1.0 / factors(points, basis) - 1.0)
    return Figures(
        points_count=len(points),
        median_percent=float(np.median(errors)),
        p90_percent=float(np.quantile(errors, 0.9)),
        covered_percent=100.0 * float(np.mean([one.is_covered for one in points])),
    )


def family_of(family: Family) -> Callable[[Unseen], str]:
    """The name of a point's family."""
    names: dict[str, Callable[[Unseen], str]] = {
        "kind": _kind,
        "engine": lambda one: one.point.setup.engine,
        "accelerator": lambda one: accelerator_row(one.point.setup.accelerator)["accelerator"].split(" (")[0],
        "model": lambda one: model_row(one.point.setup.model)["model"],
        "precision": lambda one: one.point.setup.precision,
    }
    return names[family]


def _kind(one: Unseen) -> str:
    row = model_row(one.point.setup.model)
    plain = KINDS[attention_kind(one.point.setup.model)]
    if float(row["window_layers"]):
        return f"{plain}, window"
    return f"{plain}, hybrid" if float(row["full_cache_layers"]) < float(row["layers"]) else plain


def families(metric: str, family: Family) -> dict[str, list[Unseen]]:
    """The points of a metric by family, the largest first."""
    found: dict[str, list[Unseen]] = {}
    for one in of_metric(metric):
        found.setdefault(family_of(family)(one), []).append(one)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def family_table(metric: str, family: Family, basis: Basis) -> dict[str, Any]:
    """Points, median and 90th percentile of the error, middle of measured over predicted and coverage, family by family."""
    rows = []
    for name, points in {"All": of_metric(metric), **families(metric, family)}.items():
        told, lean = figures(points, basis), float(np.median(factors(points, basis)))
        rows.append(
            [
                name,
                f"{told.points_count}",
                _percent(told.median_percent),
                _percent(told.p90_percent),
                f"{100 * (lean - 1):+.0f}{NO_BREAK}%".replace("-", "\N{MINUS SIGN}"),
                _percent(told.covered_percent, 0),
            ]
        )
    columns = ["Family", "Points", "Median error", "9 of 10 within", "Measured over said, middle", "Inside 8 of 10"]
    return {"columns": columns, "rows": rows}


def _percent(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}{NO_BREAK}%"


def spread_rows(metric: str, family: Family, basis: Basis) -> list[dict[str, Any]]:
    """Rows of the picture by family: tenth, middle and ninetieth percentile of measured over predicted."""
    rows = []
    for place, (name, points) in enumerate(list(families(metric, family).items())[:MOST_ROWS]):
        low, middle, high = (float(value) for value in np.quantile(factors(points, basis), [0.1, 0.5, 0.9]))
        told = figures(points, basis)
        said = f"{told.median_percent:.0f}{NO_BREAK}% of {told.points_count}"
        rows.append({"row": place, "label": name, "low": low, "middle": middle, "high": high, "said": said})
    return rows


def scatter_rows(metric: str, basis: Basis) -> dict[str, list[dict[str, Any]]]:
    """Data sets `points` and `lines` of predicted against measured; the shape tells dense, mixture and latent apart."""
    looks = {
        "dense": {"shape": "circle", "fill": "var(--gw-ink)", "opacity": 0.45},
        "moe": {"shape": "circle", "fill": "transparent", "opacity": 0.8},
        "latent": {"shape": "triangle-up", "fill": "transparent", "opacity": 0.8},
    }
    points = of_metric(metric)
    rows = [
        {"measured": one.point.value, "predicted": said_by(one, basis), **looks[attention_kind(one.point.setup.model)]}
        for one in points
    ]
    low, high = scatter_domain(metric)
    lines = [
        {"name": name, "measured": at, "predicted": min(max(at * factor, low), high), "dash": dash, "width": width}
        for name, factor, dash, width in (("even", 1.0, [], 1.5), ("over", 1.25, [3, 3], 1.0), ("under", 0.8, [3, 3], 1.0))
        for at in (low / min(factor, 1.0), high / max(factor, 1.0))
    ]
    return {"points": rows, "lines": lines}


def scatter_domain(metric: str) -> tuple[float, float]:
    """Both axes of predicted against measured: from below the smallest to above the largest, whatever had been left out."""
    values = [value for one in of_metric(metric) for value in (one.point.value, *(said_by(one, basis) for basis in BASES))]
    return float(f"{0.8 * min(values):.1g}"), float(f"{1.2 * max(values):.2g}")


def scatter_table(metric: str, basis: Basis) -> dict[str, Any]:
    """Every point beside its prediction, for a reader."""
    rows = []
    for one in of_metric(metric):
        setup = one.point.setup
        rows.append(
            [
                f"{setup.model} on {setup.accelerators_count} x {setup.accelerator}, {setup.precision}, {setup.engine}",
                f"{one.point.input_tokens:,.0f} in, {one.point.output_tokens:,.0f} out",
                quantity_figure(one.point.value),
                quantity_figure(said_by(one, basis)),
                f"{quantity_figure(one.p10)} to {quantity_figure(one.p90)}",
                one.point.source.split(" (")[0],
            ]
        )
    return {"columns": ["Setup", "Tokens", "Measured", "Said unseen", "8 of 10", "Source"], "rows": rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """Two accelerators on one model and lengths: best measured throughputs, and whether the prediction names the faster."""

    model: str
    tokens: str
    faster: str
    slower: str
    measured_ratio: float
    predicted_ratio: float

    @property
    def is_named(self) -> bool:
        """Whether the faster is named."""
        return self.predicted_ratio > 1.0


def duels(basis: Basis) -> list[Duel]:
    """All pairs of accelerators whose best throughput on the same model and lengths differs by more than a tenth."""
    best: dict[tuple[str, float, float], dict[str, tuple[float, float]]] = {}
    for one in of_metric("throughput"):
        point = one.point
        gpus = best.setdefault((point.setup.model, point.input_tokens, point.output_tokens), {})
        measured, predicted = gpus.get(point.setup.accelerator, (0.0, 0.0))
        gpus[point.setup.accelerator] = (max(measured, point.value), max(predicted, said_by(one, basis)))
    found = []
    for (model, inputs, outputs), gpus in best.items():
        for pair in combinations(gpus.items(), 2):
            (faster, fast), (slower, slow) = sorted(pair, key=lambda one: -one[1][0])
            if fast[0] > WORTH_NAMING[0] * slow[0]:
                found.append(
                    Duel(
                        model=model,
                        tokens=f"{inputs:,.0f} in, {outputs:,.0f} out",
                        faster=faster,
                        slower=slower,
                        measured_ratio=fast[0] / slow[0],
                        predicted_ratio=fast[1] / slow[1],
                    )
                )
    return found


def order_table() -> dict[str, Any]:
    """How often the faster of two accelerators is named, by how far they are apart and by what the fit had not seen."""
    rows = []
    for least in WORTH_NAMING:
        cells = []
        for basis in BASES:
            some = [one for one in duels(basis) if one.measured_ratio > least]
            cells.append(f"{100 * np.mean([one.is_named for one in some]):.1f}{NO_BREAK}% of {len(some)}")
        rows.append([f"more than {100 * (least - 1):.0f}{NO_BREAK}%", *cells])
    return {"columns": ["Best throughputs differ by", *(f"Unseen: {said}" for said in BASES.values())], "rows": rows}


def misnamed_table(basis: Basis) -> dict[str, Any]:
    """The pairs whose order is wrong, the clearest first."""
    wrong = sorted((one for one in duels(basis) if not one.is_named), key=lambda one: -one.measured_ratio)
    rows = [
        [
            f"{one.model}, {one.tokens}",
            f"{one.faster} before {one.slower}",
            f"{one.measured_ratio:.2f}",
            f"{one.predicted_ratio:.2f}",
        ]
        for one in wrong
    ]
    return {"columns": ["Model and lengths", "Measured order", "Measured ratio", "Said ratio"], "rows": rows}


def others_table() -> dict[str, Any]:
    """This model beside simpler ones and a measuring simulator, each in its own comparison."""
    names = {"throughput": "throughput", "token": "tpot", "first": "ttft"}
    rows = []
    for basis, unseen in BASES.items():
        told = {name: figures(of_metric(name), basis) for name in names}
        cells = [f"{told[name].median_percent:.1f} / {told[name].p90_percent:.1f}" for name in names]
        rows.append([f"This model, unseen: {unseen}", *cells, f"unseen, {len(unseen_points())} points"])
    for row in table_rows("serving_accuracy.csv"):
        pairs = [(row[f"{short}_median_ape_percent"], row[f"{short}_p90_ape_percent"]) for short in names.values()]
        cells = [f"{float(low):.1f} / {float(high):.1f}" if low else "" for low, high in pairs]
        rows.append([row["model"], *cells, row["rows"]])
    return {"columns": ["Model", "Throughput", "Time per token", "First token", "Judged on"], "rows": rows}


def others_source() -> str:
    """Where the figures of the other models come from."""
    return "; ".join(dict.fromkeys(row["source"] for row in table_rows("serving_accuracy.csv")))


def sources_table() -> dict[str, Any]:
    """Where the measured points come from."""
    counts: dict[str, int] = {}
    for one in unseen_points():
        counts[one.point.source] = counts.get(one.point.source, 0) + 1
    rows = [[source, f"{count}"] for source, count in sorted(counts.items(), key=lambda pair: -pair[1])]
    return {"columns": ["Source", "Points"], "rows": rows}
