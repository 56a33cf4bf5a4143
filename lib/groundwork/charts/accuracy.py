"""Pictures of how good the serving model is: predicted against measured, and how far off it is by family."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

QUIET = {"title": None, "domain": False, "ticks": False}


def _factors(name: str) -> Any:
    return alt.Scale(type="log", domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False)


def accuracy_points() -> Any:
    """Over the data sets `points` and `lines` (the diagonal and a quarter off it); signals `low` and `high` (both axes)."""
    low, high = alt.param(name="low", value=1), alt.param(name="high", value=1000)
    tens = [10.0**power for power in range(-1, 7)]
    ticks = {"values": tens, "labelExpr": "format(datum.value, datum.value >= 1000 ? ',.0f' : '~g')"}
    x = alt.X("measured:Q", axis=alt.Axis(**QUIET, **ticks, grid=True), scale=_factors("x"))
    y = alt.Y("predicted:Q", axis=alt.Axis(**QUIET, **ticks, grid=True, labelPadding=6), scale=_factors("y"))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(color="var(--gw-edge)")
        .encode(
            x=x,
            y=y,
            detail="name:N",
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
    )
    points = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(size=26, strokeWidth=1.25, color="var(--gw-ink)")
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
        )
    )
    return dressed(alt.layer(lines, points).add_params(low, high), 348, {"left": 56, "right": 16, "top": 10, "bottom": 26})


def accuracy_spread() -> Any:
    """Over the data set `rows`: measured over predicted, belt and middle of each family; signals `low` and `high` (the axis)."""
    low, high = alt.param(name="low", value=0.5), alt.param(name="high", value=2)
    said = "(datum.value >= 1 ? '+' : '\\u2212') + format(abs(100 * (datum.value - 1)), '.0f') + ' %'"
    marks = alt.Axis(
        **QUIET, grid=True, values=[0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3], labelExpr=f"datum.value == 1 ? 'as said' : {said}"
    )
    rows = alt.Chart(alt.NamedData("rows"))
    row = alt.Y("row:O", axis=None, sort="ascending", scale=alt.Scale(paddingInner=0.4, paddingOuter=0.2))

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=marks, scale=_factors("x"))

    even = rows.mark_rule(color="var(--gw-ink2)", strokeWidth=1).encode(
        x=alt.X(datum=1, type="quantitative", axis=marks, scale=_factors("x"))
    )
    belt = rows.mark_bar(color="var(--gw-edge)", opacity=0.42, size=9, cornerRadius=2).encode(x=x("low"), x2="high:Q", y=row)
    middle = rows.mark_tick(color="var(--gw-ink)", thickness=3, size=15).encode(x=x("middle"), y=row)
    label = rows.mark_text(align="right", baseline="middle", fontSize=12, color="var(--gw-ink)", limit=150, x=-8).encode(
        y=row, text="label:N"
    )
    said_right = rows.mark_text(
        align="left", baseline="middle", fontSize=12, color="var(--gw-ink2)", x=alt.ExprRef("width + 8")
    ).encode(y=row, text="said:N")
    return dressed(
        alt.layer(even, belt, middle, label, said_right).add_params(low, high),
        348,
        {"left": 158, "right": 92, "top": 10, "bottom": 26},
    )
