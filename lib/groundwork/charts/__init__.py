"""Pictures: one function for each chart, made with Altair over named data; their specifications are shipped ready-made."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

SPECIFICATIONS = Path(__file__).parent / "specifications"


@cache
def specification(name: str) -> dict[str, Any]:
    """The Vega-Lite specification of a chart, without its data."""
    made: dict[str, Any] = json.loads((SPECIFICATIONS / f"{name}.json").read_text(encoding="utf-8"))
    return made
