"""What the page says when something went wrong or is not there: all such words in one place. What, what was kept, the fix."""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundwork.errors import Fault

LOST = "The connection to the model was lost."
LOST_KEPT = "Your scenario is kept in this page's address."
RELOAD = "Reload and restore"
EMPTY_RUN = "Not worked out yet."


def out_of_range(low: str, high: str, unit: str, shown: str) -> tuple[str, str]:
    """A typed number that cannot be: what is wrong, what was kept and what to do."""
    ends = f"Outside {low} to {high}{unit}."
    return ends, f"The page still shows {shown}{unit}. Type a value in the range or press Reset."


def no_number(text: str, shown: str, unit: str) -> tuple[str, str]:
    """A typed word that is no number: what is wrong with it, what was kept and what to do."""
    kept = f"The page still shows {shown}{unit}."
    if not text:
        return "The box is empty.", f"{kept} Type a number, or press Reset or Escape."
    said = f"\N{LEFT DOUBLE QUOTATION MARK}{text[:24]}\N{RIGHT DOUBLE QUOTATION MARK} is no number here."
    if re.fullmatch(r"[-+\u2212]?\d+,\d+", text):
        return said, f"{kept} Decimals stand behind a point, as in 1.5; a comma parts thousands, as in 1,500."
    if text.endswith("%"):
        return said, f"{kept} It is not in per cent: type the number alone."
    return said, f"{kept} Type digits, for example 1,200 or 2.5 M."


def no_future(text: str, last: int) -> tuple[str, str]:
    """A typed future that is not there."""
    said = f"There is no future “{text[:24]}”."
    return said, f"Type a number from 1 to {last:,}, or a share of futures such as 25%."


def no_whole_number(shown: str, unit: str) -> tuple[str, str]:
    """A typed number with decimals where pieces or months are counted."""
    return "Only whole numbers count here.", f"The page still shows {shown}{unit}. Type a whole number or press Reset."


def refused(faults: Sequence[Fault]) -> tuple[str, str]:
    """A change that the scenario does not take."""
    return "This change was not made.", "; ".join(
        f"{fault.path}: {fault.rule}" for fault in faults
    ) + ". Everything else stays as it was."


def link_refused(why: str) -> tuple[str, str]:
    """A link or file that cannot be read."""
    return (
        "This link could not be opened.",
        f"It is {why}. The page shows the profile as it is; ask for the link again, or for the file.",
    )


def link_opened(remarks: Sequence[str]) -> tuple[str, str]:
    """A link that was opened although something has changed since."""
    return "This scenario was opened from a link.", " ".join(remarks)


def file_refused(why: str) -> tuple[str, str]:
    """A scenario file that cannot be read."""
    return "This file could not be opened.", f"It is {why}. The page keeps what it shows; choose a file that Download made here."


def file_opened(note: str, remarks: Sequence[str]) -> tuple[str, str]:
    """A scenario file that was opened: its note, and what has changed since."""
    said = f"“{note}”" if note else ""
    return "This scenario was opened from a file.", " ".join([said, *remarks]).strip()


def too_long(kept: str) -> tuple[str, str]:
    """A scenario that does not fit into an address."""
    return "This scenario does not fit into a link.", f"{kept} Save it as a file instead."


def work_failed(what: str) -> tuple[str, str]:
    """Long work that broke."""
    return "Some work could not be finished.", f"{what}. The page keeps what it shows; change an input to try again."
