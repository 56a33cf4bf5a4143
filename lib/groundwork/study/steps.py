"""Undo and redo: the states that a reader came from, a whole drag being one step."""

from __future__ import annotations

from groundwork.study.changes import State

REMEMBERED = 100  # steps that can be taken back


class Steps:
    """States to go back to, and those that were gone back from."""

    def __init__(self) -> None:
        self._done: list[State] = []
        self._undone: list[State] = []
        self._dragged_from: State | None = None

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def moved(self, before: State, now: State, phase: str) -> None:
        """The reader went from one state to another; while a slider is dragged the step is not yet made."""
        if phase == "dragging":
            self._dragged_from = self._dragged_from or before
            return
        start = self._dragged_from or before
        self._dragged_from = None
        if start != now:
            self._done = [*self._done[1 - REMEMBERED :], start]
            self._undone.clear()

    def back(self, now: State) -> State:
        """The state before the last step; `can_undo` says whether there is one."""
        self._undone.append(now)
        return self._done.pop()

    def forth(self, now: State) -> State:
        """The state that was gone back from; `can_redo` says whether there is one."""
        self._done.append(now)
        return self._undone.pop()
