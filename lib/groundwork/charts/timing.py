"""When to move: value by the month in which the platform begins, rules compared, and what to watch."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

CURVE = 286, {"left": 44, "right": 34, "top": 10, "bottom": 26}
RULES = 286, {"left": 196, "right": 26, "top": 8, "bottom": 26}
WATCH = 286, {"left": 44, "right": 34, "top": 10, "bottom": 26}
QUIET = {"title": None, "domain": False, "ticks": False}
AMOUNTS = "datum.value == 0 ? '0' : format(datum.value, '+,.12~g')"


def _ends() -> tuple[Any, Any, Any]:
    return alt.param(name="low", value=-1), alt.param(name="high", value=1), alt.param(name="last", value=36)


def _months(last: str) -> Any:
    """The month axis up to the signal expression `last`; its labels stop where the months do."""
    words = "datum.value == 0 ? 'now' : datum.value < last ? 'month ' + datum.value : ''"
    x_axis = alt.Axis(**QUIET, grid=False, values=list(range(0, 61, 6)), labelExpr=words, labelFlush=False, labelPadding=7)
    return alt.X("month:Q", axis=x_axis, scale=alt.Scale(domainMin=0, domainMax=alt.ExprRef(last), nice=False))


def _said(x: Any, y: Any, kind: str, align: str, offset: int) -> list[Any]:
    base = alt.Chart(alt.NamedData("said")).transform_filter(f"datum.kind == '{kind}'").encode(x=x, y=y, text="text:N")
    own = {"align": align, "baseline": "middle", "fontSize": 12, "dx": offset}
    behind = base.mark_text(**own, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round")
    return [behind, base.mark_text(**own).encode(color=alt.Color("colour:N", scale=None))]


def _level(name: str, label: str) -> Any:
    axis = alt.Axis(**QUIET, grid=True, tickCount=5, labelExpr=label, labelPadding=6)
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    return alt.Y(f"{name}:Q", axis=axis, scale=scale)


def timing() -> Any:
    """Over the data sets `belt`, `line`, `near`, `dots` and `said`; signals `low`, `high`, `last` (number of start months)."""
    colour = alt.Color("colour:N", scale=None)
    x = _months("last + 1")
    belt = (
        alt.Chart(alt.NamedData("belt")).mark_area(opacity=0.15).encode(x=x, y=_level("low", AMOUNTS), y2="high:Q", color=colour)
    )
    near = (
        alt.Chart(alt.NamedData("near"))
        .mark_rect(opacity=0.12)
        .encode(x=x, x2="until:Q", y=_level("low", AMOUNTS), y2="high:Q", color=colour)
    )
    value = _level("value", AMOUNTS)
    line = alt.Chart(alt.NamedData("line")).mark_line(strokeWidth=2.75, strokeJoin="round").encode(x=x, y=value, color=colour)
    ground = alt.Chart(alt.NamedData("near")).mark_rule(color="var(--gw-ink2)", strokeWidth=1).encode(y=alt.datum(0))
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=70, filled=True, opacity=1, stroke="var(--gw-paper)", strokeWidth=1.5)
        .encode(x=x, y=value, fill=alt.Fill("colour:N", scale=None))
    )
    written = [*_said(x, value, "start", "left", 8), *_said(x, value, "end", "right", 0), *_said(x, value, "middle", "center", 0)]
    apart = (
        alt.Chart(alt.NamedData("said"))
        .transform_filter("datum.kind == 'foot'")
        .mark_text(align="center", baseline="top", fontSize=12, dy=8, color="var(--gw-ink2)", clip=False)
        .encode(x=x, y=value, text="text:N")
    )
    return dressed(alt.layer(near, belt, ground, line, dots, apart, *written).add_params(*_ends()), *CURVE)


def rules() -> Any:
    """Over the data set `rules`; signals `low` and `high`."""
    low, high, _ = _ends()
    axis = alt.Axis(**QUIET, grid=True, tickCount=5, labelExpr=AMOUNTS)
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    row = alt.Y("row:O", axis=None, sort="ascending", scale=alt.Scale(paddingInner=0.3, paddingOuter=0.25))
    base = alt.Chart(alt.NamedData("rules"))

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=axis, scale=scale)

    spans = base.mark_rule(strokeWidth=1.75).encode(x=x("low"), x2="high:Q", y=row, color=alt.Color("colour:N", scale=None))
    dots = base.mark_point(shape="circle", size=70, filled=True, opacity=1, stroke="var(--gw-paper)", strokeWidth=1.5).encode(
        x=x("value"), y=row, fill=alt.Fill("colour:N", scale=None)
    )

    def figures(weight: int) -> list[Any]:
        own = base.transform_filter(f"datum.weight == {weight}")
        over = {"baseline": "bottom", "dy": -6, "fontSize": 12, "fontWeight": 600, "align": "center"}
        said = own.encode(x=x("value"), y=row, text="said:N")
        return [
            said.mark_text(**over, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round"),
            said.mark_text(**over).encode(color=alt.Color("ink:N", scale=None)),
            own.mark_text(
                align="right", baseline="middle", fontSize=12, fontWeight=weight, color="var(--gw-ink)", limit=186, x=-8
            ).encode(y=row, text="label:N"),
        ]

    return dressed(alt.layer(spans, dots, *figures(400), *figures(600)).add_params(low, high), *RULES)


def watch() -> Any:
    """Over the data sets `belt`, `line`, `mark`, `bars` and `said`; signals `low`, `high`, `last` (the last month)."""
    plain = "format(datum.value, ',.12~g')"
    x, value = _months("last"), _level("value", plain)
    colour = alt.Color("colour:N", scale=None)
    belt = (
        alt.Chart(alt.NamedData("belt"))
        .mark_area(opacity=0.13, color="var(--gw-ink2)")
        .encode(x=x, y=_level("low", plain), y2="high:Q")
    )
    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(width=5, opacity=0.85)
        .encode(x=x, y=_level("low", plain), y2="high:Q", color=colour)
    )
    line = alt.Chart(alt.NamedData("line")).mark_line(strokeWidth=1.75, color="var(--gw-ink2)").encode(x=x, y=value)
    mark = alt.Chart(alt.NamedData("mark")).mark_rule(strokeWidth=1.75, strokeDash=[5, 3]).encode(y=value, color=colour)
    written = [*_said(x, value, "start", "left", 6), *_said(x, value, "end", "right", 0)]
    return dressed(alt.layer(belt, bars, line, mark, *written).add_params(*_ends()), *WATCH)
