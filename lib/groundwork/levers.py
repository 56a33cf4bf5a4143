"""What an organisation chooses: a strategy is a named record of levers, held as data. No code knows a strategy's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from groundwork.beliefs import STRICT

Number = Annotated[float, Field(strict=True)]
Whole = Annotated[int, Field(strict=True)]


def lever(label: str, help: str, default: Any, low: float | None = None, high: float | None = None, unit: str = "") -> Any:
    """A field that holds a choice: its name on the page, what it means, what it is when a profile does not say, its range."""
    return field(default=default, metadata={"label": label, "help": help, "low": low, "high": high, "unit": unit})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A strategy's colour, the same wherever it appears: shape and text, light and dark, and its dash on a line."""

    __pydantic_config__ = STRICT
    shape_light: str
    text_light: str
    shape_dark: str
    text_dark: str
    dash: tuple[float, ...] = ()
    width: Number = 1.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Start the platform once something that is observed, with its month's lag, passes a mark."""

    __pydantic_config__ = STRICT
    watch: Literal[
        "busy_accelerators",
        "live_use_cases",
        "graduated_pilots",
        "monthly_spend_usd",
        "monthly_value_usd",
        "graduation_learned_ratio",
    ]
    at_least: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of a platform: its share of the work, and its share in each channel that it feeds; shares add up to one."""

    __pydantic_config__ = STRICT
    label: str
    sentence: str
    work_ratio: Number
    feeds: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """One way to go about it. A month of `None` means never."""

    __pydantic_config__ = STRICT
    label: str
    short: str
    sentence: str
    look: Look
    use_cases_start_month: Whole | None = lever(
        "Use cases start", "Month in which the first use cases may start.", 0, 0, 60, "month"
    )
    platform_start_month: Whole | None = lever(
        "Platform starts", "Month in which the platform team starts to build.", None, 0, 60, "month"
    )
    platform_trigger: Trigger | None = lever("Platform trigger", "What must be seen before the platform team starts.", None)
    platform_team_fte: Number = lever("Platform engineers", "People who build the platform.", 6.0, 0, 500, "people")
    diverted_ratio: Number = lever(
        "Taken from delivery", "Share of the platform team that is taken from delivery instead of hired.", 0.0, 0, 1, "%"
    )
    use_cases_wait_months: Number = lever(
        "Use cases wait", "Months for which use cases wait for the platform.", 0.0, 0, 24, "months"
    )
    buys: tuple[str, ...] = lever(
        "Bought workloads", "Workloads served by a bought service; * buys wherever that is possible.", ()
    )
    commit_ratio: Number = lever(
        "Capacity committed", "Share of the need covered by yearly commitments, without planning.", 0.6, 0, 1.5, "% of need"
    )
    buffer_ratio: Number = lever("Spare capacity", "Capacity held above the expected need.", 0.1, 0, 1, "%")
    zones_count: Whole = lever("Zones", "Availability zones that each serve.", 2, 1, 4, "zones")
    spare_servers_count: Whole = lever(
        "Spare servers", "Servers that each service keeps in every zone beyond its need, for when one fails.", 0, 0, 8, "servers"
    )
    owned_ratio: Number = lever(
        "Capacity owned",
        "Share of last month's need that is bought and owned; the rest is committed or rented.",
        0.0,
        0,
        1.5,
        "%",
    )
    vendors_count: Whole = lever("Vendors", "Vendors that capacity is rented from.", 1, 1, 4, "vendors")
    components: tuple[str, ...] = lever("Platform components", "What the platform consists of; * is everything.", ("*",))
