"""A chart on a page: one widget for the drawing runtime, one for each drawing, which takes new rows only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class Runtime(anywidget.AnyWidget):  # type: ignore[misc]
    """Brings Vega to the page once. It shows nothing."""

    _esm = (_STATIC / "vega_runtime.js").read_text(encoding="utf-8") + "\nexport default { render() {} };\n"


class Chart(anywidget.AnyWidget):  # type: ignore[misc]
    """One drawing. `spec` is sent once; `data` maps the names of its data sets to rows; `padding` is what the axes take."""

    _esm = (_STATIC / "chart_view.js").read_text(encoding="utf-8")
    spec: Any = traitlets.Dict().tag(sync=True)
    data: Any = traitlets.Dict().tag(sync=True)
    description: Any = traitlets.Unicode("").tag(sync=True)
    padding: Any = traitlets.Int(0).tag(sync=True)
