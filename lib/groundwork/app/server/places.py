"""How many kernels the machine has room for: those of open pages, and those that wait for their first visitor."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MIB = 2**20
KERNEL_MIB = 500  # a page of retail after its long work and story: 460 MiB resident, 100 of them shared code, for a moment 580
SERVER_MIB = 200  # the server itself and its template's front end
READY_RATIO = 0.25  # of the memory: a kernel that waits saves a visitor seconds, one that does not fit loses a page
MOST_PAGES = 24
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`ready` kernels wait, `pages` may have one at a time."""

    ready: int
    pages: int


def memory_mib(limits: Iterable[Path] = LIMITS) -> float:
    """Memory that this process may use, in MiB: the machine's, or less where its container says so.

    What a user would get wrong: in a container the machine's memory is not yours; `max` and absurdly high limits mean none.
    Where the machine does not tell, as on Windows, the number is without end and the fixed ceilings hold.
    """
    known = [float("inf")]
    if hasattr(os, "sysconf") and {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(os.sysconf_names):
        known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / MIB)
    for limit in limits:
        try:
            said = limit.read_text(encoding="ascii").strip()
        except OSError:
            continue
        if said.isdigit():
            known.append(int(said) / MIB)
    return min(known)


def places(mib: float, notebooks: int) -> Places:
    """Places on a machine of so many MiB with so many notebooks.

    Kernels that wait take a quarter of the memory at most, but the first notebook's always waits; open pages share what is then
    left and one of them is always let in.
    """
    ready = int(min(notebooks, max(1.0, READY_RATIO * mib / KERNEL_MIB)))
    left = (mib - SERVER_MIB) / KERNEL_MIB - ready
    return Places(ready=ready, pages=int(min(MOST_PAGES, max(1.0, left))))
