"""Will it hold? One plan's downtime by cause, and what other architectures and practices make of it, in the same futures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from groundwork.analysis.search import pareto_front
from groundwork.draws import Points
from groundwork.levers import Strategy
from groundwork.quantities import Array, Quantity, percentile
from groundwork.scenario import Scenario, beliefs
from groundwork.strategy.simulation import Outcome, drawn, simulate
from groundwork.strategy.standing import Standing, standing
from groundwork.study.runs import held, points_of

SAMPLES = 512
EXACT_SAMPLES = 64  # futures over which what is exact within each is averaged
BAD_MONTH = 0.95  # one live month in twenty is worse
MONTH_HOURS = 8760.0 / 12.0
ZONES, SPARES = (1, 2, 3), (0, 1)
CAUSES = {  # a belief, and the value at which it takes nothing down
    "bad_changes": ("operations.change_failure_ratio", 0.0),
    "zones": ("operations.zone_outages_per_year", 0.0),
    "servers": ("operations.replica_mttf_hours", 10_000_000.0),
}

PRACTICES = ("operations.change_failure_ratio", "operations.exposed_ratio", "operations.restore_hours")
BETTER = 0.1  # a practice is asked at the tenth percentile of what is believed of it

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One architecture of the plan: its zones, spare servers in each, and whether a platform is built."""

    zones_count: int
    spare_servers_count: int
    has_platform: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """What a design costs and how long it is down.

    Parameters
    ----------
    cost_usd, value_usd
        Mean present cost, and mean present value, of the whole plan.
    typical_hours, bad_hours
        Hours down in the middle live month, and in one of twenty.
    missed_ratio
        Share of live months in which the promise is missed.
    beaten
        Another design costs no more and is down no longer in a bad month, and one of the two is less.
    """

    design: Design
    cost_usd: float
    value_usd: float
    typical_hours: float
    bad_hours: float
    missed_ratio: float
    beaten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cause:
    """Hours a year that a cause takes, [sample]: what is down with it and not without it."""

    name: str
    hours_per_year: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What stands still where a practice is as good as one in ten: the belief, that value, and the hours down then."""

    path: str
    value: float
    bad_hours: float
    missed_ratio: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A plan's downtime: where it stands, every architecture beside it, its causes with the largest first.

    `budget_hours` is what the promise allows in a month; `lost_usd_per_year` [sample] is the direct cost of the hours down.
    """

    strategy: str
    slo_ratio: float
    budget_hours: float
    here: Rung
    rungs: tuple[Rung, ...]
    causes: tuple[Cause, ...]
    practices: tuple[Practice, ...]
    hours_per_year: Array
    lost_usd_per_year: Array

    @property
    def next_step(self) -> Rung | None:
        """The design that spares most hours of a bad month for each dollar more; one that is cheaper as well comes first."""
        better = [rung for rung in self.rungs if not rung.beaten and rung.bad_hours < self.here.bad_hours]

        def spared_per_usd(rung: Rung) -> float:
            extra = rung.cost_usd - self.here.cost_usd
            return float("inf") if extra <= 0.0 else (self.here.bad_hours - rung.bad_hours) / extra

        return max(better, key=spared_per_usd, default=None)

    @property
    def cheapest_that_holds(self) -> Rung | None:
        """The cheapest design whose bad month stays within the promise."""
        holds = [rung for rung in self.rungs if rung.bad_hours <= self.budget_hours]
        return min(holds, key=lambda rung: rung.cost_usd, default=None)

    @property
    def one_zone_less(self) -> Rung | None:
        """The same design with a zone less, where it has more than one."""
        fewer = replace(self.here.design, zones_count=self.here.design.zones_count - 1)
        return next((rung for rung in self.rungs if rung.design == fewer), None)


def holding(scenario: Scenario[Quantity], strategy: str, seed: int, report: Report = lambda share: None) -> Holding:
    """Play a plan in every architecture, and as it stands without each cause of downtime.

    What a user would get wrong: zones and spare servers do nothing against bad changes, and a design whose typical month is
    within the promise can still miss it often.

    Parameters
    ----------
    scenario, strategy, seed
        Whose plan, in which futures; every run meets the same.
    report
        Called with the share done; what it raises ends the work.
    """
    points = points_of(scenario, SAMPLES, seed)
    lever = scenario.strategies[strategy]
    today = _design(lever)
    designs = list(dict.fromkeys([today, *(Design(zones_count=z, spare_servers_count=s, has_platform=p) for z, s, p in _all())]))
    known = {belief.path: belief.value for belief in beliefs(scenario)}
    better = {path: percentile(known[path], BETTER) for path in PRACTICES}
    steps = len(designs) + len(CAUSES) + len(better)
    run = drawn(scenario, points).operations
    slo = np.asarray(run.slo_ratio)
    rungs, here = [], None
    for number, design in enumerate(designs):
        report(number / steps)
        outcome = _played(scenario, strategy, _levers(lever, design), points)
        here = outcome if here is None else here
        rungs.append(_rung(design, outcome, slo))
    assert here is not None
    front = pareto_front(np.array([[rung.cost_usd, rung.bad_hours] for rung in rungs]))
    rungs = [replace(rung, beaten=bool(beaten)) for rung, beaten in zip(rungs, front.dominated.tolist(), strict=True)]
    hours = hours_per_year(here)
    causes = []
    for number, (name, (path, value)) in enumerate(CAUSES.items()):
        report((len(designs) + number) / steps)
        without = _played(held(scenario, path, value), strategy, lever, points)
        causes.append(Cause(name=name, hours_per_year=np.maximum(0.0, hours - hours_per_year(without))))
    causes.sort(key=lambda cause: -float(cause.hours_per_year.mean()))
    practices = []
    for number, (path, value) in enumerate(better.items()):
        report((len(designs) + len(CAUSES) + number) / steps)
        rung = _rung(today, _played(held(scenario, path, value), strategy, lever, points), slo)
        practices.append(Practice(path=path, value=value, bad_hours=rung.bad_hours, missed_ratio=rung.missed_ratio))
    return Holding(
        strategy=strategy,
        slo_ratio=float(np.median(slo)),
        budget_hours=float(np.median((1.0 - slo) * MONTH_HOURS)),
        here=rungs[0],
        rungs=tuple(sorted(rungs, key=lambda rung: (rung.cost_usd, rung.bad_hours))),
        causes=tuple(causes),
        practices=tuple(practices),
        hours_per_year=hours,
        lost_usd_per_year=hours * np.broadcast_to(np.asarray(run.incident_usd_per_hour), hours.shape),
    )


def stands(scenario: Scenario[Quantity], outcome: Outcome, strategy: str, seed: int) -> Standing | None:
    """What another place would buy the plan, exact and quick: see `strategy.standing`."""
    return standing(drawn(scenario, points_of(scenario, EXACT_SAMPLES, seed)), outcome, strategy)


def hours_per_year(outcome: Outcome) -> Array:
    """Hours down in a year with something live, [sample]; nought where nothing ever is."""
    live = outcome.monthly["live_use_cases"][:, 0] > 0.0
    months = live.sum(axis=0)
    down = (outcome.monthly["downtime_hours"][:, 0] * live).sum(axis=0)
    return np.asarray(12.0 * np.divide(down, months, out=np.zeros(len(months)), where=months > 0))


def _all() -> Sequence[tuple[int, int, bool]]:
    return list(product(ZONES, SPARES, (False, True)))


def _design(lever: Strategy) -> Design:
    return Design(
        zones_count=lever.zones_count,
        spare_servers_count=lever.spare_servers_count,
        has_platform=lever.platform_start_month is not None or lever.platform_trigger is not None,
    )


def _levers(lever: Strategy, design: Design) -> Strategy:
    """The plan with another architecture; a platform that it has keeps its month, one that it gets begins at once."""
    changed = replace(lever, zones_count=design.zones_count, spare_servers_count=design.spare_servers_count)
    if design.has_platform == _design(lever).has_platform:
        return changed
    if design.has_platform:
        return replace(changed, platform_start_month=0)
    return replace(changed, platform_start_month=None, platform_trigger=None)


def _played(scenario: Scenario[Quantity], strategy: str, lever: Strategy, points: Points) -> Outcome:
    alone = replace(scenario, strategies={**scenario.strategies, strategy: lever})
    return simulate(alone, points, (strategy,))


def _rung(design: Design, outcome: Outcome, slo_ratio: Array) -> Rung:
    live = outcome.monthly["live_use_cases"][:, 0] > 0.0
    hours = outcome.monthly["downtime_hours"][:, 0]
    felt = hours[live] if live.any() else np.zeros(1)
    missed = hours > (1.0 - slo_ratio) * MONTH_HOURS
    return Rung(
        design=design,
        cost_usd=float(sum(values[0] for values in outcome.cost_usd.values()).mean()),
        value_usd=float(outcome.npv_usd[0].mean()),
        typical_hours=float(np.quantile(felt, 0.5)),
        bad_hours=float(np.quantile(felt, BAD_MONTH)),
        missed_ratio=float(missed[live].mean()) if live.any() else 0.0,
    )
