"""How sure we are, whole: everything that the page of that name shows, as one document of plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from groundwork.analysis.comparison import duels, wins
from groundwork.analysis.conditional import equal_count_bins
from groundwork.analysis.information import PartialInformation, perfect_information
from groundwork.analysis.robustness import regrets, worst_cases_mean_usd
from groundwork.analysis.rules import TAIL_RATIO
from groundwork.analysis.search import TIED
from groundwork.analysis.sensitivity import swings
from groundwork.draws import Points
from groundwork.quantities import Fixed, Quantity, percentile
from groundwork.results.documents import number
from groundwork.results.finding_out import find_out, finding_out_words, information_words
from groundwork.results.front import plans
from groundwork.results.luck import dominated, luck_words
from groundwork.results.scores import doing_words, rule_words, rules_of
from groundwork.results.turning import nearest_flips
from groundwork.results.verdicts import TIE_USD, Pair, compared
from groundwork.results.words import Words, plain
from groundwork.scenario import Scenario, beliefs
from groundwork.strategy.simulation import Outcome
from groundwork.study.doubts import Corner, corners, decisive, dice_share, leading_beliefs, split_of_changes
from groundwork.study.interactions import interactions
from groundwork.study.maps import winner_maps
from groundwork.study.runs import flips, outcome_of, points_of
from groundwork.units import unit_of

SCHEMA = "groundwork.sure/1"
FLIP_SAMPLES = 256
Document = dict[str, Any]
Said = Callable[[str], None]


def how_sure(
    scenario: Scenario[Quantity],
    base: Scenario[Quantity],
    samples: int,
    seed: int,
    progress: Said = lambda words: None,
) -> Document:
    """Every number of the page "How sure?", plain enough for JSON: no not-a-number, no infinity.

    What a user would get wrong: each part answers another question, so a plan that leads in one may trail in the next; none of
    them is the score.

    Parameters
    ----------
    scenario
        With all that was set.
    base
        Before anything was set: the change between the two is split over beliefs and levers.
    samples
        Futures for what is told from stored draws: a power of two, 1,024 or more.
    seed
        Names the futures.
    progress
        Called with what is being worked out.
    """
    progress("playing the strategies")
    outcome, points = outcome_of(scenario, samples, seed), points_of(scenario, samples, seed)
    pair = compared(outcome)
    both = (pair.first, pair.second)
    progress("looking for break-evens")
    turned = flips(scenario, both, min(samples, FLIP_SAMPLES), seed)
    known, dice = find_out(points.matrix, outcome.npv_usd), dice_share(scenario, outcome, points, both)
    progress("looking for corners")
    found = corners(scenario, outcome, points)
    progress("playing the map of winners")
    drawn = _map(scenario, leading_beliefs(scenario, points.matrix, outcome), seed)
    progress("working out what acts together")
    document = {
        "schema": SCHEMA,
        "samples": outcome.samples,
        "pair": list(both),
        **_compared(outcome),
        "tornado": _tornado(scenario, points, pair),
        "information": _information(scenario, known, outcome),
        "dice_ratio": dice,
        "flips": [
            {"path": flip.belief.path, "unit": unit_of(flip.belief.name), "today": flip.today, "threshold": flip.threshold}
            | {"side": flip.side, "distance": flip.distance, "deviations": flip.deviations}
            for flip in nearest_flips(scenario, turned)
        ],
        "corners": [_corner(corner) for corner in found],
        "plans": _plans(outcome),
        "map": drawn,
        "together": _together(scenario, both, seed),
    }
    progress("splitting what was changed over beliefs and levers")
    document["changes"] = _changes(scenario, base, both, samples, seed)
    said = [*_sentences(scenario, outcome), finding_out_words(scenario, known, outcome.samples)]
    said.append(information_words(scenario, outcome.npv_usd, dice))
    document["sentences"] = [plain(line) for line in said]
    return document


def _names(outcome: Outcome, places: Sequence[int]) -> list[str]:
    return [outcome.strategies[place] for place in places]


def _compared(outcome: Outcome) -> Document:
    """Who is best how often, pair by pair, regret, tail, dominance, and what each rule takes."""
    names, value_usd = outcome.strategies, outcome.npv_usd
    share, pairs, missed = wins(value_usd, TIE_USD), duels(value_usd, TIE_USD), regrets(value_usd)
    tail_usd = worst_cases_mean_usd(value_usd, TAIL_RATIO)
    strategies = {
        name: {
            "p_best": float(share.best_ratio[row]),
            "p_best_alone": float(share.alone_ratio[row]),
            "p_tied": float(share.tied_ratio[row]),
            "p_best_error": float(share.standard_error_ratio[row]),
            "regret_usd": {"mean": float(missed.mean_usd[row]), "max": float(missed.max_usd[row])},
            "worst_cases_mean_usd": float(tail_usd[row]),
            "against": {
                rival: {
                    "p_better": float(pairs.beats_ratio[row, place]),
                    "p_tie": float(pairs.tie_ratio[row, place]),
                    "p_error": float(pairs.standard_error_ratio[row, place]),
                    "mean_usd": float(pairs.mean_difference_usd[row, place]),
                    "mean_error_usd": float(pairs.standard_error_usd[row, place]),
                }
                for place, rival in enumerate(names)
                if place != row
            },
        }
        for row, name in enumerate(names)
    }
    rules = {
        score.rule: {"chosen": _names(outcome, score.chosen), "not_told_apart": _names(outcome, score.close)}
        for score in rules_of(outcome)
    }
    agreed = [name for name in names if all(name in rule["chosen"] for rule in rules.values())]
    order = [
        {"better": row.better, "worse": row.worse, "order": row.order, "mean_usd": row.mean_usd, "error_usd": row.error_usd}
        for row in dominated(outcome)
    ]
    return {"strategies": strategies, "rules": rules | {"agreed": agreed}, "dominance": order}


def _tornado(scenario: Scenario[Quantity], points: Points, pair: Pair) -> list[Document]:
    """Every uncertain belief: the mean lead at its p10 and p90, widest first, and what it decides of who wins."""
    known = list(beliefs(scenario))
    ends = swings(equal_count_bins(points.matrix), pair.lead_usd)
    told = decisive(scenario, points.matrix, pair.outcome)
    rows = []
    for place in np.argsort(-np.abs(ends.swing_usd), kind="stable").tolist():
        belief = known[place] if place < len(known) else None
        if belief is None or isinstance(belief.value, Fixed):
            continue
        low, high = (percentile(belief.value, level) for level in (0.1, 0.9))
        row: Document = {"path": belief.path, "unit": unit_of(belief.name), "p10": low, "p90": high}
        row |= {"lead_usd": [float(ends.low_usd[place]), float(ends.high_usd[place])]}
        row |= {"error_usd": float(ends.standard_error_usd[place])}
        if told is not None:
            row |= {"share_ratio": float(told.share_ratio[place]), "share_floor_ratio": float(told.floor_top_ratio[place])}
        rows.append(row)
    return rows


def _information(scenario: Scenario[Quantity], found: PartialInformation, outcome: Outcome) -> Document:
    """What it is worth to know everything, the dice too, and each uncertain belief, dearest first."""
    everything = perfect_information(outcome.npv_usd)
    known = list(beliefs(scenario))
    rows = [
        {
            "path": known[place].path,
            "value_usd": float(found.value_usd[place]),
            "low_usd": float(found.low_usd[place]),
            "high_usd": float(found.high_usd[place]),
            "floor_usd": float(found.floor_usd[place]),
            "wrong_ratio": float(found.wrong_ratio[place]),
            "cost_when_wrong_usd": float(found.cost_when_wrong_usd[place]),
        }
        for place in np.argsort(-found.value_usd, kind="stable").tolist()
        if place < len(known) and not isinstance(known[place].value, Fixed)
    ]
    return {"everything_usd": everything.value_usd, "everything_error_usd": everything.standard_error_usd, "beliefs": rows}


def _corner(corner: Corner) -> Document:
    limits = [
        {"path": corner.paths[limit.belief], "low": number(limit.low), "high": number(limit.high)}
        | {"chance_ratio": float(limit.chance_ratio)}
        for limit in corner.box.limits
    ]
    box = corner.box
    shares = {"coverage_ratio": box.coverage_ratio, "density_ratio": box.density_ratio, "mass_ratio": box.mass_ratio}
    return {"strategy": corner.strategy, "limits": limits} | {name: float(share) for name, share in shares.items()}


def _plans(outcome: Outcome) -> list[Document]:
    return [
        {
            "strategy": plan.strategy,
            "cost_usd": plan.cost_usd,
            "cost_error_usd": plan.cost_error_usd,
            "downtime_minutes_bad_month": plan.downtime_minutes,
            "first_live_month": number(plan.live_month),
            "p_never_live": plan.never_ratio,
            "beaten_by": list(plan.beaten_by),
        }
        for plan in plans(outcome)
    ]


def _map(scenario: Scenario[Quantity], order: Sequence[str], seed: int) -> Document | None:
    """The winner over the two beliefs that decide most, every cell along the frontier played; nothing where there are not two."""
    if len(order) < 2:
        return None
    *_, found = winner_maps(scenario, order[0], order[1], seed, judged="futures")
    names = list(scenario.strategies)

    def named(place: int) -> str | None:
        return None if place == TIED else names[place]

    winners = {by: [[named(place) for place in row] for row in found.judged(by).tolist()] for by in ("futures", "mean")}
    shares = {name: found.share_ratio[place].tolist() for place, name in enumerate(names)}
    axes = {"across": {"path": order[0], "values": found.across.tolist()}, "up": {"path": order[1], "values": found.up.tolist()}}
    return {**axes, "winner": winners, "p_best": shares}


def _together(scenario: Scenario[Quantity], pair: tuple[str, str], seed: int) -> list[Document]:
    found = interactions(scenario, pair, seed)
    return [
        {"group": group, "alone_ratio": float(alone), "total_ratio": float(total), "error_ratio": float(error)}
        for group, alone, total, error in zip(found.groups, found.alone_ratio, found.total_ratio, found.error_ratio, strict=True)
    ]


def _changes(
    scenario: Scenario[Quantity], base: Scenario[Quantity], pair: tuple[str, str], samples: int, seed: int
) -> Document | None:
    """How far what was set moved the median lead, split over beliefs and levers; nothing where nothing was set."""
    if scenario == base:
        return None

    def lead(outcome: Outcome) -> float:
        return float(np.median(Pair(outcome, *pair).lead_usd))

    split, by_belief, by_lever = split_of_changes(base, scenario, samples, seed, lead)
    return {
        "lead_usd": {"with_beliefs_alone": lead(by_belief), "with_levers_alone": lead(by_lever)},
        "belief_usd": float(split.belief),
        "lever_usd": float(split.lever),
        "total_usd": float(split.total),
    }


def _sentences(scenario: Scenario[Quantity], outcome: Outcome) -> list[Words]:
    lines = [rule_words(scenario, outcome.strategies, rules_of(outcome)), doing_words(scenario, outcome)]
    return [line for line in [*lines, luck_words(scenario, outcome.strategies, dominated(outcome))] if line is not None]
