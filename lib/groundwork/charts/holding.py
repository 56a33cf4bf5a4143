"""Will it hold: hours a year by cause, and the architectures by cost and by how long a bad month is down."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

CAUSES = 340, {"left": 118, "right": 16, "top": 6, "bottom": 30}
LADDER = 340, {"left": 58, "right": 16, "top": 12, "bottom": 30}
QUIET = {"title": None, "domain": False, "ticks": False}
FIGURE = "format(datum.value, ',.12~g')"
HALO = {"stroke": "var(--gw-paper)", "strokeWidth": 3, "strokeJoin": "round"}


def causes() -> Any:
    """Over `bars`; signal `high` (the end of the axis, hours a year)."""
    axis = alt.Axis(**QUIET, grid=True, tickCount=5, labelExpr=f"{FIGURE} + (datum.value == 0 ? ' h' : '')", labelPadding=7)
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("high"), nice=False)
    row = alt.Y("row:O", axis=None, sort="ascending", scale=alt.Scale(paddingInner=0.5, paddingOuter=0.3))
    base = alt.Chart(alt.NamedData("bars"))
    bars = base.mark_bar().encode(x=alt.X("value:Q", axis=axis, scale=scale), y=row, fill=alt.Fill("colour:N", scale=None))
    whisker = base.mark_rule(color="var(--gw-ink3)", strokeWidth=1.5).encode(
        x=alt.X("value:Q", axis=axis, scale=scale), x2="high:Q", y=row
    )
    ends = base.mark_tick(color="var(--gw-ink3)", thickness=1.5, size=10).encode(x=alt.X("high:Q", axis=axis, scale=scale), y=row)
    names = [
        base.transform_filter(f"datum.weight == {weight}")
        .mark_text(fontSize=12, fontWeight=weight, color="var(--gw-ink)", align="right", baseline="middle", x=place, limit=limit)
        .encode(y=row, text=text)
        for weight in (400, 600)
        for text, place, limit in (("label:N", -36, 84), ("text:N", -6, 30))
    ]
    return dressed(alt.layer(bars, whisker, ends, *names).add_params(alt.param(name="high", value=1)), *CAUSES)


def ladder() -> Any:
    """Over `dots`, `front`, `names`, `target`; signals `left`, `right` (cost), `low`, `top` (hours, in equal ratios)."""
    cost = alt.Axis(**QUIET, grid=False, tickCount=5, labelExpr=FIGURE, labelPadding=7)
    said = "datum.value < 1 ? format(60 * datum.value, ',.0f') + ' min' : format(datum.value, ',.12~g') + ' h'"
    hours = alt.Axis(**QUIET, grid=True, values=[1 / 60, 0.1, 1, 10, 100, 1000], labelExpr=said, labelPadding=6)
    limits = [alt.param(name=name, value=value) for name, value in (("left", 1), ("right", 2), ("low", 0.1), ("top", 100))]
    x = alt.X(
        "x:Q", axis=cost, scale=alt.Scale(domainMin=alt.ExprRef("left"), domainMax=alt.ExprRef("right"), nice=False, zero=False)
    )
    y = alt.Y(
        "y:Q",
        axis=hours,
        scale=alt.Scale(type="log", domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("top"), nice=False),
    )
    front = alt.Chart(alt.NamedData("front")).mark_line(color="var(--gw-edge)", strokeWidth=1.5).encode(x=x, y=y)
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", filled=True, opacity=1, strokeWidth=1.75, clip=False)
        .encode(
            x=x,
            y=y,
            size=alt.Size("size:Q", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
        )
    )
    target = alt.Chart(alt.NamedData("target")).encode(y=y)
    promised = [
        target.mark_rule(color="var(--gw-ink)", strokeDash=[5, 3], strokeWidth=1),
        target.mark_text(
            fontSize=12, color="var(--gw-ink2)", align="right", baseline="bottom", dy=-4, x=alt.ExprRef("width")
        ).encode(text="text:N"),
    ]
    names = []
    for side, align, away in (("left", "right", -10), ("right", "left", 10)):
        for weight in (400, 600):
            own = (
                alt.Chart(alt.NamedData("names"))
                .transform_filter(f"datum.side == '{side}' && datum.weight == {weight}")
                .encode(x=x, y=y, text="text:N")
            )
            style = {"fontSize": 12, "fontWeight": weight, "align": align, "baseline": "middle", "dx": away, "clip": False}
            names += [own.mark_text(**style, **HALO), own.mark_text(**style).encode(color=alt.Color("ink:N", scale=None))]
    return dressed(alt.layer(front, *promised, dots, *names).add_params(*limits), *LADDER)
