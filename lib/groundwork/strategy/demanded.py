"""What users ask of the services that are live: units, load, peaks, data, and what serving them brings.

All of it is linear in the reach of each workload, so a month is a handful of products summed over workloads. Products that
no strategy changes are made once for all of them, [workload, sample].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.future import HOURS_PER_MONTH, Future
from groundwork.strategy.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Served:
    """What was served in a month, [strategy, sample]."""

    units: Array
    value_usd: Array
    api_usd: Array


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

    def served(self, own_ratio: Array) -> Served:
        """What is served when this share of the own work is; what is bought is served by its provider."""
        return Served(
            self.own_units * own_ratio + self.bought_units,
            self.own_value_usd * own_ratio + self.bought_value_usd,
            self.api_usd,
        )


@dataclass(slots=True)
class Work:
    """Factors of the sums over workloads, and the data stored so far, [strategy, workload, sample].

    `each` are busy hours of a month, units and value in USD of one unit, [3, workload, sample]; `bought_each` are units, value
    and price of a bought unit, the price at today's level.
    """

    choices: Choices
    world: Future
    sizing: Sizing
    each: Array
    month_each: Array
    bought_each: Array
    gigabytes: Array
    kept_ratio: Array
    storage_usd: Array
    moving_usd: Array
    stored: Array
    work: Array
    busy: Array
    bought: Array

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
        return cls(
            choices=choices,
            world=world,
            sizing=sizing,
            each=np.stack([sizing.hours_per_unit / HOURS_PER_MONTH, np.ones_like(value), value]),
            month_each=np.empty((3, *shape[1:])),
            bought_each=np.stack([np.ones_like(value), value * quality, api_usd]),
            gigabytes=stacked([item.gb_per_unit for item in items]) * data.replication_factor,
            kept_ratio=1.0 - 1.0 / np.maximum(stacked([item.retention_months for item in items]), 1.0),
            storage_usd=data.storage_usd_per_gb_month,
            moving_usd=data.cross_ratio * data.egress_usd_per_gb,
            stored=np.zeros(shape),
            work=np.empty(shape),
            busy=np.empty(shape),
            bought=np.zeros((3, shape[0], samples)),
        )

    def month(self, reach: Array, month: int) -> Asked:
        """What is asked at this reach [strategy, workload, sample]; the data stored grows by what comes in."""
        units = self.world.units[month]
        each, own = np.multiply(units, self.each, out=self.month_each), reach
        each[0] *= self.world.own_cost_ratio[month]
        if self.choices.buyers:
            own = np.multiply(reach, self.choices.built, out=self.work)
        np.multiply(own, each[0], out=self.busy)
        load, own_units, own_value = np.einsum("swn,kwn->ksn", own, each)
        for row in self.choices.buyers:
            part = reach[row] * self.choices.bought[row]
            part *= units
            self.bought[:, row] = np.einsum("wn,kwn->kn", part, self.bought_each)
            self.bought[2, row] *= self.world.api_price_ratio[month]
        bought_units, bought_value, api_usd = self.bought
        incoming = np.multiply(reach, units * self.gigabytes, out=self.work)
        self.stored *= self.kept_ratio
        self.stored += incoming
        return Asked(
            load=load,
            units=own_units + bought_units,
            own_units=own_units,
            own_value_usd=own_value,
            bought_units=bought_units,
            bought_value_usd=bought_value,
            api_usd=api_usd,
            gigabytes=np.add.reduce(self.stored, axis=1),
            moved_gigabytes=np.add.reduce(incoming, axis=1),
        )

    def late_units(self, reach: Array, month: int) -> Array:
        """Units of the whole demand that are not reached: use cases not live, users not come, or gone; [strategy, sample]."""
        return np.asarray(np.add.reduce((1.0 - reach) * self.world.units[month], axis=1))

    def needed(self, within_wall: Array, use_ratio: Array) -> Array:
        """Accelerators that the last month asked for needs when this share of its load is carried, [strategy, sample]."""
        if np.minimum.reduce(within_wall, axis=None) < 1.0:
            self.busy *= within_wall[:, None, :]
        return self.sizing.needed(self.busy, use_ratio)
