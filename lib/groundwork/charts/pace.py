"""How fast: use cases live by month, and where engineers' time goes."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

HEIGHT = 348


def live() -> Any:
    """Over the data sets `lines` and `ends`; signals `high` (the axis' end) and `last` (the last month)."""
    high, last = alt.param(name="high", value=5), alt.param(name="last", value=36)
    quiet = {"title": None, "domain": False, "ticks": False}
    months = alt.Axis(
        **quiet,
        grid=False,
        labelPadding=10,
        values=list(range(0, 61, 6)),
        labelFlush=False,
        labelExpr="datum.value == 0 ? 'now' : datum.value == last ? 'month ' + datum.value : datum.value",
    )
    counts = alt.Axis(**quiet, grid=True, tickCount=5, tickMinStep=1, format="d", labelPadding=6)
    x = alt.X("month:Q", axis=months, scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("last"), nice=False))
    y_scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("high"), nice=False)
    colour = alt.Color("colour:N", scale=None)
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(interpolate="monotone", strokeJoin="round", strokeWidth=2.75)
        .encode(x=x, y=alt.Y("value:Q", axis=counts, scale=y_scale), color=colour, detail="strategy:N")
    )
    names = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12, clip=False)
        .encode(x=x, y=alt.Y("place:Q", axis=counts, scale=y_scale), text="label:N", color=colour)
    )
    return dressed(alt.layer(lines, names).add_params(high, last), HEIGHT, {"left": 40, "right": 150, "top": 10, "bottom": 30})


def engineers_time() -> Any:
    """Over the data set `bars`; signal `high` (the longest bar)."""
    high = alt.param(name="high", value=1)
    row = alt.Y("row:O", axis=None, sort="ascending", scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef("high"), nice=False))
    base = alt.Chart(alt.NamedData("bars"))
    bars = base.mark_bar(cornerRadius=1).encode(x=x, y=row, color=alt.Color("colour:N", scale=None))
    said = base.mark_text(align="left", baseline="middle", dx=5, fontSize=12, fontWeight=600).encode(
        x=x, y=row, text="said:N", color=alt.Color("ink:N", scale=None)
    )
    labels = base.mark_text(align="right", baseline="middle", fontSize=12, color="var(--gw-ink)", limit=130, x=-6).encode(
        y=row, text="label:N"
    )
    return dressed(alt.layer(bars, said, labels).add_params(high), HEIGHT, {"left": 138, "right": 54, "top": 6, "bottom": 6})
