"""The house: nothing runs back up the line, no circle, no room too large, nothing heavy before the first picture.

`TABLE` is the plan as data: for a room, or a floor of rooms, what of ours and which packages from elsewhere it may import. The
longest name that fits a room counts; the standard library is always allowed. Who needs a new entry writes it here, where the
next reader sees it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "lib" / "groundwork"
LARGEST = 330  # about 300: what stands above has more than one idea

FLOOR = ("errors", "units")
BELIEFS = (*FLOOR, "quantities", "beliefs", "channels", "levers", "workloads", "scenario", "draws")
SHOWN = ("ipywidgets", "anywidget", "traitlets", "IPython", "voila")
TABLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "errors": ((), ()),
    "units": ((), ()),
    "quantities": (FLOOR, ("numpy", "scipy", "pydantic")),
    "beliefs": (("quantities", "units"), ()),
    "channels": (("quantities", "beliefs"), ()),
    "levers": (("beliefs",), ("pydantic",)),
    "workloads": (("quantities", "beliefs"), ("pydantic",)),
    "scenario": ((*FLOOR, "quantities", "beliefs", "channels", "levers", "workloads"), ("pydantic", "numpy")),
    "sobol": ((), ("numpy",)),
    "draws": ((*FLOOR, "sobol"), ("numpy", "scipy")),
    "safe_yaml": (FLOOR, ("yaml",)),
    "profile_files": (("errors",), ()),
    "profiles": ((*BELIEFS, "profile_files", "safe_yaml", "catalogue"), ("yaml", "pydantic")),
    "presets": ((*BELIEFS, "profiles"), ()),
    "catalogue": ((*FLOOR, "catalogue", "formulas"), ("numpy",)),
    "catalogue/fit": ((*FLOOR, "catalogue", "formulas"), ("numpy", "scipy")),
    "formulas": ((*FLOOR, "formulas"), ("numpy", "scipy")),
    "strategy": ((*BELIEFS, "strategy", "formulas", "catalogue"), ("numpy", "scipy")),
    "strategy/loops": (("quantities", "strategy"), ("numpy",)),
    "strategy/loops/compiled": ((), ("numba", "numpy")),
    "analysis": ((*BELIEFS, "analysis", "strategy", "formulas"), ("numpy", "scipy")),
    "intake": (
        (*BELIEFS, "intake", "formulas", "catalogue", "safe_yaml"),
        ("numpy", "pandas", "scipy", "statsmodels", "pydantic", "yaml", "pyarrow"),
    ),
    "results": ((*BELIEFS, "catalogue", "strategy", "analysis", "results"), ("numpy", "pandas", "xlsxwriter")),
    "charts": ((*FLOOR, "charts"), ("altair", "pandas")),
    "study": (
        (*BELIEFS, "strategy", "analysis", "results", "profiles", "presets", "catalogue", "intake", "study"),
        ("numpy", "traitlets"),
    ),
    "notebooks": (("errors", "profile_files"), ("papermill",)),
    "stories": ((*BELIEFS, "profiles", "catalogue", "strategy", "analysis", "results", "study"), ("numpy",)),
    "app": (
        (
            *BELIEFS,
            "stories",
            "profile_files",
            "analysis",
            "strategy",
            "catalogue",
            "profiles",
            "presets",
            "results",
            "charts",
            "study",
            "intake",
            "app",
        ),
        (*SHOWN, "numpy"),
    ),
    "app/build": (("app", "charts"), ("vl_convert", "altair")),
    "app/server": (("app",), ("jupyter_server", "tornado", "traitlets", "voila")),
    "report": ((*BELIEFS, "profiles", "study", "results", "charts", "report"), ("nbconvert", "nbformat", "papermill", "jinja2")),
    "sweep": (
        (*BELIEFS, "profiles", "study", "results", "strategy", "analysis", "sweep"),
        ("numpy", "pandas", "pyarrow", "dask", "distributed"),
    ),
    "cli": (
        (
            *BELIEFS,
            "profiles",
            "presets",
            "safe_yaml",
            "catalogue",
            "intake",
            "study",
            "results",
            "report",
            "sweep",
            "app",
            "cli",
        ),
        ("rich", "tqdm"),
    ),
    "__main__": (("cli",), ()),
}
HEAVY = ("altair", "scipy.stats", "statsmodels", "vl_convert", "dask", "xlsxwriter", "papermill")


def rooms() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def room_of(path: Path) -> str:
    """`analysis/timing` for lib/groundwork/analysis/timing.py; a package's own file bears the package's name."""
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return "/".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: str) -> set[str]:
    """Names of modules that a source imports, wherever in it: a late import runs up the house as well as an early one."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def entry(room: str) -> str:
    fits = [name for name in TABLE if room == name or room.startswith((f"{name}/", f"{name}_"))]
    return max(fits, key=len, default="")


def wrong_imports(room: str, source: str) -> list[str]:
    """What a room may not import, in words; the plan knows a room that has no entry as a fault too."""
    if not room:  # the package itself holds the version and nothing else
        return [f"the package's own file imports {name}" for name in imported(source) if not name.startswith("__future__")]
    name = entry(room)
    if not name:
        return [f"{room} has no entry in the plan"]
    ours, others = TABLE[name]
    wrong = []
    for module in sorted(imported(source)):
        first, _, rest = module.partition(".")
        if first == "groundwork":
            if rest.partition(".")[0] not in (*ours, "__version__"):
                wrong.append(f"{room} may not import {module}")
        elif first not in sys.stdlib_module_names and first not in others:
            wrong.append(f"{room} may not import {module}")
    return wrong


@pytest.mark.parametrize("path", rooms(), ids=lambda path: str(path.relative_to(LIBRARY)))
def test_no_import_runs_up_the_house(path: Path) -> None:
    assert wrong_imports(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("formulas/demand", "from groundwork.scenario import Scenario"),
        ("formulas/new", "import pandas as pd"),
        ("strategy/simulation", "def late():\n    from groundwork import results"),
        ("analysis/search", "import altair"),
        ("charts/fan", "import ipywidgets"),
        ("study", "from groundwork.app import workbook"),
        ("app/pages/cost", "from groundwork.formulas.cost import ownership"),
        ("draws", "import groundwork.scenario"),
        ("attic", "import math"),
    ],
)
def test_the_plan_refuses_what_it_should(room: str, source: str) -> None:
    assert len(wrong_imports(room, source)) == 1


def test_judges_receive_the_chain_and_do_not_fetch_it() -> None:
    for path in (LIBRARY / "analysis").rglob("*.py"):
        assert "groundwork.strategy.simulation.simulate" not in imported(path.read_text(encoding="utf-8")), path


def test_there_is_no_circle() -> None:
    modules = {room_of(path).replace("/", "."): path for path in rooms()}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        seen = graph.setdefault(name, set())
        for module in imported(path.read_text(encoding="utf-8")):
            target = module.removeprefix("groundwork.")
            if module.startswith("groundwork.") and target not in modules:
                target = target.rpartition(".")[0]  # a name inside a module
            if module.startswith("groundwork.") and target in modules and target:
                seen.add(target)
    assert sum(map(len, graph.values())) > 100  # the graph is not empty by a mistake of the reader above
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' <- '.join(error.args[1])}")


def test_no_room_is_larger_than_one_idea() -> None:
    sizes = {room_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in rooms()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}


def test_no_room_is_called_after_nothing() -> None:
    assert [
        room_of(path) for path in rooms() if {"utils", "util", "helpers", "common", "misc"} & set(room_of(path).split("/"))
    ] == []


@pytest.mark.parametrize("opened", ["groundwork.app.workbook", "groundwork.app.start"])
def test_nothing_heavy_is_imported_on_the_way_to_the_first_picture(opened: str) -> None:
    """The page is built as well as imported, since a late import would hide from the import alone."""
    built = {"groundwork.app.workbook": "workbook('retail')", "groundwork.app.start": "start_page()"}[opened]
    asked = f"import sys; from {opened} import *; {built}; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(shown.stdout.split())
    assert opened in loaded
    assert {name for name in HEAVY if name in loaded} == set()


def test_the_top_level_is_what_the_readme_says() -> None:
    folders = {"notebooks", "lib", "industry_profiles", "tests", "binder"}
    files = {"README.md", "requirements.txt", "pyproject.toml", "Makefile", "LICENSE"}
    made = {"build", "dist"}  # packaging leaves them; they are not committed
    here = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert here - made == folders | files


def test_no_page_asks_a_content_network() -> None:
    for path in [*(LIBRARY / "app").rglob("*"), *(ROOT / "notebooks").glob("*")]:
        if path.suffix in {".py", ".j2", ".css", ".html", ".ipynb"} or path.name == "chart_view.js":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"cdn\.|unpkg|jsdelivr|esm\.sh|googleapis", text), path
