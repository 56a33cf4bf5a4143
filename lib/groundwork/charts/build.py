"""Make the specifications that are shipped with the package: `python -m groundwork.charts.build`.

Altair takes a second to import, so pages read the finished JSON; a test holds it against what the functions make.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from groundwork.charts import SPECIFICATIONS
from groundwork.charts.accuracy import accuracy_points, accuracy_spread
from groundwork.charts.compute import accelerators, day, latency
from groundwork.charts.doubts import break_evens, finding_out, front, together, tornado, winner_map
from groundwork.charts.fan import fan
from groundwork.charts.holding import causes, ladder
from groundwork.charts.pace import engineers_time, live
from groundwork.charts.scores import luck, rules_of_choice
from groundwork.charts.timing import rules, timing, watch
from groundwork.charts.waterfall import waterfall

CHARTS: tuple[Callable[[], Any], ...] = (
    fan,
    waterfall,
    live,
    engineers_time,
    accelerators,
    day,
    latency,
    causes,
    ladder,
    timing,
    rules,
    watch,
    winner_map,
    tornado,
    finding_out,
    break_evens,
    front,
    together,
    rules_of_choice,
    luck,
    accuracy_points,
    accuracy_spread,
)


def specification(chart: Callable[[], Any]) -> str:
    """The Vega-Lite specification of a chart as text."""
    return json.dumps(chart().to_dict(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write one file for each chart."""
    SPECIFICATIONS.mkdir(exist_ok=True)
    for chart in CHARTS:
        (SPECIFICATIONS / f"{chart.__name__}.json").write_text(specification(chart), encoding="utf-8")


if __name__ == "__main__":
    main()
