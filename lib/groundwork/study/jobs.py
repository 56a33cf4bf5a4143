"""Long work beside the page: one at a time in a thread, with its progress, dropped as soon as something newer is asked."""

from __future__ import annotations

import asyncio
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Report: TypeAlias = Callable[[float], None]


class Dropped(Exception):
    """Raised inside work that nobody waits for any more."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Work that runs: what it is called, the share done, seconds left (nothing before it can be told)."""

    title: str
    share: float
    left_s: float | None


def give_memory_back() -> None:
    """Return to the machine what finished work has freed.

    What a user would get wrong: freed is not returned. The C library of Linux keeps a hundred MiB of a page's long work for
    as long as the page is open; other systems' libraries do not offer, nor need, the call.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


class Jobs:
    """Runs work in a thread and hands results back where they belong: on the loop that the page lives on.

    Without a loop (a script, a test) results wait until `settle` is called.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = 0
        self._waiting: list[tuple[str, Callable[[Report], Any], Callable[[Any], None]]] = []
        self._thread: threading.Thread | None = None
        self._delivered: list[Callable[[], None]] = []
        self.on_progress: Callable[[Progress | None], None] = lambda progress: None
        self.on_fault: Callable[[str, Exception], None] = lambda title, fault: None
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop | None:
        """The loop on which results are delivered, or nothing."""
        return self._loop

    def start(self, title: str, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        """Do `work(report)` after what already waits; `done(result)` is called on the loop, unless dropped before."""
        with self._lock:
            self._waiting.append((title, work, done))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="groundwork-jobs", daemon=True)
                self._thread.start()

    def drop(self) -> None:
        """Forget everything that waits or runs: its results will not arrive."""
        with self._lock:
            self._turn += 1
            self._waiting.clear()
            self._delivered.clear()

    def settle(self, timeout_s: float = 600.0) -> None:
        """Wait for all work and deliver its results here. For where no loop runs."""
        until = time.monotonic() + timeout_s
        while True:
            with self._lock:
                thread, ready = self._thread, self._delivered
                self._delivered = []
            for deliver in ready:
                deliver()
            if thread is None and not ready:
                return
            if time.monotonic() > until:
                raise TimeoutError("work took too long")
            if thread is not None:
                thread.join(0.05)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    break
                title, work, done = self._waiting.pop(0)
                turn = self._turn
            self._work(turn, title, work, done)
        give_memory_back()

    def _work(self, turn: int, title: str, work: Callable[[Report], Any], done: Callable[[Any], None]) -> None:
        began = time.monotonic()
        last = 0.0

        def report(share: float) -> None:
            nonlocal last
            if turn != self._turn:
                raise Dropped
            passed = time.monotonic() - began
            if passed - last >= 0.2 and share > 0.0:
                last = passed
                self._deliver(turn, lambda: self.on_progress(Progress(title, share, passed * (1.0 - share) / share)))

        self._deliver(turn, lambda: self.on_progress(Progress(title, 0.0, None)))
        try:
            result = work(report)
        except Dropped:
            return
        except Exception as fault:  # a page must be able to say that work failed, whatever it was
            problem = fault
            self._deliver(turn, lambda: self.on_fault(title, problem))
            self._deliver(turn, lambda: self.on_progress(None))
            return
        self._deliver(turn, lambda: done(result))
        self._deliver(turn, lambda: self.on_progress(None))

    def _deliver(self, turn: int, call: Callable[[], None]) -> None:
        def now() -> None:
            if turn == self._turn:
                call()

        if self._loop is not None:
            if not self._loop.is_closed():
                self._loop.call_soon_threadsafe(now)
            return
        with self._lock:
            self._delivered.append(now)
