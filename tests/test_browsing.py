"""A machine without Chromium: the tests that need one are left out with a reason, but in CI they fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from browsing import chromium


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", AssertionError)], ids=["here", "in CI"])
def test_without_chromium_a_test_is_left_out_here_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="chromium"), chromium():
        pass
