"""The exceptions of Groundwork, as a map: everything that a user can put right is an `InputFault`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class GroundworkError(Exception):
    """Whatever Groundwork raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with an input: where it stands, which rule it breaks, what came, and the fix.

    `path` is the dotted path of the field, empty for the file as a whole; `line` counts from 1.
    """

    rule: str
    path: str = ""
    came: str = ""
    fix: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.line) if self.line else "") if part)
        words = [f"{place}: " if place else "", f"{self.path}: " if self.path else "", self.rule]
        if self.came:
            words.append(f"; came {self.came}")
        if self.fix:
            words.append(f". {self.fix}")
        return "".join(words)


class InputFault(GroundworkError):
    """An input that was refused. It carries every fault at once; nothing was changed."""

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(rule=faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class OutOfCalibration(GroundworkError):
    """A question the model refuses to answer, with the reason."""
