"""How sure? What to find out before deciding, which beliefs turn the answer alone, and where each strategy wins, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groundwork.analysis.comparison import wins
from groundwork.app.content import Block, Content
from groundwork.results.assumptions import LEAST_BINS_SAMPLES, belief_label
from groundwork.results.doubts import corner_words, find_out_first, flip_table, information_words, tornado_table
from groundwork.results.verdicts import TIE_USD, in_sentence
from groundwork.results.words import Words, fact, money, words
from groundwork.scenario import beliefs
from groundwork.study.doubts import Corner, corners, dice_share
from groundwork.study.jobs import Report
from groundwork.study.runs import flips, outcome_of, points_of
from groundwork.study.state import Asked, Study, Work

SAMPLES, FLIP_SAMPLES = 4_096, 256
LEAST_GAIN_RATIO = 0.08  # a corner that is hardly denser than everywhere is not worth a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What the long work found: break-evens, corners with each strategy's share everywhere, the share of the dice."""

    pair: tuple[str, str]
    flips: list[dict[str, Any]]
    corners: list[Corner]
    share_ratio: dict[str, float]
    dice: float


def _doubts(asked: Asked, report: Report) -> Doubts:
    turned = flips(asked.scenario, asked.pair, FLIP_SAMPLES, asked.seed, report=lambda share: report(0.6 * share))
    outcome, points = outcome_of(asked.scenario, SAMPLES, asked.seed), points_of(asked.scenario, SAMPLES, asked.seed)
    found = corners(asked.scenario, outcome, points, lambda share: report(0.6 + 0.35 * share))
    share = wins(outcome.npv_usd, TIE_USD).best_ratio
    return Doubts(
        pair=asked.pair,
        flips=turned,
        corners=found,
        share_ratio=dict(zip(outcome.strategies, share.tolist(), strict=True)),
        dice=dice_share(asked.scenario, outcome, points, asked.pair),
    )


WORK = (Work("doubts", "Looking for what would change the answer", _doubts),)


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    pair, scenario = study.pair, study.scenario
    found: Doubts | None = study.result("doubts")
    if found is not None and found.pair != (pair.first, pair.second):
        found = None
    first, second = scenario.strategies[pair.first].label, in_sentence(scenario.strategies[pair.second].label)
    first_to_find = ""
    worth = 0.0
    information_tables: list[dict[str, Any]] = []
    tornado_tables: list[dict[str, Any]] = []
    if study.samples >= LEAST_BINS_SAMPLES:
        information, table = find_out_first(scenario, study.points, study.outcome.npv_usd)
        if table["rows"]:
            place = information.order()[0]
            first_to_find = in_sentence(belief_label(scenario, list(beliefs(scenario))[place]))
            worth = float(information.value_usd[place])
            information_tables.append(table)
        tornado_tables.append(tornado_table(scenario, study.points, pair))
    flip_tables = [flip_table(scenario, found.flips, pair.first)] if found is not None and found.flips else []
    said = [information_words(scenario, study.outcome.npv_usd, None if found is None else found.dice)]
    if found is not None:
        said += [
            corner_words(
                scenario,
                corner.strategy,
                [(corner.paths[limit.belief], limit) for limit in corner.box.limits],
                corner.box.coverage_ratio,
                corner.box.density_ratio,
                found.share_ratio[corner.strategy],
            )
            for corner in found.corners
            if corner.strategy in scenario.strategies
            and corner.box.density_ratio >= found.share_ratio[corner.strategy] + LEAST_GAIN_RATIO
        ]
    blocks = (  # the same blocks whether the work is done or not: the front end keeps what it made for each place
        Block(kind="table", items=information_tables, title="What to find out before deciding"),
        Block(kind="table", items=tornado_tables, title=f"{first} over {second}: mean lead as one belief moves"),
        Block(kind="table", items=flip_tables, title="One belief alone turns the mean lead"),
        Block(kind="passages", items=[list(map(list, line)) for line in said], title="In words"),
    )
    return Content(answer=answer(study, found, first_to_find, worth), blocks=blocks)


def answer(study: Study, found: Doubts | None, first_to_find: str, worth_usd: float) -> Words:
    """How many beliefs could reverse the answer alone, and which is worth most to know."""
    if found is None:
        said = words("Which single beliefs could reverse the answer is being worked out.")
    elif not found.flips:
        said = words(fact("No single belief"), " surely turns the mean lead while it stays between its p10 and p90.")
    else:
        count = len(found.flips)
        said = words(fact(f"{count} belief{'s' * (count > 1)}"), " can turn the mean lead alone.")
    if not first_to_find:
        return said
    return said + words(
        " Worth most to know before deciding: ", fact(first_to_find), f", {money(worth_usd, study.scenario.currency)}."
    )
