"""The rail of one study: which controls there are, in which order, and what a value that a control shows means."""

from __future__ import annotations

from typing import Any

import numpy as np

from groundwork.app import messages, rail
from groundwork.quantities import middle
from groundwork.results.assumptions import swings_usd
from groundwork.results.words import NO_BREAK, quantity_figure
from groundwork.scenario import beliefs
from groundwork.study.state import Study

SHOWN_FIRST = 8  # beliefs in the rail before `More beliefs`, beside those that the reader moved


class Inputs:
    """Describes the controls of a study; `description` also fixes the order of the beliefs. What was moved is always shown."""

    def __init__(self, study: Study) -> None:
        self.study = study

    def description(self) -> dict[str, Any]:
        """Presets, levers of every strategy, workloads, and the beliefs that move the lead most."""
        study, base = self.study, self.study.base
        swing, error = swings_usd(study.points, study.pair.lead_usd)
        told = np.where(np.abs(swing) > 2.0 * error, np.abs(swing), 0.0)
        known = list(beliefs(base))
        self.order = [known[int(place)].path for place in np.argsort(-told, kind="stable")]
        self.known = {belief.path: belief for belief in known}
        self.first = [path for place, path in enumerate(self.order) if place < SHOWN_FIRST or path in study.state.values]
        self.levers = {name: rail.lever_controls(base, name) for name in base.strategies}
        pair = study.pair
        asked = list(base.strategies)[:2]  # the two that the question is about
        return {
            "home": f"{study.profile.title} profile",
            "presets": [
                {"name": name, "label": preset.label, "help": preset.sentence, "group": preset.group}
                for name, preset in study.profile.presets.items()
            ],
            "workloads": [
                {"path": f"workloads.{name}.enabled", "label": item.label, "help": item.sentence, "value": item.enabled}
                for name, item in base.workloads.items()
            ],
            "strategies": [
                {"name": name, "label": item.label, "help": item.sentence, "levers": self.levers[name]}
                for name, item in base.strategies.items()
            ],
            "strategy": pair.first if pair.first in asked else asked[-1],
            "beliefs": [rail.belief_control(base, self.known[path]) for path in self.first],
            "more": len(self.order) - len(self.first),
        }

    def rest(self) -> list[dict[str, Any]]:
        """The beliefs after the first ones: many, so they are made when asked for."""
        return [rail.belief_control(self.study.base, self.known[path]) for path in self.order if path not in self.first]

    def home(self, path: str) -> tuple[float, float] | None:
        """What the control of a belief shows at home, rounded, and the exact value behind it."""
        if path not in self.known:
            return None
        exact = middle(self.known[path].value)
        return rail.rounded(rail.to_shown(path, exact)), exact

    def value(self, path: str, shown: Any) -> Any:
        """The model's value of what a control shows."""
        return rail.to_model(self.study.base, path, shown, self.home(path))

    def refusal(self, path: str, shown: Any) -> tuple[str, str] | None:
        """Why a control may not show this, in words, or nothing when it may."""
        control = self._control(path)
        unit = f"{NO_BREAK}{control['unit']}" if control and control["unit"] else ""
        if isinstance(shown, str) and (shown != rail.NEVER or (control is not None and control["kind"] != "month")):
            return messages.no_number(shown, self._shown_now(path, control), unit)
        if control is None or isinstance(shown, bool) or not isinstance(shown, int | float):
            return None
        if control["low"] <= shown <= control["high"]:
            if control.get("whole") and not float(shown).is_integer():
                return messages.no_whole_number(self._shown_now(path, control), unit)
            return None
        ends = quantity_figure(control["low"]), quantity_figure(control["high"])
        return messages.out_of_range(*ends, unit, self._shown_now(path, control))

    def _control(self, path: str) -> dict[str, Any] | None:
        if path in self.known:
            return rail.belief_control(self.study.base, self.known[path])
        levers = (lever for of_one in self.levers.values() for lever in of_one)
        return next((lever for lever in levers if lever["path"] == path and "low" in lever), None)

    def _shown_now(self, path: str, control: dict[str, Any] | None) -> str:
        values = self.study.state.values
        shown = rail.to_shown(path, values[path]) if path in values else (control or {}).get("value", "")
        return quantity_figure(float(shown)) if isinstance(shown, int | float) else str(shown)
