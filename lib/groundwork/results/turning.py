"""What turns the answer alone: the mean lead at both ends of every belief, and the break-evens, as tables and as pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.analysis.conditional import equal_count_bins
from groundwork.analysis.sensitivity import swings
from groundwork.quantities import Array, Fixed, Quantity, percentile
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import Pair, in_sentence
from groundwork.results.words import MINUS, MoneyScale, ink, money_scale, quantity_words, shape
from groundwork.scenario import Belief, Scenario, beliefs

LONGEST = 9  # rows of a table that a reader takes in at once
SURE_ERRORS = 2.0
LETTER_RATIO = 0.0185  # of the width of a picture on a phone: what one letter of 12 px takes
SIDE_LETTERS = 22  # who is ahead, written on either side of nought
LEAST_ROWS = 5  # fewer bars than this would be planks
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One belief and the mean lead at its tenth and ninetieth percentile, USD."""

    belief: Belief[Quantity]
    low_usd: float
    high_usd: float

    @property
    def ends(self) -> tuple[str, str]:
        """The belief at both ends, in words."""
        low, high = (percentile(self.belief.value, level) for level in (0.1, 0.9))
        return quantity_words(self.belief.name, low), quantity_words(self.belief.name, high)


def moved(scenario: Scenario[Quantity], points: Array, pair: Pair) -> list[Moved]:
    """Beliefs that move the mean lead by more than two standard errors, widest first, nine at most."""
    known = list(beliefs(scenario))
    found = swings(equal_count_bins(points), pair.lead_usd)
    size = np.abs(found.swing_usd)
    told = np.where(size > SURE_ERRORS * found.standard_error_usd, size, 0.0)
    places = [int(place) for place in np.argsort(-told, kind="stable") if told[place] > 0.0]
    return [
        Moved(belief=known[place], low_usd=float(found.low_usd[place]), high_usd=float(found.high_usd[place]))
        for place in places
        if not isinstance(known[place].value, Fixed)
    ][:LONGEST]


def tornado_scale(found: Sequence[Moved]) -> MoneyScale:
    """The unit of the tornado's amounts."""
    return money_scale(max((abs(usd) for one in found for usd in (one.low_usd, one.high_usd)), default=1.0))


def tornado_table(scenario: Scenario[Quantity], found: Sequence[Moved]) -> dict[str, Any]:
    """The mean lead with each belief at its 10th and 90th percentile, widest first."""
    scale = tornado_scale(found)
    rows = []
    for one in found:
        low, high = one.ends
        rows.append([belief_label(scenario, one.belief), low, scale.signed(one.low_usd), high, scale.signed(one.high_usd)])
    unit = f"{scenario.currency} {scale.word}".strip()
    return {"columns": ["Belief", "Low (p10)", f"Lead then, {unit}", "High (p90)", f"Lead then, {unit} "], "rows": rows}


def tornado_rows(scenario: Scenario[Quantity], found: Sequence[Moved], pair: Pair) -> dict[str, Rows]:
    """Data sets of the tornado: `bars` (parted where the lead turns), `ends`, `labels`, `today`, `sides`."""
    scale = tornado_scale(found)
    today = float(pair.lead_usd.mean()) / scale.divisor
    bars: Rows = []
    ends: Rows = []
    labels: Rows = []
    for row, one in enumerate(found):
        values = sorted(((one.low_usd / scale.divisor, one.ends[0]), (one.high_usd / scale.divisor, one.ends[1])))
        (left, left_said), (right, right_said) = values
        if left < 0.0:
            bars.append({"row": row, "start": left, "end": min(right, 0.0), "colour": shape(scenario, pair.second)})
        if right > 0.0:
            bars.append({"row": row, "start": max(left, 0.0), "end": right, "colour": shape(scenario, pair.first)})
        ends.append({"row": row, "at": left, "text": left_said, "side": "left"})
        ends.append({"row": row, "at": right, "text": right_said, "side": "right"})
        labels.append({"row": row, "label": belief_label(scenario, one.belief), "today": today})
    sides = []
    is_behind, is_ahead = _sides(found)
    if is_behind:
        behind = in_sentence(scenario.strategies[pair.second].short)
        sides.append(
            {"at": 0.0, "text": f"\N{LEFTWARDS ARROW} {behind} ahead", "side": "left", "ink": ink(scenario, pair.second)}
        )
    if is_ahead:
        ahead = in_sentence(scenario.strategies[pair.first].short)
        sides.append(
            {"at": 0.0, "text": f"{ahead} ahead \N{RIGHTWARDS ARROW}", "side": "right", "ink": ink(scenario, pair.first)}
        )
    return {
        "bars": bars,
        "ends": ends,
        "labels": labels,
        "today": [{"at": today, "text": f"today {scale.signed(float(pair.lead_usd.mean()))}"}],
        "sides": sides,
    }


def tornado_domain(found: Sequence[Moved], pair: Pair) -> tuple[float, float]:
    """The axis of the tornado: nought and today's mean lead are always in it, and room for the values at the bars' ends."""
    scale = tornado_scale(found)
    today = float(pair.lead_usd.mean()) / scale.divisor
    behind, ahead = _sides(found)
    spans = [(min(0.0, today), 0, max(0.0, today), 0), (0.0, SIDE_LETTERS * behind, 0.0, SIDE_LETTERS * ahead)]
    for one in found:
        (left, left_said), (right, right_said) = sorted(((one.low_usd, one.ends[0]), (one.high_usd, one.ends[1])))
        spans.append((left / scale.divisor, len(left_said) + 1, right / scale.divisor, len(right_said) + 1))
    return axis_with_room(spans)


def _sides(found: Sequence[Moved]) -> tuple[bool, bool]:
    """Whether any bar lies left of nought, and right of it: there is written who is ahead."""
    ends = [usd for one in found for usd in (one.low_usd, one.high_usd)]
    return min(ends, default=0.0) < 0.0, max(ends, default=0.0) > 0.0


def axis_with_room(spans: Sequence[tuple[float, int, float, int]]) -> tuple[float, float]:
    """The ends of an axis that holds every span (left end, letters written before it, right end, letters behind it)."""
    low, high = min(span[0] for span in spans), max(span[2] for span in spans)
    for _ in range(40):  # a wider axis gives a letter more of it: the width settles where both agree
        letter = LETTER_RATIO * max(high - low, 1e-9)
        low = min(left - letters * letter for left, letters, _, _ in spans)
        high = max(right + letters * letter for _, _, right, letters in spans)
    return low, high


def row_count(found: Sequence[Any]) -> int:
    """Rows of a picture with bars: so many at least, so that few bars stay bars."""
    return max(LEAST_ROWS, len(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A break-even: where one belief turns the mean lead, against today's middle, and how far off that is."""

    belief: Belief[Quantity]
    today: float
    threshold: float
    side: str

    @property
    def distance(self) -> float:
        """From today's middle, in the belief's unit."""
        return self.threshold - self.today

    @property
    def deviations(self) -> float:
        """The same in standard deviations of the belief."""
        levels = self.belief.value.at(np.linspace(1.0, 1023.0, 512, dtype=np.float64) / 1024.0)
        return self.distance / float(levels.std())


def nearest_flips(scenario: Scenario[Quantity], flips: Sequence[Mapping[str, Any]]) -> list[Flip]:
    """The break-evens, nearest to today in standard deviations first, nine at most."""
    known = {belief.path: belief for belief in beliefs(scenario)}
    found = [
        Flip(
            belief=known[str(flip["path"])],
            today=float(flip["today"]),
            threshold=float(flip["threshold"]),
            side=str(flip["side"]),
        )
        for flip in flips
        if str(flip["path"]) in known
    ]
    return sorted(found, key=lambda flip: abs(flip.deviations))[:LONGEST]


def flip_table(scenario: Scenario[Quantity], found: Sequence[Flip], first: str) -> dict[str, Any]:
    """Break-evens: today's middle, the threshold, the distance in the belief's unit and in its standard deviations."""
    rows = []
    for flip in found:
        name = flip.belief.name
        rows.append(
            [
                belief_label(scenario, flip.belief),
                quantity_words(name, flip.today),
                quantity_words(name, flip.threshold),
                ("+" if flip.distance >= 0.0 else "") + quantity_words(name, flip.distance),
                deviations_words(flip.deviations),
                flip.side,
            ]
        )
    behind = in_sentence(scenario.strategies[first].label)
    columns = ["Belief", "Today", "Break-even", "Distance", "In standard deviations", f"{behind} is behind".capitalize()]
    return {"columns": columns, "rows": rows}


def deviations_words(deviations: float) -> str:
    """A distance in standard deviations, with its sign."""
    return f"{'+' if deviations >= 0.0 else MINUS}{abs(deviations):.1f}"


def flip_rows(scenario: Scenario[Quantity], found: Sequence[Flip], pair: Pair) -> dict[str, Rows]:
    """Data sets of the break-evens: `stems` from today to each, `dots`, `labels`; the colour is that of who is ahead beyond."""
    stems: Rows = []
    labels: Rows = []
    for row, flip in enumerate(found):
        ahead_today = (flip.today < flip.threshold) == (flip.side == "above")
        beyond = pair.second if ahead_today else pair.first
        rounded = quantity_words(flip.belief.name, flip.threshold)
        stems.append(
            {
                "row": row,
                "at": flip.deviations,
                "text": rounded,
                "side": "right" if flip.deviations >= 0.0 else "left",
                "colour": shape(scenario, beyond),
                "ink": ink(scenario, beyond),
            }
        )
        labels.append({"row": row, "label": belief_label(scenario, flip.belief)})
    return {"stems": stems, "labels": labels}


def flip_domain(found: Sequence[Flip]) -> tuple[float, float]:
    """The axis of the break-evens in standard deviations; today, nought, stands in it, one deviation at least on either side."""
    spans = [(-1.0, 0, 1.0, 0)]
    for flip in found:
        letters, at = len(quantity_words(flip.belief.name, flip.threshold)) + 2, flip.deviations
        spans.append((at, letters, at, 0) if at < 0.0 else (at, 0, at, letters))
    return axis_with_room(spans)
