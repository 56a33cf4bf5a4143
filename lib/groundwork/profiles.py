"""Profiles: found by name or path, read safely, merged over the shared priors, checked as a whole, refused with every fault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from groundwork.errors import Fault, InputFault
from groundwork.profile_files import available, folders, found, meant
from groundwork.quantities import Lognormal, Quantity, percentile, support
from groundwork.safe_yaml import Document, read, text_of
from groundwork.scenario import Belief, Scenario, beliefs, replaced

__all__ = ["available", "folders", "found", "load"]
_PACKAGE = Path(__file__).parent
_SHARED = (
    "organisation",
    "delivery",
    "platform",
    "demand",
    "market",
    "operations",
    "data",
    "stopping",
    "channels",
    "strategies",
    "presets",
    "components",
)
_TAGS = {
    "fixed",
    "uniform",
    "triangular",
    "pert",
    "lognormal",
    "beta",
    "choice",
    "llm",
    "online",
    "batch",
    "training",
    "edge",
    "render",
}


def load(name: str) -> Scenario[Quantity]:
    """The scenario of a profile; `InputFault` carries every fault at once."""
    path = found(name)
    return scenario_from(text_of(path), str(path))


def scenario_from(text: str, file: str) -> Scenario[Quantity]:
    """The scenario of a profile's text; `file` names it in messages."""
    document = read(text, file)
    if not isinstance(document.data, dict):
        raise InputFault([Fault(file=file, line=1, rule="a mapping of names to values", came=type(document.data).__name__)])
    return _checked(_merged(priors().data, document.data), document, file)


@cache
def priors() -> Document:
    """What every industry shares unless its profile says otherwise: priors, sources and presets of the catalogue."""
    shared: dict[str, Any] = {}
    for name in ("priors.yaml", "sources.yaml", "presets.yaml"):
        path = _PACKAGE / "catalogue" / name
        shared = _merged(shared, read(path.read_text(encoding="utf-8"), str(path)).data)
    return Document(shared)


def _merged(under: Any, over: Any) -> Any:
    """`over` laid on `under`; a quantity, a list or a plain value replaces what was there as a whole."""
    if not isinstance(under, dict) or not isinstance(over, dict) or "kind" in over:
        return over
    return {**under, **{key: _merged(under[key], value) if key in under else value for key, value in over.items()}}


@cache
def _adapter() -> TypeAdapter[Scenario[Quantity]]:
    return TypeAdapter(Scenario[Quantity])


def _checked(data: Mapping[str, Any], document: Document, file: str) -> Scenario[Quantity]:
    try:
        scenario = _adapter().validate_python(data)
    except ValidationError as error:
        raise InputFault([_fault(detail, data, document, file) for detail in error.errors()]) from None
    faults = _own_faults(scenario)
    if faults:
        raise InputFault([_placed(path, rule, came, document, file) for path, rule, came in faults])
    return scenario


def _placed(path: str, rule: str, came: str, document: Document, file: str) -> Fault:
    parts = path.split(".")
    while parts and ".".join(parts) not in document.lines:
        parts.pop()
    return Fault(file=file, line=document.lines.get(".".join(parts)), path=path, rule=rule, came=came)


def _fault(detail: Any, data: Mapping[str, Any], document: Document, file: str) -> Fault:
    steps = [str(step) for step in detail["loc"]]
    path = ".".join(
        step for number, step in enumerate(steps) if not (step in _TAGS and number and steps[number - 1] != "channels")
    )
    if detail["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        inside: Any = data
        for step in path.split(".")[:-1]:
            inside = inside.get(step, {}) if isinstance(inside, dict) else {}
        near = meant(steps[-1], _fields_near(detail["loc"]))
        return _placed(path, f"no such field{near}", "", document, file)
    if detail["type"] == "missing":
        return _placed(path, "needed and missing", "", document, file)
    return _placed(path, detail["msg"].removeprefix("Input ").lower(), repr(detail["input"])[:60], document, file)


def _fields_near(place: Sequence[Any]) -> list[str]:
    schema = json.dumps(_adapter().json_schema())
    return sorted({word for word in schema.replace('"', " ").split() if "_" in word or word.isalpha()})


def _own_faults(scenario: Scenario[Quantity]) -> list[tuple[str, str, str]]:
    from groundwork.catalogue.evidence_records import evidence_ids

    known = set(scenario.sources) | evidence_ids()
    faults: list[tuple[str, str, str]] = []
    for belief in beliefs(scenario):
        faults += [(belief.path, rule, "") for rule in belief.value.faults()]
        if not belief.value.faults():
            faults += _outside(belief)
        if belief.value.source not in known:
            faults.append((belief.path, f"a source that exists{meant(belief.value.source, sorted(known))}", belief.value.source))
    for name, item in scenario.workloads.items():
        for place, source in (("profile_source", item.profile_source), ("season_source", item.season_source)):
            if source not in known:
                faults.append((f"workloads.{name}.{place}", f"a source that exists{meant(source, sorted(known))}", source))
        for place, shape in (("hour_profile", item.hour_profile), ("season", item.season)):
            if not sum(shape) > 0.0:
                faults.append((f"workloads.{name}.{place}", "at least one number above 0", ""))
    for name, preset in scenario.presets.items():
        if preset.source not in known:
            faults.append((f"presets.{name}.source", f"a source that exists{meant(preset.source, sorted(known))}", preset.source))
    for name, strategy in scenario.strategies.items():
        for bought in strategy.buys:
            if bought != "*" and bought not in scenario.workloads:
                faults.append((f"strategies.{name}.buys", f"names of workloads{meant(bought, list(scenario.workloads))}", bought))
        for part in strategy.components:
            if part != "*" and part not in scenario.components:
                rule = f"names of components{meant(part, list(scenario.components))}"
                faults.append((f"strategies.{name}.components", rule, part))
    faults += _component_faults(scenario)
    if not 6 <= scenario.months <= 60:
        faults.append(("months", "6 to 60", str(scenario.months)))
    if not any(item.enabled for item in scenario.workloads.values()):
        faults.append(("workloads", "at least one workload that is enabled", ""))
    return faults


def _component_faults(scenario: Scenario[Quantity]) -> list[tuple[str, str, str]]:
    """Shares of the platform's components that do not add up: of its work, and of each channel that they feed."""
    parts = scenario.components
    fed = {channel for part in parts.values() for channel in part.feeds}
    sums = {channel: sum(part.feeds.get(channel, 0.0) for part in parts.values()) for channel in sorted(fed)}
    faults = [
        ("components", f"shares in {name} that add up to 1", f"{value:g}")
        for name, value in sums.items()
        if abs(value - 1) > 1e-9
    ]
    if parts and abs(sum(part.work_ratio for part in parts.values()) - 1.0) > 1e-9:
        faults.append(("components", "shares of the work that add up to 1", ""))
    known = {entry.name: entry.metadata["group"] for entry in fields(scenario.channels)}
    return faults + [
        ("components", "feeds name channels of infrastructure", channel)
        for channel in sorted(fed)
        if known.get(channel) != "infrastructure"
    ]


def _outside(belief: Belief[Quantity]) -> list[tuple[str, str, str]]:
    low, high = support(belief.value)
    if isinstance(belief.value, Lognormal):  # its ends were never stated: its middle eight tenths must lie inside
        low, high = percentile(belief.value, 0.1), percentile(belief.value, 0.9)
    if low < belief.low or high > belief.high:
        return [(belief.path, f"between {belief.low:g} and {belief.high:g}", f"{low:g} to {high:g}")]
    return []


def apply_settings(scenario: Scenario[Quantity], settings: Sequence[str]) -> Scenario[Quantity]:
    """The scenario with `PATH=VALUE` settings applied: a number fixes a belief, a flow mapping gives it a distribution."""
    faults: list[Fault] = []
    data = plain(scenario)
    for setting in settings:
        path, mark, text = setting.partition("=")
        try:
            if not mark:
                raise InputFault([Fault(path=setting, rule="PATH=VALUE")])
            value = read(text, path).data
            replaced(scenario, path, None)
            _put(data, path.split("."), value)
        except KeyError:
            faults.append(Fault(path=path, rule=f"no such place{meant(path, list(_places(data)))}"))
        except InputFault as error:
            faults += error.faults
    if faults:
        raise InputFault(faults)
    return from_plain(data, "--set")


def plain(scenario: Scenario[Quantity]) -> dict[str, Any]:
    """The scenario as plain mappings and lists, ready to be written or changed."""
    data: dict[str, Any] = _adapter().dump_python(scenario, mode="json")
    return data


def written(scenario: Scenario[Quantity]) -> str:
    """The scenario as the text of a profile that stands by itself: what it shares with others is written out too."""
    import yaml

    return str(yaml.safe_dump(plain(scenario), sort_keys=False, allow_unicode=True, width=120))


def from_plain(data: dict[str, Any], origin: str) -> Scenario[Quantity]:
    """The scenario of plain mappings, checked as a whole; `origin` names them in messages."""
    return _checked(data, Document(data), origin)


def _places(data: Any, path: str = "") -> Iterator[str]:
    """The dotted paths that can be set: every belief as one, and every plain value."""
    if not isinstance(data, dict) or ("kind" in data and "source" in data):
        yield path
        return
    for name, value in data.items():
        if path or name not in ("presets", "sources", "constraints"):
            yield from _places(value, f"{path}.{name}" if path else str(name))


def _put(data: Any, parts: list[str], value: Any) -> None:
    for part in parts[:-1]:
        data = data[part]
    old = data[parts[-1]]
    if isinstance(old, dict) and "kind" in old and "source" in old:
        own = {"source": old["source"], "mark": "user", "grade": "D"}
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        value = {"kind": "fixed", "value": value, **own} if is_number else {**own, **value} if isinstance(value, dict) else value
    data[parts[-1]] = value


def schema() -> dict[str, Any]:
    """JSON Schema of a profile; sections that the shared priors already fill are optional in it."""
    whole = _adapter().json_schema()
    for record in [whole, *whole.get("$defs", {}).values()]:
        record.pop("title", None)
    for name, record in whole.get("$defs", {}).items():
        if not name.startswith(("Workload", "LlmWork", "OnlineWork", "BatchWork", "TrainingWork", "EdgeWork", "RenderWork")):
            is_quantity = "kind" in record.get("properties", {})
            if not is_quantity:
                record.pop("required", None)
    whole["required"] = [name for name in whole.get("required", []) if name not in _SHARED]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **whole}
