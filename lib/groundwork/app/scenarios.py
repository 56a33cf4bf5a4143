"""Files that a page gives and takes, and kept scenarios side by side: between the browser's messages and the study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from groundwork.app import rail
from groundwork.errors import InputFault
from groundwork.results.scenarios import Column, side_by_side
from groundwork.study import files
from groundwork.study.changes import State, based, changes_of, scenario_of
from groundwork.study.runs import outcome_of
from groundwork.study.sharing import unpacked
from groundwork.study.state import SAMPLES, Study

MOST_KEPT = 4  # of them stand beside the page's own: more do not fit into a window
MOST_NAME = 60  # characters
FILES: dict[str, Callable[[Study], files.File]] = {
    "profile": files.profile_file,
    "table": files.table_file,
    "document": files.document_file,
}


def file_of(study: Study, what: str, note: str) -> files.File:
    """The file that a reader asked for; `KeyError` for a kind that is none."""
    return files.scenario_file(study, note) if what == "scenario" else FILES[what](study)


def comparison(study: Study, kept: Any) -> dict[str, Any]:
    """The page's own scenario, the profile, and those that the browser kept, all in as many futures.

    A kept one that cannot be read is left out of the columns and named in `refused` with the reason.
    """
    samples = SAMPLES["released"]
    columns = [_column(study, "This page", study.state, study.seed, "", samples)]
    if study.state.values or study.state.presets:
        columns.append(_column(study, "As in the profile", State(), study.profile.seed, "", samples))
    refused = []
    records = [one for one in kept if isinstance(one, Mapping)] if isinstance(kept, list) else []
    for record in records[:MOST_KEPT]:
        name, note = str(record.get("name", ""))[:MOST_NAME], str(record.get("note", ""))[: files.MOST_NOTE]
        link = str(record.get("link", ""))
        try:
            if link:
                shared = unpacked(study.profile, link)
                state, seed = shared.state, shared.seed
                note = " ".join((note, *shared.remarks)).strip()
            else:
                state, seed = State(), study.profile.seed
            columns.append(_column(study, name, state, seed, note, samples) | {"link": link, "kept": True})
        except InputFault as fault:
            refused.append({"name": name, "why": "; ".join(each.rule for each in fault.faults)})
    told = side_by_side([column["column"] for column in columns])
    for shown, column in zip(told["columns"], columns, strict=True):
        shown |= {"link": column.get("link", ""), "kept": column.get("kept", False)}
    return told | {"refused": refused, "room": MOST_KEPT}


def _column(study: Study, name: str, state: State, seed: int, note: str, samples: int) -> dict[str, Any]:
    base = based(study.profile, state.presets)
    scenario = scenario_of(base, state.values)
    presets = [study.profile.presets[preset].label for preset in state.presets]
    changes = [
        f"{change.label}: {rail.said(change.path, change.was)} → {rail.said(change.path, change.now)}"
        for change in changes_of(base, state.values)
    ]
    outcome = outcome_of(scenario, samples, seed)
    return {"column": Column(name=name, scenario=scenario, outcome=outcome, changes=[*presets, *changes], note=note)}
