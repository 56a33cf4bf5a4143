"""Pictures: what is shipped is what the functions make, and every picture keeps the rules of the look."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def charts() -> list[Callable[[], object]]:
    from groundwork.charts.build import CHARTS

    return list(CHARTS)


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.__name__)
def test_the_shipped_specification_is_what_the_function_makes(chart: Callable[[], object]) -> None:
    from groundwork.charts import SPECIFICATIONS
    from groundwork.charts.build import specification

    assert (SPECIFICATIONS / f"{chart.__name__}.json").read_text(encoding="utf-8") == specification(chart)


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.__name__)
def test_every_picture_keeps_the_rules_of_the_look(chart: Callable[[], object]) -> None:
    from groundwork.charts import specification

    spec = specification(chart.__name__)
    text = json.dumps(spec)
    assert spec["autosize"]["type"] == "none"
    assert set(spec["padding"]) == {"left", "right", "top", "bottom"}
    assert not {"facet", "hconcat", "vconcat", "concat", "repeat"} & set(spec)
    assert not re.search(r'"(?:fill|stroke|color|\w*Color)": "#', text), "colours are tokens of the theme"
    assert all(int(size) >= 12 for size in re.findall(r'"(?:fontSize|labelFontSize|titleFontSize)": (\d+)', text))
    assert '"values": [{' not in text, "data come from the model"


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.__name__)
def test_every_picture_compiles(chart: Callable[[], object]) -> None:
    """A valid specification may still have no drawing: a span from a fixed place to a field, for one."""
    import vl_convert

    from groundwork.charts import specification

    assert vl_convert.vegalite_to_vega(specification(chart.__name__))["marks"]


def test_nothing_is_shipped_that_no_function_makes() -> None:
    from groundwork.charts import SPECIFICATIONS

    assert {path.stem for path in SPECIFICATIONS.glob("*.json")} == {chart.__name__ for chart in charts()}
