"""Plain data from a YAML or JSON text that a stranger wrote: bounded, without tags, aliases, doubles or odd numbers.

What the usual reader would turn into something else in silence - NO into False, 017 into 15, 1:30:00 into 5400, .nan into a
number that is none - stays the text it was, so that the schema can refuse it where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from groundwork.errors import Fault, InputFault

LARGEST_CHARACTERS = 1_000_000
MOST_NODES = 20_000
DEEPEST = 24
LONGEST_NUMBER = 40

_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*(_[0-9]+)*)(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?\Z")
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "map", "seq")}
_BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class Document:
    """Plain data and the line on which each dotted path stands."""

    data: Any
    lines: dict[str, int] = field(default_factory=dict)


def text_of(path: Path) -> str:
    """The text of a file, not read further than a document may be long.

    Raises
    ------
    InputFault
        When the file cannot be opened or is no UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            return file.read(4 * LARGEST_CHARACTERS + 4).decode("utf-8-sig")
    except OSError as error:
        raise InputFault([Fault(file=str(path), rule="a file that can be read", came=error.strerror or str(error))]) from None
    except UnicodeDecodeError as error:
        raise InputFault([Fault(file=str(path), rule="UTF-8 text", came=f"byte {error.start} is none")]) from None


def read(text: str, file: str) -> Document:
    """Read one document.

    Raises
    ------
    InputFault
        With every fault that the reader can see: size, depth, number of items, aliases, tags, keys given twice, and the
        place where the text is no YAML.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise InputFault([Fault(file=file, rule=f"at most {LARGEST_CHARACTERS:,} characters", came=f"{len(text):,}")])
    _refuse_before_building(text, file)
    try:
        node = yaml.compose(text, Loader=_BASE)
    except yaml.YAMLError as error:
        raise InputFault([_not_yaml(error, file)]) from None
    if node is None:
        raise InputFault([Fault(file=file, rule="a mapping of names to values", came="nothing")])
    document = Document(None)
    faults: list[Fault] = []
    document.data = _plain(node, "", document.lines, faults, file)
    if faults:
        raise InputFault(faults)
    return document


def _refuse_before_building(text: str, file: str) -> None:
    """Count events before any tree is built: bombs are refused while they are still small."""
    depth = nodes = 0
    try:
        for event in _events(text):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise InputFault(
                    [Fault(file=file, line=line, rule="no anchors and no aliases", fix="Write the value out where it is needed.")]
                )
            nodes += 1
            depth += isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
            depth -= isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
            if depth > DEEPEST:
                raise InputFault([Fault(file=file, line=line, rule=f"at most {DEEPEST} levels deep", came="more")])
            if nodes > MOST_NODES:
                raise InputFault([Fault(file=file, line=line, rule=f"at most {MOST_NODES:,} items", came="more")])
    except yaml.YAMLError as error:
        raise InputFault([_not_yaml(error, file)]) from None


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_BASE))


def _not_yaml(error: yaml.YAMLError, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return Fault(file=file, line=mark.line + 1 if mark else None, rule="readable YAML", came=str(problem)[:120])


def _plain(node: Any, path: str, lines: dict[str, int], faults: list[Fault], file: str) -> Any:
    line = node.start_mark.line + 1
    lines[path] = line
    if node.tag not in _TAGS:
        faults.append(Fault(file=file, line=line, path=path, rule="no tags", came=node.tag))
    if isinstance(node, yaml.MappingNode):
        made: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            where = key_node.start_mark.line + 1
            if key is None:
                faults.append(Fault(file=file, line=where, path=path, rule="a plain name as key"))
            elif key in made:
                faults.append(Fault(file=file, line=where, path=_below(path, key), rule="each key once", came="a second one"))
            else:
                made[key] = _plain(value_node, _below(path, key), lines, faults, file)
        return made
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, _below(path, str(number)), lines, faults, file) for number, item in enumerate(node.value)]
    return _scalar(node)


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _scalar(node: Any) -> Any:
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("null", "~", ""):
        return None
    if len(text) <= LONGEST_NUMBER and _NUMBER.match(text):
        plain = text.replace("_", "")
        number = float(plain) if any(mark in plain for mark in ".eE") else int(plain)
        return number if isfinite(number) else text
    return text
