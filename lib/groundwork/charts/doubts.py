"""How sure: who wins over two beliefs, what moves the lead, what to find out, break-evens, plans on three counts."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

MAP = 392, {"left": 62, "right": 12, "top": 26, "bottom": 48}
TORNADO = 392, {"left": 2, "right": 2, "top": 22, "bottom": 26}
FINDING_OUT = 330, {"left": 2, "right": 2, "top": 22, "bottom": 4}
BREAK_EVENS = 330, {"left": 2, "right": 2, "top": 22, "bottom": 4}
TOGETHER = 330, {"left": 2, "right": 2, "top": 4, "bottom": 4}
FRONT = 330, {"left": 48, "right": 16, "top": 12, "bottom": 30}
QUIET = {"title": None, "domain": False, "ticks": False}
HALO = {"stroke": "var(--gw-paper)", "strokeWidth": 3, "strokeJoin": "round"}
FIGURE = "format(datum.value, ',.12~g')"


def _limits(*names: str) -> list[Any]:
    return [alt.param(name=name, value=1) for name in names]


def _written(base: Any, colour: Any, **own: Any) -> list[Any]:
    """Words over a drawing, with a halo behind them."""
    front = base.mark_text(fontSize=12, **own, color=colour) if isinstance(colour, str) else base.mark_text(fontSize=12, **own)
    return [base.mark_text(fontSize=12, **own, **HALO), front if isinstance(colour, str) else front.encode(color=colour)]


def _y(name: str) -> Any:
    """Rows counted from the top: each has its name above and its bar below."""
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("rows"), reverse=True, nice=False)
    return alt.Y(f"{name}:Q", axis=None, scale=scale)


def _rows(data: str) -> Any:
    places = {
        "name": "datum.row + 0.26",
        "top": "datum.row + 0.48",
        "middle": "datum.row + 0.69",
        "foot": "datum.row + 0.9",
        "nought": "0",
    }
    return alt.Chart(alt.NamedData(data)).transform_calculate(**places)


def _labels(data: str) -> list[Any]:
    named = _rows(data).encode(y=_y("name"), text="label:N")
    return _written(named, "var(--gw-ink)", align="left", baseline="middle", x=0)


def winner_map() -> Any:
    """Over `cells`, `borders`, `names`, `arms`, `today`, `across`, `up`, `titles`; signals `columns` and `rows` (cells)."""
    x_scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("columns"), nice=False)
    y_scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("rows"), nice=False)

    def x(name: str = "x") -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=x_scale)

    def y(name: str = "y") -> Any:
        return alt.Y(f"{name}:Q", axis=None, scale=y_scale)

    def over(data: str) -> Any:
        return alt.Chart(alt.NamedData(data))

    spans = {"x": x(), "x2": "x2:Q", "y": y(), "y2": "y2:Q"}
    cells = (
        over("cells")
        .mark_rect(strokeWidth=0)
        .encode(**spans, fill=alt.Fill("colour:N", scale=None), fillOpacity=alt.FillOpacity("opacity:Q", scale=None))
    )
    borders = over("borders").mark_rule(color="var(--gw-ink)", strokeWidth=1.25).encode(**spans)
    arms = [
        over("arms").mark_rule(color="var(--gw-paper)", strokeWidth=4).encode(**spans),
        over("arms").mark_rule(color="var(--gw-ink)", strokeWidth=1.25).encode(**spans),
    ]
    here = over("today").encode(x=x(), y=y())
    dot = here.mark_point(shape="circle", size=70, filled=True, opacity=1, fill="var(--gw-paper)", stroke="var(--gw-ink)")
    own = {"align": "left", "baseline": "bottom", "dx": 8, "dy": -6}
    names = over("names").encode(x=x(), y=y(), text="text:N")
    ticks = {"fontSize": 12, "color": "var(--gw-ink2)"}
    across = over("across").mark_text(**ticks, baseline="top", dy=7).encode(x=x(), y=alt.YValue("height"), text="label:N")
    up = over("up").mark_text(**ticks, align="right", baseline="middle", x=-8).encode(y=y(), text="label:N")
    titles = [
        over("titles")
        .transform_filter(f"datum.side == '{side}'")
        .mark_text(**ticks, align=align, baseline="middle", x=alt.ExprRef(place), y=alt.ExprRef(height), limit=320)
        .encode(text="text:N")
        for side, align, place, height in (("across", "right", "width", "height + 35"), ("up", "left", "0", "-13"))
    ]
    drawing = alt.layer(
        cells,
        borders,
        *arms,
        dot.properties(),
        *_written(names, alt.Color("ink:N", scale=None), fontWeight=600),
        *_written(here.encode(text="text:N"), "var(--gw-ink)", **own),
        across,
        up,
        *titles,
    )
    return dressed(drawing.add_params(*_limits("columns", "rows")), *MAP)


def tornado() -> Any:
    """Over `bars`, `ends`, `labels`, `today`, `sides`; signals `low` and `high` (the axis), `rows`."""
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    def over(data: str) -> Any:
        return alt.Chart(alt.NamedData(data))

    bars = (
        _rows("bars")
        .mark_rect(strokeWidth=0)
        .encode(x=x("start"), x2="end:Q", y=_y("top"), y2="foot:Q", fill=alt.Fill("colour:N", scale=None))
    )
    even = over("today").mark_rule(color="var(--gw-ink2)").encode(x=alt.X(datum=0, type="quantitative", axis=None, scale=scale))
    today = [
        _rows("labels").mark_rule(color="var(--gw-paper)", strokeWidth=2.5).encode(x=x("today"), y=_y("top"), y2="foot:Q"),
        over("today").mark_text(fontSize=12, fontWeight=600, color="var(--gw-ink)", y=-11).encode(x=x("at"), text="text:N"),
    ]
    ends, sides = [], []
    for side, align, away in (("left", "right", -5), ("right", "left", 5)):
        written = _rows("ends").transform_filter(f"datum.side == '{side}'").encode(x=x("at"), y=_y("middle"), text="text:N")
        ends += _written(written, "var(--gw-ink2)", align=align, baseline="middle", dx=away)
        sides.append(
            over("sides")
            .transform_filter(f"datum.side == '{side}'")
            .mark_text(fontSize=12, fontWeight=600, align=align, baseline="top", dx=2 * away, y=alt.ExprRef("height + 8"))
            .encode(x=x("at"), text="text:N", color=alt.Color("ink:N", scale=None))
        )
    drawing = alt.layer(even, bars, *today, *ends, *sides, *_labels("labels"))
    return dressed(drawing.add_params(*_limits("low", "high", "rows")), *TORNADO)


def finding_out() -> Any:
    """Over `bars` and `floor`; signals `high` (the end of the axis) and `rows`."""
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("high"), nice=False)

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    base = _rows("bars")
    own = {"y": _y("top"), "y2": "foot:Q"}
    opacity = alt.FillOpacity("opacity:Q", scale=None)
    bars = base.mark_rect(fill="var(--gw-ink2)", strokeWidth=0).encode(x=x("nought"), x2="value:Q", **own, fillOpacity=opacity)
    spans = base.mark_rule(color="var(--gw-ink3)", strokeWidth=1.5).encode(x=x("low"), x2="high:Q", y=_y("middle"))
    said = base.encode(x=x("high"), y=_y("middle"), text="text:N")
    floor = alt.Chart(alt.NamedData("floor")).encode(x=x("at"))
    drawing = alt.layer(
        bars,
        spans,
        floor.mark_rule(color="var(--gw-ink)", strokeDash=[3, 3], strokeWidth=1),
        floor.mark_text(fontSize=12, color="var(--gw-ink2)", align="left", dx=-2, y=-10).encode(text=alt.value("chance alone")),
        *_written(said, "var(--gw-ink)", align="left", baseline="middle", dx=6),
        *_labels("bars"),
    )
    return dressed(drawing.add_params(*_limits("high", "rows")), *FINDING_OUT)


def together() -> Any:
    """Over `bars`; signals `high` (the end of the axis) and `rows`."""
    scale = alt.Scale(domainMin=0, domainMax=alt.ExprRef("high"), nice=False)

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    base = _rows("bars")
    own = {"x": x("nought"), "y": _y("top"), "y2": "foot:Q"}
    total = base.mark_rect(fill="var(--gw-ink2)", fillOpacity=0.3, strokeWidth=0).encode(**own, x2="total:Q")
    alone = base.mark_rect(fill="var(--gw-ink2)", strokeWidth=0).encode(**own, x2="alone:Q")
    said = _written(
        base.encode(x=x("total"), y=_y("middle"), text="text:N"), "var(--gw-ink)", align="left", baseline="middle", dx=6
    )
    return dressed(alt.layer(total, alone, *said, *_labels("bars")).add_params(*_limits("high", "rows")), *TOGETHER)


def break_evens() -> Any:
    """Over `stems` and `labels`; signals `low` and `high` (the axis, in standard deviations from today), `rows`."""
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    nought = x("nought")
    base = _rows("stems")
    first = base.transform_filter("datum.row == 0")
    today = [
        first.mark_rule(color="var(--gw-ink2)").encode(x=nought),
        first.mark_text(fontSize=12, fontWeight=600, color="var(--gw-ink)", y=-11).encode(x=nought, text=alt.value("today")),
    ]
    colour = alt.Color("colour:N", scale=None)
    stems = base.mark_rule(strokeWidth=2.75).encode(x=nought, x2="at:Q", y=_y("middle"), color=colour)
    dots = base.mark_point(shape="circle", size=80, filled=True, opacity=1, stroke="var(--gw-paper)", strokeWidth=1.5).encode(
        x=x("at"), y=_y("middle"), fill=alt.Fill("colour:N", scale=None)
    )
    ends = []
    for side, align, away in (("left", "right", -9), ("right", "left", 9)):
        written = base.transform_filter(f"datum.side == '{side}'").encode(x=x("at"), y=_y("middle"), text="text:N")
        ends += _written(written, alt.Color("ink:N", scale=None), align=align, baseline="middle", dx=away, fontWeight=600)
    drawing = alt.layer(stems, *today, dots, *ends, *_labels("labels"))
    return dressed(drawing.add_params(*_limits("low", "high", "rows")), *BREAK_EVENS)


def front() -> Any:
    """Over `dots` and `names`; signals `left`, `right` (cost), `low`, `top` (hours)."""
    cost = alt.Axis(**QUIET, grid=False, tickCount=5, labelExpr=FIGURE, labelPadding=7)
    hours = alt.Axis(**QUIET, grid=True, tickCount=5, labelExpr=f"{FIGURE} + ' h'", labelPadding=6)
    x = alt.X(
        "x:Q", axis=cost, scale=alt.Scale(domainMin=alt.ExprRef("left"), domainMax=alt.ExprRef("right"), nice=False, zero=False)
    )
    y = alt.Y(
        "y:Q", axis=hours, scale=alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("top"), nice=False, zero=False)
    )
    dots = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(shape="circle", size=90, filled=True, strokeWidth=1.75, clip=False)
        .encode(
            x=x,
            y=y,
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            opacity=alt.Opacity("opacity:Q", scale=None),
        )
    )
    names = []
    for side, align, away in (("left", "right", -10), ("right", "left", 10)):
        written = alt.Chart(alt.NamedData("names")).transform_filter(f"datum.side == '{side}'").encode(x=x, y=y, text="text:N")
        names += _written(written, alt.Color("ink:N", scale=None), align=align, baseline="middle", dx=away, clip=False)
    return dressed(alt.layer(dots, *names).add_params(*_limits("left", "right", "low", "top")), *FRONT)
