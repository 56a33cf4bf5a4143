"""Which foundation? The value of every strategy over the months, and the channels that make the difference."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.analysis.robustness import regrets
from groundwork.app.content import LONGEST_TITLE, Block, Card, Content, Tile, spoken
from groundwork.results.channels import (
    channel_labels,
    ordered_parts,
    sure_parts,
    waterfall_domain,
    waterfall_rows,
    waterfall_scale,
    waterfall_table,
)
from groundwork.results.documents import payback_month
from groundwork.results.fan import fan_table
from groundwork.results.particulars import particulars
from groundwork.results.verdicts import Pair, futures_strip, in_sentence
from groundwork.results.words import Words, fact, money, money_scale, words
from groundwork.study.jobs import Report
from groundwork.study.runs import channel_split, outcome_of
from groundwork.study.state import Asked, Study, Work

SPLIT_SAMPLES = 1_024


def _split(asked: Asked, report: Report) -> dict[str, Any]:
    """The split, and the mean value of the rival in the same futures: where the waterfall begins."""
    values = outcome_of(asked.scenario, SPLIT_SAMPLES, asked.seed)
    begins = float(values.npv_usd[values.strategies.index(asked.pair[1])].mean())
    split = channel_split(asked.scenario, asked.pair, SPLIT_SAMPLES, asked.seed, report)
    return split | {"from_usd": begins}


WORK = (Work("split", "Splitting the difference over the channels", _split),)


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    pair = study.pair
    split = study.result("split")
    return Content(
        answer=answer(study, pair, split),
        blocks=(
            Block(kind="tiles", items=tiles(study, pair)),
            Block(kind="cards", layout="wide", items=(fan(study, pair), waterfall(study, pair, split))),
            Block(kind="passages", title="What is particular here", items=particulars(study.scenario, study.outcome)),
        ),
    )


def answer(study: Study, pair: Pair, split: dict[str, Any] | None) -> Words:
    """What makes the difference, in one sentence."""
    first, second = (in_sentence(study.scenario.strategies[name].label) for name in (pair.first, pair.second))
    if split is None or tuple(split["between"]) != (pair.first, pair.second):
        lead = float(np.median(pair.lead_usd))
        than = "more" if lead >= 0.0 else "less"
        return words(
            f"{first[:1].upper()}{first[1:]} is typically worth ",
            fact(money(abs(lead), study.scenario.currency)),
            f" {than} than {second}.",
        )
    labels = channel_labels(study.scenario, split["between"])
    parts = sure_parts(split)
    if not parts and ordered_parts(split):
        return words(
            f"No single channel stands out of its error between {first} and {second}: on average the difference is ",
            fact(f"{money(float(split['total_usd']), study.scenario.currency)} ± {_error_said(split)}"),
            f" in {SPLIT_SAMPLES:,} futures.",
        )
    gains = [(in_sentence(labels[name]), amount) for name, amount in parts if amount > 0.0][:2]
    losses = [(in_sentence(labels[name]), amount) for name, amount in parts if amount < 0.0]
    if not gains:
        return words(
            "Nothing speaks for ",
            fact(first),
            f" against {second} on average; ",
            fact(losses[0][0] if losses else "nothing"),
            " weighs most against it.",
        )
    if abs(float(split["total_usd"])) < float(split["total_error_usd"]):
        against = words("; against it: ", fact(losses[0][0])) if losses else ()
        difference = f"{money(float(split['total_usd']), study.scenario.currency)} ± {_error_said(split)}"
        return (
            *words(f"What speaks for {first}: ", fact(gains[0][0])),
            *against,
            *words(". On average the difference, ", fact(difference), ", is too close to call."),
        )
    said = words(f"What speaks for {first}: ", fact(gains[0][0]))
    if len(gains) > 1:
        said += words(" and ", fact(gains[1][0]))
    rest = float(split["total_usd"]) - sum(amount for _, amount in gains)
    both = "those two" if len(gains) > 1 else "that"
    if rest < 0.0:
        return (*said, *words(f". Without {both} {second} would be ahead by ", fact(money(-rest, study.scenario.currency)), "."))
    return (*said, *words(f". Without {both} it would still be ahead by ", fact(money(rest, study.scenario.currency)), "."))


def _error_said(split: dict[str, Any]) -> str:
    return money(float(split["total_error_usd"]), "").strip()


def tiles(study: Study, pair: Pair) -> list[Tile]:
    """Value, chance of being best, regret and payback of the first of the pair."""
    scenario, outcome = study.scenario, study.outcome
    strip = futures_strip(scenario, outcome)
    row = outcome.strategies.index(pair.first)
    others = [f"{in_sentence(item['label'])} {item['count']}" for item in strip if item["strategy"] != pair.first][:2]
    mine = next((item["count"] for item in strip if item["strategy"] == pair.first), 0)
    lead = pair.lead_usd
    low, middle, high = (float(value) for value in np.quantile(lead, [0.1, 0.5, 0.9]))
    scale = money_scale(max(abs(low), abs(middle), abs(high)))
    missed = regrets(outcome.npv_usd).mean_usd
    regret_scale = money_scale(float(missed[row]))
    rivals = sorted((float(missed[place]), name) for place, name in enumerate(outcome.strategies) if name != pair.first)[:2]
    month = payback_month(outcome.npv_path_usd[:, row])
    never = round(100 * month["p_never"])
    currency = scenario.currency
    return [
        Tile(
            label="Chance of being best",
            number=str(mine),
            after="of 100",
            note=f"futures; {', '.join(others)}" if others else "futures",
        ),
        Tile(
            label=f"Typical lead over {in_sentence(scenario.strategies[pair.second].label)}",
            before=currency,
            number=scale.signed(middle),
            after=scale.letter,
            note=f"8 of 10 futures: {scale.signed(low)} to {scale.signed(high)}",
        ),
        Tile(
            label="Regret if chosen",
            before=currency,
            number=regret_scale.figure(float(missed[row])),
            after=regret_scale.letter,
            note="mean; "
            + ", ".join(
                f"{in_sentence(scenario.strategies[name].label)} {regret_scale.figure(amount)}" for amount, name in rivals
            ),
        ),
        Tile(
            label="Payback",
            before="month" if month["p50"] else "",
            number=str(month["p50"] or "never"),
            note=f"not within {outcome.months} months in {never} of 100 futures",
        ),
    ]


def fan(study: Study, pair: Pair) -> Card:
    """The value fan."""
    scenario, outcome = study.scenario, study.outcome
    changed = bool(study.state.values)
    made = fan_table(scenario, outcome, pair, study.before if changed else None)
    scale = made.scale
    path = np.median(pair.path_usd, axis=1)
    first, second = (scenario.strategies[name].label for name in (pair.first, pair.second))
    ends = float(path[-1])
    size = money(abs(ends), scenario.currency)
    if abs(ends) < 0.005 * scale.divisor:
        title = f"{first} and {in_sentence(second)} end level"
    elif ends < 0.0:
        title = f"{first} ends {size} lower after {outcome.months} months"
    elif float(path.min()) < 0.0:
        title = f"{first} starts lower and ends {size} higher"
    elif pair.from_month != 1:
        title = f"{first} starts level and ends {size} higher"
    else:
        title = f"{first} leads throughout and ends {size} higher"
    thin = "; thin: before your changes" if changed else ""
    later = [
        scale.signed(float(np.median(outcome.terminal_usd[outcome.strategies.index(name)]))) for name in (pair.first, pair.second)
    ]
    after = f". Not drawn: what counts after month {outcome.months}, {later[0]} and {later[1]} for these two"
    low, high = made.domain
    rows = made.rows
    read = f"{title}. After {outcome.months} months: " + ", ".join(
        row["label"] for row in sorted(rows["ends"], key=lambda row: -row["end"])
    )
    return Card(
        chart="fan",
        title=title,
        shows=f"Present value to date, {scenario.currency} {scale.word}; median, middle 80 %{thin}{after}",
        spoken=f"{read} {scale.word} {scenario.currency}.",
        data=rows,
        signals={"low": low, "high": high, "last": outcome.months},
        held=("low", "high"),
        table=made.table,
    )


def difference_title(gains: list[str]) -> str:
    """The one or two largest gains, as many as a title has room for."""
    title = f"What makes the difference: {', '.join(gains)}"
    return title if len(title) <= LONGEST_TITLE or len(gains) == 1 else difference_title(gains[:1])


def waterfall(study: Study, pair: Pair, split: dict[str, Any] | None) -> Card:
    """The difference split over the channels, from rival to winner."""
    scenario = study.scenario
    if split is None or tuple(split["between"]) != (pair.first, pair.second):
        return Card(
            chart="waterfall",
            title="What makes the difference",
            shows="Mean value, split over the channels",
            spoken="",
            empty=f"Every channel is switched off and on, alone and with others, in {SPLIT_SAMPLES:,} futures.",
            work=WORK[0].title,
        )
    labels = channel_labels(scenario, split["between"])
    parts = sure_parts(split)
    gains = [labels[name] for name, amount in parts if amount > 0.0]
    losses = [labels[name] for name, amount in parts if amount < 0.0]
    total = float(split["total_usd"])
    if abs(total) < float(split["total_error_usd"]):
        title = "On average the two are too close to call"
    elif not parts and ordered_parts(split):
        title = "No channel stands out of its error"
    elif total >= 0.0 and gains:
        title = difference_title([in_sentence(label) for label in gains[:2]])
    elif losses:
        title = f"What outweighs all gains: {in_sentence(losses[0])}"
    else:
        title = "No channel makes a difference"
    rows = waterfall_rows(scenario, split)
    low, high = waterfall_domain(rows)
    scale = waterfall_scale(split)
    unit = f"{scenario.currency} {scale.word}".strip()
    return Card(
        chart="waterfall",
        title=title,
        shows=f"Mean value with what counts after the end, {unit}; whisker, ±: one standard error of {SPLIT_SAMPLES:,} futures",
        spoken=spoken(title, rows["bars"], "said", unit),
        data=rows,
        signals={"low": low, "high": high},
        table=waterfall_table(scenario, split),
        is_stale=not study.found["split"].is_fresh,
    )
