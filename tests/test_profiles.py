"""Profiles: what is shipped loads, what is wrong is said all at once, and bombs go off nowhere."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from groundwork import profiles, units
from groundwork.catalogue.evidence_records import evidence
from groundwork.cli import main
from groundwork.errors import InputFault
from groundwork.safe_yaml import read
from groundwork.scenario import beliefs

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", profiles.available())
def test_every_shipped_profile_loads_and_names_its_schema(name: str) -> None:
    scenario = profiles.load(name)
    assert profiles.found(name).read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=profile.schema.json\n")
    for belief in beliefs(scenario):
        assert units.unit_of(belief.name) is not None
        assert belief.value.source


EVERY_KIND = {"llm", "online", "batch", "training", "edge", "render"}
LAWS = ("HIPAA", "DORA", "MiFID", "Regulation SCI", "PCI DSS", "SEC 17a", "NIS2", "GDPR", "AI Act", "FDA", "IEC 62304")


@pytest.mark.parametrize("name", profiles.available())
def test_every_number_of_a_profile_has_its_source_record(name: str) -> None:
    scenario = profiles.load(name)
    findings = {record.name: record for record in evidence()}
    for belief in beliefs(scenario):
        value, place = belief.value, f"{name}: {belief.path}"
        assert value.source in scenario.sources or value.source in findings, place
        title = scenario.sources[value.source].title if value.source in scenario.sources else findings[value.source].title
        assert title, place
        if value.mark in {"judgement", "estimate"}:
            assert value.grade == "D" or value.source in findings, f"{place}: a judged number is graded D"
        else:
            record_year = scenario.sources[value.source].year if value.source in scenario.sources else ""
            assert value.date or record_year, f"{place}: what was published has a date"
        if value.source == "judgement":
            assert value.mark == "judgement", f"{place}: judgement says so"
    for workload in scenario.workloads.values():
        assert {workload.profile_source, workload.season_source} <= set(scenario.sources)
    for constraint in scenario.constraints:
        assert constraint.source, constraint.label
        assert constraint.status, constraint.label
        if constraint.rule.startswith(LAWS):
            assert constraint.status.endswith("ask a lawyer"), constraint.label
    for preset in scenario.presets.values():
        assert preset.source in scenario.sources


def test_a_number_without_a_source_is_refused() -> None:
    text = profiles.found("retail").read_text(encoding="utf-8").replace("source: aws_list", "source: hearsay", 1)
    with pytest.raises(InputFault, match="a source that exists"):
        profiles.scenario_from(text, "x.yaml")
    text = profiles.found("retail").read_text(encoding="utf-8").replace("season_source: no_series", "season_source: hearsay", 1)
    with pytest.raises(InputFault, match="season_source"):
        profiles.scenario_from(text, "x.yaml")


@pytest.mark.parametrize("name", profiles.available())
def test_no_judgement_passes_for_good_evidence_and_no_number_for_better_than_its_finding(name: str) -> None:
    """A and B are for what was measured and read; who cites a finding has at most its grade."""
    grades = {record.name: record.grade for record in evidence() if record.grade in "ABCD"}
    for belief in beliefs(profiles.load(name)):
        quantity = belief.value
        if quantity.mark in {"judgement", "estimate"}:
            assert quantity.grade in {"C", "D"}, belief.path
        assert quantity.grade >= grades.get(quantity.source, "A"), belief.path


def test_the_five_industries_meet_every_kind_of_work() -> None:
    five = {name: profiles.load(name) for name in ("healthcare", "finance", "retail", "manufacturing", "media")}
    assert {item.work.kind for scenario in five.values() for item in scenario.workloads.values()} == EVERY_KIND
    for scenario in five.values():
        assert 3 <= len(scenario.workloads) <= 6
        assert scenario.constraints


def test_the_schema_beside_the_profiles_is_the_one_made_from_the_code() -> None:
    shipped = json.loads((ROOT / "industry_profiles" / "profile.schema.json").read_text(encoding="utf-8"))
    assert shipped == json.loads(json.dumps(profiles.schema()))


def test_six_faults_give_six_lines_and_exit_status_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = profiles.found("retail").read_text(encoding="utf-8")
    for old, new in (
        ("currency: USD\n", ""),
        ("use_cases: 2", "use_cases: two"),
        ("unit: request\n", "unit: request\n    colour: red\n"),
        ("kind: lognormal, p10: 4e6", "kind: lognormol, p10: 4e6"),
        ("value: 1154.7", "value: .nan"),
        ("peak_bin_seconds: 60\n", "peak_bin_seconds: 1:30:00\n"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(InputFault) as caught:
        profiles.scenario_from(text, "six.yaml")
    lines = str(caught.value).splitlines()
    assert len(lines) == 6, lines
    assert all(line.startswith("six.yaml") for line in lines)
    assert any("no such field" in line for line in lines)
    (tmp_path / "six.yaml").write_text(text, encoding="utf-8")
    assert main(["run", str(tmp_path / "six.yaml")]) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 6)


def test_a_misspelt_name_is_met_with_the_right_one() -> None:
    with pytest.raises(InputFault, match="did you mean retail"):
        profiles.load("retial")
    text = profiles.found("retail").read_text(encoding="utf-8").replace("    gb_per_unit:", "    gb_per_unti:", 1)
    with pytest.raises(InputFault, match="did you mean gb_per_unit"):
        profiles.scenario_from(text, "x.yaml")


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join('*' + old for _ in range(9))}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (BOMB, "no anchors"),
        ("[" * 5000 + "]" * 5000, "levels deep"),
        ("a: " + "x" * 1_000_001, "characters"),
        ("a:\n" + "".join(f"  - {number}\n" for number in range(60_000)), "items"),
        ("a: 1\na: 2\n", "each key once"),
        ("a: !!python/object/apply:os.system [ls]\n", "tag"),
        ("a: [1,\n", "readable YAML"),
        ("", "a mapping"),
    ],
)
def test_bombs_and_broken_files_are_refused_at_once(text: str, rule: str) -> None:
    started = time.process_time()
    with pytest.raises(InputFault, match=rule):
        read(text, "bad.yaml")
    assert time.process_time() - started < 1.0  # the 100 ms bar is measured in the benchmarks, not here


@pytest.mark.parametrize(
    "text", [".nan", ".inf", "-.inf", "NO", "yes", "017", "1:30:00", "9" * 60, "'5'", "1e999", "true", "null", "[1]"]
)
def test_odd_numbers_are_faults_that_name_the_field(text: str) -> None:
    setting = f"organisation.engineers_fte={{kind: fixed, value: {text}}}"
    with pytest.raises(InputFault, match=r"organisation\.engineers_fte"):
        profiles.apply_settings(profiles.load("retail"), [setting])


@pytest.mark.parametrize("value", ["-1", "0", "1e308"])
def test_numbers_outside_their_range_are_refused_with_the_range(value: str) -> None:
    with pytest.raises(InputFault, match=r"between 0\.5 and 100000"):
        profiles.apply_settings(profiles.load("retail"), [f"organisation.engineers_fte={value}"])


def test_settings_reach_beliefs_levers_and_channels() -> None:
    scenario = profiles.apply_settings(
        profiles.load("retail"),
        [
            "organisation.engineers_fte=20",
            "channels.wall.enabled=false",
            "strategies.staged.platform_start_month=6",
            "demand.shock_factor={kind: uniform, low: 1, high: 2}",
        ],
    )
    assert scenario.organisation.engineers_fte.value == 20  # type: ignore[union-attr]
    assert scenario.channels.wall.enabled is False
    assert scenario.strategies["staged"].platform_start_month == 6
    assert scenario.demand.shock_factor.kind == "uniform"
    with pytest.raises(InputFault, match=r"did you mean organisation\.engineers_fte"):
        profiles.apply_settings(scenario, ["organisation.enginers_fte=20"])
    with pytest.raises(InputFault, match=r"demand\.growth: no such place; did you mean demand\.growth_ratio_per_year\?"):
        profiles.apply_settings(scenario, ["demand.growth=3"])
    with pytest.raises(InputFault, match=r"did you mean strategies\.staged\.platform_trigger"):
        profiles.apply_settings(scenario, ["strategies.staged.platform_triger=20"])
