"""The wheel: built from the tree without a network, whole, and at work where no repository is near."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("groundwork-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def asked(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python with the unpacked wheel in front of anything else, in a folder that has nothing."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def in_the_tree() -> set[str]:
    """Every file of the library and every profile, as the wheel should name it."""
    library = ROOT / "lib" / "groundwork"
    files = {
        f"groundwork/{path.relative_to(library).as_posix()}"
        for path in library.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return files | {f"groundwork/industry_profiles/{path.name}" for path in (ROOT / "industry_profiles").iterdir()}


def test_the_wheel_holds_the_library_with_its_data_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert names == in_the_tree()
    kinds = {Path(name).suffix for name in names}
    assert kinds >= {".csv", ".yaml", ".json", ".css", ".js", ".html", ".j2", ".py"}


def test_it_works_where_there_is_no_repository(installed: Path, tmp_path: Path) -> None:
    where = asked(installed, tmp_path, "-c", "import groundwork; print(groundwork.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed), where.stdout
    shown = asked(installed, tmp_path, "-m", "groundwork", "profiles")
    assert shown.stdout.split() == ["finance", "healthcare", "manufacturing", "media", "retail"], shown.stderr
    ran = asked(installed, tmp_path, "-m", "groundwork", "run", "retail", "--samples", "16", "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["profile"] == "retail"


def test_every_table_and_picture_is_found_there(installed: Path, tmp_path: Path) -> None:
    """What is read only when a page asks for it: every page of a workbook is opened, and the start page."""
    words = """
from groundwork.app.pages import PAGES
from groundwork.app.start import start_page
from groundwork.app.workbook import Workbook
page = Workbook("media")
for tab in PAGES:
    page._handle_custom_msg({"do": "open", "key": tab.key}, [])
    assert page.page["key"] == tab.key and not page.message, (tab.key, page.message)
page.study.cancel()
assert start_page().value.count('class="gw-start-row"') == 5
"""
    done = asked(installed, tmp_path, "-c", words)
    assert done.returncode == 0, done.stderr


def test_the_app_says_what_it_needs(installed: Path, tmp_path: Path) -> None:
    done = asked(installed, tmp_path, "-m", "groundwork", "app")
    assert done.returncode == 2
    assert "a checkout of the repository" in done.stderr
