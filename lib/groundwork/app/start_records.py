"""Work out the rows of the start page and ship them: `python -m groundwork.app.start_records`.

The page opens without the model, because its rows lie beside it as data. Each row keeps the digest of its profile's text: a
profile that has changed, or is new, is worked out when the page is opened. A test works all of them out again and compares.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from groundwork.analysis.comparison import wins
from groundwork.profile_files import available, found
from groundwork.profiles import scenario_from
from groundwork.quantities import Quantity
from groundwork.results import TIE_USD, verdict
from groundwork.results.verdicts import CLOSE_RATIO, acting, compared, in_sentence, nothing_leads
from groundwork.results.words import counts_of_100
from groundwork.scenario import Scenario
from groundwork.stories import lead_if_done, lead_of, main_reason
from groundwork.strategy.simulation import Outcome
from groundwork.study import channel_split, outcome_of

RECORDS = Path(__file__).with_name("start_records.json")
SAMPLES = 1_024
SAMPLES_OF_THE_SPLIT = 512  # the reason is a name, not a number, and is given only where it stands out of its error


def row_of(name: str) -> dict[str, Any]:
    """One row of the start page, from the profile as it stands."""
    text = found(name).read_text(encoding="utf-8")
    scenario = scenario_from(text, name)
    outcome = outcome_of(scenario, SAMPLES, scenario.seed)
    looks = {key: number for number, key in enumerate(scenario.strategies)}
    counts = counts_of_100(wins(outcome.npv_usd, TIE_USD).best_ratio.tolist())
    strip = [
        {"label": scenario.strategies[key].label, "look": looks[key], "count": count}
        for key, count in sorted(zip(outcome.strategies, counts, strict=True), key=lambda part: -part[1])
        if count
    ]
    lead = lead_if_done(outcome)
    pair = [] if lead is None else [lead.first, lead.second]
    return {
        "name": name,
        "digest": digest_of(text),
        "title": scenario.title,
        "question": scenario.question,
        "months": outcome.months,
        "currency": scenario.currency,
        "looks": [
            {"shape": [plan.look.shape_light, plan.look.shape_dark], "text": [plan.look.text_light, plan.look.text_dark]}
            for plan in scenario.strategies.values()
        ],
        "strip": strip,
        "paths": [_path(scenario, outcome, key, looks[key]) for key in pair],
        "verdict": _verdict(scenario, outcome, looks),
    }


def digest_of(text: str) -> str:
    """Eight hex digits for a profile's text."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


def _path(scenario: Scenario[Quantity], outcome: Outcome, key: str, look: int) -> dict[str, Any]:
    """Median present value to date in millions, from nought; the value after the end is not part of a path."""
    median = np.median(outcome.npv_path_usd[:, outcome.strategies.index(key)], axis=1) / 1e6
    return {
        "label": scenario.strategies[key].label,
        "look": look,
        "millions": [0.0, *(round(float(value), 3) for value in median)],
    }


def _verdict(scenario: Scenario[Quantity], outcome: Outcome, looks: dict[str, int]) -> list[list[Any]]:
    """The verdict in one line, as spans of text and the strategy they are about."""
    said = verdict(outcome)
    best, second = str(said["best"]), str(said["second"])
    label = {key: plan.label for key, plan in scenario.strategies.items()}
    spans: list[list[Any]] = [[f"Too close to call between {in_sentence(label[best])} and {in_sentence(label[second])}. ", None]]
    if said["p_best"] >= CLOSE_RATIO and (best in acting(outcome) or nothing_leads(outcome, compared(outcome))):
        spans = [[label[best], looks[best]], [" leads. ", None]]
    lead = lead_if_done(outcome)
    if lead is None:
        return spans
    split = channel_split(scenario, (lead.first, lead.second), SAMPLES_OF_THE_SPLIT, scenario.seed)
    if best not in acting(outcome):
        spans.append(["If anything is done, ", None])
    why = main_reason(scenario, split["parts_usd"], split["part_errors_usd"])
    ahead = f" beats {in_sentence(label[lead.second])} in {round(100 * lead.better_ratio)} of 100 ({why})"
    spans += [
        [in_sentence(label[lead.first]) if spans[-1][0].endswith(", ") else label[lead.first], looks[lead.first]],
        [ahead, None],
    ]
    # the two that the question is about stand first in the profile: say how they compare even if neither wins
    model, foundation = list(scenario.strategies)[:2]
    if {lead.first, lead.second} != {model, foundation}:
        between = lead_of(outcome, foundation, model)
        spans += [["; ", None], [in_sentence(label[foundation]), looks[foundation]]]
        spans += [[f" beats {in_sentence(label[model])} in {round(100 * between.better_ratio)}", None]]
    return [*spans, [".", None]]


def main() -> None:
    """Write the rows of all profiles."""
    rows = [row_of(name) for name in available()]
    RECORDS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
