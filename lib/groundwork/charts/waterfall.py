"""The waterfall: from the rival's value over the parts of every channel to the winner's value, in rows."""

from __future__ import annotations

from typing import Any

import altair as alt

from groundwork.charts.theme import dressed

HEIGHT = 348
PADDING = {"left": 158, "right": 84, "top": 6, "bottom": 6}


def waterfall() -> Any:
    """Over the data sets `bars`, `joins`, `whiskers` (standard errors), `ground` (nought); signals `low`, `high` (the axis)."""
    low, high = alt.param(name="low", value=0), alt.param(name="high", value=1)
    scale = alt.Scale(domainMin=alt.ExprRef("low"), domainMax=alt.ExprRef("high"), nice=False, zero=False)
    row = alt.Y("row:O", axis=None, sort="ascending", scale=alt.Scale(paddingInner=0.36, paddingOuter=0.1))

    def x(name: str) -> Any:
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    bars = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(cornerRadius=1, size=17)
        .encode(x=x("start"), x2="end:Q", y=row, color=alt.Color("colour:N", scale=None))
    )
    joins = (
        alt.Chart(alt.NamedData("joins")).mark_rule(color="var(--gw-edge)", strokeWidth=1).encode(x=x("at"), y=row, y2="next:O")
    )
    whiskers = (
        alt.Chart(alt.NamedData("whiskers"))
        .mark_rule(color="var(--gw-ink)", strokeWidth=1)
        .encode(x=x("low"), x2="high:Q", y=row)
    )
    ground = alt.Chart(alt.NamedData("ground")).mark_rule(color="var(--gw-ink2)", strokeWidth=1).encode(x=x("at"))
    said = alt.Chart(alt.NamedData("bars")).encode(x=x("right"), y=row, text="said:N")
    figures = {"align": "left", "baseline": "middle", "dx": 5, "fontSize": 12, "fontWeight": 600}
    halo = said.mark_text(**figures, stroke="var(--gw-paper)", strokeWidth=3, strokeJoin="round")
    words = said.mark_text(**figures).encode(color=alt.Color("ink:N", scale=None))
    labels = (
        alt.Chart(alt.NamedData("bars"))
        .mark_text(
            align="right",
            baseline="middle",
            fontSize=12,
            fontWeight=alt.ExprRef("datum.weight"),
            color="var(--gw-ink)",
            limit=150,
            x=-6,
        )
        .encode(y=row, text="label:N")
    )
    return dressed(
        alt.layer(ground, joins, bars, whiskers, halo, words, labels).add_params(low, high),
        HEIGHT,
        PADDING,
    )
