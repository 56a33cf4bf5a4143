"""Whether a workload is worth serving: nobody goes on buying what costs more than it earns, whatever their strategy.

Each month what a workload earned is held against what it would not have cost unserved. After some months in a row at a loss
nothing more is bought for it; after as many in which it would have paid at the prices seen, it is served again. What is
committed or owned is paid anyway, so own work goes on as far as that carries it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundwork.quantities import Array, Flags
from groundwork.scenario import Scenario
from groundwork.strategy.choices import Choices
from groundwork.strategy.demanded import Work
from groundwork.strategy.foundation import Multipliers
from groundwork.strategy.future import HOURS_PER_MONTH, Future
from groundwork.strategy.loops import worth as loops
from groundwork.strategy.loops.compiled import apart, plain
from groundwork.strategy.sizing import Sizing
from groundwork.strategy.supply import Stock, committed_usd_per_hour


@dataclass(slots=True)
class Worth:
    """What was seen of each workload last month and what is concluded, [strategy, workload, sample].

    `rent_usd` is what its accelerators would cost by the hour beside all others', `bought_usd` its provider's bill, `moving_usd`
    that of moving its data, `earned_usd` its value: all of them for all who come to what is live. `contrary` counts the months
    in a row in which what is seen speaks against what is done. `declined` is the share of what is asked that is turned away by
    choice; `paying` is the need of the work that pays and `lasting` that for which capacity is ordered, [strategy, sample], both
    without limit where nothing is stopped; `somewhere` something is. `parts` is what each workload puts into the need, `sunk` the
    need that is committed or owned anyway.
    """

    world: Future
    sizing: Sizing
    fixed: tuple[Array, ...]
    hours_per_unit: Array
    built: Array
    buffer_factor: Array
    gigabytes: Array
    value_usd_per_unit: Array
    bought_usd_per_unit: Array
    moving_usd_per_gb: Array
    committed_usd_per_hour: Array
    rent_hours: Array
    drift_ratio: Array
    waste_ratio: Array
    months: Array
    quiet_ratio: float
    everywhere: Flags
    somewhere: Flags
    stopped: Flags
    contrary: Array
    someone_live: bool
    someone_stopped: bool
    turning_away: bool
    parts: list[Array]
    rent_usd: Array
    bought_usd: Array
    moving_usd: Array
    earned_usd: Array
    served: Array
    declined: Array
    paying: Array
    lasting: Array
    sunk: Array
    nothing: Array

    @classmethod
    def of(cls, beliefs: Scenario[Array], choices: Choices, world: Future, asked: Work) -> Worth:
        shape = asked.stored.shape
        strategies, workloads, samples = shape
        own_hours, _, own_value = asked.each
        _, bought_value, bought_usd = asked.bought_each
        sizing, months = asked.sizing, beliefs.stopping.loss_months
        service, dated, sited = np.full(workloads, -1.0), np.zeros(workloads, dtype=bool), np.zeros(workloads, dtype=bool)
        service[sizing.services] = np.arange(len(sizing.services))
        dated[list(sizing.dated)], sited[list(sizing.sited)] = True, True
        contrary, rent_usd, bought_usd_seen, moving_usd, earned_usd, served, declined, *parts = apart(11, shape)
        vendors = 1.0 + (choices.vendors_count - 1.0) * beliefs.market.vendor_premium_ratio
        buffer_factor = 1.0 + choices.buffer_ratio
        return cls(
            world=world,
            sizing=sizing,
            fixed=(service, dated, sited, *(plain(part) for part in (sizing.scale, sizing.fixed, sizing.root, sizing.price))),
            hours_per_unit=plain(own_hours),
            built=plain(choices.built[:, :, 0]),
            buffer_factor=buffer_factor,
            gigabytes=plain(asked.gigabytes),
            value_usd_per_unit=plain(own_value * choices.built + bought_value * choices.bought),
            bought_usd_per_unit=plain(bought_usd * choices.bought),
            moving_usd_per_gb=plain(asked.moving_usd),
            committed_usd_per_hour=committed_usd_per_hour(beliefs),
            rent_hours=choices.each(HOURS_PER_MONTH * vendors * buffer_factor),
            drift_ratio=plain(beliefs.delivery.drift_ratio),
            waste_ratio=plain(beliefs.data.waste_ratio),
            months=np.where(months > 0.0, months, np.inf),
            quiet_ratio=float(sizing.quiet_ratio),
            everywhere=np.ones((strategies, samples), dtype=bool),
            somewhere=np.zeros((strategies, samples), dtype=bool),
            stopped=np.zeros(shape, dtype=bool),
            contrary=contrary,
            someone_live=False,
            someone_stopped=False,
            turning_away=False,
            parts=parts,
            rent_usd=rent_usd,
            bought_usd=bought_usd_seen,
            moving_usd=moving_usd,
            earned_usd=earned_usd,
            served=served,
            declined=declined,
            paying=np.zeros((strategies, samples)),
            lasting=np.zeros((strategies, samples)),
            sunk=np.zeros((strategies, samples)),
            nothing=np.zeros(shape),
        )

    def accepted(self, stock: Stock, reach: Array, use_ratio: Array, month: int) -> Array:
        """The reach that is served this month, [strategy, workload, sample]: all of it but what was stopped.

        Own work that was stopped is served as far as capacity goes that is committed or owned and that the work that pays, with
        its spare capacity, leaves free; not even that where moving its data costs more than it earns. Capacity goes on being
        ordered for what would pay on committed capacity, if not on rented.
        """
        self.turning_away = self.someone_stopped
        if not self.turning_away:
            return reach
        self.sunk = stock.sunk(month) / self.buffer_factor
        self._parted(reach, self.somewhere, use_ratio, month)
        loops.accepted(
            *(reach, self.stopped, self.somewhere, self.built, self.rent_usd, self.moving_usd, self.earned_usd),
            *(self.committed_usd_per_hour / self.world.on_demand_price[month - 1], self.sunk),
            *(*self.parts, self.quiet_ratio, self.served, self.declined, self.paying, self.lasting),
        )
        return self.served

    def needed(self, needed: Array) -> tuple[Array, Array]:
        """What is needed of accelerators, and of it that for which capacity is ordered, [strategy, sample].

        Nothing is rented beside what is sunk for work that was stopped.
        """
        if not self.turning_away:
            return needed, needed
        needed = np.minimum(needed, np.maximum(self.paying, self.sunk))
        return needed, np.minimum(needed, self.lasting)

    def seen(self, act: Multipliers, reach: Array, use_ratio: Array, fresh_ratio: Array, month: int) -> None:
        """Look at a month that is over: what each workload earns and what it would not cost unserved, and conclude.

        What a service keeps standing is spread over the users who come to what is live, not over the few of its first months:
        `reach` [strategy, workload, sample] is theirs. What is not live teaches nothing. `use_ratio` is busy over held
        accelerators.
        """
        self.someone_live = self.someone_live or bool(np.count_nonzero(reach))
        if not self.someone_live:
            return
        world = self.world
        self._parted(reach, self.everywhere, use_ratio, month)
        loops.seen(
            *(reach, world.units[month], *self.parts, self.quiet_ratio),
            *(world.on_demand_price[month], self.rent_hours, self.waste_ratio, act.data_waste),
            *(self.bought_usd_per_unit, world.api_price_ratio[month], self.gigabytes, self.moving_usd_per_gb),
            *(self.value_usd_per_unit, self.drift_ratio, act.drift, fresh_ratio, self.months),
            *(self.stopped, self.somewhere, self.contrary, self.rent_usd, self.bought_usd, self.moving_usd, self.earned_usd),
        )
        self.someone_stopped = bool(np.count_nonzero(self.stopped))

    def _parted(self, reach: Array, wanted: Flags, use_ratio: Array, month: int) -> None:
        world = self.world
        loops.parts(
            *(reach, wanted, self.built, world.units[month], self.hours_per_unit, world.own_cost_ratio[month], use_ratio),
            *(*self.fixed, self.sizing.deadline, *self.parts),
        )

    def turned_away(self) -> Array:
        """Share of what was asked this month that was turned away by choice, [strategy, workload, sample]."""
        return self.declined if self.turning_away else self.nothing

    def series(self, reach: Array, stopped: Flags, month: int) -> dict[str, Array | Flags]:
        """What a page may ask for by workload and month, [workload, strategy, sample]: what was `stopped` in that month."""
        units = np.maximum(reach * self.world.units[month], 1e-300)
        cost = (self.rent_usd + self.bought_usd + self.moving_usd) / units
        shown = {"serving_stopped": stopped, "unit_cost_usd": cost, "unit_value_usd": self.earned_usd / units}
        return {name: values.swapaxes(0, 1) for name, values in shown.items()}
