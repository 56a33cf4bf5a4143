"""What a page is about and does not change while it is open: title, question, tabs, colours, words of the front end."""

from __future__ import annotations

from typing import Any

from groundwork.app import messages
from groundwork.app.pages import PAGES
from groundwork.results.words import token
from groundwork.scenario import Scenario


def about(scenario: Scenario[Any]) -> dict[str, Any]:
    """The record that the front end builds the page from."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "tabs": [{"key": page.key, "question": page.question} for page in PAGES],
        "words": {"lost": messages.LOST, "kept": messages.LOST_KEPT, "reload": messages.RELOAD},
        "looks": [
            {
                "token": token(scenario, name),
                "light": [strategy.look.shape_light, strategy.look.text_light],
                "dark": [strategy.look.shape_dark, strategy.look.text_dark],
            }
            for name, strategy in scenario.strategies.items()
        ],
    }
