"""Open the workbook: Voila on the notebooks, with no address outside this machine ever asked for."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from groundwork.app import preparing
from groundwork.errors import InputFault

DEFAULT_PORT = 8866


def notebooks() -> Path:
    """The folder of notebooks beside the library.

    Raises
    ------
    InputFault
        When the package was installed without the repository.
    """
    folder = Path(__file__).parents[3] / "notebooks"
    if not folder.is_dir():
        raise InputFault("no notebooks beside the library: run this from a checkout of the repository")
    return folder


def command(folder: Path, port: int) -> list[str]:
    """The words that serve a folder of notebooks on a port of this machine; settings stand in `server/config/voila.json`."""
    words = [sys.executable, "-m", "groundwork.app.server", str(folder), f"--port={port}", "--no-browser"]
    return [*words, "--Voila.ip=127.0.0.1"]


def environment() -> dict[str, str]:
    """The server's environment: Jupyter also looks for templates and settings inside the package."""
    server = Path(__file__).parent / "server"
    found = dict(os.environ)
    for name, place in (("JUPYTER_PATH", server), ("JUPYTER_CONFIG_PATH", server / "config")):
        found[name] = os.pathsep.join(part for part in (str(place), found.get(name, "")) if part)
    return found


def serve(port: int | None) -> NoReturn:
    """Become the server: a signal meant for the command reaches the server, and the exit status is the server's.

    After installation the chain is prepared first, so that no visitor waits for it.

    Raises
    ------
    InputFault
        When the port is taken or there are no notebooks.
    """
    chosen = DEFAULT_PORT if port is None else port
    words = command(notebooks(), chosen)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", chosen)) == 0:
            raise InputFault(f"port {chosen} is taken; choose another with --port")
    if not preparing.is_prepared():
        preparing.prepare()
    print(f"Groundwork: http://127.0.0.1:{chosen}/", file=sys.stderr, flush=True)
    os.execve(words[0], words, environment())
