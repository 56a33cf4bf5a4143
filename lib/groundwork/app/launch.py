"""Open the workbook: Voila on the notebooks, with no address outside this machine ever asked for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from groundwork.errors import InputFault

DEFAULT_PORT = 8866


def command(port: int) -> list[str]:
    """The words that start the server on a port."""
    notebooks = Path(__file__).parents[3] / "notebooks"
    if not notebooks.is_dir():
        raise InputFault("no notebooks beside the library: run this from a checkout of the repository")
    words = [sys.executable, "-m", "voila", str(notebooks), f"--port={port}", "--no-browser", "--Voila.ip=127.0.0.1"]
    words += [
        "--Voila.port_retries=0",
        "--VoilaConfiguration.template=groundwork",
        "--VoilaConfiguration.allow_template_override=NO",
        "--VoilaConfiguration.allow_theme_override=NO",
    ]
    words += ["--MappingKernelManager.cull_idle_timeout=60", "--MappingKernelManager.cull_interval=10"]
    return words


def environment() -> dict[str, str]:
    """The server's environment: Jupyter also looks for templates inside the package."""
    places = [str(Path(__file__).parent / "server"), os.environ.get("JUPYTER_PATH", "")]
    return os.environ | {"JUPYTER_PATH": os.pathsep.join(place for place in places if place)}


def serve(port: int | None) -> int:
    """Start the server and stay with it; the exit status is the server's.

    Raises
    ------
    InputFault
        When the port is taken.
    """
    chosen = DEFAULT_PORT if port is None else port
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", chosen)) == 0:
            raise InputFault(f"port {chosen} is taken; choose another with --port")
    words = command(chosen)
    print(f"Groundwork: http://127.0.0.1:{chosen}/voila/render/index.ipynb", file=sys.stderr)
    return subprocess.call(words, env=environment())
