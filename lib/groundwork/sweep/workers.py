"""Where points are played: here, in processes of this machine, on a cluster."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from groundwork.errors import InputFault

T = TypeVar("T")


class Processes(Executor):
    """Processes of this machine; when one dies, `renew` puts new ones in the place of all.

    Ctrl-C reaches the one that asked and not the processes: they would each tell of it.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool = self._made()

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_deaf_to_ctrl_c)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return self._pool.submit(fn, *args, **kwargs)

    def renew(self) -> None:
        """New processes; whatever the old ones had must be handed out again."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._made()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)


def _deaf_to_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def executor_of(scheduler: str | None, workers: int) -> Iterator[Executor | None]:
    """Where points are played: on a Dask cluster, in processes of this machine, or here; closed at the end.

    Raises
    ------
    InputFault
        Where a cluster is asked for and its package is not installed, or nobody answers.
    """
    if scheduler:
        try:
            from distributed import Client
        except ImportError:
            raise InputFault("--scheduler: needs the package distributed; pip install distributed") from None
        try:
            client = Client(scheduler)
        except (OSError, ValueError) as problem:
            raise InputFault(f"--scheduler: no cluster answers at {scheduler}: {problem}") from None
        with client, client.get_executor() as executor:
            yield executor
    elif workers > 1:
        processes = Processes(workers)
        try:
            yield processes
        finally:  # what nobody waits for any more is not begun
            processes.shutdown(wait=True, cancel_futures=True)
    else:
        yield None
