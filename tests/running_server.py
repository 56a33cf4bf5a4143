"""The workbook's server, started with the words of `groundwork app`, for the time of a test."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundwork.app import launch


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, *settings: str, weakness: str = "") -> Iterator[int]:
    """The port on which a folder of notebooks is served; the server and its kernels are gone afterwards.

    A `weakness` of `weakened_server` takes one protection away.
    """
    port = free_port()
    words = [*launch.command(folder, port), *settings]
    if weakness:
        words[1:3] = [str(Path(__file__).with_name("weakened_server.py")), weakness]
    server = subprocess.Popen(
        words, env=launch.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait(server, port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 60
    while not _answers(port):
        assert server.poll() is None, f"the server ended with {server.returncode}"
        assert time.monotonic() < until, "no answer within a minute"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/voila/static/voila.js", timeout=5).close()
    except OSError:
        return False
    return True
