"""The compiled stages: the same as formulas on whole arrays, compiled once each, and only when a chain is played."""

from __future__ import annotations

import importlib
import os
import pkgutil
import socket
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import plain_stages
from groundwork.app import launch, preparing
from groundwork.cli import main
from groundwork.profiles import load
from groundwork.quantities import Array, Flags
from groundwork.strategy import loops
from groundwork.strategy.loops import delivery, demanded, effort, foundation, incidents, sizing, supply
from groundwork.strategy.loops.compiled import Compiled
from groundwork.strategy.outcome import MONTHLY, ON_REQUEST
from groundwork.strategy.simulation import simulate
from groundwork.study.runs import channel_split, points_of
from invented import invented, points, strategy

ROOT = Path(__file__).parents[1]
INDUSTRIES = ("finance", "healthcare", "manufacturing", "media", "retail")
S, W, N = 3, 4, 50


def called(loop: Compiled, *records: SimpleNamespace) -> None:
    """Run a loop on arguments found by their names."""
    known = {name: value for record in records for name, value in vars(record).items()}
    loop(*(known[name] for name in loop.function.__code__.co_varnames[: loop.function.__code__.co_argcount]))


def same(one: SimpleNamespace, other: SimpleNamespace) -> None:
    for name, values in vars(one).items():
        np.testing.assert_allclose(values, getattr(other, name), rtol=1e-9, atol=1e-12, err_msg=name)


class Thrown:
    """Arrays of fixed shapes from one stream: numbers between limits, and flags that hold as often as is said."""

    def __init__(self, seed: int) -> None:
        self.dice = np.random.Generator(np.random.Philox(seed))

    def within(self, low: float, high: float, *shape: int) -> Array:
        return np.asarray(self.dice.uniform(low, high, shape))

    def flags(self, ratio: float, *shape: int) -> Flags:
        return np.asarray(self.dice.random(shape) < ratio)


SEEDS = pytest.mark.parametrize("seed", range(8))


@SEEDS
def test_use_cases_move_as_formulas_on_whole_arrays_say(seed: int) -> None:
    dice, within, flags = (thrown := Thrown(seed)).dice, thrown.within, thrown.flags
    zeros = {name: np.zeros((S, W, N)) for name in ("begun", "finished", "graduated", "launched", "retired", "live")}
    sums = {f"{name}_sum": within(-0.75, 0.75, S, W, N) for name in ("begun", "pilot", "production", "retirement")}
    mine = SimpleNamespace(places=np.full((S, W, N), 3.0), **zeros, **sums)
    theirs = deepcopy(mine)
    stays = {
        "pilot_months": within(1, 4, N),
        "lead_months": within(1, 6, N),
        "intake_months": within(0.5, 3, N),
        "service_life_months": within(4, 20, N),
        "bought": flags(0.3, S, W),
        "hastened": within(1, 2, N),
        "hurdles": dice.normal(size=(12, W, N)),
        "log_odds": dice.normal(size=N),
        "graduation_log": dice.normal(size=N),
        "bought_log_odds": dice.normal(size=N),
    }
    for month in range(36):
        now = SimpleNamespace(
            known=3.0 + np.floor(np.full((W, N), month / 6.0)),
            maturity=within(0, 1, S, N),
            wait_ratio=within(0, 1, N),
            missing_ratio=within(0, 1, S, N),
            pace=within(0, 1, S, N) * flags(0.8, S, N),
            starting=flags(0.8, S, N),
            experiment_wait=within(0.3, 1, S, N),
            lead_time=within(0.3, 1.5, S, N),
            service_life=within(0.5, 2, S, N),
            **stays,
        )
        called(delivery.moved, now, mine)
        plain_stages.moved(now, theirs)
        same(mine, theirs)
    assert mine.retired.max() > 0.0  # every stage was reached
    assert (mine.places > 3.0).any()


@SEEDS
def test_time_is_spent_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    now = SimpleNamespace(
        month=5,
        begins=t.within(0, 8, S, 1),
        wait_months=t.within(0, 6, S, 1),
        diverted_fte=t.within(0, 5, S, 1),
        dip_throughput_ratio=t.within(0, 0.5, N),
        **{name: t.within(0, 2, S, N) for name in ("toil_fte", "retraining_fte", "less_toil", "pilot_fte", "production_fte")},
        **{name: np.floor(t.within(0, 4, S, N)) for name in ("piloting", "rolling", "live")},
        **{name: t.flags(0.5, S, N) for name in ("dip", "frozen", "building", "stopped", "kept", "employed")},
        staff_fte=t.within(0, 12, S, N),
        rebuild_fte=t.within(0, 5, S, N),
        idle_paid_ratio=t.within(0, 1, S, N),
        productivity=t.within(0.8, 1.5, S, N),
        platform_started_at=np.where(t.flags(0.5, S, N), t.within(0, 8, S, N), np.inf),
    )
    names = ("pace", "paid", "staff", "delivered", "toil", "rebuild", "platform", "idle")
    found = SimpleNamespace(**{name: np.zeros((S, N)) for name in names}, starting=np.zeros((S, N), dtype=bool))
    called(effort.spent, now, found)
    same(SimpleNamespace(**plain_stages.spent(now)), found)


@SEEDS
def test_orders_go_out_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    zeros = {name: np.zeros((S, N)) for name in ("committed", "under_way", "ordered", "arrived")}
    mine = SimpleNamespace(coming=np.zeros((5, S, N)), **zeros)
    theirs = deepcopy(mine)
    past = [np.zeros((S, N)) for _ in range(6)]
    theirs_past = deepcopy(past)
    for month in range(24):
        now = SimpleNamespace(
            slot=month % 5,
            lead_months=t.dice.integers(1, 5, N),
            **{name: t.within(0, 1, S, 1) for name in ("buffer_ratio", "commit_ratio")},
            **{name: t.within(0, 1, N) for name in ("growth_view_ratio", "expected_lead_months")},
            **{name: t.within(0, 9, S, N) for name in ("need", "last_need", "owned", "owned_under_way")},
            maturity=t.within(0, 1, S, N),
            planned_more_ratio=t.within(0, 1, S, N),
        )
        mine.ended, theirs.ended = past[month % 6], theirs_past[month % 6]
        called(supply.planned, now, mine)
        plain_stages.planned(now, theirs)
        same(mine, theirs)
    assert mine.arrived.max() > 0.0


@SEEDS
def test_accelerators_are_needed_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    services, dated, sited = (np.array(places) for places in ((0, 3), (1,) if seed % 2 else (), (2,)))
    now = SimpleNamespace(
        busy=t.within(0, 5, S, W, N) * t.flags(0.7, S, W, N),
        services=services.astype(np.int64),
        dated=dated.astype(np.int64),
        sited=sited.astype(np.int64),
        **{name: t.within(0.2, 3, S, 2, N) for name in ("scale", "fixed", "root", "price")},
        deadline=t.within(1, 4, W, N),
        quiet_ratio=0.4,
        use_ratio=t.within(0.1, 0.9, S, N),
    )
    found = SimpleNamespace(needed=np.zeros((S, N)))
    called(sizing.promised, now, found)
    called(sizing.pooled, now, found)
    if not dated.size:
        now.quiet_ratio = 0.0  # work without a date has no quiet hours to wait for
    np.testing.assert_allclose(found.needed, plain_stages.needed(now), rtol=1e-9)


@SEEDS
def test_the_wall_is_met_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    mine = SimpleNamespace(**{name: np.zeros((S, N)) for name in ("complete", "level", "left_months", "count")})
    theirs = deepcopy(mine)
    stays = {name: t.within(0.5, 4, N) for name in ("load_accelerators", "log_lift", "rebuild_months", "rebuild_usd")}
    found = SimpleNamespace(within=np.zeros((S, N)), frozen=np.zeros((S, N), dtype=bool), paid_usd=np.zeros((S, N)))
    for month in range(24):
        now = SimpleNamespace(load=t.within(0, 1 + month, S, N), maturity=t.within(0, 1, S, N), **stays)
        called(foundation.carried, now, mine, found)
        same(SimpleNamespace(**plain_stages.carried(now, theirs)), found)
        same(mine, theirs)
    assert mine.count.max() > 1.0


@SEEDS
def test_services_are_down_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    spare = np.floor(t.within(0, 3, S, 1))
    names = ("bad_change_hours", "outage_hours", "repair_hours", "switch_hours", "manual_hours", "dip_stability_ratio")
    now = SimpleNamespace(
        most_hours=50.0,
        **{name: t.within(0, 20, N) for name in names},
        **{name: t.within(0, 1, N) for name in ("failover", "failing", "down_ratio", "node", "failures")},
        **{name: t.within(0, 2, S, N) for name in ("change_restore", "uncovered", "replicas_hours", "crowded_hours")},
        outages=np.floor(t.within(0, 3, N)),
        dip=t.flags(0.3, S, N),
        live=np.floor(t.within(0, 3, S, N)),
        held=t.within(0, 4, S, N),
        one_zone=t.flags(0.5, S, 1),
        spare_count=spare,
        spare_factorial=np.array([[1.0, 2.0, 6.0][int(count)] for count in spare[:, 0]])[:, None],
    )
    found = SimpleNamespace(hours=np.zeros((S, N)))
    called(incidents.down, now, found)
    np.testing.assert_allclose(found.hours, plain_stages.down(now), rtol=1e-9)


@SEEDS
def test_users_ask_as_formulas_on_whole_arrays_say(seed: int) -> None:
    t = Thrown(seed)
    per_unit = ("units", "busy_hours", "value_usd", "bought_value_usd", "bought_usd", "gigabytes")
    now = SimpleNamespace(
        **{name: t.within(0, 2, W, N) for name in per_unit},
        **{name: t.within(0.2, 1, N) for name in ("own_cost_ratio", "api_price_ratio")},
        reach=t.within(0, 1, S, W, N) * t.flags(0.7, S, W, N),
        kept_ratio=t.within(0, 1, W, N),
        bought=t.flags(0.4, S, W),
    )
    stored = t.within(0, 5, S, W, N)
    totals = ("load", "all_units", "own_units", "own_value", "bought_units", "bought_value", "api_usd", "stored_gb", "moved_gb")
    found = SimpleNamespace(busy=np.zeros((S, W, N)), **{name: np.zeros((S, N)) for name in totals})
    mine = SimpleNamespace(stored=stored.copy())
    called(demanded.asked, now, mine, found)
    same(SimpleNamespace(**plain_stages.asked(now, stored)), found)
    np.testing.assert_allclose(mine.stored, stored, rtol=1e-9)


def every_loop() -> list[Compiled]:
    rooms = [importlib.import_module(f"{loops.__name__}.{room.name}") for room in pkgutil.iter_modules(loops.__path__)]
    return [value for room in rooms for value in vars(room).values() if isinstance(value, Compiled)]


def test_each_stage_is_compiled_for_one_kind_of_arguments() -> None:
    """Whatever is asked of the chain: many strategies or one, one sample or blocks of them, all series or none, cases mixed."""
    for name in INDUSTRIES:
        scenario = load(name)
        few = points_of(scenario, 64, scenario.seed)
        for some in (few, few.first(1)):
            simulate(scenario, some, tuple(scenario.strategies), (*MONTHLY, *ON_REQUEST))
            simulate(scenario, some, ("model_first",), ())
    channel_split(scenario, ("infrastructure_first", "api_first"), 2, scenario.seed)
    scenario = invented()
    mixed = strategy(platform_start_month=3, owned_ratio=0.4, zones_count=1, spare_servers_count=1, buys=("*",))
    scenario = replace(scenario, strategies={**scenario.strategies, "mixed": mixed})
    simulate(scenario, points(scenario, 4_096), tuple(scenario.strategies))
    assert {loop.function.__qualname__: loop.machine_code and len(loop.machine_code.signatures) for loop in every_loop()} == {
        loop.function.__qualname__: 1 for loop in every_loop()
    }


def python(words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words", ["groundwork.cli._parser()", "groundwork.app.start.start_page()", "groundwork.strategy.simulation.simulate"]
)
def test_who_plays_no_chain_does_not_wait_for_the_compiler(words: str) -> None:
    done = python(
        f"import sys, groundwork.cli, groundwork.app.start, groundwork.strategy.simulation\n{words}\nprint(*sys.modules)"
    )
    assert done.returncode == 0, done.stderr
    assert "groundwork.strategy.simulation" in done.stdout.split()
    assert "numba" not in done.stdout.split()


ONE_LOOP = """
import numpy as np
from groundwork.strategy.loops.sizing import shared
held_ratio, missing_ratio = np.zeros((2, 1, 1))
shared(np.ones((1, 1)), np.full((1, 1), 2.0), held_ratio, missing_ratio)
print(round(held_ratio[0, 0], 9))
"""
NOWHERE = """
from numba.core import caching
for locator in caching.CacheImpl._locator_classes:
    locator.ensure_cache_path = lambda self: open("/dev/null/here", "w")
"""
FULL = """
from numba.core import caching
def save(self, *_):
    raise OSError(28, "No space left on device")
caching.IndexDataCacheFile.save = save
caching.IndexDataCacheFile.load = lambda self, *_: None
"""


@pytest.mark.parametrize("trouble", [NOWHERE, FULL], ids=["nowhere", "full"])
def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(trouble: str) -> None:
    """A folder that cannot be written, and no home: as a user without rights meets it, which root cannot play; or a full disk."""
    done = python(trouble + ONE_LOOP)
    assert (done.returncode, done.stdout.strip()) == (0, "0.5"), done.stderr


def test_who_comes_first_is_told_that_it_takes_longer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "retail", "--samples", "32"]
    assert main(words) == 0
    capsys.readouterr()
    assert preparing.is_prepared()  # the run above has left its machine code, if none had before
    assert main(words) == 0
    assert preparing.NOTICE not in capsys.readouterr().err
    monkeypatch.setattr(preparing, "is_prepared", lambda: False)
    assert main(words) == 0
    assert capsys.readouterr().err.startswith(preparing.NOTICE)


def test_the_app_prepares_the_chain_before_it_says_where_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(preparing, "is_prepared", lambda: False)
    monkeypatch.setattr(os, "execve", lambda *_: print("served", file=sys.stderr))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    launch.serve(port)
    said = capsys.readouterr().err.splitlines()
    assert said == [preparing.NOTICE, f"Groundwork: http://127.0.0.1:{port}/", "served"]
    assert preparing.are_kept()
