"""The page of one industry: one widget between a study and the browser. It holds no numbers of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from groundwork.app import conclusions, messages, scenarios, told
from groundwork.app.about import about
from groundwork.app.content import as_plain
from groundwork.app.inputs import Inputs
from groundwork.app.pages import PAGES
from groundwork.charts import specification
from groundwork.errors import InputFault
from groundwork.profiles import load
from groundwork.study.files import opened
from groundwork.study.sharing import unpacked
from groundwork.study.state import Study

_STATIC = Path(__file__).parent / "server" / "voila" / "templates" / "groundwork" / "static"
FRONT_END = (
    "drawing.js",
    "controls.js",
    "top.js",
    "waiting.js",
    "blocks.js",
    "scenarios.js",
    "shell.js",
)  # in this order they make one module


def front_end() -> str:
    """The widget's module: its parts know each other by name."""
    return "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in FRONT_END)


def as_bytes(page: dict[str, Any], widget: Any = None) -> dict[str, Any]:
    """A page as it travels: JSON in one buffer. As a plain value its thousands of rows would be walked through on both ways
    in search of buffers, which costs more than all the rest of the way.
    """
    return {"json": json.dumps(page, allow_nan=False, separators=(",", ":")).encode()}


class Workbook(anywidget.AnyWidget):  # type: ignore[misc]
    """What a notebook shows. Its traits are what the browser draws; `study` is the state behind it.

    A message of the browser is one of the methods `do_...`; each ends in one update of the changed traits.
    """

    _esm = front_end()
    _css = (_STATIC / "groundwork.css").read_text(encoding="utf-8")

    about = traitlets.Dict().tag(sync=True)
    verdict = traitlets.Dict().tag(sync=True)
    rail = traitlets.Dict().tag(sync=True)
    more = traitlets.List().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    page = traitlets.Dict().tag(sync=True, to_json=as_bytes)
    specifications = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    message = traitlets.List().tag(sync=True)
    link = traitlets.Unicode("").tag(sync=True)
    graded = traitlets.List().tag(sync=True)
    moment = traitlets.Dict().tag(sync=True)
    comparison = traitlets.Dict().tag(sync=True)

    def __init__(self, profile: str) -> None:
        super().__init__()
        self.study = Study(load(profile))
        self.page_key = PAGES[0].key
        self._inputs = Inputs(self.study)
        self._faults: dict[str, tuple[str, str]] = {}
        self._wants_graded = False
        self._answered = 0
        self._shown: tuple[Any, Any] = (None, None)
        with self.hold_sync():
            self.about = about(self.study.profile)
            self.rail = self._inputs.description()
            self._open(PAGES[0].key)
        self.study.observe(self._follow, names=["outcome", "found"])
        self.study.observe(lambda change: self._show_progress(), names="progress")
        self.study.observe(lambda change: self._show_fault(), names="fault")
        self.study.observe(lambda change: self._show_moment(), names="is_settled")
        self.on_msg(self._hear)

    # what the browser asks -----------------------------------------------------------------------------------------------

    def _hear(self, widget: Any, said: Any, buffers: Any) -> None:
        """One message of the browser; `moment` answers with the same number, so the browser sends the next value only then."""
        if not isinstance(said, dict):
            return
        doing = getattr(self, f"do_{said.get('do')}", None)
        with self.hold_sync():
            self.message = []
            if doing is not None:
                try:
                    doing(said)
                except InputFault as fault:
                    self.message = list(messages.refused(fault.faults))
                except Exception as problem:  # whatever it was: the page says so and stays alive
                    self.message = list(messages.work_failed(f"{type(problem).__name__}: {problem}"))
            number = said.get("number")
            if isinstance(number, int):
                self._answered = number
            self._show_moment()

    def do_change(self, said: dict[str, Any]) -> None:
        """A control was moved, or text typed: `shown` in the unit of the page."""
        path, shown = str(said.get("path")), said.get("shown")
        self._faults.pop(path, None)
        refusal = self._inputs.refusal(path, shown)
        if refusal is not None:
            self._refuse(path, refusal)
            return
        value = self._inputs.value(path, shown)
        try:
            self.study.change(path, value, "dragging" if said.get("phase") == "dragging" else "released")
        except InputFault as fault:
            self._refuse(path, messages.refused(fault.faults))

    def do_forget(self, said: dict[str, Any]) -> None:
        """What was typed and refused is taken back: the control shows what the model has."""
        self._faults.pop(str(said.get("path")), None)
        self._show_inputs()

    def do_reset(self, said: dict[str, Any]) -> None:
        paths = said.get("paths")
        self._faults.clear()
        self.study.reset(paths if isinstance(paths, list) else None)

    def do_undo(self, said: dict[str, Any]) -> None:
        self._faults.clear()
        self.study.undo()

    def do_redo(self, said: dict[str, Any]) -> None:
        self._faults.clear()
        self.study.redo()

    def do_preset(self, said: dict[str, Any]) -> None:
        self.study.choose_presets([str(name) for name in said.get("names", [])])
        self._describe()

    def do_open(self, said: dict[str, Any]) -> None:
        self._open(str(said.get("key")))

    def do_ask(self, said: dict[str, Any]) -> None:
        self.study.ask(str(said.get("name")), said.get("value"))
        self._refresh_page()

    def do_restore(self, said: dict[str, Any]) -> None:
        """The page came with a link, or lost its model and was opened again."""
        try:
            shared = unpacked(self.study.profile, str(said.get("link", "")))
            self.study.restore(shared.state, shared.seed)
        except InputFault as fault:
            self.message = list(messages.link_refused("; ".join(each.rule for each in fault.faults)))
            return
        self._describe()
        self._show_inputs()
        if shared.remarks:
            self.message = list(messages.link_opened(shared.remarks))

    def do_open_file(self, said: dict[str, Any]) -> None:
        """A scenario file was chosen; a broken one is one message, and the page keeps its state."""
        try:
            shared, note = opened(self.study.profile, str(said.get("text", "")))
            self.study.restore(shared.state, shared.seed)
        except InputFault as fault:
            self.message = list(messages.file_refused("; ".join(each.rule for each in fault.faults)))
            return
        self._describe()
        self._show_inputs()
        self.message = list(messages.file_opened(note, shared.remarks)) if note or shared.remarks else []

    def do_download(self, said: dict[str, Any]) -> None:
        """The browser saves what comes back."""
        try:
            file = scenarios.file_of(self.study, str(said.get("what")), str(said.get("note", "")))
        except KeyError:
            return
        self.send({"file": file.name, "type": file.media_type}, buffers=[file.text.encode()])

    def do_compare(self, said: dict[str, Any]) -> None:
        """The page's scenario beside those that the browser kept."""
        self.comparison = scenarios.comparison(self.study, said.get("kept"))

    def do_graded(self, said: dict[str, Any]) -> None:
        """What the verdict would be if only numbers of grade A and B said where in their range they lie."""
        self._wants_graded = bool(said.get("on"))
        self._want()
        self._refresh()

    def do_cancel(self, said: dict[str, Any]) -> None:
        self.study.cancel()

    def do_resume(self, said: dict[str, Any]) -> None:
        self.study.resume()

    def do_more(self, said: dict[str, Any]) -> None:
        self.more = self._inputs.rest()

    def do_runtime(self, said: dict[str, Any]) -> None:
        """A page that is not served by our template asks for the drawing runtime: once, over the socket."""
        self.send({"runtime": True}, buffers=[(_STATIC / "vega_runtime.js").read_bytes()])

    # what it is told -----------------------------------------------------------------------------------------------------

    def _describe(self) -> None:
        """The rail anew, in the order of what moves the lead now; between such moments its rows stay where they are."""
        self.rail = self._inputs.description()
        self.more = []

    def _refuse(self, path: str, message: tuple[str, str]) -> None:
        self._faults[path] = message
        self._show_inputs()

    def _open(self, key: str) -> None:
        page = next((page for page in PAGES if page.key == key), PAGES[0])
        self.page_key = page.key
        self._want()
        self._refresh()

    def _want(self) -> None:
        """The long work that the verdict and the open page need, in the order in which a reader meets its results."""
        page = next(page for page in PAGES if page.key == self.page_key)
        graded = (conclusions.GRADED,) if self._wants_graded else ()
        self.study.want((conclusions.MOVED, conclusions.FLIPS, *graded, *page.work))

    def _follow(self, change: Any) -> None:
        """An outcome and what was found about it may come together: they are told once."""
        if self._shown[0] is not self.study.outcome or self._shown[1] is not self.study.found:
            self._refresh()

    def _refresh(self) -> None:
        """Everything that depends on the outcome, in one message."""
        with self.hold_sync():
            self._shown = self.study.outcome, self.study.found
            self._show_verdict()
            self._show_inputs()
            self._refresh_page()
            self._show_moment()

    def _show_moment(self) -> None:
        self.moment = told.moment(self.study, self._answered)

    def _show_verdict(self) -> None:
        self.graded = list(conclusions.graded_words(self.study)) if self._wants_graded else []
        self.link = told.link(self.study, str(self.link))
        self.verdict = told.verdict(self.study)

    def _show_inputs(self) -> None:
        self.inputs = told.inputs(self.study, self._faults)

    def _refresh_page(self) -> None:
        page = next(page for page in PAGES if page.key == self.page_key)
        if page.follows == "release" and self.study.phase == "dragging" and self.page.get("key") == page.key:
            return
        content = as_plain(page.content(self.study))
        needed = {card["chart"] for block in content["blocks"] if block["kind"] == "cards" for card in block["items"]}
        missing = needed - set(self.specifications)
        with self.hold_sync():
            if missing:
                self.specifications = {**self.specifications, **{name: specification(name) for name in missing}}
            self.page = {"key": page.key, "phase": self.study.phase, **content}

    def _show_progress(self) -> None:
        now = self.study.progress
        self.progress = {} if now is None or not now.title else {name: getattr(now, name) for name in told.PROGRESS_FIELDS}

    def _show_fault(self) -> None:
        if self.study.fault:
            self.message = list(messages.work_failed(self.study.fault))


def workbook(profile: str) -> Workbook:
    """The page of a profile, ready to show."""
    return Workbook(profile)


__all__ = ["Workbook", "workbook"]
