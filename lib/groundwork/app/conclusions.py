"""Long work behind the verdict bar: what flips the answer, what each kind of change did, and what good evidence alone says."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from groundwork.analysis.changes import split_change
from groundwork.analysis.comparison import wins
from groundwork.analysis.evidence import only_good_evidence
from groundwork.analysis.sensitivity import swings
from groundwork.quantities import Fixed
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import TIE_USD, Pair, best_of, in_sentence, moved_lead
from groundwork.results.words import Words, fact, quantity_words, words
from groundwork.scenario import beliefs
from groundwork.study.changes import changes_of, scenario_of
from groundwork.study.jobs import Report
from groundwork.study.runs import flips, outcome_of, points_of
from groundwork.study.state import Asked, Study, Work, lead_usd

FLIP_SAMPLES, FLIP_BELIEFS = 256, 12  # beliefs that move the lead most are tried, the others cannot turn it
CHANGE_SAMPLES = 1_024


def _flips(asked: Asked, report: Report) -> list[dict[str, Any]]:
    """Beliefs that turn the mean lead inside the range believed, those that move it most first."""
    points = points_of(asked.scenario, asked.outcome.samples, asked.seed)
    lead = Pair(asked.outcome, *asked.pair).lead_usd
    known = list(beliefs(asked.scenario))
    moves = np.abs(swings(points.matrix, lead).swing_usd)
    free = [belief.path for belief in (known[int(place)] for place in np.argsort(-moves)) if not isinstance(belief.value, Fixed)]
    return flips(asked.scenario, asked.pair, FLIP_SAMPLES, asked.seed, free[:FLIP_BELIEFS], report)


def _moved(asked: Asked, report: Report) -> dict[str, float]:
    """What the reader's beliefs and what the reader's levers did to the lead, where both were changed."""
    changes = changes_of(asked.base, asked.values)
    kinds = {change.path: "belief" if change.kind == "belief" else "lever" for change in changes}
    if len(set(kinds.values())) < 2:
        return {}
    leads = []
    for step, kept in enumerate(((), ("belief",), ("lever",), ("belief", "lever"))):
        report(step / 4)
        scenario = scenario_of(asked.base, {path: value for path, value in asked.values.items() if kinds[path] in kept})
        leads.append(lead_usd(outcome_of(scenario, CHANGE_SAMPLES, asked.seed), asked.pair))
    parts = split_change(*leads)
    return {"belief": float(parts.belief), "lever": float(parts.lever), "was": leads[0], "now": leads[3]}


def _graded(asked: Asked, report: Report) -> dict[str, Any]:
    """The verdict when numbers of grade C and D keep their range and lose their most likely value."""
    outcome = outcome_of(only_good_evidence(asked.scenario), CHANGE_SAMPLES, asked.seed)
    best = best_of(outcome)
    share = float(wins(outcome.npv_usd, TIE_USD).best_ratio[outcome.strategies.index(best)])
    return {"best": best, "share": share}


FLIPS = Work("flips", "Looking for what would flip the answer", _flips)
MOVED = Work("moved", "Splitting your changes over beliefs and levers", _moved)
GRADED = Work("graded", "Asking good evidence alone", _graded)


def flip(study: Study) -> dict[str, Any] | None:
    """The belief that flips the answer nearest to today, as the sentence says it; nothing while it is being looked for."""
    found = study.found.get("flips")
    if found is None or not found.is_fresh:
        return None
    ahead = [one for one in found.result if (one["threshold"] > one["today"]) == (one["side"] == "above")]
    if not ahead:  # what has flipped already is no condition
        return None
    first = ahead[0]
    belief = next(each for each in beliefs(study.scenario) if each.path == first["path"])
    said = quantity_words(belief.name, first["threshold"])
    return {"label": in_sentence(belief_label(study.scenario, belief)), "side": first["side"], "said": said}


def moved_words(study: Study) -> Words:
    """What the reader's changes did to the lead, or nothing."""
    count = len(study.state.values)
    if not count:
        return ()
    pair = (study.pair.first, study.pair.second)
    found = study.found.get("moved")
    if found is not None and found.is_fresh and found.result:
        parts = {name: found.result[name] for name in ("belief", "lever")}
        return moved_lead(found.result["was"], found.result["now"], parts, count)
    return moved_lead(lead_usd(study.before, pair), lead_usd(study.outcome, pair), {}, count)


def graded_words(study: Study) -> Words:
    """What good evidence alone says, under the verdict."""
    found = study.result("graded")
    if found is None:
        return words("With A and B only: being worked out.")
    label = study.scenario.strategies[found["best"]].label
    hundred = math.floor(100.0 * found["share"] + 0.5)
    return words(
        "With A and B only: ",
        fact(f"{label} in {hundred} of 100"),
        " futures. Numbers of grade C or D keep their range and lose their most likely value.",
    )
