"""The verdict: who is best, how often, by how much against whom, behind until when, and what flips it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from groundwork.analysis.comparison import wins
from groundwork.quantities import Array
from groundwork.results.words import MoneyScale, Words, counts_of_100, fact, money, money_scale, plain, token, words
from groundwork.scenario import Scenario
from groundwork.strategy.simulation import Outcome

TIE_USD = 0.005  # half a cent: what rounding alone can part
CLOSE_RATIO = 0.55  # best in fewer futures than this is too close to call
MOST_WORDS = 45


def verdict(outcome: Outcome, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Who is best, in how many futures, by how much against the runner-up, from which month; ties are ties.

    What a user would get wrong: the sentence compares the pair of `compared`, which need not be winner and runner-up; it names
    whom it compares.
    """
    best_ratio = wins(outcome.npv_usd, TIE_USD).best_ratio
    order = np.argsort(-best_ratio, kind="stable")
    best = int(order[0])
    names = outcome.strategies
    identical = [name for row, name in enumerate(names) if np.abs(outcome.npv_usd[row] - outcome.npv_usd[best]).max() <= TIE_USD]
    rivals = [int(row) for row in order if names[int(row)] not in identical]
    second = rivals[0] if rivals else best
    pair = compared(outcome)
    return {
        "best": names[best],
        "second": names[second],
        "tied": identical if len(identical) > 1 else [],
        "p_best": float(best_ratio[best]),
        "advantage_usd": _spread(outcome.npv_usd[best] - outcome.npv_usd[second]),
        "from_month": Pair(outcome, names[best], names[second]).from_month,
        "sentence": plain(verdict_words(pair, labels or {name: spoken(name) for name in names})),
    }


def rival(strategies: Sequence[str], best: str) -> str:
    """Whom the winner is compared with: the profile's first strategy, or its second when the first wins.

    Profiles state the two strategies that the question is about first, so no code needs to know their names.
    """
    if len(strategies) < 2:
        return best
    return strategies[1] if strategies[0] == best else strategies[0]


def labels_of(scenario: Scenario[Any]) -> dict[str, str]:
    """The labels of a scenario's strategies by name."""
    return {name: plan.label for name, plan in scenario.strategies.items()}


def spoken(name: str) -> str:
    """A strategy's name where no scenario with its label is at hand: model_first becomes Model-first."""
    return name.replace("_", "-").capitalize()


def best_of(outcome: Outcome) -> str:
    """The strategy that is best in most futures."""
    return outcome.strategies[int(np.argmax(wins(outcome.npv_usd, TIE_USD).best_ratio))]


def acting(outcome: Outcome) -> tuple[str, ...]:
    """The strategies that do something: those whose value is not nought in every future."""
    return tuple(name for name, values in zip(outcome.strategies, outcome.npv_usd, strict=True) if values.any())


def compared(outcome: Outcome) -> Pair:
    """The pair that sentences and pictures compare: the best of those that do something, and the one the question is about.

    What a user would get wrong: where doing nothing is best in most futures it is said first, but a picture of nothing against
    something answers no question about the order of models and infrastructure.
    """
    names = acting(outcome) if len(acting(outcome)) > 1 else outcome.strategies
    rows = [outcome.strategies.index(name) for name in names]
    best = names[int(np.argmax(wins(outcome.npv_usd[rows], TIE_USD).best_ratio))]
    return Pair(outcome, best, rival(names, best))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two strategies of one outcome, future by future: how far `first` leads `second`."""

    outcome: Outcome
    first: str
    second: str

    @property
    def lead_usd(self) -> Array:
        """[sample], present value of the first less that of the second, value after the end included."""
        rows = [self.outcome.strategies.index(name) for name in (self.first, self.second)]
        lead: Array = self.outcome.npv_usd[rows[0]] - self.outcome.npv_usd[rows[1]]
        return lead

    @property
    def path_usd(self) -> Array:
        """[month, sample], the same to date."""
        rows = [self.outcome.strategies.index(name) for name in (self.first, self.second)]
        path: Array = self.outcome.npv_path_usd[:, rows[0]] - self.outcome.npv_path_usd[:, rows[1]]
        return path

    @property
    def best_ratio(self) -> float:
        """Share of futures in which the first is the best of all strategies."""
        row = self.outcome.strategies.index(self.first)
        return float(wins(self.outcome.npv_usd, TIE_USD).best_ratio[row])

    @property
    def better_ratio(self) -> float:
        """Share of futures in which the first is better than the second; ties count half."""
        lead = self.lead_usd
        return float(np.where(np.abs(lead) <= TIE_USD, 0.5, lead > 0.0).mean())

    @property
    def from_month(self) -> int | None:
        """The month from which the median lead to date stays above nought."""
        return _stays_from(np.median(self.path_usd, axis=1)[:, None])[0]

    @property
    def months_of_crossing(self) -> tuple[int, int, int] | None:
        """P10, median and p90 of the month from which the first stays ahead, over the futures in which it does."""
        months = [month for month in _stays_from(self.path_usd) if month is not None]
        if not months:
            return None
        low, middle, high = np.quantile(months, [0.1, 0.5, 0.9], method="nearest")
        return int(low), int(middle), int(high)

    @property
    def is_apart(self) -> bool:
        """Whether the first beats the second in 55 of 100 futures, and on average by more than one standard error."""
        return self.better_ratio >= CLOSE_RATIO and _is_above_its_error(self.lead_usd)

    @property
    def is_close(self) -> bool:
        """Best in fewer than 55 of 100 futures, or not ahead on average by more than one standard error."""
        return self.best_ratio < CLOSE_RATIO or not _is_above_its_error(self.lead_usd)


def _is_above_its_error(values_usd: Array) -> bool:
    return bool(values_usd.mean() >= values_usd.std() / np.sqrt(values_usd.size))


def _stays_from(path_usd: Array) -> list[int | None]:
    above = path_usd > 0.0
    stays = np.flip(np.logical_and.accumulate(np.flip(above, axis=0), axis=0), axis=0)
    first = stays.argmax(axis=0) + 1
    return [int(month) if ever else None for month, ever in zip(first, stays[-1], strict=True)]


def sentence(
    pair: Pair, first: str, second: str, look: str = "fact", flip: Mapping[str, Any] | None = None, currency: str = "USD"
) -> Words:
    """The verdict in at most forty-five words; `first` and `second` are the labels of the pair, `look` that of the winner.

    In this order: who wins in how many of 100 futures, worth how much more than whom after how long, behind until when, what
    flips it. Below 55 of 100 futures, or when the mean lead is not above its standard error, it is too close to call and nobody
    gets a colour; where futures and averages speak for different strategies, both are said, and where only the others together
    keep the first from most futures, the pair is not called close.
    """
    hundred = round(100 * pair.best_ratio)
    worth = float(np.median(pair.lead_usd))
    rival_name = in_sentence(second)
    amount = money(abs(worth), currency)
    than = "more" if worth >= 0.0 else "less"
    months = pair.outcome.months
    if pair.is_close and pair.is_apart:
        ahead = fact(f"{round(100 * pair.better_ratio)} of 100")
        said = words(f"Too close to call: no plan is best in most futures. {first} is best in ", fact(f"{hundred} of 100"))
        said += words(", beats ", fact(rival_name), " in ", ahead, " and is typically worth ", fact(amount))
        return (*said, (f" more after {months} months.", ""))
    if pair.is_close:
        open_ = words("Too close to call between ", fact(in_sentence(first)), " and ", fact(rival_name), f". {first} is best in ")
        mean = float(pair.lead_usd.mean())
        if mean < 0.0 < worth:  # rare large gains of the rival: a reader who counts futures only would miss them
            average = words(" futures, yet on average ", fact(rival_name), " is worth ", fact(money(-mean, currency)), " more")
            return (*open_, fact(f"{hundred} of 100"), *average, (f" after {months} months.", ""))
        typical = words(" futures and is typically worth ", fact(amount), f" {than} after {months} months.")
        return (*open_, fact(f"{hundred} of 100"), *typical)
    said = words(
        (first, look),
        " wins in ",
        fact(f"{hundred} of 100"),
        " futures and is worth ",
        fact(amount),
        f" {than} than {rival_name} after {months} months",
    )
    month = pair.from_month
    if month is not None and month > 1:
        said += words(". It is behind until ", fact(f"month {month}"))
    elif month == 1:
        said += words(". It is ahead from the first month")
    if flip is not None:
        joint = ", and loses if " if month is not None else ". It loses if "
        side = "below" if flip["side"] == "below" else "above"
        said += words(joint, f"{flip['label']} is {side} ", fact(str(flip["said"])))
    return (*said, (".", ""))


def nothing_leads(outcome: Outcome, pair: Pair) -> bool:
    """Whether doing nothing is best in 55 of 100 futures, and what the first of the pair is worth on average below nought."""
    share = float(wins(outcome.npv_usd, TIE_USD).best_ratio.max())
    return share >= CLOSE_RATIO and _is_above_its_error(-outcome.npv_usd[outcome.strategies.index(pair.first)])


def verdict_words(
    pair: Pair, labels: Mapping[str, str], look: str = "fact", flip: Mapping[str, Any] | None = None, currency: str = "USD"
) -> Words:
    """The verdict as it is spoken, in at most forty-five words: `sentence`, or what comes first where doing nothing is best.

    Then: how often doing nothing is best, what the best of the others is typically worth (and on average, where a few rare gains
    make that a gain beyond its standard error), and how the pair compares given that something is done.
    """
    outcome = pair.outcome
    best = best_of(outcome)
    first, second = (in_sentence(labels[name]) for name in (pair.first, pair.second))
    if best in acting(outcome) or pair.first not in acting(outcome):
        return sentence(pair, labels[pair.first], labels[pair.second], look, flip, currency)
    share = float(wins(outcome.npv_usd, TIE_USD).best_ratio[outcome.strategies.index(best)])
    values = outcome.npv_usd[outcome.strategies.index(pair.first)]
    often = fact(f"{round(100 * share)} of 100")
    middle, mean = float(np.median(values)), float(values.mean())
    worth = fact(money(middle, currency))
    rare = f" ({money(mean, currency)} on average)" if middle < 0.0 and _is_above_its_error(values) else ""
    after = f"{rare} after {outcome.months} months. "
    if not nothing_leads(outcome, pair):
        said = words("Too close to call between ", fact(in_sentence(labels[best])), ", best in ", often)
        said += words(" futures, and ", fact(first), ", typically worth ", worth, after)
    else:
        said = words(fact(labels[best]), " is best in ", often, f" futures; {first} is typically worth ", worth, after)
    hundred = f"{round(100 * pair.better_ratio)} of 100"
    if not pair.is_apart:
        return said + words(f"If anything is done, {first} and {second} are too close to call ({hundred}).")
    said += words("If anything is done, ", fact(first), f" beats {second} in ", fact(hundred))
    if flip is not None:
        side = "below" if flip["side"] == "below" else "above"
        ends = words(f", and loses if {flip['label']} is {side} ", fact(str(flip["said"])))
        if len(plain(said + ends).split()) <= MOST_WORDS:
            said += ends
    return (*said, (".", ""))


def in_sentence(label: str) -> str:
    """A label inside a sentence: small first letter unless the word is an abbreviation."""
    return label if label[1:2].isupper() or len(label) == 1 else label[:1].lower() + label[1:]


def short_sentence(scenario: Scenario[Any], pair: Pair) -> Words:
    """The one-line form: Infrastructure-first - 64 of 100 - +USD 4.1 M; where doing nothing is best, what is best otherwise."""
    best = best_of(pair.outcome)
    if best not in acting(pair.outcome) and pair.first in acting(pair.outcome):
        share = float(wins(pair.outcome.npv_usd, TIE_USD).best_ratio[pair.outcome.strategies.index(best)])
        otherwise = in_sentence(scenario.strategies[pair.first].label)
        return words((scenario.strategies[best].label, "fact"), f"\n{round(100 * share)} of 100 · else {otherwise}")
    worth = float(np.median(pair.lead_usd))
    sign = "+" if worth >= 0.0 else ""
    said = money(worth, scenario.currency)
    look = "fact" if pair.is_close else token(scenario, pair.first)
    return words((scenario.strategies[pair.first].label, look), f"\n{round(100 * pair.best_ratio)} of 100 · {sign}{said}")


def futures_strip(scenario: Scenario[Any], outcome: Outcome) -> list[dict[str, Any]]:
    """In how many of 100 futures each strategy is the best, most often first; the counts add up to 100."""
    ratios = wins(outcome.npv_usd, TIE_USD).best_ratio
    counts = counts_of_100(ratios)
    rows = [
        {"strategy": name, "label": scenario.strategies[name].label, "count": count, "look": token(scenario, name)}
        for name, count in zip(outcome.strategies, counts, strict=True)
    ]
    return sorted((row for row in rows if row["count"]), key=lambda row: -int(row["count"]))


def moved_lead(was_usd: float, now_usd: float, parts_usd: Mapping[str, float], count: int) -> Words:
    """What the reader's changes did to the lead: was, is, and - where both kinds were changed - how much each."""
    scale: MoneyScale = money_scale(max(abs(was_usd), abs(now_usd), 1.0))
    changes = "change" if count == 1 else "changes"
    unit = f"\N{NO-BREAK SPACE}{scale.letter}" if scale.letter else ""
    said = f"Your {count} {changes} moved the lead from {scale.figure(was_usd)} to {scale.figure(now_usd)}{unit}"
    if parts_usd:
        said += ": " + ", ".join(f"{name} {scale.signed(amount)}" for name, amount in parts_usd.items())
    return words(said)


def run_line(run: str, seed: int, samples: int, version: str) -> str:
    """What it takes to get the same digits again."""
    named = run[:8] or "\N{HORIZONTAL ELLIPSIS}"
    return f"Run {named} \N{MIDDLE DOT} seed {seed} \N{MIDDLE DOT} {samples:,} futures \N{MIDDLE DOT} model {version}"


def _spread(values: Array) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {"p10": float(low), "p50": float(middle), "p90": float(high), "mean": float(values.mean())}
