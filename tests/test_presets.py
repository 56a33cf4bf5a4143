"""Presets: every profile has them, they change what they say and nothing else, and a wrong one changes nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from groundwork import presets, profiles
from groundwork.errors import InputFault
from groundwork.quantities import percentile
from groundwork.results import TIE_USD
from groundwork.scenario import Preset, beliefs, digest
from groundwork.study import outcome_of

STAGES = ("early_research", "proof_of_concept", "small_internal_tool", "scale_up")
SIZES = ("small", "mid_size", "large")


@pytest.mark.parametrize("profile", profiles.available())
def test_every_profile_has_every_preset_and_each_one_fits(profile: str) -> None:
    scenario = profiles.load(profile)
    assert set(STAGES + SIZES) <= set(scenario.presets)
    before = digest(scenario)
    for name in scenario.presets:
        changed = presets.with_presets(scenario, [name])
        assert (changed == scenario) is (name == "mid_size")
        assert any(item.enabled for item in changed.workloads.values())
        assert changed.channels == scenario.channels, "a preset favours nobody: it leaves the channels alone"
        known = {belief.path: belief.value for belief in beliefs(scenario)}
        for belief in beliefs(changed):
            if belief.value != known[belief.path]:
                assert belief.value.source in changed.sources or belief.value.source in {"poc_to_wide_deployment_share_idc2025"}
    assert digest(scenario) == before


def test_factors_multiply_and_the_last_value_holds() -> None:
    scenario = profiles.load("retail")
    both = presets.with_presets(scenario, ["proof_of_concept", "small"])
    path = next(iter(scenario.workloads))
    was, now = scenario.workloads[path].units_per_day, both.workloads[path].units_per_day
    assert percentile(now, 0.5) == pytest.approx(0.01 * percentile(was, 0.5))
    assert now.mark == "judgement"
    assert was.source in now.note or "profile's value" in now.note
    assert [item.enabled for item in both.workloads.values()].count(True) == 1
    assert both.months == 12
    alone = presets.with_presets(scenario, ["proof_of_concept"])
    assert both.organisation.engineers_fte == alone.organisation.engineers_fte, "the stage speaks last"


def test_a_wrong_preset_is_refused_with_the_ones_there_are() -> None:
    scenario = profiles.load("retail")
    with pytest.raises(InputFault, match="early_research"):
        presets.with_presets(scenario, ["erly_research"])
    wrong = Preset(
        label="x", sentence="x", group="stage", mark="judgement", source="judgement", set={"organisation.staff": 1}, scale={}
    )
    broken = dataclasses.replace(scenario, presets={"wrong": wrong})
    with pytest.raises(InputFault, match=r"organisation\.staff"):
        presets.with_presets(broken, ["wrong"])


def ahead(npv: dict[str, np.ndarray], first: tuple[str, ...], second: tuple[str, ...]) -> tuple[float, float]:
    """Of the futures in which they differ, the share in which the better of `first` is ahead; and how many differ."""
    mine, other = (np.max([npv[name] for name in names], axis=0) for names in (first, second))
    differ = np.abs(mine - other) > TIE_USD
    return float((mine > other)[differ].mean()) if differ.any() else float("nan"), float(differ.mean())


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["healthcare", "finance", "retail", "manufacturing", "media"])
def test_small_beginnings_are_not_better_off_with_a_platform_first(profile: str) -> None:
    """Common sense, held to: the presets were written down before any of this was computed.

    In twelve months `staged` never begins its platform, so the better of two ties in nearly all futures of research and of a
    proof of concept; committing first against not committing is compared for itself.
    """
    for name in ("early_research", "small_internal_tool", "proof_of_concept"):
        scenario = presets.with_presets(profiles.load(profile), [name])
        outcome = outcome_of(scenario, 512, scenario.seed)
        npv = dict(zip(outcome.strategies, outcome.npv_usd, strict=True))
        share, differ = ahead(npv, ("model_first", "api_first"), ("infrastructure_first", "staged"))
        assert differ == 0.0 or share >= 0.9, name
        share, differ = ahead(npv, ("model_first",), ("infrastructure_first",))
        assert differ > 0.5, name
        assert share >= 0.9, name
