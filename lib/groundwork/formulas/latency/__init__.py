"""Latency over load of a server that batches its requests."""

from groundwork.formulas.latency.batching_server import (
    BatchingServer,
    Steady,
    knee_requests_per_second,
    length_classes_tokens,
    steady,
    steady_over_load,
)
from groundwork.formulas.latency.quantiles import ServerLatency, server_latency

__all__ = [
    "BatchingServer",
    "ServerLatency",
    "Steady",
    "knee_requests_per_second",
    "length_classes_tokens",
    "server_latency",
    "steady",
    "steady_over_load",
]
