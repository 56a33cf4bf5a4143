"""How numbers and sentences are said: money, signs, rounding, and sentences whose parts know how they look.

A sentence is a tuple of spans `(text, look)`; a look is nothing, `fact` (bold) or the token of a strategy. So no page ever
joins a user's text into HTML, and the same sentence goes to a page, a file or a screen reader.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from groundwork.scenario import Scenario
from groundwork.units import scale_of, unit_of

Span: TypeAlias = tuple[str, str]
Words: TypeAlias = tuple[Span, ...]

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LEAST_READABLE = 0.000995  # three noughts behind the point are counted, not read
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLER: dict[str, tuple[tuple[float, str], ...]] = {
    "USD": ((1e6, "USD per million"), (1e9, "USD per billion")),
    "s": ((1e3, "ms"), (1e6, "µs")),
    "GB": ((1e3, "MB"), (1e6, "kB"), (1e9, "bytes")),
}
"""What stands below a unit: its size in that unit, and its name."""


def words(*parts: str | Span) -> Words:
    """A sentence from plain strings and spans."""
    return tuple((part, "") if isinstance(part, str) else part for part in parts)


def fact(text: str) -> Span:
    """A part of a sentence that stands out."""
    return (text, "fact")


def listed(names: Sequence[str]) -> str:
    """One, two and three."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def plain(sentence: Iterable[Span]) -> str:
    """The sentence without its looks."""
    return "".join(text for text, _ in sentence)


def token(scenario: Scenario[Any], strategy: str) -> str:
    """The name under which a page keeps a strategy's colours; strategies are numbered, since their names are the user's."""
    return f"strategy-{list(scenario.strategies).index(strategy)}"


def shape(scenario: Scenario[Any], strategy: str) -> str:
    """The colour of a strategy's lines and bars, resolved by the page's theme."""
    return f"var(--gw-{token(scenario, strategy)})"


def ink(scenario: Scenario[Any], strategy: str) -> str:
    """The colour of a strategy's words, resolved by the page's theme."""
    return f"var(--gw-{token(scenario, strategy)}-text)"


def money(amount_usd: float, currency: str = "USD") -> str:
    """An amount as people say it: USD 4.1 M, USD 270 k, with a true minus."""
    sign = MINUS if amount_usd < 0 else ""
    size = abs(amount_usd)
    for limit, unit, scale in ((999.5e6, "bn", 1e9), (999.5e3, "M", 1e6), (999.5, "k", 1e3)):
        if size >= limit:
            digits = f"{size / scale:.1f}" if scale > 1e3 and size / scale < 99.95 else f"{size / scale:,.0f}"
            return f"{currency}{NO_BREAK}{sign}{digits}{NO_BREAK}{unit}"
    return f"{currency}{NO_BREAK}{sign}{size:,.0f}"


def signed_money(amount_usd: float) -> str:
    """An amount without its currency, with a sign that is never a hyphen: +4.1 M, \N{MINUS SIGN}270 k."""
    said = money(amount_usd, "").strip()
    return said if amount_usd < 0 else f"+{said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyScale:
    """One unit for all amounts of a picture or a sentence, so that they can be compared at a glance and add up."""

    divisor: float
    letter: str
    word: str

    def figure(self, amount_usd: float) -> str:
        """The amount without unit: 4.1, 12.4, 130, with a true minus."""
        return figure(amount_usd / self.divisor)

    def signed(self, amount_usd: float) -> str:
        """The amount without unit and with its sign."""
        said = self.figure(amount_usd)
        return said if said.startswith(MINUS) or said.strip("0.") == "" else f"+{said}"


def money_scale(largest_usd: float) -> MoneyScale:
    """The unit in which the largest amount has one to three digits before the point."""
    for limit, letter, word in ((1e9, "bn", "billion"), (1e6, "M", "million"), (1e3, "k", "thousand")):
        if abs(largest_usd) >= 0.9995 * limit:
            return MoneyScale(divisor=limit, letter=letter, word=word)
    return MoneyScale(divisor=1.0, letter="", word="")


def figure(value: float) -> str:
    """A number with two or three digits that count: 0.38, 4.1, 12.4, 1,240, with a true minus."""
    size = abs(value)
    places = 0 if size >= 99.95 else 1 if size >= 0.995 or size == 0.0 else 2
    said = f"{size:,.{places}f}"
    return f"{MINUS}{said}" if value < 0 and said.strip("0.") else said


def quantity_figure(value: float) -> str:
    """A belief's number with three significant digits and no needless noughts: 2.2, 0.00012, 1,155, 20 M."""
    if value == 0.0:
        return "0"
    size = abs(value)
    sign = MINUS if value < 0 else ""
    for limit, letter in ((1e9, "bn"), (1e6, "M")):
        if size >= 0.9995 * limit:
            return f"{sign}{size / limit:.3g}{NO_BREAK}{letter}"
    if size >= 999.5:
        return f"{sign}{size:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(size)))
    said = f"{size:.{digits}f}"
    return sign + (said.rstrip("0").rstrip(".") if "." in said else said)


def quantity_words(name: str, value: float) -> str:
    """A value of a belief or lever as a reader says it, in the unit that its name ends in: 46 %, 2.2 ×, 75.1 USD per million.

    What is too small to be read as a decimal fraction goes to a smaller unit, or to a power of ten where there is none.
    """
    unit, shown = unit_of(name), value * scale_of(name)
    said = quantity_figure(shown)
    if 0.0 < abs(shown) < LEAST_READABLE:
        for factor, smaller in SMALLER.get(unit, ()):
            if abs(shown) * factor >= 1.0:
                return f"{quantity_figure(shown * factor)}{NO_BREAK}{smaller}"
        power = math.floor(math.log10(abs(shown)))
        said = f"{quantity_figure(shown / 10.0**power)} × 10{str(power).translate(RAISED)}"
    return f"{said}{NO_BREAK}{unit}" if unit else said


def counts_of_100(ratios: Iterable[float]) -> list[int]:
    """Whole numbers that add up to 100, each next to its share (largest remainder)."""
    shares = np.array([100.0 * ratio for ratio in ratios])
    whole = np.floor(shares).astype(int)
    missing = round(float(shares.sum())) - int(whole.sum())
    for place in np.argsort(-(shares - whole), kind="stable")[:missing]:
        whole[place] += 1
    return [int(count) for count in whole]


def rounded_domain(low: float, high: float, marks: int = 6) -> tuple[float, float]:
    """The smallest interval of round numbers around the values: what an axis shows."""
    width = max(high - low, 1e-9)
    step = 10.0 ** math.floor(math.log10(width / marks))
    step = next(step * factor for factor in (1.0, 2.0, 5.0, 10.0) if width / (step * factor) <= marks)
    return step * math.floor(low / step), step * math.ceil(high / step)
