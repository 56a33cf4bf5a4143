"""A measured value beside its bar: one line each, and the exit status says whether one was missed."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass
class Bars:
    """Collects what a benchmark measured."""

    missed: list[str] = field(default_factory=list)

    def at_most(self, name: str, value: float, bar: float, unit: str) -> None:
        """A value that should lie at or below its bar."""
        self._say(name, value, f"<= {bar:.3g}", unit, value <= bar)

    def at_least(self, name: str, value: float, bar: float, unit: str) -> None:
        """A value that should lie at or above its bar."""
        self._say(name, value, f">= {bar:.3g}", unit, value >= bar)

    def close(self) -> None:
        """End the benchmark."""
        sys.exit(1 if self.missed else 0)

    def _say(self, name: str, value: float, bar: str, unit: str, kept: bool) -> None:
        print(f"{'ok  ' if kept else 'MISS'}  {name:52} {value:10.4g} {unit:6} bar {bar}", flush=True)
        if not kept:
            self.missed.append(name)
