"""What the roofline needs to know of an accelerator and of a language model, read from the catalogue."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from groundwork.errors import InputFault

_HERE = Path(__file__).parent


def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def accelerator_facts(name: str) -> Mapping[str, float]:
    """Peaks by precision in TFLOPS, memory in GB, bandwidth in GB/s and the shares of both that serving reaches."""
    shares = {row["name"]: float(row["value"]) for row in _rows("serving_efficiency.csv")}
    for row in _rows("accelerators.csv"):
        if name in {row["accelerator"], *row["alias"].split(";")}:
            sixteen = float(row["bf16_tflops_dense"])
            eight = float(row["fp8_tflops_dense"] or sixteen)
            return {
                "bf16": sixteen,
                "fp16": sixteen,
                "fp8": eight,
                "fp4": float(row["fp4_tflops_dense"] or eight),
                "hbm_gb": float(row["hbm_gb"]),
                "bandwidth_gb_per_second": float(row["hbm_bw_gbs"]),
                **shares,
            }
    raise InputFault(f"no accelerator called {name} in the catalogue")


@cache
def model_facts(name: str) -> Mapping[str, float]:
    """Parameters in billions, KV bytes per token over all layers at 16 bit, experts and how many of them a token uses."""
    for row in _rows("models.csv"):
        if row["domain"] == "llm" and name in {row["model"], *row["alias"].split(";")}:
            experts = re.search(r"moe (\d+)e top(\d+)", row["kind"])
            return {
                "parameters_b": float(row["params_total_b"]),
                "active_b": float(row["params_active_b"]),
                "kv_bytes_per_token": float(row["kv_bytes_per_token_16bit_all_layers"]),
                "experts": float(experts[1]) if experts else 1.0,
                "experts_active": float(experts[2]) if experts else 1.0,
            }
    raise InputFault(f"no language model called {name} in the catalogue")
