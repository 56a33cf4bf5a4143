"""Training: accelerator-hours of a run, the efficiency it reaches, and the wait for a shared cluster."""

from groundwork.formulas.training.compute import (
    ADAPTER_TUNING_FLOPS,
    FULL_TRAINING_FLOPS,
    adapter_tuning_flops,
    best_checkpoint_interval_hours,
    goodput_ratio,
    job_mean_time_between_failures_hours,
    training_accelerator_hours,
    training_flops,
    young_checkpoint_interval_hours,
)
from groundwork.formulas.training.efficiency import (
    MfuEstimate,
    MfuShrinkage,
    TrainingRuns,
    estimated_mfu,
    fitted_mfu_shrinkage,
)
from groundwork.formulas.training.experiments import (
    experiment_slots_count,
    experiment_wait_exceeds_probability,
    experiment_wait_quantile_hours,
    gang_slots_count,
)

__all__ = [
    "ADAPTER_TUNING_FLOPS",
    "FULL_TRAINING_FLOPS",
    "MfuEstimate",
    "MfuShrinkage",
    "TrainingRuns",
    "adapter_tuning_flops",
    "best_checkpoint_interval_hours",
    "estimated_mfu",
    "experiment_slots_count",
    "experiment_wait_exceeds_probability",
    "experiment_wait_quantile_hours",
    "fitted_mfu_shrinkage",
    "gang_slots_count",
    "goodput_ratio",
    "job_mean_time_between_failures_hours",
    "training_accelerator_hours",
    "training_flops",
    "young_checkpoint_interval_hours",
]
