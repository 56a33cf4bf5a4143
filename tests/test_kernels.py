"""A visitor's kernel lives while their page does, and longer for a page that is still on its way; as many as the memory holds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundwork.app.server import serving
from groundwork.app.server.kernels import FIRST_VISIT_S, Kernels
from groundwork.app.server.places import KERNEL_MIB, MOST_PAGES, SERVER_MIB, memory_mib, places

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


@pytest.mark.parametrize(
    ("mib", "ready", "pages"), [(512, 1, 1), (2_048, 1, 2), (4_096, 2, 5), (16_384, 8, 24), (float("inf"), 8, 24)]
)
def test_places_follow_the_memory(mib: float, ready: int, pages: int) -> None:
    made = places(mib, notebooks=8)
    assert (made.ready, made.pages) == (ready, pages)


def test_places_never_promise_more_than_there_is_and_never_less_for_more() -> None:
    before = places(0, notebooks=8)
    for mib in range(2_048, 32_768, 512):
        made = places(mib, notebooks=8)
        assert SERVER_MIB + KERNEL_MIB * (made.ready + made.pages) <= mib
        assert made.ready >= before.ready
        assert made.pages >= before.pages or made.ready > before.ready
        assert made.pages <= MOST_PAGES
        before = made


def test_a_container_says_how_much_of_the_machine_is_its_own(tmp_path: Path) -> None:
    limit, none, absent = tmp_path / "memory.max", tmp_path / "none", tmp_path / "absent"
    limit.write_text("268435456\n", encoding="ascii")
    none.write_text("max\n", encoding="ascii")
    assert memory_mib([limit, none, absent]) == 256.0
    assert memory_mib([none, absent]) == memory_mib([]) > 256.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b", "index", "a"):
        (tmp_path / f"{name}.ipynb").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(("mib", "warmed"), [(2_048, ["index.ipynb"]), (4_096, ["index.ipynb", "a.ipynb"])])
def test_the_server_keeps_as_many_kernels_ready_as_fit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mib: float, warmed: list[str]
) -> None:
    monkeypatch.setattr(serving, "memory_mib", lambda: mib)
    server = serving.Server(root_dir=str(folder))
    server.voila_configuration = SimpleNamespace(preheat_kernel=True)
    filled: list[str] = []
    manager = SimpleNamespace(
        get_pool_size=filled.count, fill_if_needed=lambda delay, notebook_name: filled.append(notebook_name), _pools={}
    )
    server.kernel_manager = manager

    async def started() -> None:
        server.warm()
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0)

    asyncio.run(started())
    assert filled == warmed
    assert manager.kernel_pools_config == {"default": {"pool_size": 0}, **{name: {"pool_size": 1} for name in warmed}}
    assert server.most_pages == places(mib, notebooks=3).pages


def test_each_message_to_a_page_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small messages that wait for the receipt of the one before cost a moved slider 40 ms."""
    told: list[Any] = []

    async def opened(channel: Any, kernel_id: str) -> None:
        told.append(kernel_id)

    monkeypatch.setattr(serving.VoilaKernelWebsocketHandler, "open", opened)
    monkeypatch.setattr(serving.Channel, "set_nodelay", lambda channel, value: told.append(value))
    asyncio.run(serving.Channel.open(serving.Channel.__new__(serving.Channel), "kernel"))
    assert told == [True, "kernel"]
