"""What another place buys: a plan's architecture as it stands and one step beside it each, exact, while a slider moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from groundwork.levers import Strategy
from groundwork.quantities import Array
from groundwork.scenario import Scenario
from groundwork.strategy.architectures import MONTH_HOURS, Architecture, Stand, stand_each, unserved_ratio
from groundwork.strategy.outcome import Outcome

HELPS = 0.05  # of a mean month's downtime: a step that spares less is no help
MANY = Architecture(vendors_count=2, regions_count=3, zones_count=4, spare_servers_count=2, held_ratio=2.0)
CAPACITY = ("committed_capacity", "on_demand_capacity", "owned_capacity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change to the architecture: how it stands then, what it costs more in a month, what the time spared is worth."""

    name: str
    stand: Stand
    usd_per_month: float
    spared_hours_per_month: float
    spared_usd_per_month: float

    @property
    def pays(self) -> bool:
        """The time that it spares is worth more than it costs."""
        return self.spared_usd_per_month > self.usd_per_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A plan's architecture and the steps beside it.

    `places_end_hours` is a bad month of `MANY` places: more of them spare no more. `served_ratio` is the share of a day's
    work that the architecture serves with its largest single loss; `held_ratio` what it holds over the need of the peak, and
    `carries_ratio` what it would have to hold to lose a zone without turning work away.
    """

    strategy: str
    here: Stand
    steps: tuple[Step, ...]
    places_end_hours: float
    served_ratio: float
    held_ratio: float
    carries_ratio: float
    servers_count: int
    budget_hours: float

    @property
    def next_step(self) -> Step | None:
        """The step that spares a minute for least money, of those that help."""
        helps = [step for step in self.steps if step.spared_hours_per_month > HELPS * self.here.hours_per_month]
        return min(helps, key=lambda step: max(step.usd_per_month, 0.0) / step.spared_hours_per_month, default=None)


def standing(beliefs: Scenario[Array], outcome: Outcome, strategy: str) -> Standing | None:
    """The exact downtime of a plan's architecture, and of every step from it.

    What a user would get wrong: it stands for one service before any platform; what it costs is capacity alone, without the
    data that another region or vendor needs a copy of.

    Parameters
    ----------
    beliefs, outcome, strategy
        What is believed, drawn; what came of it; whose plan. Nothing comes back for a plan that needs no servers of its own.
    """
    plan = beliefs.strategies[strategy]
    row = outcome.strategies.index(strategy)
    needed = outcome.monthly["needed_accelerators"][-1, row]
    if not (needed > 0.0).any():
        return None
    servers = max(1, round(float(np.median(needed[needed > 0.0]))))
    held = outcome.monthly["accelerators"][:, row].sum(axis=0).mean()
    spent = float(sum(outcome.cost_usd[name][row].mean() for name in CAPACITY))
    price = spent / float(held) if held > 0.0 else 0.0
    premium = float(np.mean(beliefs.market.vendor_premium_ratio))
    worth = float(np.mean(beliefs.operations.incident_usd_per_hour))
    today = architecture_of(plan)
    others = steps_from(today, servers)
    here, *thens, ends = stand_each(beliefs, (today, *others.values(), MANY), servers)

    def step(name: str, then: Stand) -> Step:
        there = then.architecture
        more = (_capacity(there, servers, premium) - _capacity(today, servers, premium)) * price
        spared = here.hours_per_month - then.hours_per_month
        return Step(
            name=name,
            stand=then,
            usd_per_month=more,
            spared_hours_per_month=spared,
            spared_usd_per_month=spared * worth,
        )

    count, held_ratio = today.places_count, today.capacity_ratio(servers)
    slo = np.asarray(beliefs.operations.slo_ratio)
    left = held_ratio * (1.0 - 1.0 / count)
    return Standing(
        strategy=strategy,
        here=here,
        steps=tuple(step(name, then) for name, then in zip(others, thens, strict=True)),
        places_end_hours=ends.bad_hours,
        served_ratio=1.0 - unserved_ratio(beliefs, left) if count > 1 else 0.0,
        held_ratio=held_ratio,
        carries_ratio=count / (count - 1.0) if count > 1 else 2.0,
        servers_count=servers,
        budget_hours=float(np.median((1.0 - slo) * MONTH_HOURS)),
    )


def architecture_of(plan: Strategy) -> Architecture:
    """Where a plan's services stand: one vendor and one region, the zones and spare servers of its levers.

    What a user would get wrong: the vendors of a plan's levers share out what is rented; no service moves between them.
    """
    return Architecture(
        vendors_count=1,
        regions_count=1,
        zones_count=plan.zones_count,
        spare_servers_count=plan.spare_servers_count,
        held_ratio=1.0 + plan.buffer_ratio,
    )


def steps_from(today: Architecture, servers_count: int) -> dict[str, Architecture]:
    """One step each: a spare server, a zone, room for a lost zone, a second region or vendor that carries all alone."""
    steps = {
        "spare": replace(today, spare_servers_count=today.spare_servers_count + 1),
        "zone": replace(today, zones_count=today.zones_count + 1),
    }
    if today.zones_count > 1:
        room = today.zones_count / (today.zones_count - 1.0)
        if today.capacity_ratio(servers_count) < room:
            steps["room"] = replace(today, held_ratio=room)
    steps["region"] = replace(today, regions_count=2, held_ratio=max(today.held_ratio, 2.0))
    steps["vendor"] = replace(today, vendors_count=2, held_ratio=max(today.held_ratio, 2.0))
    return steps


def _capacity(architecture: Architecture, servers_count: int, premium_ratio: float) -> float:
    """Servers to pay for, at the premium of another vendor where there is one."""
    servers = servers_count * architecture.capacity_ratio(servers_count)
    return servers * (1.0 + premium_ratio * (architecture.vendors_count - 1))
