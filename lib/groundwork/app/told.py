"""What a page is told of its study: the traits that the browser draws, each made from the study alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundwork import __version__
from groundwork.app import conclusions, rail
from groundwork.errors import InputFault
from groundwork.results.documents import run_id
from groundwork.results.verdicts import futures_strip, labels_of, run_line, short_sentence, verdict_words
from groundwork.results.words import token
from groundwork.study.sharing import packed
from groundwork.study.state import Study

PROGRESS_FIELDS = ("title", "share", "left_s")


def moment(study: Study, answered: int) -> dict[str, Any]:
    """How far the page is: the last message answered, the futures played, and whether more will come by itself."""
    return {
        "answered": answered,
        "phase": study.phase,
        "samples": study.outcome.samples,
        "changes": len(study.state.values),
        "settled": study.is_settled,
    }


def verdict(study: Study) -> dict[str, Any]:
    """The sentence, its one-line form, the strip, the run, what the changes did, and whether steps can be taken back."""
    pair, scenario = study.pair, study.scenario
    look = "fact" if pair.is_close else token(scenario, pair.first)
    return {
        "sentence": verdict_words(pair, labels_of(scenario), look, conclusions.flip(study), scenario.currency),
        "short": short_sentence(scenario, pair),
        "strip": futures_strip(scenario, study.outcome),
        "run": run(study),
        "changes": conclusions.moved_words(study),
        "count": len(study.state.values),
        "phase": study.phase,
        "undo": study.can_undo,
        "redo": study.can_redo,
    }


def run(study: Study) -> str:
    """Run id and what it takes to get the same digits; while a slider moves there is no run worth a name."""
    name = "" if study.phase == "dragging" else run_id(study.scenario, study.outcome)
    return run_line(name, study.seed, study.samples, __version__)


def link(study: Study, last: str) -> str:
    """The study as the page's address carries it; empty at home, and the last one while a slider moves."""
    if study.phase == "dragging":
        return last
    if not study.state.values and not study.state.presets:
        return ""
    try:
        return packed(study.profile, study.state, study.seed)
    except InputFault:
        return ""


def inputs(study: Study, faults: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """What stands elsewhere than at home, and what was refused."""
    shown: dict[str, Any] = {}
    for change in study.changes:
        shown[change.path] = {
            "value": rail.to_shown(change.path, change.now),
            "was": f"was {rail.said(change.path, change.was)}",
        }
    for path, fault in faults.items():
        shown[path] = {**shown.get(path, {}), "fault": list(fault)}
    return {"changed": shown, "presets": list(study.state.presets)}
