"""How every picture is dressed: no frame, no axis lines, hairline grid, 12 px, colours as tokens that the theme resolves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

FONT = "-apple-system, 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, system-ui, sans-serif"


def dressed(chart: Any, height: int, padding: Mapping[str, int]) -> Any:
    """The chart at a fixed height with fixed paddings, so that the plot never shifts when numbers get longer."""
    return (
        chart.properties(
            width=600,
            height=height - padding["top"] - padding["bottom"],
            padding=dict(padding),
            autosize=alt.AutoSizeParams(type="none", contains="content"),
        )
        .configure(background="transparent", font=FONT, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor="var(--gw-rule)",
            labelColor="var(--gw-ink2)",
            labelFontSize=12,
            titleFontSize=12,
            titleColor="var(--gw-ink2)",
            titleFontWeight="normal",
            labelOverlap=True,
        )
    )
