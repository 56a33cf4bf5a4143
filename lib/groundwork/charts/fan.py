"""The value fan: present value to date of every strategy, with the middle eight tenths of the two compared."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

HEIGHT = 348
PADDING = {"left": 40, "right": 150, "top": 10, "bottom": 30}


def fan() -> Any:
    """Over the data sets `belt`, `lines`, `stem`, `ring`, `said` and `ends`; colours and dashes stand in the rows.

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
        **quiet, grid=True, tickCount=6, labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,.12~g')", labelPadding=6
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
    ground = (
        alt.Chart(alt.NamedData("lines"))
        .mark_rule(color="var(--gw-ink2)", strokeWidth=1)
        .encode(y=alt.datum(0))
        .transform_filter("datum.month == 0 && datum.kind == 'pair'")
    )

    def line(kind: str) -> Any:
        return (
            alt.Chart(alt.NamedData("lines"))
            .transform_filter(f"datum.kind == '{kind}'")
            .mark_line(interpolate="monotone", strokeJoin="round")
            .encode(
                x=x,
                y=y("value"),
                color=colour,
                detail="strategy:N",
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

    def written(kind: str, align: str, offset: int, halo: bool) -> list[Any]:
        base = (
            alt.Chart(alt.NamedData("said")).transform_filter(f"datum.kind == '{kind}'").encode(x=x, y=y("value"), text="text:N")
        )
        own = {"align": align, "baseline": "middle", "fontSize": 12, "dx": offset}
        front = base.mark_text(**own).encode(color=colour)
        behind = base.mark_text(**own, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round")
        return [behind, front] if halo else [front]

    names = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12, fontWeight=600, clip=False)
        .encode(x=x, y=y("place"), text="label:N", color=colour)
    )
    return dressed(
        alt.layer(
            belt,
            ground,
            line("before"),
            line("other"),
            line("pair"),
            stem,
            ring,
            *written("belt", "center", 0, True),
            *written("start", "left", 3, True),
            *written("end", "right", -3, True),
            *written("centre", "center", 0, True),
            names,
        ).add_params(low, high, last),
        HEIGHT,
        PADDING,
    )
