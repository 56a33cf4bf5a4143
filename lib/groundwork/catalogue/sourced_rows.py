"""A table whose rows have a source each, read into records of one kind: every cell is what its column promises, or a fault."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import TypeVar

from groundwork.catalogue.tables import table_rows
from groundwork.errors import Fault, InputFault


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRecord:
    """What every record carries; `mark` is published, derived, estimate, recalled, secondary or judgement; `grade` A to D."""

    date: str
    source: str
    mark: str
    grade: str


Record = TypeVar("Record", bound=SourcedRecord)


@cache
def sourced_rows(name: str, kind: type[Record]) -> tuple[Record, ...]:
    """A table of the catalogue as records of one kind; columns that the kind does not name are left in the file.

    What a user would get wrong: an empty cell becomes None where the kind allows it and is a fault elsewhere; it is never 0.

    Raises
    ------
    InputFault
        With every cell that does not hold what its column promises.
    """
    hints = typing.get_type_hints(kind)
    faults: list[Fault] = []
    records = []
    for line, row in enumerate(table_rows(name), start=2):
        values = {field.name: _cell(row, field.name, hints[field.name]) for field in fields(kind)}
        wrong = [column for column, value in values.items() if isinstance(value, _Unreadable)]
        faults += [
            Fault(rule="is not a number", path=column, came=row.get(column) or "nothing", file=name, line=line)
            for column in wrong
        ]
        if not wrong:
            records.append(kind(**values))
    if faults:
        raise InputFault(faults)
    return tuple(records)


class _Unreadable:
    """A cell that does not hold what its column promises."""


def _cell(row: Mapping[str, str], column: str, hint: object) -> typing.Any:
    text = (row.get(column) or "").strip()
    kinds = set(_kinds(hint))
    if str in kinds:
        return text
    if not text:
        return None if types.NoneType in kinds else _Unreadable()
    try:
        return int(text) if int in kinds else float(text)
    except ValueError:
        return _Unreadable()


def _kinds(hint: object) -> Iterator[object]:
    """The types in `float | None` or in a plain type."""
    yield from typing.get_args(hint) or (hint,)
