"""Tables of the catalogue as they stand in their files: one dictionary of texts for each row, read once."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def table_rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one of the catalogue's files, in its order; an empty cell is an empty text. Not to be changed.

    Parameters
    ----------
    name
        File name inside the catalogue, with its ending.
    """
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
