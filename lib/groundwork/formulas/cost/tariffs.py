"""Bills that are not price times quantity: tokens with a cache, tiers, and prices that change with the size of a request.

References
----------
.. [1] github.com/pydantic/logfire/issues/1316 (2025-08-13): a bill with cached input tokens, worked out.
.. [2] github.com/BerriAI/litellm/issues/14849 (2025-09-24): cached tokens charged twice; the price for
   prompts above 200,000 tokens.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from groundwork.formulas.input_ranges import at_least, holds, refuse

Array: TypeAlias = NDArray[np.float64]

MILLION = 1e6


def token_bill_usd(
    input_tokens: ArrayLike,
    cached_tokens: ArrayLike,
    output_tokens: ArrayLike,
    input_usd_per_million: ArrayLike,
    cached_usd_per_million: ArrayLike,
    output_usd_per_million: ArrayLike,
) -> Array:
    """Price of requests at a token API: (input - cached) p_in + cached p_cached + output p_out, per million.

    What a user would get wrong: cached tokens are **part of** the input count. Charging all input and the cached ones again, or
    leaving the cached ones out, are both found in published bills ([1]_, [2]_). Reasoning tokens are output.

    Parameters
    ----------
    input_tokens
        All input tokens, cached ones included, any shape, 0 or more.
    cached_tokens
        Of these, read from the cache; at most `input_tokens`.
    output_tokens
        Reasoning included, 0 or more.
    input_usd_per_million, cached_usd_per_million, output_usd_per_million
        USD per million tokens, 0 or more, **of the tier the request falls into** (`whole_volume_rate`).
    """
    given, cached = np.asarray(input_tokens, np.float64), np.asarray(cached_tokens, np.float64)
    refuse(
        [
            at_least("input_tokens", given, 0.0),
            at_least("cached_tokens", cached, 0.0),
            holds("cached_tokens", not np.any(cached > given), "must not exceed input_tokens, of which they are a part"),
            at_least("output_tokens", output_tokens, 0.0),
            at_least("input_usd_per_million", input_usd_per_million, 0.0),
            at_least("cached_usd_per_million", cached_usd_per_million, 0.0),
            at_least("output_usd_per_million", output_usd_per_million, 0.0),
        ]
    )
    fresh = (given - cached) * np.asarray(input_usd_per_million, np.float64)
    read = cached * np.asarray(cached_usd_per_million, np.float64)
    written = np.asarray(output_tokens, np.float64) * np.asarray(output_usd_per_million, np.float64)
    return np.asarray((fresh + read + written) / MILLION)


def tiered_cost_usd(amount: ArrayLike, tier_from: ArrayLike, tier_usd_per_unit: ArrayLike) -> Array:
    """Bill under a tariff whose later tiers apply only to what lies **above** their threshold (egress, storage).

    sum over tiers of rate x max(0, min(amount, next threshold) - threshold).

    What a user would get wrong: one flat rate. 50,000 GB at the first tier's 0.09 is 4,500 USD; the tiers give 4,300. And tiers
    count per account and month: two months of 6,000 GB are not one of 12,000.

    Parameters
    ----------
    amount
        Per billing period, any shape, 0 or more.
    tier_from
        [tier], rising, the first is 0; the unit of `amount`.
    tier_usd_per_unit
        [tier], USD per unit, 0 or more (0 for a free allowance).
    """
    volume, start, rate = _tariff(amount, tier_from, tier_usd_per_unit)
    width = np.append(np.diff(start), np.inf)
    within = np.minimum(np.maximum(volume[..., None] - start, 0.0), width)
    return np.asarray(within @ rate)


def whole_volume_rate(amount: ArrayLike, tier_from: ArrayLike, tier_usd_per_unit: ArrayLike) -> Array:
    """Rate of the tier into which the amount falls, for tariffs where it then applies to **everything**.

    Long-context token prices work like this: a prompt of 262,960 tokens pays the dearer rate for every token, not only for
    those above 200,000 ([2]_). A threshold belongs to the tier below it.

    Parameters
    ----------
    amount, tier_from, tier_usd_per_unit
        As in `tiered_cost_usd`.
    """
    volume, start, rate = _tariff(amount, tier_from, tier_usd_per_unit)
    return np.asarray(rate[np.maximum(np.searchsorted(start, volume, side="left") - 1, 0)])


def _tariff(amount: ArrayLike, tier_from: ArrayLike, tier_usd_per_unit: ArrayLike) -> tuple[Array, Array, Array]:
    volume, start, rate = (np.asarray(value, np.float64) for value in (amount, tier_from, tier_usd_per_unit))
    shaped = start.ndim == 1 and start.size > 0
    refuse(
        [
            at_least("amount", volume, 0.0),
            at_least("tier_usd_per_unit", rate, 0.0),
            holds("tier_from", shaped and bool(start[0] == 0 and np.all(np.diff(start) > 0)), "must start at 0 and rise"),
            holds("tier_usd_per_unit", start.shape == rate.shape, "must hold one rate for each threshold"),
        ]
    )
    return volume, start, rate
