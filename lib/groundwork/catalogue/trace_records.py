"""Public request traces: arrivals by bin, sizes, token lengths, one trace second by second - each with its attribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundwork.catalogue.tables import table_rows

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceAttribution:
    """Whose trace it is, under which licence."""

    trace: str
    title: str
    source: str
    licence: str
    date: str
    mark: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceArrivals:
    """Arrivals of a trace counted in bins of one length."""

    trace: str
    bin_seconds: float
    bins_count: int
    mean_requests_per_second: float
    peak_to_mean_ratio: float
    p99_to_mean_ratio: float
    dispersion_ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSizes:
    """Distribution of one kind of size in a trace: tokens, seconds or whatever `kind` ends in."""

    trace: str
    kind: str
    mean: float
    p50: float
    p90: float
    p95: float
    p99: float
    largest: float
    cv_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLengths:
    """Histogram of token lengths, each field [bin]: from (included), to (excluded), share of the requests."""

    trace: str
    kind: str
    from_tokens: Array
    to_tokens: Array
    share_ratio: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSeconds:
    """One trace second by second, each field [second]."""

    trace: str
    requests_count: Array
    input_tokens: Array
    output_tokens: Array


def trace_attributions() -> tuple[TraceAttribution, ...]:
    """Attribution of every trace that the other tables name."""
    return tuple(TraceAttribution(**row) for row in table_rows("trace_attribution.csv"))


def trace_arrivals() -> tuple[TraceArrivals, ...]:
    """Arrival statistics by trace and bin."""
    return tuple(
        TraceArrivals(
            trace=row["trace"],
            bin_seconds=float(row["bin_seconds"]),
            bins_count=int(row["bins"]),
            mean_requests_per_second=float(row["mean_per_second"]),
            peak_to_mean_ratio=float(row["peak_to_mean"]),
            p99_to_mean_ratio=float(row["p99_to_mean"]),
            dispersion_ratio=float(row["index_of_dispersion"]) if row["index_of_dispersion"] else None,
        )
        for row in table_rows("trace_arrivals.csv")
    )


def trace_sizes() -> tuple[TraceSizes, ...]:
    """Size statistics by trace and kind."""
    return tuple(
        TraceSizes(
            trace=row["trace"],
            kind=row["kind"],
            mean=float(row["mean"]),
            p50=float(row["p50"]),
            p90=float(row["p90"]),
            p95=float(row["p95"]),
            p99=float(row["p99"]),
            largest=float(row["max"]),
            cv_ratio=float(row["cv"]),
        )
        for row in table_rows("trace_sizes.csv")
    )


def token_lengths() -> tuple[TokenLengths, ...]:
    """Histograms of input and output tokens by trace."""
    rows = table_rows("token_lengths.csv")
    keys = dict.fromkeys((row["trace"], row["kind"]) for row in rows)

    def column(key: tuple[str, str], name: str) -> Array:
        return np.array([float(row[name]) for row in rows if (row["trace"], row["kind"]) == key])

    return tuple(
        TokenLengths(
            trace=key[0],
            kind=key[1],
            from_tokens=column(key, "bin_from"),
            to_tokens=column(key, "bin_to"),
            share_ratio=column(key, "share"),
        )
        for key in keys
    )


def azure_conversation_seconds() -> TraceSeconds:
    """An hour of a chat service, second by second (Azure LLM inference trace 2023, CC BY 4.0)."""

    def column(name: str) -> Array:
        return np.array([float(row[name]) for row in table_rows("azure_llm_2023_conv_per_second.csv")])

    return TraceSeconds(
        trace="azure_llm_2023_conv",
        requests_count=column("requests"),
        input_tokens=column("input_tokens"),
        output_tokens=column("output_tokens"),
    )
