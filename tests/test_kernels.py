"""A visitor's kernel lives while their page does, and longer for a page that is still on its way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from groundwork.app.server.kernels import FIRST_VISIT_S, Kernels

GONE_S = 30


class Watched(Kernels):  # type: ignore[misc]
    """The manager with one kernel that is only a record; what it ends is written down."""

    def __init__(self) -> None:
        super().__init__(cull_idle_timeout=GONE_S)
        self.ended: list[str] = []
        self.kernel_spec = SimpleNamespace(metadata={})
        self._kernels["k"] = SimpleNamespace(execution_state="idle", kernel_spec=self.kernel_spec, kernel_name="python")
        self._kernel_connections["k"] = 0
        self.idle(0.0)
        self.look()  # the first look says only that it was handed over

    def idle(self, seconds: float) -> None:
        self._kernels["k"].last_activity = datetime.now(UTC) - timedelta(seconds=seconds)

    def look(self) -> list[str]:
        asyncio.run(self.cull_kernel_if_idle("k"))
        return self.ended

    async def shutdown_kernel(self, kernel_id: str, **how: Any) -> None:
        self.ended.append(kernel_id)


@pytest.mark.parametrize(("idle_s", "ended"), [(GONE_S + 5, []), (FIRST_VISIT_S - 5, []), (FIRST_VISIT_S + 5, ["k"])])
def test_a_page_that_has_not_connected_yet_is_waited_for(idle_s: float, ended: list[str]) -> None:
    kernels = Watched()
    kernels.idle(idle_s)
    assert kernels.look() == ended


def test_a_page_that_has_gone_lets_its_kernel_go() -> None:
    kernels = Watched()
    kernels.notify_connect("k")
    kernels.idle(FIRST_VISIT_S + 5)
    assert kernels.look() == []
    kernels.notify_disconnect("k")
    assert kernels.look() == []
    kernels.idle(GONE_S + 5)
    assert kernels.look() == ["k"]
