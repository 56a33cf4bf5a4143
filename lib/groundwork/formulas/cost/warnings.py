"""What is suspicious about a price, a comparison or a published figure, as data: a code and the words to show with it.

A warning never changes a number. `price_warnings` looks at how a comparison was made; `published_error` finds out which known
mistake reproduces somebody else's figure.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import isclose
from typing import Final, Literal, TypeAlias

from groundwork.formulas.input_ranges import at_least, between, finite, refuse

PriceBasis: TypeAlias = Literal["list", "street", "negotiated"]
Code: TypeAlias = Literal[
    "list_and_street_mixed",
    "break_even_at_full_utilisation",
    "price_older_than_90_days",
    "api_price_at_unequal_quality",
    "end_of_horizon_purchase_without_terminal_value",
]

OLDEST_PRICE_DAYS: Final = 90
"""A rule of this workbook, not a fact: in mid-2025 one provider cut a list price by 44 % within a day."""

_WORDS: Final[Mapping[Code, str]] = {
    "list_and_street_mixed": "list prices stand on one side and street or negotiated prices on the other",
    "break_even_at_full_utilisation": "the break-even assumes machines that are busy all the time",
    "price_older_than_90_days": "a price is more than 90 days old",
    "api_price_at_unequal_quality": "the API and the own model are not accepted equally often: compare accepted outcomes",
    "end_of_horizon_purchase_without_terminal_value": "a purchase outlives the horizon and its remaining value is not counted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWarning:
    """One warning: its code (for programs), its words (for people) and what it was found on."""

    code: Code
    words: str
    found: str


def price_warnings(
    *,
    price_bases: Collection[PriceBasis] = (),
    break_even_utilisation_ratio: float | None = None,
    price_dates: Collection[date] = (),
    today: date | None = None,
    own_accepted_ratio: float | None = None,
    api_accepted_ratio: float | None = None,
    quality_tolerance_ratio: float = 0.01,
    purchase_months: Collection[int] = (),
    life_months: float | None = None,
    horizon_months: int | None = None,
    terminal_value_usd: float | None = None,
) -> tuple[PriceWarning, ...]:
    """Every warning that this comparison deserves, in a fixed order; an argument left out is not looked at.

    Parameters
    ----------
    price_bases
        Where each compared price comes from; a list price against a street price favours the street price by up to half.
    break_even_utilisation_ratio
        Utilisation assumed in an own-against-rent comparison, 0 to 1; warned at 1.
    price_dates, today
        Dates of the prices, and the day of the analysis: no clock is read here.
    own_accepted_ratio, api_accepted_ratio, quality_tolerance_ratio
        Shares of outcomes accepted, 0 to 1; warned when they differ by more than the tolerance.
    purchase_months, life_months, horizon_months, terminal_value_usd
        Months of purchases (0 is the first), their life, the length of the plan, and the terminal value counted; warned when a
        purchase outlives the plan and nothing (None or 0) is counted for it.

    Returns
    -------
    tuple of PriceWarning
        Empty when there is nothing to say.
    """
    refuse(
        [
            None
            if break_even_utilisation_ratio is None
            else between("break_even_utilisation_ratio", break_even_utilisation_ratio, 0.0, 1.0),
            None if own_accepted_ratio is None else between("own_accepted_ratio", own_accepted_ratio, 0.0, 1.0),
            None if api_accepted_ratio is None else between("api_accepted_ratio", api_accepted_ratio, 0.0, 1.0),
            at_least("quality_tolerance_ratio", quality_tolerance_ratio, 0.0),
            None if life_months is None else at_least("life_months", life_months, 0.0),
        ]
    )
    found: dict[Code, str] = {}
    if "list" in price_bases and len(set(price_bases)) > 1:
        found["list_and_street_mixed"] = ", ".join(sorted(set(price_bases)))
    if break_even_utilisation_ratio is not None and break_even_utilisation_ratio >= 1.0:
        found["break_even_at_full_utilisation"] = "100 %"
    if today is not None and price_dates and (today - min(price_dates)).days > OLDEST_PRICE_DAYS:
        found["price_older_than_90_days"] = f"{min(price_dates).isoformat()}, {(today - min(price_dates)).days} days"
    if (
        own_accepted_ratio is not None
        and api_accepted_ratio is not None
        and abs(own_accepted_ratio - api_accepted_ratio) > quality_tolerance_ratio
    ):
        found["api_price_at_unequal_quality"] = f"own {own_accepted_ratio:g}, API {api_accepted_ratio:g}"
    if horizon_months is not None and life_months is not None and not terminal_value_usd:
        late = [month for month in purchase_months if month + life_months > horizon_months]
        if late:
            found["end_of_horizon_purchase_without_terminal_value"] = f"months {', '.join(map(str, sorted(late)))}"
    return tuple(PriceWarning(code=code, words=_WORDS[code], found=found[code]) for code in _WORDS if code in found)


def published_error(
    published_usd: float, right_usd: float, mistakes_usd: Mapping[str, float], tolerance_ratio: float = 0.005
) -> str | None:
    """Which known mistake reproduces a published figure: its name, ``"unexplained"``, or None when the figure is right.

    What a user would get wrong: trusting a figure because it was printed. Typical mistakes: one flat rate instead of tiers,
    cached tokens charged twice or not at all, the short-prompt price for a long prompt, a purchase repeated every year, running
    cost left out of a break-even (`groundwork.formulas.cost.mistakes` computes them).

    Parameters
    ----------
    published_usd, right_usd
        What was printed, and what the formula gives.
    mistakes_usd
        Name of each mistake -> the figure it would give. The closest one within the tolerance is named.
    tolerance_ratio
        Relative difference still called equal, 0 to 1.
    """
    refuse(
        [
            finite("published_usd", published_usd),
            finite("right_usd", right_usd),
            between("tolerance_ratio", tolerance_ratio, 0.0, 1.0),
        ]
    )
    if isclose(published_usd, right_usd, rel_tol=tolerance_ratio):
        return None
    near = {
        name: abs(figure - published_usd)
        for name, figure in mistakes_usd.items()
        if isclose(figure, published_usd, rel_tol=tolerance_ratio)
    }
    return min(near, key=lambda name: near[name]) if near else "unexplained"
