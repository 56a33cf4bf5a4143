"""The only list of units: what the end of a name says, in words for a page, as a factor for a page, and as an expression.

A name ends in a word of `WORDS` (`restore_hours`), or in such a word over something of `OVER` (`wage_usd_per_month`,
`storage_usd_per_gb_month`); what is counted over something needs no word of its own (`deploys_per_month`). A year has 365 days
and a month a twelfth of it, everywhere.
"""

from __future__ import annotations

# The last word of a name: what a page writes behind the number, what it multiplies the number by, the unit as an expression.
WORDS: dict[str, tuple[str, float, str]] = {
    "usd": ("USD", 1.0, "USD"),
    "ratio": ("%", 100.0, "1"),
    "peak_to_mean_ratio": ("×", 1.0, "1"),  # ratios that lie above one are read as times
    "retrofit_ratio": ("×", 1.0, "1"),
    "price_ratio": ("×", 1.0, "1"),
    "pue_ratio": ("×", 1.0, "1"),
    "probability": ("%", 100.0, "1"),
    "percent": ("%", 1.0, "0.01"),
    "factor": ("×", 1.0, "1"),
    "divisor": ("×", 1.0, "1"),
    "power": ("", 1.0, "1"),
    "log": ("", 1.0, "1"),
    "variance": ("", 1.0, "1"),
    "erlang": ("erlang", 1.0, "1"),
    "spread": ("logits", 1.0, "1"),
    "count": ("", 1.0, "1"),
    "pilots": ("pilots", 1.0, "1"),
    "periods": ("periods", 1.0, "1"),
    "units": ("", 1.0, "1"),
    "gpus": ("GPUs", 1.0, "1"),
    "accelerators": ("accelerators", 1.0, "1"),
    "tokens": ("tokens", 1.0, "1"),
    "b": ("bn", 1.0, "1e9"),
    "t": ("trillion", 1.0, "1e12"),
    "flops": ("FLOP", 1.0, "1"),
    "tflops": ("TFLOPS", 1.0, "1e12 / second"),
    "fte": ("people", 1.0, "person"),
    "engineer_months": ("engineer-months", 1.0, "person * month"),
    "accelerator_hours": ("accelerator-hours", 1.0, "hour"),
    "accelerator_minutes": ("min", 1.0, "minute"),
    "accelerator_seconds": ("s", 1.0, "second"),
    "years": ("years", 1.0, "year"),
    "months": ("months", 1.0, "month"),
    "days": ("days", 1.0, "day"),
    "hours": ("h", 1.0, "hour"),
    "minutes": ("min", 1.0, "minute"),
    "seconds": ("s", 1.0, "second"),
    "ms": ("ms", 1.0, "millisecond"),
    "bytes": ("bytes", 1.0, "byte"),
    "gb": ("GB", 1.0, "gigabyte"),
    "gib": ("GiB", 1.0, "gibibyte"),
    "kbit": ("kbit", 1.0, "kilobit"),
    "mbit_per_second": ("Mbit/s", 1.0, "megabit / second"),
    "gbit_per_second": ("Gbit/s", 1.0, "gigabit / second"),
    "watt": ("W", 1.0, "watt"),
    "kw": ("kW", 1.0, "kilowatt"),
    "kwh": ("kWh", 1.0, "kilowatt_hour"),
    "kg": ("kg", 1.0, "kilogram"),
    "g": ("g", 1.0, "gram"),
}

# What follows `_per_`: what a page writes (nothing where the number stands beside the thing itself), the unit as an expression.
OVER: dict[str, tuple[str, str]] = {
    "second": ("a second", "second"),
    "hour": ("an hour", "hour"),
    "day": ("a day", "day"),
    "month": ("a month", "month"),
    "year": ("a year", "year"),
    "period": ("a period", "1"),
    "unit": ("", "1"),
    "site": ("a site", "1"),
    "accelerator": ("", "1"),
    "accelerator_hour": ("an hour", "hour"),
    "gpu": ("a GPU", "1"),
    "gpu_hour": ("a GPU-hour", "hour"),
    "gpu_month": ("per GPU and month", "month"),
    "node_day": ("a node and day", "day"),
    "replica": ("a replica", "1"),
    "attempt": ("an attempt", "1"),
    "decision": ("a decision", "1"),
    "accepted_outcome": ("an accepted outcome", "1"),
    "interruption": ("an interruption", "1"),
    "sequence": ("a sequence", "1"),
    "parameter_token": ("per parameter and token", "1"),
    "gb": ("per GB", "gigabyte"),
    "gb_month": ("per GB and month", "gigabyte * month"),
    "kwh": ("per kWh", "kilowatt_hour"),
    "kw_month": ("per kW and month", "kilowatt * month"),
    "tonne": ("a tonne", "tonne"),
    "1m": ("a million tokens", "1e6"),
    "million": ("a million", "1e6"),
    "million_tokens": ("a million tokens", "1e6"),
    "thousand_inferences": ("a thousand inferences", "1e3"),
}


def unit_of(name: str) -> str:
    """The unit that a page writes behind a number of this name; `KeyError` for a name without one."""
    return _parsed(name)[0]


def scale_of(name: str) -> float:
    """What a number of this name is multiplied by on a page: 100 for shares."""
    return _parsed(name)[1]


def expression_of(name: str) -> str:
    """The unit of a number of this name as an expression: `USD / (gigabyte * month)`; `KeyError` for a name without one.

    What a user would get wrong: things that are counted (units, tokens, accelerators) are pure numbers, and so are shares.
    """
    return _parsed(name)[2]


def _parsed(name: str) -> tuple[str, float, str]:
    counted, mark, over = name.rpartition("_per_")
    word = _last_word(name)
    if word and (not mark or "_per_" in word or over not in OVER):
        return WORDS[word]
    if not mark or over not in OVER:
        raise KeyError(name)
    try:
        above, scale, expression = _parsed(counted)
    except KeyError:
        above, scale, expression = "", 1.0, "1"
    below, divisor = OVER[over]
    return f"{above} {below}".strip(), scale, expression if divisor == "1" else f"{expression} / ({divisor})"


def _last_word(name: str) -> str:
    """The longest word of the list that ends the name, or nothing."""
    parts = name.split("_")
    endings = ("_".join(parts[begin:]) for begin in range(len(parts)))
    return next((ending for ending in endings if ending in WORDS), "")
