"""How a stage's loops become machine code: at their first call, once, and kept on the disk for later processes.

What is compiled is kept beside the source, or in the user's cache where that cannot be written. No loop calls another room's:
numba would not notice when that one changes. Importing numba takes a fifth of a second and 56 MB; who plays no chain, such as the
start page, does not pay for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Compiled:
    """A function that writes into its arguments, compiled at its first call."""

    __slots__ = ("function", "machine_code")

    def __init__(self, function: Callable[..., None]) -> None:
        self.function = function
        self.machine_code: Any = None

    def __call__(self, *arguments: Any) -> None:
        """Run it on arrays made by numpy or by `plain`: with others it would be compiled once more."""
        if self.machine_code is not None:
            self.machine_code(*arguments)
            return
        for keep in (True, False):
            try:
                made = _machine_code(self.function, keep)
                made(*arguments)
            except (RuntimeError, OSError):  # no folder to keep it in, or a full one: every process compiles it anew
                if not keep:
                    raise
            else:
                self.machine_code = made
                return


def compiled(function: Callable[..., None]) -> Compiled:
    """Compile a stage: no reordered sums, no threads of its own; other threads of the process run on meanwhile."""
    return Compiled(function)


def plain(values: NDArray[Any], kind: type[Any] = np.float64) -> NDArray[Any]:
    """The same values as an array that loops take: contiguous, of the kind named, and never marked as read-only."""
    if values.dtype == kind and values.flags.c_contiguous and values.flags.writeable:
        return values
    return np.array(values, kind, order="C")


def apart(count: int, shape: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """So many arrays of noughts of one shape, whose cells of one place do not fall on the same lines of the cache.

    A processor keeps some eight lines of all addresses that are equal modulo 4,096 bytes. Arrays as large as a multiple of that
    meet there: at 1,024 samples use cases move in half the time when their arrays lie apart.
    """
    size = math.prod(shape)
    return [row[:size].reshape(shape) for row in np.zeros((count, size + _APART))]


_APART = 72  # numbers: nine lines further for each array


def are_kept() -> bool:
    """Whether machine code of an earlier process lies beside the source."""
    return any((Path(__file__).parent / "__pycache__").glob("*.nbi"))


def _machine_code(function: Callable[..., None], keep: bool) -> Any:
    from numba import njit  # late: see above

    return njit(cache=keep, fastmath=False, nogil=True, error_model="numpy")(function)
