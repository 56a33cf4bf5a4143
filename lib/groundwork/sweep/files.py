"""The files of a sweep: its rows once all are there, and until then what is done, so that a stop loses nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from groundwork.sweep.grid import Sweep
from groundwork.sweep.playing import Row

ENDINGS = (".parquet", ".csv", ".json")


class Journal:
    """What is done of a sweep, a line for each point, beside the file that is asked for; gone once that is written."""

    def __init__(self, target: Path, sweep: Sweep) -> None:
        self.path = target.with_name(target.name + ".part")
        self.sweep = sweep

    def done(self) -> list[list[Row]]:
        """Rows of the points that an earlier start of the same sweep finished; another sweep's are not taken."""
        if not self.path.exists():
            return []
        first, *lines = self.path.read_text(encoding="utf-8").split("\n")
        if first != self.sweep.name:
            return []
        found: list[list[Row]] = []
        for line in lines[:-1]:  # the last line ends with no line break where the stop came in the middle of it
            try:
                rows = json.loads(line)
            except json.JSONDecodeError:  # a full disk, or a machine that went down: what stands before it is whole
                break
            found.append(rows)
        return found[: self.sweep.count]

    def begin(self, done: Sequence[list[Row]]) -> None:
        """A clean journal with what is done."""
        lines = [self.sweep.name, *(json.dumps(rows) for rows in done)]
        _replaced(self.path, lambda path: path.write_text("\n".join(lines) + "\n", encoding="utf-8"))

    def keep(self, rows: list[Row]) -> None:
        """One point more."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows) + "\n")

    def end(self) -> None:
        """All is written elsewhere."""
        self.path.unlink(missing_ok=True)


def write(rows: Sequence[Row], target: Path) -> None:
    """The rows as Parquet, CSV or JSON, by the ending of the name; a stop in the middle leaves what was there before."""
    if target.suffix == ".json":
        text = json.dumps(list(rows), ensure_ascii=False, allow_nan=False) + "\n"
        _replaced(target, lambda path: path.write_text(text, encoding="utf-8"))
        return
    import pandas as pd

    table = pd.DataFrame(list(rows))
    if target.suffix == ".csv":
        _replaced(target, lambda path: table.to_csv(path, index=False, lineterminator="\n"))
    else:
        _replaced(target, lambda path: table.to_parquet(path, index=False))


def _replaced(target: Path, made: Callable[[Path], object]) -> None:
    """A file made beside its place and put there once it is whole."""
    beside = target.with_name(f".{target.name}.new")
    try:
        made(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
