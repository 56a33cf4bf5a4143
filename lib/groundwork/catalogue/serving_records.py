"""What serving needs to know of models, accelerators and number formats, as arrays over the points asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.tables import table_rows
from groundwork.errors import InputFault, OutOfCalibration
from groundwork.formulas.serving import GIB_BYTES, Replica
from groundwork.formulas.serving.replica import Array

PRECISIONS = ("bf16", "fp16", "fp8", "fp4")
ENGINES = ("trtllm", "vllm", "sglang", "submitter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One way of serving, by the catalogue's names: a model, a precision, accelerators and how they share the work.

    `parallel` as engines write it: TP4, TP8xEP8, DEP4 (data-parallel attention, experts dealt out), TP1xADP8xEP8, or `system`
    where the submitter chose.
    """

    model: str
    accelerator: str
    precision: str
    accelerators_count: int
    parallel: str
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How a setup splits attention, sequences and experts; `replica_count` accelerators hold one copy."""

    replica_count: int
    tensor: int
    sequence: int
    expert: int


@cache
def known_names() -> dict[str, dict[str, str]]:
    """Names and aliases of language models (`model`) and of accelerators (`accelerator`), by their letters in lower case."""
    tables = {
        "model": [row for row in table_rows("models.csv") if row["domain"] == "llm"],
        "accelerator": table_rows("accelerators.csv"),
    }
    return {
        kind: {name.casefold(): name for row in rows for name in (row[kind], *row["alias"].split(";")) if name}
        for kind, rows in tables.items()
    }


def _meant(kind: str, name: str) -> str:
    """What a name may have meant, as the end of a message: a known name within it, or one written nearly so."""
    known, asked = known_names()[kind], name.casefold().rpartition("/")[2]
    within = sorted((one for one in known if re.search(rf"(?<![a-z0-9]){re.escape(one)}(?![a-z0-9])", asked)), key=len)
    starts = [one for one in (asked, *re.findall(r"[a-z]+[0-9]+[a-z]*", asked)) if len(one) > 1]
    longer = sorted((one for one in known if one.startswith(tuple(starts))), key=len)[:3]
    near = within[-1:] or longer or get_close_matches(asked, list(known), n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(dict.fromkeys(known[one] for one in near))}?" if near else ""


@cache
def model_row(name: str) -> dict[str, str]:
    """The catalogue's row of a language model, by its name or an alias; `OutOfCalibration` for one that is not there."""
    for row in table_rows("models.csv"):
        if row["domain"] == "llm" and name in {row["model"], *row["alias"].split(";")}:
            return row
    raise OutOfCalibration(
        f"no language model called {name} in the catalogue: its architecture is unknown{_meant('model', name)}"
    )


@cache
def accelerator_row(name: str) -> dict[str, str]:
    """The catalogue's row of an accelerator, by its name or an alias; `OutOfCalibration` for one that is not there."""
    for row in table_rows("accelerators.csv"):
        if name in {row["accelerator"], *row["alias"].split(";")}:
            return row
    raise OutOfCalibration(f"no accelerator called {name} in the catalogue{_meant('accelerator', name)}")


@cache
def experts(name: str) -> tuple[int, int]:
    """Routed experts of a layer and how many a token uses; 1 and 1 for a dense model."""
    found = re.search(r"moe (\d+)e top(\d+)", model_row(name)["kind"])
    return (int(found[1]), int(found[2])) if found else (1, 1)


def expert_parameters_b(name: str) -> float:
    """Billions of parameters of one routed expert in one layer, P = D + R and A = D + R k / E; 0 for a dense model."""
    routed, used = experts(name)
    row = model_row(name)
    if routed == 1:
        return 0.0
    all_b = (float(row["params_total_b"]) - float(row["params_active_b"])) / (1.0 - used / routed)
    return all_b / float(row["layers"]) / routed


def attention_kind(name: str) -> str:
    """`dense`, `moe` or `latent`: the families that serve differently at the same size."""
    if model_row(name)["mla_elems_per_layer_token"]:
        return "latent"
    return "moe" if experts(name)[0] > 1 else "dense"


def format_row(setup: Setup) -> dict[str, str]:
    """Widths and arithmetic of a setup's number format."""
    native = model_row(setup.model)["native_weights"]
    four_bit = "yes" if accelerator_row(setup.accelerator)["fp4_dense_tflops"] else "no"
    for row in table_rows("serving_formats.csv"):
        if (row["precision"], row["native_weights"]) == (setup.precision, native) and row["four_bit_arithmetic"] in (
            "any",
            four_bit,
        ):
            return row
    raise OutOfCalibration(f"no number format called {setup.precision}; there are {', '.join(PRECISIONS)}")


def ways(setup: Setup) -> Ways:
    """How a setup splits the work.

    A `system` is as many copies as fit: the smallest power of two of accelerators on which the weights take three fifths of the
    memory at most is one copy.
    """
    count = setup.accelerators_count
    text = setup.parallel.strip().upper()
    if text in ("", "SYSTEM"):
        widths = format_row(setup)
        bytes_b = float(model_row(setup.model)["params_total_b"]) * float(widths["expert_weight_bytes"])
        hold = float(accelerator_row(setup.accelerator)["memory_gib"])
        one = 1
        while one < count and bytes_b > 0.6 * hold * one:
            one *= 2
        one = one if text else count
        return Ways(replica_count=min(one, count), tensor=min(one, count), sequence=1, expert=1)
    found = dict(re.findall(r"(DEP|ADP|TP|EP)(\d+)", text))
    if not found or "x".join(f"{name}{found[name]}" for name in found).upper() != text.replace("X", "x").upper():
        raise InputFault(f"parallel {setup.parallel} is not understood; write TP8, TP8xEP8, DEP8 or TP1xADP8xEP8")
    if "DEP" in found:
        return Ways(replica_count=count, tensor=1, sequence=count, expert=count)
    expert = int(found.get("EP", 1))
    if "ADP" in found:
        return Ways(replica_count=count, tensor=1, sequence=count, expert=expert)
    return Ways(replica_count=count, tensor=count, sequence=1, expert=expert)


@cache
def _numbers(setup: Setup) -> tuple[float, ...]:
    model, gpu, widths, split = model_row(setup.model), accelerator_row(setup.accelerator), format_row(setup), ways(setup)
    latent = model["mla_elems_per_layer_token"]
    query, kv_heads = float(model["q_heads"]), float(model["kv_heads"])
    head = float(model["head_dim"] or 0.0)
    routed, active = experts(setup.model)
    sixteen = float(gpu["bf16_dense_tflops"])
    eight = float(gpu["fp8_dense_tflops"] or sixteen)
    peaks = {"bf16": sixteen, "fp8": eight, "fp4": float(gpu["fp4_dense_tflops"] or eight)}
    # Latent attention decodes on the latents themselves (512 values and 64 for the position), and prefills with heads of 192.
    latent_width = 2.0 * float(latent) - 64.0 if latent else 0.0
    decode = query * (0.5 * latent_width if latent else head)
    prefill = query * (192.0 if latent else head)
    return (
        float(model["params_total_b"]), float(model["params_active_b"]), float(routed), float(active),
        float(model["layers"]), float(model["hidden"]), 1.0 if latent else kv_heads,
        float(latent) if latent else 2.0 * kv_heads * head,
        float(model["full_cache_layers"]), float(model["window_layers"]), float(model["window_tokens"]), decode, prefill,
        float(widths["expert_weight_bytes"]), float(widths["latent_dense_weight_bytes" if latent else "dense_weight_bytes"]),
        float(widths["kv_element_bytes"]), float(split.replica_count), float(split.tensor), float(split.sequence),
        float(split.expert), peaks[widths["arithmetic"]], sixteen, float(gpu["memory_gib"]),
        float(gpu["bandwidth_gb_per_second"]), float(gpu["link_gb_per_second"]),
    )  # fmt: skip


def replica_of(setups: Sequence[Setup]) -> Replica:
    """The replicas of these setups as arrays, each field [point].

    Raises
    ------
    OutOfCalibration
        A model, accelerator or format that the catalogue does not know.
    InputFault
        A way of splitting that is not understood.
    """
    numbers: Array = np.array([_numbers(setup) for setup in setups], dtype=np.float64).T
    (
        parameters, active, routed, used, layers, hidden, kv_heads, kv_elements, full, windowed, window, decode, prefill,
        expert_bytes, dense_bytes, kv_bytes, count, tensor, sequence, expert, peak, attention, memory, bandwidth, link,
    ) = numbers  # fmt: skip
    return Replica(
        parameters_b=parameters, active_b=active, experts_count=routed, experts_active_count=used, layers_count=layers,
        hidden_count=hidden, kv_heads_count=kv_heads, kv_elements_per_layer_count=kv_elements, full_layers_count=full,
        window_layers_count=windowed, window_tokens=window, decode_attention_count=decode, prefill_attention_count=prefill,
        expert_weight_bytes=expert_bytes, dense_weight_bytes=dense_bytes, kv_element_bytes=kv_bytes, accelerators_count=count,
        tensor_ways_count=tensor, sequence_ways_count=sequence, expert_ways_count=expert, peak_tflops=peak,
        attention_tflops=attention, memory_gib=memory, bandwidth_gb_per_second=bandwidth, link_gb_per_second=link,
    )  # fmt: skip


def weights_fit(setups: Sequence[Setup]) -> NDArray[np.bool_]:
    """Whether the weights alone fit into the memory of the accelerators named, [point]."""
    replica = replica_of(setups)
    return np.asarray(replica.weight_bytes() < GIB_BYTES * replica.memory_gib)
