"""Pictures: what is shipped is what the functions make, and every picture keeps the rules of the look."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from groundwork.charts import SPECIFICATIONS, specification

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


SHIPPED = pytest.mark.parametrize("name", sorted(path.stem for path in SPECIFICATIONS.glob("*.json")))


@pytest.fixture(scope="module")
def charts() -> dict[str, Callable[[], object]]:
    """By name, the functions; Altair takes seconds to import, so only who runs these tests does it."""
    from groundwork.charts.build import CHARTS

    return {chart.__name__: chart for chart in CHARTS}


@SHIPPED
def test_the_shipped_specification_is_what_the_function_makes(name: str, charts: dict[str, Callable[[], object]]) -> None:
    from groundwork.charts.build import specification

    assert (SPECIFICATIONS / f"{name}.json").read_text(encoding="utf-8") == specification(charts[name])


@SHIPPED
def test_every_picture_keeps_the_rules_of_the_look(name: str) -> None:
    spec = specification(name)
    text = json.dumps(spec)
    assert spec["autosize"]["type"] == "none"
    assert set(spec["padding"]) == {"left", "right", "top", "bottom"}
    assert not {"facet", "hconcat", "vconcat", "concat", "repeat"} & set(spec)
    assert not re.search(r'"(?:fill|stroke|color|\w*Color)": "#', text), "colours are tokens of the theme"
    assert all(int(size) >= 12 for size in re.findall(r'"(?:fontSize|labelFontSize|titleFontSize)": (\d+)', text))
    assert '"values": [{' not in text, "data come from the model"


@SHIPPED
def test_every_picture_compiles(name: str) -> None:
    """A valid specification may still have no drawing: a span from a fixed place to a field, for one."""
    import vl_convert

    assert vl_convert.vegalite_to_vega(specification(name))["marks"]


def test_nothing_is_shipped_that_no_function_makes_and_no_chart_is_missing(charts: dict[str, Callable[[], object]]) -> None:
    assert {path.stem for path in SPECIFICATIONS.glob("*.json")} == set(charts)
