"""How fast the start page opens against an empty Voila page: `python tests/benchmarks/start_page.py`. The bar is 1.3 times.

Both pages are served by the same server with the shipped configuration; each is opened several times in turn and the fastest
of each is compared, because a busy machine only ever adds time.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from groundwork.app.launch import command, environment

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
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        shutil.copy(ROOT / "notebooks" / "index.ipynb", folder)
        (Path(folder) / "empty.ipynb").write_text(json.dumps(EMPTY), encoding="utf-8")
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        words = command(Path(folder), port)
        quiet = subprocess.DEVNULL
        server = subprocess.Popen(words, env=environment(), stdout=quiet, stderr=quiet, start_new_session=True)
        home = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(home, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.1)
            seconds: dict[str, list[float]] = {"empty": [], "index": []}
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                for _ in range(TURNS):
                    for name, mark in (("empty", ".shown"), ("index", ".gw-start-row")):
                        page = browser.new_page()
                        begun = time.perf_counter()
                        page.goto(f"{home}/voila/render/{name}.ipynb")
                        page.wait_for_selector(mark, timeout=60_000)
                        seconds[name].append(time.perf_counter() - begun)
                        page.close()
                browser.close()
        finally:
            os.killpg(server.pid, 15)
            server.wait(30)
    empty, start = min(seconds["empty"]), min(seconds["index"])
    print(f"empty page {empty:.2f} s, start page {start:.2f} s, {start / empty:.2f} times (bar 1.3)", file=sys.stdout)


if __name__ == "__main__":
    main()
