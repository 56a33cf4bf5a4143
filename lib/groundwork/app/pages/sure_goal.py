"""Goal seek on "How sure?": which setting of one lever, or which value of one belief, brings a plan to a goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from groundwork.analysis.search import GoalSought
from groundwork.app.content import Choice
from groundwork.app.rail import lever_controls
from groundwork.quantities import Quantity, percentile
from groundwork.results.assumptions import belief_label
from groundwork.results.verdicts import in_sentence
from groundwork.results.words import NO_BREAK, Words, fact, money, quantity_figure, quantity_words, token, words
from groundwork.scenario import Scenario
from groundwork.study.doubts import reached, uncertain
from groundwork.study.jobs import Report
from groundwork.study.work import Asked, Work

SAMPLES = 512
NOTHING = ("", "choose a lever or belief")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Something worth reaching: the place in the document of a strategy, its value there, and both in words."""

    output: str
    value: float
    wish: str
    said: str


GOALS = {
    "even": Goal(
        output="lead_usd.mean", value=0.0, wish="its mean lead over the rival is nought", said="level with its rival on average"
    ),
    "pays": Goal(output="npv_usd.p50", value=0.0, wish="its typical value is nought", said="to a typical value of nought"),
    "half": Goal(output="p_best", value=0.5, wish="it is best in 50 of 100 futures", said="to be best in 50 of 100 futures"),
    "slo": Goal(
        output="slo_miss_probability",
        value=0.25,
        wish="it misses its service level in 1 month of 4",
        said="to miss its service level in 1 month of 4",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """Something that can be set, its range in the model's unit, whose outcome is asked, and how a value of it is said."""

    path: str
    label: str
    strategy: str
    low: float
    high: float
    unit: str
    scale: float

    def said(self, value: float) -> str:
        """A value with its unit."""
        if not self.unit and self.path:
            return quantity_words(self.path.rsplit(".", 1)[-1], value)
        return f"{quantity_figure(value * self.scale)}{NO_BREAK}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The answer and what was asked."""

    knob: Knob
    goal: str
    found: GoalSought


def knobs(scenario: Scenario[Quantity], first: str) -> dict[str, Knob]:
    """Every lever that is a number, strategy by strategy, then every uncertain belief for the strategy that leads."""
    found = {}
    for strategy, record in scenario.strategies.items():
        for control in lever_controls(scenario, strategy):
            if control["kind"] not in {"number", "month"} or control["value"] == "never":
                continue
            scale = 100.0 if control["unit"].startswith("%") else 1.0
            found[control["path"]] = Knob(
                path=control["path"],
                label=f"{record.label}: {in_sentence(control['label'])}",
                strategy=strategy,
                low=control["left"] / scale,
                high=control["right"] / scale,
                unit=control["unit"] or "times",
                scale=scale,
            )
    for belief in uncertain(scenario):
        low, high = percentile(belief.value, 0.01), percentile(belief.value, 0.99)
        if low < high:
            label = belief_label(scenario, belief)
            found[belief.path] = Knob(path=belief.path, label=label, strategy=first, low=low, high=high, unit="", scale=1.0)
    return found


def choices(scenario: Scenario[Quantity], first: str, asked: dict[str, Any]) -> list[Choice]:
    """What to set, and what for."""
    known = knobs(scenario, first)
    return [
        Choice(
            name="seek",
            label="Set",
            value=asked.get("seek") if asked.get("seek") in known else "",
            options=[NOTHING, *((path, knob.label) for path, knob in known.items())],
        ),
        Choice(name="goal", label="so that", value=goal_of(asked), options=[(name, goal.wish) for name, goal in GOALS.items()]),
    ]


def goal_of(asked: dict[str, Any]) -> str:
    """The goal that is asked for, or the first one."""
    return str(asked["goal"]) if asked.get("goal") in GOALS else next(iter(GOALS))


def _sought(asked: Asked, report: Report) -> Sought | None:
    knob = knobs(asked.scenario, asked.pair[0]).get(str(asked.choices.get("seek")))
    if knob is None:
        return None
    name = goal_of(asked.choices)
    goal = GOALS[name]
    place = (knob.path, knob.low, knob.high, knob.strategy, goal.output, goal.value)
    return Sought(knob=knob, goal=name, found=reached(asked.scenario, *place, SAMPLES, asked.seed, report))


WORK = Work("sought", "Seeking the goal", _sought, ("seek", "goal"))


def sought_words(scenario: Scenario[Quantity], found: Sought) -> Words:
    """The setting, or that none in the range does it and how near the best end comes."""
    knob, goal = found.knob, GOALS[found.goal]
    label = scenario.strategies[knob.strategy].label
    who = (label, token(scenario, knob.strategy))
    what = in_sentence(knob.label.removeprefix(f"{label}: "))
    if found.found.reached:
        return words(fact(knob.said(found.found.at)), f" of {what} brings ", who, f" {goal.said}, in the same {SAMPLES} futures.")
    ends = f"{knob.said(knob.low)} and {knob.said(knob.high)}"
    came = found.found.outcome
    amount = money(came, scenario.currency) if "usd" in goal.output else f"{round(100 * came)} of 100"
    return words(
        f"No {what} between {ends} brings ",
        who,
        f" {goal.said}; nearest is ",
        fact(knob.said(found.found.at)),
        f", with {amount}.",
    )
