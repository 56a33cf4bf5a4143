"""The compiled stages: the same as formulas on whole arrays, compiled once each, and only when a chain is played."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import plain_stages
from groundwork.profiles import load
from groundwork.quantities import Array
from groundwork.strategy import loops
from groundwork.strategy.loops import delivery
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


@pytest.mark.parametrize("seed", range(8))
def test_use_cases_move_as_formulas_on_whole_arrays_say(seed: int) -> None:
    dice = np.random.Generator(np.random.Philox(seed))

    def within(low: float, high: float, *shape: int) -> Array:
        return np.asarray(dice.uniform(low, high, shape))

    zeros = {name: np.zeros((S, W, N)) for name in ("begun", "finished", "graduated", "launched", "retired", "live")}
    sums = {f"{name}_sum": within(-0.75, 0.75, S, W, N) for name in ("begun", "pilot", "production", "retirement")}
    mine = SimpleNamespace(places=np.full((S, W, N), 3.0), **zeros, **sums)
    theirs = deepcopy(mine)
    stays = {
        "pilot_months": within(1, 4, N),
        "lead_months": within(1, 6, N),
        "intake_months": within(0.5, 3, N),
        "service_life_months": within(4, 20, N),
        "bought": within(0, 1, S, W) < 0.3,
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
            pace=within(0, 1, S, N) * (within(0, 1, S, N) < 0.8),
            starting=within(0, 1, S, N) < 0.8,
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


NOWHERE = """
from numba.core import caching
for locator in caching.CacheImpl._locator_classes:
    locator.ensure_cache_path = lambda self: open("/dev/null/here", "w")
import numpy as np
from groundwork.strategy.loops.delivery import taken_up
reach, ceiling = np.zeros((1, 1, 1)), np.ones((1, 1, 1))
taken_up(np.ones((1, 1, 1)), *(np.zeros((1, 1)) + part for part in (0.0, 0.5)), np.full(1, 0.5), np.zeros((1, 1)), np.ones(1),
         reach, ceiling)
print(reach[0, 0, 0])
"""


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same() -> None:
    """A folder that cannot be written, and no home: as a user without rights meets it, which root cannot play."""
    done = python(NOWHERE)
    assert (done.returncode, done.stdout.strip()) == (0, "0.5"), done.stderr
