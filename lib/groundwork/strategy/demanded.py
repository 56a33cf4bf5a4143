"""What users ask of the services that are live: units, load, peaks, data, and what serving them brings.

All of it is linear in the reach of each workload, so a month is a handful of products summed over workloads. Products that
no strategy changes are made once for all of them, [workload, sample].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.future import HOURS_PER_MONTH, Future
from groundwork.strategy.loops import demanded as loops
from groundwork.strategy.loops.compiled import apart, plain
from groundwork.strategy.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Asked:
    """What users ask in a month, [strategy, sample]; `load` speaks of what is served on own accelerators."""

    load: Array
    units: Array
    own_units: Array
    own_value_usd: Array
    bought_units: Array
    bought_value_usd: Array
    api_usd: Array
    gigabytes: Array
    moved_gigabytes: Array


@dataclass(slots=True)
class Work:
    """Factors of the sums over workloads, and the data stored so far, [strategy, workload, sample].

    `each` are busy hours of a month, units and value in USD of one unit, [3, workload, sample]; `bought_each` are units, value
    and price of a bought unit, the price at today's level.
    """

    world: Future
    sizing: Sizing
    bought: Flags
    each: Array
    bought_each: Array
    gigabytes: Array
    kept_ratio: Array
    storage_usd: Array
    moving_usd: Array
    stored: Array
    busy: Array
    asked: Asked

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices, world: Future) -> Work:
        items = [item for item in beliefs.workloads.values() if item.enabled]
        samples = world.dice.luck.size

        def stacked(values: list[Array]) -> Array:
            return np.stack([np.broadcast_to(value, (samples,)) for value in values])

        channels, data = beliefs.channels, beliefs.data
        quality = channels.bought_quality.ratio if channels.bought_quality.enabled else np.ones(samples)
        markup = channels.api_markup.factor if channels.api_markup.enabled else np.ones(samples)
        value = stacked([item.value_usd_per_unit for item in items])
        shape = (len(choices.bought), len(items), samples)
        sizing = Sizing.of(items, choices.zones_count, choices.spare_servers_count, samples)
        api_usd = stacked([item.api_usd_per_unit for item in items]) * markup
        stored, busy = apart(2, shape)
        return cls(
            world=world,
            sizing=sizing,
            bought=plain(choices.bought[:, :, 0] > 0.0, bool),
            each=np.stack([sizing.hours_per_unit / HOURS_PER_MONTH, np.ones_like(value), value]),
            bought_each=np.stack([np.ones_like(value), value * quality, api_usd]),
            gigabytes=stacked([item.gb_per_unit for item in items]) * data.replication_factor,
            kept_ratio=1.0 - 1.0 / np.maximum(stacked([item.retention_months for item in items]), 1.0),
            storage_usd=data.storage_usd_per_gb_month,
            moving_usd=data.cross_ratio * data.egress_usd_per_gb,
            stored=stored,
            busy=busy,
            asked=Asked(*apart(9, (shape[0], samples))),
        )

    def month(self, reach: Array, month: int) -> Asked:
        """What is asked at this reach [strategy, workload, sample], until the next; the data stored grows by what comes in."""
        world, asked = self.world, self.asked
        loops.asked(
            *(reach, world.units[month], world.own_cost_ratio[month], world.api_price_ratio[month], self.bought),
            *(self.each[0], self.each[2], self.bought_each[1], self.bought_each[2]),
            *(self.gigabytes, self.kept_ratio, self.busy, self.stored),
            *(asked.load, asked.units, asked.own_units, asked.own_value_usd, asked.bought_units, asked.bought_value_usd),
            *(asked.api_usd, asked.gigabytes, asked.moved_gigabytes),
        )
        return asked

    def declined_units(self, reach: Array, accepted: Array, month: int) -> Array:
        """Units that users ask and that are turned away by choice, [strategy, sample]."""
        return np.asarray(np.add.reduce((reach - accepted) * self.world.units[month], axis=1))

    def late_units(self, reach: Array, month: int) -> Array:
        """Units of the whole demand that are not reached: use cases not live, users not come, or gone; [strategy, sample]."""
        return np.asarray(np.add.reduce((1.0 - reach) * self.world.units[month], axis=1))

    def needed(self, within_wall: Array, use_ratio: Array) -> Array:
        """Accelerators that the last month asked for needs when this share of its load is carried, [strategy, sample]."""
        if np.minimum.reduce(within_wall, axis=None) < 1.0:
            self.busy *= within_wall[:, None, :]
        return self.sizing.needed(self.busy, use_ratio)
