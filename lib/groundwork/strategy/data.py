"""The data pipelines: a capacity that can bind; when it does, data lags behind and services work on what is stale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.future import DAYS_PER_MONTH
from groundwork.strategy.loops import data as loops
from groundwork.strategy.loops.compiled import plain


@dataclass(slots=True)
class DataPipeline:
    """Throughput in gigabytes a month, copies counted, without any platform, and what waits; [strategy, sample]."""

    throughput: Array
    waiting: Array
    stale_ratio_per_day: Array
    catch_up_ratio: Array
    lag_days: Array
    fresh_ratio: Array

    @classmethod
    def fresh(cls, beliefs: Scenario[Array], shape: tuple[int, int]) -> DataPipeline:
        data = beliefs.data
        return cls(
            throughput=np.broadcast_to(data.pipeline_gb_per_day * data.replication_factor * DAYS_PER_MONTH, shape).copy(),
            waiting=np.zeros(shape),
            stale_ratio_per_day=plain(data.stale_ratio_per_day),
            catch_up_ratio=plain(data.catch_up_ratio_per_month),
            lag_days=np.zeros(shape),
            fresh_ratio=np.ones(shape),
        )

    def stepped(self, incoming_gb: Array, throughput_factor: Array) -> None:
        """One month: what the pipelines cannot carry waits; they are widened by a share of what was missing.

        The lag is what waits over what is carried in a day; value falls by a share for each day of it.
        """
        loops.piped(
            *(DAYS_PER_MONTH, incoming_gb, throughput_factor, self.stale_ratio_per_day, self.catch_up_ratio),
            *(self.throughput, self.waiting, self.lag_days, self.fresh_ratio),
        )
