"""How soon a bomb is refused: the alias bomb of 400 bytes, and every other one of `test_safe_yaml.py`, in process.

python tests/benchmarks/safe_input_speed.py
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

from bars import Bars
from reference import scale

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundwork.errors import InputFault
from groundwork.safe_yaml import read
from test_safe_yaml import BOMBS

MILLISECONDS = 100.0


def main() -> None:
    """Print one line for each bomb."""
    bars = Bars()
    factor = scale()
    for name, text in BOMBS.items():
        best = float("inf")
        for _ in range(5):
            started = time.process_time()
            with suppress(InputFault):
                read(text, "bomb.yaml")
            best = min(best, time.process_time() - started)
        bars.at_most(f"{name}, {len(text):,} characters, scaled", 1e3 * best / factor, MILLISECONDS, "ms")
    bars.close()


if __name__ == "__main__":
    main()
