"""Where profiles lie and what they are called: nothing is opened here, so the start page can ask without the model."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from groundwork.errors import InputFault

_PACKAGE = Path(__file__).parent


def folders() -> list[Path]:
    """Where profiles are looked for, in this order: here, in the repository, in the package."""
    places = [Path.cwd() / "industry_profiles", _PACKAGE.parents[1] / "industry_profiles", _PACKAGE / "industry_profiles"]
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def available() -> list[str]:
    """Names of the profiles that can be loaded."""
    return sorted({file.stem for folder in folders() for file in folder.glob("*.yaml")})


def found(name: str) -> Path:
    """The file of a profile, given by path or by name."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml", ".json"}:
        if path.is_file():
            return path
        raise InputFault(f"no file {name}")
    for folder in folders():
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    raise InputFault(f"no profile called {name}{meant(name, available())}")


def meant(word: str, known: Sequence[str]) -> str:
    """What a misspelt word may have meant, as the end of a message; nothing when nothing is near."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    near = near or sorted((name for name in known if word in name), key=len)[:3]  # a word that stops too early
    return f"; did you mean {', or '.join(near)}?" if near and word else ""
