"""Pictures of compute: accelerators by month, a day hour by hour, latency over load."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

QUIET = {"title": None, "domain": False, "ticks": False}
COUNT = {"grid": True, "tickCount": 5, "labelExpr": "format(datum.value, ',.12~g')", "labelPadding": 6}


def _axis_ends() -> tuple[Any, Any]:
    return alt.param(name="low", value=0), alt.param(name="high", value=1)


def _height(name: str) -> Any:
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    return alt.Y(f"{name}:Q", axis=alt.Axis(**QUIET, **COUNT), scale=scale)


def _names(data: str, x: Any, colour: Any, halo: bool = False) -> list[Any]:
    base = alt.Chart(alt.NamedData(data)).encode(x=x, y=_height("place"), text="label:N")
    own = {"align": "left", "baseline": "middle", "dx": 8, "fontSize": 12, "clip": False}
    front = base.mark_text(**own, color=colour) if isinstance(colour, str) else base.mark_text(**own).encode(color=colour)
    return [base.mark_text(**own, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round"), front] if halo else [front]


def accelerators() -> Any:
    """Over the data sets `belt`, `lines` and `ends`; signals `low`, `high` (the axis) and `last` (the last month)."""
    low, high = _axis_ends()
    last = alt.param(name="last", value=36)
    months = alt.Axis(
        **QUIET,
        grid=False,
        labelPadding=10,
        values=list(range(0, 61, 6)),
        labelFlush=False,
        labelExpr="datum.value == 0 ? 'now' : datum.value == last ? 'month ' + datum.value : datum.value",
    )
    x = alt.X("month:Q", axis=months, scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("last"), nice=False))
    colour = alt.Color("colour:N", scale=None)
    belt = (
        alt.Chart(alt.NamedData("belt"))
        .mark_area(opacity=0.15)
        .encode(x=x, y=_height("low"), y2="high:Q", color=colour, detail="strategy:N")
    )
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(interpolate="monotone", strokeJoin="round", strokeWidth=2.75)
        .encode(x=x, y=_height("value"), color=colour, detail="strategy:N")
    )
    drawing = alt.layer(belt, lines, *_names("ends", x, colour)).add_params(low, high, last)
    return dressed(drawing, 348, {"left": 44, "right": 128, "top": 10, "bottom": 30})


def day() -> Any:
    """Stacked bars over the data sets `bars` and `ends`; signals `low` and `high` (the axis)."""
    low, high = _axis_ends()
    hours = alt.Axis(
        **QUIET,
        grid=False,
        labelPadding=8,
        values=[0, 6, 12, 18, 23],
        labelExpr="datum.value == 23 ? '23 h' : datum.value",
    )
    x = alt.X("hour:Q", axis=hours, scale=alt.Scale(domain=[-0.5, 23.5], nice=False))
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_rect(fill="var(--gw-ink)", stroke="var(--gw-paper)", strokeWidth=0.5)
        .transform_calculate(left="datum.hour - 0.45", right="datum.hour + 0.45")
        .encode(
            x=alt.X("left:Q", axis=hours, scale=alt.Scale(domain=[-0.5, 23.5], nice=False)),
            x2="right:Q",
            y=_height("base"),
            y2="top:Q",
            fillOpacity=alt.FillOpacity("tint:Q", scale=None),
        )
    )
    drawing = alt.layer(bars, *_names("ends", x, "var(--gw-ink)")).add_params(low, high)
    return dressed(drawing, 262, {"left": 44, "right": 184, "top": 8, "bottom": 28})


def latency() -> Any:
    """Over the data sets `lines`, `ends`, `marks` and `limits`; signals `low`, `high` (seconds), `last` (requests a second)."""
    low, high = _axis_ends()
    last = alt.param(name="last", value=1)
    loads = alt.Axis(**QUIET, grid=False, labelPadding=8, tickCount=5, labelExpr="format(datum.value, ',.12~g')")
    x = alt.X("load:Q", axis=loads, scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("last"), nice=False))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(interpolate="monotone", color="var(--gw-ink)")
        .encode(
            x=x,
            y=_height("value"),
            detail="name:N",
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
    )
    knee = alt.Chart(alt.NamedData("marks")).mark_rule(color="var(--gw-edge)", strokeWidth=1).encode(x=x)
    knee_name = (
        alt.Chart(alt.NamedData("marks"))
        .mark_text(align="right", baseline="top", dx=-4, dy=2, fontSize=12, color="var(--gw-ink2)")
        .encode(x=x, y=_height("value"), text="label:N")
    )
    limit = (
        alt.Chart(alt.NamedData("limits"))
        .mark_rule(color="var(--gw-ink2)", strokeDash=[3, 3], strokeWidth=1)
        .encode(y=_height("value"))
    )
    limit_name = (
        alt.Chart(alt.NamedData("limits"))
        .mark_text(align="left", baseline="bottom", dx=4, dy=-2, fontSize=12, color="var(--gw-ink2)", x=0)
        .encode(y=_height("value"), text="label:N")
    )
    drawing = alt.layer(knee, limit, lines, knee_name, limit_name, *_names("ends", x, "var(--gw-ink)", halo=True))
    return dressed(drawing.add_params(low, high, last), 262, {"left": 44, "right": 116, "top": 8, "bottom": 28})
