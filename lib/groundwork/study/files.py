"""What leaves a study and comes back to it: the scenario as a file, the whole as a profile, results as table or document."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from groundwork.errors import Fault, InputFault
from groundwork.profiles import written
from groundwork.quantities import Quantity
from groundwork.results.documents import run_document, run_id
from groundwork.results.scenarios import results_table
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import drawn
from groundwork.study.changes import changes_of
from groundwork.study.runs import points_of
from groundwork.study.sharing import LARGEST_PLAIN, Shared, document, read
from groundwork.study.state import Study

MOST_NOTE = 2_000  # characters


@dataclass(frozen=True, slots=True)
class File:
    """A file to be saved: its name, its media type, its text."""

    name: str
    media_type: str
    text: str


def scenario_file(study: Study, note: str = "") -> File:
    """What was changed, as JSON: small, and the page opens it again."""
    record = document(study.profile, study.state, study.seed) | {"note": note[:MOST_NOTE]}
    return File(f"{_stem(study)}-scenario.json", "application/json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def profile_file(study: Study) -> File:
    """Everything believed and chosen, as a profile of one's own for `groundwork run FILE`.

    What a user would get wrong: a changed belief carries the mark `user` or that of its preset and no longer its source's word.
    """
    scenario = replace(study.scenario, seed=study.seed)
    head = f"# {study.profile.title} with {len(changes_of(study.base, study.state.values))} changes of a reader.\n"
    return File(f"{_stem(study)}-profile.yaml", "application/yaml", head + written(scenario))


def table_file(study: Study) -> File:
    """Value of every strategy by month, with its interval, as CSV."""
    table = results_table(study.scenario, study.outcome)
    kept = io.StringIO()
    writer = csv.writer(kept, lineterminator="\r\n")
    writer.writerow(table["columns"])
    writer.writerows(table["rows"])
    return File(f"{_stem(study)}-value.csv", "text/csv", "\ufeff" + kept.getvalue())


def document_file(study: Study) -> File:
    """The document of `groundwork run --json`, in the futures of the page.

    What long work has not yet found is absent, and a warning says so.
    """
    split, turned = (
        study.found[name].result if name in study.found and study.found[name].is_fresh else None for name in ("split", "flips")
    )
    missing = [
        {"code": "not_worked_out", "path": f"verdict.{path}", "text": "The page was still working this out; save again later."}
        for path, found in (("channels", split), ("flips", turned))
        if found is None
    ]
    slo = drawn(study.scenario, points_of(study.scenario, study.samples, study.seed)).operations.slo_ratio
    record = run_document(study.scenario, study.outcome, np.asarray(slo), split or {}, turned or [], missing)
    return File(
        f"{_stem(study)}-results.json", "application/json", json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n"
    )


def opened(profile: Scenario[Quantity], text: str) -> tuple[Shared, str]:
    """What a scenario file says about this profile, and its note; `InputFault` with one message when it cannot be read."""
    if len(text.encode("utf-8", "replace")) > LARGEST_PLAIN:
        raise _broken(f"larger than {LARGEST_PLAIN // 1024} kB")
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise _broken("no scenario file of this workbook (JSON)") from None
    shared = read(profile, data)
    note = data.get("note", "")
    return shared, note[:MOST_NOTE] if isinstance(note, str) else ""


def _stem(study: Study) -> str:
    return f"{study.profile.name}-{run_id(study.scenario, study.outcome)[:8]}"


def _broken(why: str) -> InputFault:
    return InputFault([Fault(path="file", rule=why)])
