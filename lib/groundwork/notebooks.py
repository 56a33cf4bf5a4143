"""Notebooks run with parameters, after the parameters have been checked: a misspelt one is refused and not passed over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundwork.errors import Fault, InputFault
from groundwork.profile_files import meant

_KINDS: dict[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "float": (int, float)}


def executed(notebook: Path, output: Path, parameters: Mapping[str, Any], folder: Path | None = None) -> Any:
    """The notebook executed from top to bottom by papermill, also written to `output`; `folder` is where it runs.

    Raises
    ------
    InputFault
        With every parameter that the notebook does not have or whose kind is another, before anything runs.
    """
    import papermill

    known = papermill.inspect_notebook(str(notebook))
    faults = []
    for name, value in parameters.items():
        if name not in known:
            rule = f"a parameter of {notebook.name}: {', '.join(known)}{meant(name, list(known))}"
            faults.append(Fault(path=name, rule=rule, came=repr(value)))
            continue
        kind = known[name]["inferred_type_name"]
        if isinstance(value, bool) or not isinstance(value, _KINDS.get(kind, (object,))):
            faults.append(Fault(path=name, rule=f"{known[name]['help'] or name} ({kind})", came=repr(value)))
    if faults:
        raise InputFault(faults)
    return papermill.execute_notebook(
        str(notebook), str(output), parameters=dict(parameters), cwd=str(folder or notebook.parent), progress_bar=False
    )
