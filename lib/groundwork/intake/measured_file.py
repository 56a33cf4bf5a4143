"""A file of measured serving points of the user's own: read whole, every fault at once, with what it probably meant."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from math import isfinite
from pathlib import Path

from groundwork.catalogue.serving_points import MeasuredPoint, point_from
from groundwork.catalogue.serving_records import ENGINES, PRECISIONS, known_names
from groundwork.errors import Fault, InputFault
from groundwork.formulas.serving.measured import METRICS

NEEDED = ("model", "precision", "gpu", "n_gpus", "metric", "value")
OPTIONAL = ("id", "parallel", "engine", "input_len", "output_len", "concurrency", "scenario")
NUMBERS = ("n_gpus", "input_len", "output_len", "value")
LARGEST_FILE_BYTES = 20_000_000
CALLED = {
    "model": ("model_id", "model_name", "base_model_id", "served_model_name"),
    "precision": ("dtype", "quantization", "quant", "weight_dtype"),
    "gpu": ("accelerator", "gpu_type", "gpu_name", "hardware", "hw", "device"),
    "n_gpus": ("num_gpus", "gpus", "gpu_count", "num_gpu", "tp", "tensor_parallel_size"),
    "parallel": ("tp", "tensor_parallel_size", "parallelism"),
    "engine": ("backend", "framework", "server"),
    "input_len": ("isl", "input_length", "input_tokens", "random_input_len", "prompt_len", "prompt_tokens"),
    "output_len": ("osl", "output_length", "output_tokens", "random_output_len", "completion_tokens"),
    "concurrency": ("conc", "max_concurrency", "num_concurrency", "batch_size", "users"),
    "id": ("name", "run", "run_id"),
}
"""How benchmarks call our columns; a column of theirs is never taken for ours in silence."""
FIGURES = {
    "ttft_ms": ("ttft_ms", "ttft", "mean_ttft_ms", "median_ttft_ms"),
    "tpot_ms": ("tpot_ms", "tpot", "itl", "mean_tpot_ms", "median_tpot_ms"),
    "output_tokens_per_s_per_gpu": ("output_throughput", "throughput", "tput_per_gpu", "output_tokens_per_s"),
}


def read_points(path: Path) -> list[MeasuredPoint]:
    """The points of a file with the columns of the shipped points; extra columns are ignored.

    Names of columns, models, accelerators, formats, engines and metrics are read whichever way their letters are written.

    Raises
    ------
    InputFault
        Every fault of the file at once, with its line.
    """
    if not path.is_file():
        raise InputFault(f"{path}: there is no such file")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise InputFault(f"{path}: larger than {LARGEST_FILE_BYTES // 10**6} MB; split it")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputFault(f"{path}: not a text file in UTF-8") from None
    if not text.strip():
        raise InputFault([Fault(file=str(path), rule="the file is empty", fix=_needed())])
    if text.lstrip()[0] in "{[":
        raise InputFault([Fault(file=str(path), rule="JSON, not CSV", fix=f"Write a row for each figure. {_needed()}")])
    reader = csv.DictReader(text.splitlines())
    try:
        header = [name.strip().casefold() for name in reader.fieldnames or ()]
        rows = [(reader.line_num, dict(zip(header, row.values(), strict=False)), None in row) for row in reader]
    except csv.Error as error:
        raise InputFault([Fault(file=str(path), line=reader.line_num, rule=f"not a CSV file: {error}")]) from None
    faults = _header_faults(header)
    if faults:
        raise InputFault([Fault(file=str(path), line=1, path=name, rule=rule, fix=fix) for name, rule, fix in faults])
    points: list[MeasuredPoint] = []
    found: list[Fault] = []
    for line, row, is_longer in rows:
        wrong = _row_faults(row, len(header), is_longer)
        found += [Fault(file=str(path), line=line, path=name, rule=rule, came=came) for name, rule, came in wrong]
        if not wrong:
            cells = {name: str(row.get(name) or "").strip() for name in (*header, *OPTIONAL)}
            points.append(point_from({**_spelt(cells), "id": cells["id"] or str(len(points) + 1)}))
    if not rows:
        found.append(Fault(file=str(path), line=1, rule="no points below the header"))
    if found:
        raise InputFault(found)
    return points


def _needed() -> str:
    return f"Needed are the columns {', '.join(NEEDED)}; input_len, output_len and concurrency for a prediction."


def _header_faults(header: Sequence[str]) -> list[tuple[str, str, str]]:
    """Path, rule and fix of each column that is missing, doubled, or hidden behind another name."""
    if len(header) == 1:
        for mark, word in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header[0]:
                return [("", f"not separated by commas but by {word}", f"Save it as CSV with commas. {_needed()}")]
    faults = [(name, "column there twice", "Keep one.") for name in (*NEEDED, *OPTIONAL) if header.count(name) > 1]
    missing = [name for name in NEEDED if name not in header]
    figures = {name: [one for one in header if one in called] for name, called in FIGURES.items()}
    wide = [f"metric {name} with the value of {', or of '.join(columns)}" for name, columns in figures.items() if columns]
    for name in missing:
        if name in ("metric", "value") and wide:
            continue
        meant = _meant(name, header)
        faults.append((name, "column missing", f"Is it the column {meant}? Then call it {name}." if meant else ""))
    if wide and {"metric", "value"} & set(missing):
        faults.append(
            ("metric, value", "columns missing", f"Write one row for each figure: {'; '.join(wide)} (per accelerator, in ms).")
        )
    # A column that a prediction needs and that goes by another name would leave every point unanswered.
    for name in ("input_len", "output_len", "concurrency"):
        meant = _meant(name, header)
        if name not in header and meant:
            faults.append((name, "column missing", f"Is it the column {meant}? Then call it {name}."))
    if missing:
        faults.append(("", f"has the columns {', '.join(header)}", _needed()))
    return faults


def _meant(name: str, header: Sequence[str]) -> str:
    others = [one for one in header if one not in (*NEEDED, *OPTIONAL)]
    called = [one for one in CALLED.get(name, ()) if one in others]
    return (called or get_close_matches(name, others, n=1, cutoff=0.75) or [""])[0]


def _row_faults(row: Mapping[str, object], width: int, is_longer: bool) -> list[tuple[str, str, str]]:
    if is_longer or any(value is None for value in row.values()):
        return [("", f"must have {width} cells", "more" if is_longer else "fewer")]
    cells = {name: str(value).strip() for name, value in row.items()}
    faults = [(name, "must not be empty", "") for name in NEEDED if not cells[name]]
    for name in NUMBERS:
        text = cells.get(name, "")
        if text and not _positive(text):
            faults.append((name, "must be a number above 0, with a point and no thousands' marks", text))
        elif text and name == "n_gpus" and float(text) != int(float(text)):
            faults.append((name, "must be a whole number", text))
    metric = cells["metric"]
    if metric and metric.casefold() not in METRICS:
        meant = [name for name, called in FIGURES.items() if metric.casefold() in called]
        faults.append(("metric", f"must be {meant[0]}" if meant else f"must be one of {', '.join(METRICS)}", metric))
    flight = cells.get("concurrency", "")
    if flight and flight.casefold() != "max" and not (_positive(flight) and float(flight) >= 1.0):
        faults.append(("concurrency", "must be a number, 1 or more, or max (or empty) where nothing limits the client", flight))
    return faults


def _positive(text: str) -> bool:
    try:
        number = float(text)
    except ValueError:
        return False
    return isfinite(number) and number > 0


def _spelt(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells with names that are known spelt as the catalogue spells them; others as they came."""
    names = known_names()
    known = {
        "model": names["model"],
        "gpu": names["accelerator"],
        "precision": {name: name for name in PRECISIONS},
        "engine": {name: name for name in ENGINES} | {"tensorrt-llm": "trtllm", "trt-llm": "trtllm"},
        "metric": {name: name for name in METRICS},
    }
    return {
        name: known[name].get(cell.casefold(), cell) if name in known else cell.casefold() if name == "concurrency" else cell
        for name, cell in cells.items()
    }
