"""Text of a stranger becomes plain data or a fault that names the place; nothing else comes out, however odd the text."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork import profiles
from groundwork.errors import InputFault
from groundwork.safe_yaml import DEEPEST, LARGEST_CHARACTERS, MOST_NODES, read, text_of

ROOT = Path(__file__).parents[1]
LEVELS = list("abcdefghij")
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join('*' + old for _ in range(9))}]\n" for old, new in pairwise(LEVELS)
)
BOMBS = {
    "aliases": BOMB[:400],
    "self": "a: &a [*a]\n",
    "merge": "a: &a {x: 1}\nb: {<<: *a}\n",
    "brackets": "[" * 5_000 + "]" * 5_000,
    "braces": "{a: " * 5_000,
    "indents": "".join(" " * depth + "a:\n" for depth in range(200)),
    "scalar": "a: " + "x" * (LARGEST_CHARACTERS + 1),
    "items": "[" + "1," * 300_000 + "1]",
    "keys": "".join(f"k{number}: 1\n" for number in range(MOST_NODES)),
    "doubles": "a: 1\nb: 2\na: 3\n",
    "deep doubles": "a: {b: {c: 1, c: 2}}\n",
    "python tag": "a: !!python/object/apply:os.system [ls]\n",
    "tag": "a: !mine 5\n",
    "float tag": "a: !!float 5\n",
    "binary": "a: !!binary aGk=\n",
    "key list": "[1, 2]: x\n",
    "key map": "{a: 1}: x\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "control": "a: \x00\n",
    "tabs": "a:\n\t- b\n",
    "open": "a: [1,\n",
    "empty": "",
    "comment": "# nothing\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_t11_bombs_are_refused_with_words(name: str) -> None:
    with pytest.raises(InputFault) as caught:
        read(BOMBS[name], "bad.yaml")
    for fault in caught.value.faults:
        assert fault.file == "bad.yaml"
        assert fault.rule


def test_t11_the_limits_leave_room_for_what_is_meant() -> None:
    for folder in (ROOT / "industry_profiles", ROOT / "lib" / "groundwork" / "catalogue"):
        for file in folder.glob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            assert len(text) < LARGEST_CHARACTERS / 2
            assert isinstance(read(text, file.name).data, dict)
    assert read("[" * DEEPEST + "]" * DEEPEST, "x").data is not None
    with pytest.raises(InputFault, match="levels deep"):
        read("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "x")


def test_doubled_keys_are_all_said_with_their_lines() -> None:
    with pytest.raises(InputFault) as caught:
        read("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "x.yaml")
    assert [str(fault) for fault in caught.value.faults] == [
        "x.yaml:4: b.c: each key once; came a second one",
        "x.yaml:5: a: each key once; came a second one",
    ]


ODD = [".nan", ".NaN", ".inf", "-.inf", "nan", "inf", "NO", "no", "yes", "on", "off", "017", "0o17", "0x1f", "1:30:00", "1__0"]


@pytest.mark.parametrize(
    "text", [*ODD, "1e9999", "9" * 41, "1" + "0" * 5_000, "+-1", "1.", ".5", "1,000", "5 %", "2026-01-01", "=1"]
)
def test_t12_odd_numbers_stay_the_text_they_were(text: str) -> None:
    assert read(f"a: {text}", "x").data == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e3", 1_000.0), ("-0", 0), ("0", 0), ("1_000", 1_000), ("-2.5", -2.5), ("+3", 3), ("1E-3", 0.001), ("1e308", 1e308)],
)
def test_t12_plain_numbers_are_numbers(text: str, value: float) -> None:
    assert read(f"a: {text}", "x").data == {"a": value}


@pytest.mark.parametrize("text", ["1e999", "-1e400"])
def test_t12_a_number_too_large_for_the_machine_stays_text(text: str) -> None:
    """Three digits of exponent look plain and would become infinity in silence."""
    assert read(f"a: {text}", "x").data == {"a": text}


FIELD = "organisation.engineers_fte"


@pytest.mark.parametrize(
    "text",
    [*ODD, "1e999", "9" * 60, "'1e3'", "true", "null", "[1]", "-5", "-0", "0", "1e308", "1e-320", '"5"', "{kind: fixed}", "{}"],
)
def test_t12_an_odd_number_in_a_profile_is_a_fault_that_names_the_field(text: str) -> None:
    with pytest.raises(InputFault) as caught:
        profiles.apply_settings(profiles.load("retail"), [f"{FIELD}={{kind: fixed, value: {text}}}"])
    assert all(FIELD in str(fault) for fault in caught.value.faults)


@pytest.mark.parametrize(
    "words",
    [
        "{kind: triangular, low: 5, mode: 1, high: 3}",
        "{kind: uniform, low: 5, high: 5}",
        "{kind: uniform, low: 9, high: 5}",
        "{kind: lognormal, p10: 5, p90: 5}",
        "{kind: lognormal, p10: -5, p90: 5}",
        "{kind: beta, alpha: 0, beta: 2, low: 1, high: 3}",
        "{kind: choice, values: [], weights: []}",
        "{kind: gaussian, mean: 5}",
        "{kind: fixed, value: 20, colour: red}",
    ],
)
def test_t12_a_distribution_that_is_none_is_a_fault(words: str) -> None:
    with pytest.raises(InputFault) as caught:
        profiles.apply_settings(profiles.load("retail"), [f"{FIELD}={words}"])
    assert all(FIELD in str(fault) for fault in caught.value.faults)


def test_a_refused_file_ends_the_command_with_status_2_and_a_line_for_each_fault(tmp_path: Path) -> None:
    text = (ROOT / "industry_profiles" / "retail.yaml").read_text(encoding="utf-8")
    assert "currency: USD\n" in text
    changed = text.replace("currency: USD\n", "currency: USD\ncolour: red\nmonths: 1:30:00\n", 1) + "\nshade: NO\n"
    changed = changed.replace("months: 36\n", "", 1)
    file = tmp_path / "mine.yaml"
    file.write_text(changed, encoding="utf-8")
    words = [sys.executable, "-m", "groundwork", "run", str(file), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    for word in ("colour", "months", "shade"):
        assert any(word in line and line.startswith(f"{file}:") for line in lines), (word, lines)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: \x80\n", bytes(range(256))])
def test_a_file_that_is_no_text_is_refused_with_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    with pytest.raises(InputFault, match="UTF-8"):
        profiles.load(str(file))


def test_a_folder_in_place_of_a_file_is_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").mkdir()
    with pytest.raises(InputFault):
        profiles.load(str(tmp_path / "mine.yaml"))
    with pytest.raises(InputFault, match="can be read"):
        text_of(tmp_path / "mine.yaml")


def plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(plain(item) for item in value)
    return value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value))


def becomes_plain_data_or_faults(text: str) -> None:
    try:
        document = read(text, "fuzz.yaml")
    except InputFault as refused:
        faults = refused.faults
    else:
        assert plain(document.data)
        json.dumps(document.data, allow_nan=False)
        return
    assert faults
    assert all(fault.file == "fuzz.yaml" for fault in faults)


PIECES = [
    "a",
    "b: ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    "\n",
    "  ",
    "&x ",
    "*x",
    "!!",
    "!t ",
    "? ",
    "| ",
    "> ",
    "'",
    '"',
    "#",
    "---\n",
]
PIECES += [
    "...\n",
    "%YAML 1.2\n",
    "<<: ",
    "1e999",
    "-.inf",
    "017",
    "\t",
    "\r\n",
    "\x00",
    "\ud7ff",
    "é",
    "\u2028",
    "\ufeff",
    "0",
    "9" * 30,
]


@settings(derandomize=True, max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_text_made_of_the_signs_of_yaml_becomes_plain_data_or_faults(text: str) -> None:
    becomes_plain_data_or_faults(text)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_plain_data_or_faults(text: str) -> None:
    becomes_plain_data_or_faults(text)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
        lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
        max_leaves=12,
    ).map(lambda value: {"top": value})
)
def test_what_json_wrote_is_read_back_or_refused(value: dict[str, object]) -> None:
    try:
        document = read(json.dumps(value), "saved.json")
    except InputFault:
        return
    assert plain(document.data)
    assert json.dumps(document.data, sort_keys=True, default=str).count(":") >= 1


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_profile_loads_or_is_refused(data: st.DataObject) -> None:
    """Cut out a stretch, put odd signs in: a scenario or faults, never another exception."""
    text = (ROOT / "industry_profiles" / "retail.yaml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.integers(0, 60))
    put = data.draw(st.lists(st.sampled_from(PIECES), max_size=4).map("".join))
    with suppress(InputFault):
        profiles.scenario_from(text[:start] + put + text[start + cut :], "damaged.yaml")
