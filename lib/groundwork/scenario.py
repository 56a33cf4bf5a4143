"""What we believe about one organisation and what it may choose: one shape, three lives.

`Scenario[Quantity]` holds beliefs with their sources, `Scenario[Array]` the same beliefs drawn for every sample,
`Scenario[float]` their middles. Strategies are records of levers and are the same in all three.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import Field

from groundwork.beliefs import STRICT, DataEstate, Delivery, Demand, Market, Operations, Organisation, Platform, Source, Stopping
from groundwork.channels import Channels
from groundwork.levers import Component, Strategy
from groundwork.quantities import Mark, Quantity, middle
from groundwork.workloads import Workload

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A rule that the sector puts on the design; what has no operand in the model is a question to the reader."""

    __pydantic_config__ = STRICT
    label: str
    rule: str
    operand: str
    relation: str
    limit: float | None
    unit: str
    status: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named set of changes: new values by dotted path, factors by dotted path; `*` stands for every name.

    `workloads_count` keeps that many of the profile's workloads, from the top; the others are switched off.
    """

    __pydantic_config__ = STRICT
    label: str
    sentence: str
    group: Literal["stage", "size"]
    mark: Mark
    source: str
    note: str = ""
    workloads_count: Annotated[int, Field(strict=True, ge=1)] | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    scale: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(Generic[T]):
    """One organisation's question. `T` is `Quantity` before the draw, an array after it, a float for its middle."""

    __pydantic_config__ = STRICT
    schema_version: int
    name: str
    title: str
    question: str
    sentence: str
    currency: str
    reference_accelerator: str
    months: Annotated[int, Field(strict=True)] = 36
    seed: Annotated[int, Field(strict=True, ge=0)] = 2026
    industry_page: str | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    organisation: Organisation[T]
    delivery: Delivery[T]
    platform: Platform[T]
    demand: Demand[T]
    market: Market[T]
    operations: Operations[T]
    data: DataEstate[T]
    stopping: Stopping[T]
    channels: Channels[T]
    workloads: Mapping[str, Workload[T]]
    strategies: Mapping[str, Strategy]
    constraints: tuple[Constraint, ...] = ()
    components: Mapping[str, Component] = field(default_factory=dict)
    presets: Mapping[str, Preset] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Belief(Generic[T]):
    """One belief where it stands: dotted path, what it holds, and what its field says about it."""

    path: str
    value: T
    name: str
    label: str
    help: str
    low: float
    high: float
    workload: str | None
    channel: str | None
    column: int | None


def beliefs(scenario: Scenario[T]) -> Iterator[Belief[T]]:
    """Every belief of the scenario in the order of the schema."""
    yield from _beliefs(scenario, "", None, None)


_walked: dict[str, tuple[Any, tuple[Belief[Any], ...]]] = {}
"""By dotted path: the record that was walked there last, and its beliefs. A change leaves all but one record the very same."""


def _beliefs_within(record: Any, prefix: str, workload: str | None, channel: str | None) -> tuple[Belief[Any], ...]:
    before, found = _walked.get(prefix, (None, ()))
    if before is not record:
        found = tuple(_beliefs(record, prefix, workload, channel))
        _walked[prefix] = record, found
    return found


def _beliefs(record: Any, prefix: str, workload: str | None, channel: str | None) -> Iterator[Belief[Any]]:
    for entry in dataclasses.fields(record):
        value = getattr(record, entry.name)
        path = f"{prefix}{entry.name}"
        if (entry.name, True) in _fields(record.__class__):
            meta = entry.metadata
            yield Belief(
                path, value, entry.name, meta["label"], meta["help"], meta["low"], meta["high"], workload, channel, meta["column"]
            )
        elif path == "workloads":
            for name, item in value.items():
                yield from _beliefs_within(item, f"workloads.{name}.", name, None)
        elif entry.name in _SECTIONS:
            yield from _beliefs_within(value, f"{path}.", workload, channel)
        elif prefix == "channels.":
            yield from _beliefs_within(value, f"{path}.", None, entry.name)


_SECTIONS = {"organisation", "delivery", "platform", "demand", "market", "operations", "data", "stopping", "channels", "work"}


Made = dict[str, tuple[Any, Any]]
"""By dotted path: a record of beliefs, and what was made of it."""


def mapped(scenario: Scenario[T], change: Callable[[str, T], U], made: Made | None = None) -> Scenario[U]:
    """The same scenario with `change(path, value)` in the place of every belief.

    Parameters
    ----------
    made
        What the same `change` made before. Records that are still the very same ones are taken from it, new ones go into it.
    """
    rebuilt: Scenario[U] = _rebuilt(scenario, "", change, {} if made is None else made)
    return rebuilt


def _rebuilt(record: Any, prefix: str, change: Callable[[str, Any], Any], made: Made) -> Any:
    before, after = made.get(prefix, (None, None))
    if before is record:
        return after
    changes: dict[str, Any] = {}
    for name, is_belief in _fields(record.__class__):
        path = f"{prefix}{name}"
        if is_belief:
            changes[name] = change(path, getattr(record, name))
        elif path == "workloads":
            changes[name] = {
                key: _rebuilt(item, f"workloads.{key}.", change, made) for key, item in getattr(record, name).items()
            }
        elif name in _SECTIONS or prefix == "channels.":
            changes[name] = _rebuilt(getattr(record, name), f"{path}.", change, made)
    after = dataclasses.replace(record, **changes)
    made[prefix] = record, after
    return after


@cache
def _fields(record: type) -> tuple[tuple[str, bool], ...]:
    """Names of a record's fields, and which of them hold a belief."""
    return tuple(
        (entry.name, "help" in entry.metadata and "high" in entry.metadata and "unit" not in entry.metadata)
        for entry in dataclasses.fields(record)
    )


def middles(scenario: Scenario[Quantity]) -> Scenario[float]:
    """The scenario with every belief at its middle."""
    return mapped(scenario, lambda _, quantity: middle(quantity))


def replaced(scenario: Scenario[T], path: str, value: Any) -> Scenario[T]:
    """The scenario with what stands at a dotted path replaced; `KeyError` when there is no such place.

    Workloads and strategies are named: `workloads.search.units_per_day`, `strategies.staged.zones_count`.
    """
    changed: Scenario[T] = _replaced(scenario, path.split("."), value, path)
    return changed


def _replaced(record: Any, parts: list[str], value: Any, path: str) -> Any:
    head, rest = parts[0], parts[1:]
    if isinstance(record, Mapping):
        if head not in record:
            raise KeyError(path)
        return {**record, head: _replaced(record[head], rest, value, path) if rest else value}
    if not dataclasses.is_dataclass(record) or head not in {entry.name for entry in dataclasses.fields(record)}:
        raise KeyError(path)
    inner = _replaced(getattr(record, head), rest, value, path) if rest else value
    return dataclasses.replace(record, **{head: inner})  # type: ignore[type-var]


def digest(scenario: Scenario[Quantity], *more: object) -> str:
    """Sixteen hex digits that name the scenario and whatever else went into a run."""
    plain = json.dumps([scenario, *map(str, more)], sort_keys=True, default=_plain)
    return hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    """What JSON writes for a value that it does not know: the fields of a record, uncopied, and the text of all else."""
    if dataclasses.is_dataclass(value):
        return {entry.name: getattr(value, entry.name) for entry in dataclasses.fields(value)}
    return str(value)


BELIEFS_OF_ALL = 256  # columns kept for what every scenario shares: beliefs from below, dice from above
BELIEFS_OF_A_WORKLOAD = 32  # columns kept for each workload, in the order in which workloads were added


def dimensions(scenario: Scenario[Any]) -> dict[str, int]:
    """The column of random points that each belief owns: part of the schema, so that adding one moves no other."""
    order = {name: number for number, name in enumerate(scenario.workloads)}
    found: dict[str, int] = {}
    shared = 0
    inside: dict[str, int] = {}
    for belief in beliefs(scenario):
        if belief.column is not None:
            found[belief.path] = belief.column
        elif belief.workload is None:
            found[belief.path] = shared
            shared += 1
        else:
            inside[belief.workload] = inside.get(belief.workload, -1) + 1
            found[belief.path] = BELIEFS_OF_ALL + BELIEFS_OF_A_WORKLOAD * order[belief.workload] + inside[belief.workload]
    return found
