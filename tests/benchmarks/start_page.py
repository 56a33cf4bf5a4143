"""How fast the start page opens against an empty Voila page: `python tests/benchmarks/start_page.py`. The bar is 1.3 times.

Both pages are served by the same server with the shipped configuration; each is opened several times in turn and the fastest
of each is compared, because a busy machine only ever adds time.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from browsing import chromium
from running_server import served

ROOT = Path(__file__).parents[2]
TURNS = 5
EMPTY = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "empty",
            "metadata": {},
            "outputs": [],
            "source": ["from IPython.display import HTML\n", "HTML('<p class=\"shown\">.</p>')"],
        }
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / "notebooks" / "index.ipynb", folder)
        (Path(folder) / "empty.ipynb").write_text(json.dumps(EMPTY), encoding="utf-8")
        seconds: dict[str, list[float]] = {"empty": [], "index": []}
        with served(Path(folder)) as port, chromium() as browser:
            for _ in range(TURNS):
                for name, mark in (("empty", ".shown"), ("index", ".gw-start-row")):
                    page = browser.new_page()
                    begun = time.perf_counter()
                    page.goto(f"http://127.0.0.1:{port}/voila/render/{name}.ipynb")
                    page.wait_for_selector(mark, timeout=60_000)
                    seconds[name].append(time.perf_counter() - begun)
                    page.close()
    empty, start = min(seconds["empty"]), min(seconds["index"])
    print(f"empty page {empty:.2f} s, start page {start:.2f} s, {start / empty:.2f} times (bar 1.3)", file=sys.stdout)


if __name__ == "__main__":
    main()
