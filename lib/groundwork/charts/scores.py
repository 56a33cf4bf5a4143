"""Never one score alone: what each rule takes, and every plan's futures from the worst to the best."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

SCORES = 262, {"left": 76, "right": 2, "top": 40, "bottom": 4}
LUCK = 262, {"left": 40, "right": 118, "top": 10, "bottom": 30}
QUIET = {"title": None, "domain": False, "ticks": False}
HALF_WIDE, HALF_HIGH = 0.47, 0.41  # of a column and a row: what a cell fills to either side


def rules_of_choice() -> Any:
    """Over `cells`, `labels`, `heads`; signals `columns` and `rows`."""
    x_scale = alt.Scale(domainMin=-0.5, domainMax=alt.ExprRef("columns - 0.5"), nice=False)
    y_scale = alt.Scale(domainMin=-0.5, domainMax=alt.ExprRef("rows - 0.5"), reverse=True, nice=False)

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=x_scale)

    def y(name: str) -> Any:
        return alt.Y(f"{name}:Q", axis=None, scale=y_scale)

    places = {
        "left": f"datum.column - {HALF_WIDE}",
        "right": f"datum.column + {HALF_WIDE}",
        "top": f"datum.row - {HALF_HIGH}",
        "foot": f"datum.row + {HALF_HIGH}",
    }
    cells = alt.Chart(alt.NamedData("cells")).transform_calculate(**places)
    boxes = cells.mark_rect(strokeWidth=1.25, cornerRadius=3).encode(
        x=x("left"),
        x2="right:Q",
        y=y("top"),
        y2="foot:Q",
        fill=alt.Fill("colour:N", scale=None),
        fillOpacity=alt.FillOpacity("fill:Q", scale=None),
        stroke=alt.Stroke("colour:N", scale=None),
        strokeOpacity=alt.StrokeOpacity("frame:Q", scale=None),
    )
    figures = [
        cells.transform_filter(f"datum.weight == {weight}")
        .mark_text(fontSize=12, fontWeight=weight, baseline="middle")
        .encode(x=x("column"), y=y("row"), text="text:N", color=alt.Color("ink:N", scale=None))
        for weight in (400, 600)
    ]
    names = (
        alt.Chart(alt.NamedData("labels"))
        .mark_text(fontSize=12, align="left", baseline="middle", x=-74, limit=72)
        .encode(y=y("row"), text="label:N", color=alt.Color("ink:N", scale=None))
    )
    heads = alt.Chart(alt.NamedData("heads")).encode(x=x("column"))
    over = heads.mark_text(fontSize=12, fontWeight=600, color="var(--gw-ink)", y=-27).encode(text="over:N")
    under = heads.mark_text(fontSize=12, color="var(--gw-ink2)", y=-11).encode(text="under:N")
    limits = [alt.param(name="columns", value=4), alt.param(name="rows", value=5)]
    return dressed(alt.layer(boxes, *figures, names, over, under).add_params(*limits), *SCORES)


def luck() -> Any:
    """Over `lines` and `ends`; signals `low` and `high` (the axis)."""
    places = alt.Axis(
        **QUIET,
        grid=False,
        labelPadding=10,
        values=[2, 10, 25, 50, 75, 90],
        labelFlush=False,
        labelExpr="datum.value == 2 ? 'worst' : datum.value == 50 ? 'middle' : datum.value",
    )
    amounts = alt.Axis(
        **QUIET, grid=True, tickCount=6, labelExpr="datum.value == 0 ? '0' : format(datum.value, '+,.12~g')", labelPadding=6
    )
    x = alt.X("luck:Q", axis=places, scale=alt.Scale(domain=[2, 90], nice=False))
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    ground = alt.Chart(alt.NamedData("ends")).mark_rule(color="var(--gw-ink2)", strokeWidth=1).encode(y=alt.datum(0))
    lines = (
        alt.Chart(alt.NamedData("lines"))
        .mark_line(interpolate="monotone", strokeJoin="round")
        .encode(
            x=x,
            y=alt.Y("value:Q", axis=amounts, scale=scale),
            color=alt.Color("colour:N", scale=None),
            detail="strategy:N",
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
        )
    )
    names = (
        alt.Chart(alt.NamedData("ends"))
        .mark_text(align="left", baseline="middle", dx=8, fontSize=12, fontWeight=600, clip=False)
        .encode(
            x=alt.XValue("width"),
            y=alt.Y("place:Q", axis=amounts, scale=scale),
            text="label:N",
            color=alt.Color("colour:N", scale=None),
        )
    )
    limits = [alt.param(name="low", value=-1), alt.param(name="high", value=1)]
    return dressed(alt.layer(ground, lines, names).add_params(*limits), *LUCK)
