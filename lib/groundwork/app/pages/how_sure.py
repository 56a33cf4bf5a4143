"""How sure? Who wins where, what moves the lead, what each rule takes, what to find out, break-evens, plans, corners in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from groundwork.analysis.comparison import wins
from groundwork.analysis.search import Judged, WinnerMap
from groundwork.app.content import Block, Card, Choice, Content
from groundwork.app.pages import sure_cards as cards
from groundwork.app.pages import sure_changes as changes
from groundwork.app.pages import sure_goal as goal
from groundwork.app.pages import sure_scores as scores
from groundwork.results.assumptions import LEAST_BINS_SAMPLES, belief_label
from groundwork.results.doubts import corner_words
from groundwork.results.finding_out import find_out, finding_out_words, information_words
from groundwork.results.turning import Flip, moved, nearest_flips
from groundwork.results.verdicts import TIE_USD, in_sentence
from groundwork.results.words import Words, fact, money, words
from groundwork.scenario import beliefs
from groundwork.study.doubts import Corner, corners, dice_share, leading_beliefs, uncertain
from groundwork.study.interactions import Interactions, interactions
from groundwork.study.jobs import Report
from groundwork.study.maps import first_winner_map, winner_maps
from groundwork.study.runs import flips, outcome_of, points_of
from groundwork.study.state import Asked, Study, Work

SAMPLES, FLIP_SAMPLES = 4_096, 256
TOGETHER = "Work out what acts only together (Sobol\N{RIGHT SINGLE QUOTATION MARK} totals, some ten runs)"
LEAST_GAIN_RATIO = 0.08  # a corner that is hardly denser than everywhere is not worth a sentence
JUDGED: dict[Judged, str] = {"futures": "best in most futures", "mean": "largest mean value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What the long work found: break-evens, corners with each strategy's share everywhere, the share of the dice."""

    pair: tuple[str, str]
    flips: list[dict[str, Any]]
    corners: list[Corner]
    share_ratio: dict[str, float]
    dice: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The map of winners and what it is of."""

    strategies: tuple[str, ...]
    across: str
    up: str
    judged: Judged
    found: WinnerMap


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


def _map(asked: Asked, report: Report) -> Mapped | None:
    """Every cell along the frontier played; nothing where fewer than two beliefs are uncertain."""
    points = points_of(asked.scenario, asked.outcome.samples, asked.seed)
    axes = map_axes(asked.choices, leading_beliefs(asked.scenario, points.matrix, asked.outcome))
    if axes is None:
        return None
    judged = judged_by(asked.choices)
    *_, finest = winner_maps(asked.scenario, *axes, asked.seed, report=report, judged=judged)
    return Mapped(strategies=asked.outcome.strategies, across=axes[0], up=axes[1], judged=judged, found=finest)


def _together(asked: Asked, report: Report) -> Interactions | None:
    """Sobol' indices, only for a reader who asked."""
    if not asked.choices.get("together"):
        return None
    return interactions(asked.scenario, asked.pair, asked.seed, report=report)


WORK = (
    Work("map", "Playing the map of winners", _map, ("across", "up", "judged")),
    Work("together", "Working out what acts together", _together, ("together",)),
    goal.WORK,
    changes.WORK,
    Work("doubts", cards.LOOKING, _doubts),
)


def map_axes(asked: dict[str, Any], order: list[str]) -> tuple[str, str] | None:
    """The two beliefs of the map: those asked for, else those that say most about who wins; none where there are not two."""
    if len(order) < 2:
        return None
    across = asked.get("across") if asked.get("across") in order else order[0]
    rest = [path for path in order if path != across]
    return str(across), str(asked.get("up") if asked.get("up") in rest else rest[0])


def judged_by(asked: dict[str, Any]) -> Judged:
    """By what the map tells who wins."""
    return "mean" if asked.get("judged") == "mean" else get_args(Judged)[0]


def content(study: Study) -> Content:
    """The page for the study as it stands."""
    pair, scenario, outcome = study.pair, study.scenario, study.outcome
    found: Doubts | None = study.result("doubts")
    if found is not None and found.pair != (pair.first, pair.second):
        found = None
    turned = None if found is None else nearest_flips(scenario, found.flips)
    said = scores.said(scenario, outcome)
    enough = study.samples >= LEAST_BINS_SAMPLES
    information = find_out(study.points, outcome.npv_usd) if enough else None
    moves = moved(scenario, study.points, pair) if enough else None
    if information is not None:
        said.append(finding_out_words(scenario, information, study.samples))
    said.append(information_words(scenario, outcome.npv_usd, None if found is None else found.dice))
    said += corners_said(study, found)
    drawn, choices = _mapped(study)
    blocks = (  # the same blocks whether the work is done or not: the front end keeps what it made for each place
        Block(kind="choices", items=choices),
        Block(kind="cards", layout="halves", items=(drawn, cards.tornado(scenario, pair, moves))),
        Block(kind="cards", layout="halves", items=(scores.rules(scenario, outcome), scores.luck(scenario, outcome, pair))),
        Block(
            kind="cards",
            layout="halves",
            items=(cards.finding_out(scenario, information, study.samples), cards.break_evens(scenario, pair, turned)),
        ),
        Block(kind="choices", items=[Choice(name="together", label=TOGETHER, value=bool(study.asked.get("together")))]),
        Block(
            kind="cards",
            layout="halves",
            items=(cards.front(scenario, outcome), cards.together(scenario, pair, _acting_together(study))),
        ),
        Block(kind="passages", items=[list(map(list, line)) for line in said], title="In words"),
        Block(kind="choices", items=goal.choices(scenario, pair.first, study.asked)),
        Block(kind="passages", items=_goal_said(study), title="What reaches a goal"),
        Block(kind="cards", layout="whole", items=changes.cards(scenario, pair, study.result("baselines"))),
    )
    return Content(answer=answer(study, turned, information), blocks=blocks)


def _acting_together(study: Study) -> Interactions | None:
    """What was worked out for the pair that is compared, while the reader asks for it."""
    found: Interactions | None = study.result("together") if study.asked.get("together") else None
    return found if found is not None and found.pair == (study.pair.first, study.pair.second) else None


def _goal_said(study: Study) -> list[list[list[str]]]:
    """The setting that reaches the goal, while it is what the choices ask."""
    found: goal.Sought | None = study.result("sought")
    if not study.asked.get("seek"):
        line = words("Choose what to set and what for: the setting that reaches it is sought in the same futures.")
    elif found is None or not study.found["sought"].is_fresh or found.knob.path != study.asked["seek"]:
        line = words("The setting is being sought.")
    else:
        line = goal.sought_words(study.scenario, found)
    return [list(map(list, line))]


def corners_said(study: Study, found: Doubts | None) -> list[Words]:
    """The corners of the beliefs in which a strategy wins more surely than everywhere."""
    if found is None:
        return []
    return [
        corner_words(
            study.scenario,
            corner.strategy,
            [(corner.paths[limit.belief], limit) for limit in corner.box.limits],
            corner.box.coverage_ratio,
            corner.box.density_ratio,
            found.share_ratio[corner.strategy],
        )
        for corner in found.corners
        if corner.strategy in study.scenario.strategies
        and corner.box.density_ratio >= found.share_ratio[corner.strategy] + LEAST_GAIN_RATIO
    ]


def _mapped(study: Study) -> tuple[Card, list[Choice]]:
    """The map, fine where it was played and coarse until then, and its choices."""
    scenario = study.scenario
    order = leading_beliefs(scenario, study.points, study.outcome)
    played: Mapped | None = study.result("map") if "map" in study.found and study.found["map"].is_fresh else None
    asked = dict(study.asked) if played is None else {"across": played.across, "up": played.up} | study.asked
    axes, judged = map_axes(asked, order), judged_by(study.asked)
    if axes is None:
        return cards.no_map(), []
    known = {belief.path: belief for belief in beliefs(scenario)}
    options = [(path, belief_label(scenario, known[path])) for path in order]
    choices = [
        Choice(name="across", label="Map across", value=axes[0], options=options),
        Choice(name="up", label="and up", value=axes[1], options=options),
        Choice(name="judged", label="Winner", value=judged, options=list(JUDGED.items())),
    ]
    is_played = played is not None and (played.across, played.up, played.judged) == (*axes, judged)
    if played is not None and is_played:
        drawn, strategies = played.found, played.strategies
    else:
        points = points_of(scenario, study.samples, study.seed)
        drawn, strategies = first_winner_map(scenario, study.outcome, points, *axes), study.outcome.strategies
    return cards.winner_map(scenario, strategies, drawn, known[axes[0]], known[axes[1]], judged, is_played), choices


def answer(study: Study, turned: list[Flip] | None, information: Any) -> Words:
    """How many beliefs could reverse the answer alone, the nearest of them, and which is worth most to know."""
    scenario = study.scenario
    if turned is None:
        said = words("Which single beliefs could reverse the answer is being worked out.")
    elif not turned:
        said = words(fact("No single belief"), " surely turns the mean lead while it stays between its p10 and p90.")
    else:
        count, nearest = len(turned), turned[0]
        label = fact(in_sentence(belief_label(scenario, nearest.belief)))
        away = f"{abs(nearest.deviations):.1f} standard deviations from today."
        if count == 1:
            said = words(fact("One belief"), " can turn the mean lead alone: ", label, f", {away}")
        else:
            said = words(fact(f"{count} beliefs"), " can turn the mean lead alone; nearest is ", label, f", {away}")
    if information is None or not information.order():
        return said
    place = information.order()[0]
    worth = money(float(information.value_usd[place]), scenario.currency)
    first = in_sentence(belief_label(scenario, list(beliefs(scenario))[place]))
    return said + words(" Worth most to know before deciding: ", fact(first), f", {worth}.")


__all__ = ["WORK", "content", "uncertain"]
