"""What Binder will build, as far as it can be known without building it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "lib" / "groundwork" / "app" / "server"


def test_the_version_file_reads_exactly_what_binder_knows() -> None:
    assert (ROOT / "binder" / "runtime.txt").read_bytes() == b"python-3.11\n"
    assert (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").split() == ["-r", "../requirements.txt"]
    assert (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == "-e ."
    assert all(os.access(ROOT / "binder" / name, os.X_OK) for name in ("start", "postBuild"))


def test_the_start_script_hands_on_and_lets_jupyter_find_our_server_settings() -> None:
    asked = "from jupyter_core.paths import jupyter_config_path, jupyter_path; print(jupyter_path()[0], jupyter_config_path())"
    words = [str(ROOT / "binder" / "start"), sys.executable, "-c", asked]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    assert str(SERVER) in shown.stdout


def test_on_binder_the_kernel_of_a_closed_page_is_let_go() -> None:
    """Its memory is small; without this setting, which is not the one of `groundwork app`, every page ever opened stays in it."""
    words = [str(ROOT / "binder" / "start"), sys.executable, "-m", "jupyter_server", "--allow-root", "--show-config-json"]
    shown = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    said = json.loads(shown.stdout)["MappingKernelManager"]
    assert 60 <= said["cull_idle_timeout"] <= 600
    assert said["cull_interval"] < said["cull_idle_timeout"]
    assert said["cull_connected"] is False


def test_the_rendered_dockerfile_installs_our_pins_and_starts_our_script() -> None:
    words = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(ROOT)]
    shown = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    text = shown.stdout + shown.stderr
    assert shown.returncode == 0, text[-2000:]
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in text
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in text
    assert "./binder/postBuild" in text
    assert "Building conda environment for python=3.11" in text
