"""One chart by itself, for a notebook that wants a picture without the whole page: the same drawing, rows only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

STATIC = Path(__file__).parent / "server" / "voila" / "templates" / "groundwork" / "static"

_RENDER = """
async function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "gw-drawing";
  frame.setAttribute("role", "img");
  el.appendChild(frame);
  model.on("msg:custom", (said, buffers) => { if (said.runtime) takeRuntime(buffers[0]); });
  const embed = await drawingRuntime(() => model.send({ do: "runtime" }));
  const card = () => ({ data: model.get("data"), signals: model.get("signals"), spoken: model.get("description") });
  const drawing = new Drawing(frame, model.get("spec"), embed, card());
  const show = () => drawing.show(card(), "resting");
  model.on("change:data", show);
  await show();
  return () => { model.off("change:data", show); drawing.remove(); };
}
export default { render };
"""


class Chart(anywidget.AnyWidget):  # type: ignore[misc]
    """One drawing. `spec` is sent once; `data` maps the names of its data sets to rows; `signals` are numbers it reads."""

    _esm = (STATIC / "drawing.js").read_text(encoding="utf-8") + _RENDER
    spec: Any = traitlets.Dict().tag(sync=True)
    data: Any = traitlets.Dict().tag(sync=True)
    signals: Any = traitlets.Dict().tag(sync=True)
    description: Any = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.on_msg(self._hear)

    def _hear(self, widget: Any, said: Any, buffers: Any) -> None:
        if isinstance(said, dict) and said.get("do") == "runtime":
            self.send({"runtime": True}, buffers=[(STATIC / "vega_runtime.js").read_bytes()])
