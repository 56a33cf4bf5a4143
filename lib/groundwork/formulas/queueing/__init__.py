"""Queues: who waits, how long, who is turned away, and how many servers keep a promise."""

from groundwork.formulas.queueing.batching import BatchQueue, batch_queue
from groundwork.formulas.queueing.erlang import (
    FiniteQueue,
    empty_system_probability,
    erlang_b_probability,
    erlang_c_probability,
    finite_queue,
    mean_wait_seconds,
    offered_load_at_blocking_erlang,
    wait_exceeds_probability,
    wait_quantile_seconds,
)
from groundwork.formulas.queueing.general import (
    allen_cunneen_mean_wait_seconds,
    allen_cunneen_wait_exceeds_probability,
    allen_cunneen_wait_quantile_seconds,
    arrival_scv_from_dispersion_ratio,
    constant_service_mean_wait_seconds,
    halfin_whitt_delay_probability,
    pollaczek_khinchine_wait_seconds,
    variability_ratio,
)
from groundwork.formulas.queueing.hours import modified_offered_load_erlang, pointwise_offered_load_erlang
from groundwork.formulas.queueing.servers_table import ServersTable, servers_table
from groundwork.formulas.queueing.sharing import (
    SharedResource,
    processor_sharing_sojourn_seconds,
    shared_resource,
    shared_sojourn_exceeds_probability,
    shared_sojourn_quantile_seconds,
)
from groundwork.formulas.queueing.sizing import (
    servers_for_blocking_count,
    servers_for_mean_wait_count,
    servers_for_wait_count,
    servers_with_spares_count,
)
from groundwork.formulas.queueing.staffing import StaffingCurve, staffing_curve

__all__ = [
    "BatchQueue",
    "FiniteQueue",
    "ServersTable",
    "SharedResource",
    "StaffingCurve",
    "allen_cunneen_mean_wait_seconds",
    "allen_cunneen_wait_exceeds_probability",
    "allen_cunneen_wait_quantile_seconds",
    "arrival_scv_from_dispersion_ratio",
    "batch_queue",
    "constant_service_mean_wait_seconds",
    "empty_system_probability",
    "erlang_b_probability",
    "erlang_c_probability",
    "finite_queue",
    "halfin_whitt_delay_probability",
    "mean_wait_seconds",
    "modified_offered_load_erlang",
    "offered_load_at_blocking_erlang",
    "pointwise_offered_load_erlang",
    "pollaczek_khinchine_wait_seconds",
    "processor_sharing_sojourn_seconds",
    "servers_for_blocking_count",
    "servers_for_mean_wait_count",
    "servers_for_wait_count",
    "servers_table",
    "servers_with_spares_count",
    "shared_resource",
    "shared_sojourn_exceeds_probability",
    "shared_sojourn_quantile_seconds",
    "staffing_curve",
    "variability_ratio",
    "wait_exceeds_probability",
    "wait_quantile_seconds",
]
