"""A page without a rail, for the tools: top bar, one sentence, blocks; what a reader chooses makes the content anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import anywidget
import traitlets

from groundwork.app.chart import STATIC
from groundwork.app.content import Content, as_plain
from groundwork.charts import specification

FRONT_END = ("drawing.js", "controls.js", "top.js", "waiting.js", "blocks.js", "sheet.js")  # in this order they make one module


class Sheet(anywidget.AnyWidget):  # type: ignore[misc]
    """What a tool's notebook shows: `content` follows from the choices that its blocks ask for, and from nothing else."""

    _esm = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in FRONT_END)
    _css = (STATIC / "groundwork.css").read_text(encoding="utf-8")

    about = traitlets.Dict().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    specifications = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        made: Callable[[Mapping[str, Any]], Content],
        choices: Mapping[str, Any],
        allowed: Mapping[str, tuple[str, ...]],
        title: str,
        question: str,
    ) -> None:
        super().__init__()
        self._made, self._allowed = made, allowed
        self.choices = dict(choices)
        self._number = 0
        self.about = {"title": title, "question": question}
        self._show()
        self.on_msg(self._hear)

    def _hear(self, widget: Any, said: Any, buffers: Any) -> None:
        if not isinstance(said, dict):
            return
        if said.get("do") == "runtime":
            self.send({"runtime": True}, buffers=[(STATIC / "vega_runtime.js").read_bytes()])
        elif said.get("do") == "ask":
            self.choose(str(said.get("name")), said.get("value"))

    def choose(self, name: str, value: Any) -> None:
        """Answer a question of the page; an answer that it does not offer changes nothing."""
        if value in self._allowed.get(name, ()):
            self.choices[name] = value
            self._show()

    def _show(self) -> None:
        self._number += 1
        content = as_plain(self._made(self.choices))
        charts = {card["chart"] for block in content["blocks"] if block["kind"] == "cards" for card in block["items"]}
        with self.hold_sync():
            if charts - set(self.specifications):
                self.specifications = {name: specification(name) for name in sorted(charts)}
            self.content = {**content, "number": self._number}
