"""The value fan: present value to date of every strategy, month by month, with the middle eight tenths of the two compared."""

from __future__ import annotations

from typing import Any

HEIGHT = 348
PADDING = {"left": 44, "right": 168, "top": 10, "bottom": 26}
FONT = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def fan_spec() -> dict[str, Any]:
    """A Vega-Lite specification over the data sets `lines`, `belt` and `ends`; colours and dashes stand in the rows."""
    month = {"field": "month", "type": "quantitative", "scale": {"nice": False, "zero": False}}
    quiet = {"title": None, "domain": False, "ticks": False, "labelFontSize": 12}
    x_axis = {**quiet, "grid": False, "tickCount": 6, "labelExpr": "datum.value == 0 ? 'now' : datum.value"}
    x = {**month, "axis": x_axis}
    y_axis = {**quiet, "grid": True, "tickCount": 6, "labelExpr": "format(datum.value, '+.3~s')"}
    y = {"type": "quantitative", "axis": y_axis}
    colour = {"field": "colour", "type": "nominal", "scale": None}
    series = {"field": "strategy", "type": "nominal"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640,
        "height": HEIGHT,
        "autosize": {"type": "none"},
        "padding": PADDING,
        "background": None,
        "config": {"view": {"stroke": None}, "font": FONT, "axis": {"gridColor": "#8883", "labelColor": "#777D84"}},
        "layer": [
            {
                "data": {"name": "belt"},
                "mark": {"type": "area", "opacity": 0.15},
                "encoding": {"x": x, "y": {**y, "field": "p10"}, "y2": {"field": "p90"}, "color": colour, "detail": series},
            },
            {
                "data": {"name": "lines"},
                "mark": {"type": "line"},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "p50"},
                    "color": colour,
                    "detail": series,
                    "strokeDash": {"field": "dash", "type": "nominal", "scale": None},
                    "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
                },
            },
            {
                "data": {"name": "ends"},
                "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "fontWeight": 600},
                "encoding": {
                    "x": x,
                    "y": {**y, "field": "label_usd"},
                    "text": {"field": "label"},
                    "color": {**colour, "field": "text_colour"},
                },
            },
        ],
    }
