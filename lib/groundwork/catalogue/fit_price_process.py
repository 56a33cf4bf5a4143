"""Writes gpu_price_process.csv, the parameters of the price processes, from the other price tables.

    python -m groundwork.catalogue.fit_price_process

Derivation in `groundwork.formulas.prices`. Eleven quotes and some fifty pairs of quarters do not identify a process: the ranges
are wide on purpose, and where an end is a judgement the source says so.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import exp, log
from pathlib import Path

from groundwork.catalogue.price_records import gpu_price_history, gpu_price_trends, h100_index

TARGET = Path(__file__).with_name("gpu_price_process.csv")
COLUMNS = ("parameter", "low", "central", "high", "unit", "date", "source", "mark", "grade")
JUMP_IN_RESIDUALS = 2.0
SMALLEST_STEP_LOG = 0.01
MONTHS_FROM_PEAK = 10.5
"""Middle of the first half of 2023 to the middle of the first quarter of 2024."""


def quote_changes(segment: str) -> Iterator[tuple[float, int]]:
    """Change in logs and months between two successive on-demand quotes of the same provider and accelerator."""
    series: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for quote in gpu_price_history():
        if quote.segment == segment and quote.term == "on-demand":
            quarter = int(quote.date[:4]) * 4 + int(quote.date[-1])
            series[quote.accelerator, quote.provider][quarter] = quote.usd_per_gpu_hour
    for prices in series.values():
        quarters = sorted(prices)
        for before, after in pairwise(quarters):
            yield log(prices[after] / prices[before]), 3 * (after - before)


def fitted() -> list[dict[str, str]]:
    """The rows of the table."""
    trends = {trend.series: trend for trend in gpu_price_trends()}
    h100 = trends["H100 neocloud/marketplace on-demand"]
    pooled = trends["pooled neocloud on-demand (provider x accelerator effects)"]
    assert pooled.p05_percent is not None
    assert pooled.p95_percent is not None
    index = {(quote.date, quote.what): (quote.low * quote.high) ** 0.5 for quote in h100_index() if quote.unit != "percent"}
    peak = index["2023-H1", "scarcity peak, spot/on-demand"]
    level = index["2026-05", "on-demand median over 37 providers"]
    half_life = MONTHS_FROM_PEAK * log(2) / log(log(peak / level) / h100.resid_sd_log)
    market = list(quote_changes("neocloud/marketplace"))
    listed = list(quote_changes("hyperscaler"))
    jump = JUMP_IN_RESIDUALS * pooled.resid_sd_log
    rows = [
        (
            "half_life_months",
            half_life / 2,
            half_life,
            2 * half_life,
            "months",
            "H100 peak of 2023 to 2024-Q1; ends half and double: judgement",
            "C",
        ),
        (
            "stationary_sd_log",
            trends["A100-80 neocloud/marketplace on-demand"].resid_sd_log,
            h100.resid_sd_log,
            trends["A6000 neocloud/marketplace on-demand"].resid_sd_log,
            "log",
            "residual of the H100 neocloud fit; ends A100-80 and A6000 neocloud",
            "B",
        ),
        (
            "drift_ratio_per_year",
            pooled.p05_percent / 100,
            pooled.annual_change_percent / 100,
            pooled.p95_percent / 100,
            "per year",
            "pooled neocloud fit with bootstrap 5 and 95 %",
            "B",
        ),
        *_steps(market, jump, "up_jump", "down_jump", "neocloud quotes beyond two residual standard deviations", "C"),
        *_steps(listed, SMALLEST_STEP_LOG, "raise", "cut", "hyperscaler on-demand quotes that changed by more than 1 %", "B"),
    ]
    last = max(quote.date for quote in gpu_price_history())
    return [
        {
            "parameter": name,
            "low": f"{low:.4g}",
            "central": f"{central:.4g}",
            "high": f"{high:.4g}",
            "unit": unit,
            "date": last,
            "source": source,
            "mark": "derived",
            "grade": grade,
        }
        for name, low, central, high, unit, source, grade in rows
    ]


def _steps(
    changes: list[tuple[float, int]], smallest: float, up: str, down: str, source: str, grade: str
) -> Iterator[tuple[str, float, float, float, str, str, str]]:
    """Rate per month watched and mean size of the changes beyond `smallest`, up and down.

    Range of a rate: count -+ its square root (at least a half), the spread of a Poisson count. Range of a size: smallest and
    largest seen.
    """
    months = sum(gap for _, gap in changes)
    for name, sizes in (
        (up, [size for size, _ in changes if size > smallest]),
        (down, [-size for size, _ in changes if size < -smallest]),
    ):
        count, spread = len(sizes), max(len(sizes) ** 0.5, 0.5)
        rate = (max(count - spread, 0.5) / months, count / months, (count + spread) / months)
        said = f"{count} {source} in {months} months watched"
        yield f"{name}_ratio_per_month", *rate, "per month", said, grade
        yield (
            f"{name}_log",
            min(sizes),
            sum(sizes) / count,
            max(sizes),
            "log",
            f"{said}; mean factor {exp(sum(sizes) / count):.2f}",
            grade,
        )


def main() -> None:
    """Write the table."""
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(fitted())


if __name__ == "__main__":
    main()
