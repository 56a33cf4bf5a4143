"""The value fan: present value to date of every strategy, with the middle eight tenths of the two compared."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

HEIGHT = 348
PADDING = {"left": 40, "right": 150, "top": 10, "bottom": 30}


def fan() -> Any:
    """Over the data sets `belt`, `others`, `pair`, `stem`, `ring`, `said`, `ends`; colours, dashes and sides stand in the rows.

    Signals: `low` and `high` (the axis), `last` (the last month).
    """
    low, high, last = alt.param(name="low", value=-1), alt.param(name="high", value=1), alt.param(name="last", value=36)
    quiet = {"title": None, "domain": False, "ticks": False}
    months = alt.Axis(
        **quiet,
        grid=False,
        labelPadding=10,
        values=list(range(0, 61, 6)),
        labelFlush=False,
        labelExpr="datum.value == 0 ? 'now' : datum.value == last ? 'month ' + datum.value : datum.value",
    )
    amounts = alt.Axis(
        **quiet,
        grid=True,
        gridColor={"condition": {"test": "datum.value === 0", "value": "var(--gw-ink2)"}, "value": "var(--gw-rule)"},
        tickCount=6,
        labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,.12~g')",
        labelPadding=6,
    )
    x = alt.X("month:Q", axis=months, scale=alt.Scale(domain=[0, alt.ExprRef("last")], nice=False))
    y_scale = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("high")], nice=False, zero=False)
    colour = alt.Color("colour:N", scale=None)

    def y(name: str) -> Any:
        return alt.Y(f"{name}:Q", axis=amounts, scale=y_scale)

    belt = (
        alt.Chart(alt.NamedData("belt"))
        .mark_area(opacity=0.15)
        .encode(x=x, y=y("low"), y2="high:Q", color=colour, detail="strategy:N")
    )

    def lines(name: str) -> Any:
        return (
            alt.Chart(alt.NamedData(name))
            .mark_line(interpolate="monotone", strokeJoin="round")
            .encode(
                x=x,
                y=y("value"),
                color=colour,
                detail=["strategy:N", "kind:N"],
                strokeDash=alt.StrokeDash("dash:N", scale=None),
                strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            )
        )

    stem = (
        alt.Chart(alt.NamedData("stem")).mark_rule(color="var(--gw-ink2)", strokeWidth=1).encode(x=x, y=y("value"), y2="foot:Q")
    )
    ring = (
        alt.Chart(alt.NamedData("ring"))
        .mark_point(
            shape="circle", size=60, filled=True, fill="var(--gw-paper)", stroke="var(--gw-ink)", strokeWidth=1.5, opacity=1
        )
        .encode(x=x, y=y("value"))
    )

    written = alt.Chart(alt.NamedData("said")).encode(x=x, y=y("value"), text="text:N")
    own = {"align": alt.ExprRef("datum.align"), "baseline": "middle", "fontSize": 12, "dx": alt.ExprRef("datum.dx")}
    halo = written.mark_text(**own, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round")
    words = written.mark_text(**own).encode(color=colour)
    names = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12, fontWeight=600, clip=False)
        .encode(x=x, y=y("place"), text="label:N", color=colour)
    )
    return dressed(
        alt.layer(belt, lines("others"), lines("pair"), stem, ring, halo, words, names).add_params(low, high, last),
        HEIGHT,
        PADDING,
    )
