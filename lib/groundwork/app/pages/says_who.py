"""Says who? Every assumption with its source and what it moves, and the evidence for and against infrastructure."""

from __future__ import annotations

from groundwork.app.content import Block, Content
from groundwork.results.assumptions import LEAST_BINS_SAMPLES, assumption_rows, evidence_rows, quality, swing_scale, swings_usd
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import Words, fact, words
from groundwork.study.state import Study, Work

WORK: tuple[Work, ...] = ()


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    swing = error = None
    if study.samples >= LEAST_BINS_SAMPLES:
        swing, error = swings_usd(study.points, study.pair.lead_usd)
    rows = assumption_rows(study.scenario, study.base, swing, error)
    return Content(
        answer=answer(study, rows),
        blocks=(
            Block(
                kind="assumptions",
                items=rows,
                title=f"Moves lead by, {study.scenario.currency} {swing_scale(swing).letter}".strip(),
            ),
            Block(kind="evidence", items=evidence_rows(), title="Findings for and against starting with infrastructure"),
        ),
    )


def answer(study: Study, rows: list[dict[str, object]]) -> Words:
    """How good the numbers are, and how good the one is that matters most."""
    counts = quality(study.base)
    said = words(
        f"Of {counts['all']} numbers, ",
        fact(f"{counts['good']} are measured or surveyed"),
        " (A, B) and ",
        fact(f"{counts['weak']} are judged or from vendors"),
        " (C, D).",
    )
    top = next((row for row in rows if row["size"]), None)
    if top is None:
        return said
    name = in_sentence(str(top["label"]))
    if "without" in top["tags"]:  # type: ignore[operator]
        return said + words(f" The one that matters most, {name}, has ", fact("no measurement"), " behind it.")
    return said + words(f" The one that matters most, {name}, has ", fact(f"grade {top['grade']}"), ".")
