"""Voila as `groundwork app` starts it: our settings only, no listing of folders, a limit on kernels, pages warmed one by one."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from posixpath import normpath
from typing import Any

from tornado.web import Application, HTTPError, RedirectHandler
from traitlets import Int
from voila.app import Voila
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from groundwork.app.server.headers import Guarded
from groundwork.app.server.places import MOST_PAGES, memory_mib, places

SETTINGS = Path(__file__).parent / "config"
START_PAGE = "index.ipynb"
TEMPLATES = ("groundwork", "lab", "base")
LOCAL_NAMES = r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$"
LONELY_SECONDS = 5.0
FULL = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="10">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Groundwork: all places are taken</title></head>
<body style="font:17px/26px system-ui,sans-serif;max-width:560px;margin:20vh auto;padding:0 24px">
<h1 style="font-size:24px">All {places} places are taken</h1>
<p>This page tries again every ten seconds and opens as soon as somebody leaves. Nothing is lost by waiting.</p></body></html>"""


class Page(TornadoVoilaHandler):  # type: ignore[misc]
    """A page with a kernel behind it, as long as there is room for one more."""

    async def get(self, path: str | None = None) -> None:
        """Write the page piece by piece, or the page that says that all places are taken."""
        server = self.settings["groundwork"]
        assert self.xsrf_token  # reading it sets the cookie, without which the page could not end its kernel
        if not await server.has_room():
            self.set_status(503)
            self.set_header("Retry-After", "10")
            self.finish(FULL.format(places=server.most_pages))
            return
        server.opening += 1
        counted = True
        try:
            async for text in self.get_generator(path=path):
                if counted:  # from the first piece on the kernel is among the running ones
                    server.opening, counted = server.opening - 1, False
                self.write(text)
                await self.flush()
        finally:
            server.opening -= counted


class Templates(TemplateStaticFileHandler):  # type: ignore[misc]
    """Files of a template; an address of another form is not found, where Voila fails."""

    def parse_url_path(self, url_path: str) -> str:
        """The path below the template's folder."""
        parts = url_path.split("/", 2)
        if len(parts) < 3 or parts[0] not in TEMPLATES or parts[1] != "static" or normpath(url_path) != url_path:
            raise HTTPError(404)
        return str(super().parse_url_path(url_path))


class Channel(VoilaKernelWebsocketHandler):  # type: ignore[misc]
    """What a page and its kernel tell each other."""

    async def open(self, kernel_id: str) -> None:
        """Send each message at once: the rows that follow a kernel's *busy* would else wait for a receipt, 40 ms away."""
        self.set_nodelay(True)
        await super().open(kernel_id)


class Server(Voila):  # type: ignore[misc]
    """The workbook's server. Settings come from the package and the command line, never from the folder it is started in."""

    name = "voila"
    most_pages = Int(MOST_PAGES, min=1, config=True, help="Pages with a kernel at a time (default: what fits); others wait.")
    most_ready = Int(1, min=0, config=True, help="Notebooks for which a kernel waits (default: what fits), the start page first.")
    opening = 0

    def _most_pages_default(self) -> int:
        return places(memory_mib(), len(self.notebooks())).pages

    def _most_ready_default(self) -> int:
        return places(memory_mib(), len(self.notebooks())).ready

    def notebooks(self) -> list[str]:
        """The notebooks that are served, the start page first."""
        names = (path.name for path in Path(self.root_dir).glob("*.ipynb"))
        return sorted(names, key=lambda name: (name != START_PAGE, name))

    def _config_file_paths_default(self) -> list[str]:
        return [str(SETTINGS)]

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, with forged requests refused."""
        return {**super().init_settings(), "groundwork": self, "xsrf_cookies": True}

    def init_handlers(self) -> list[Any]:
        """Voila's addresses without the listing of folders."""
        swapped = {TornadoVoilaHandler: Page, TemplateStaticFileHandler: Templates, VoilaKernelWebsocketHandler: Channel}
        handlers = [(rule[0], swapped.get(rule[1], rule[1]), *rule[2:]) for rule in super().init_handlers()]
        shown = [rule for rule in handlers if "/voila/tree" not in rule[0] and "/voila/api/contents" not in rule[0]]
        shown = [rule for rule in shown if rule[0] != self.server_url]
        home = {"url": f"{self.base_url}voila/render/{START_PAGE}", "permanent": False}
        return [(self.server_url, RedirectHandler, home), *shown]

    def start(self) -> None:
        """Listen. On an address of this machine only, other names for it are refused: a foreign page could own such a name."""
        self.connection_dir = tempfile.mkdtemp(prefix="groundwork_", dir=self.connection_dir_root)
        self.app = Application(**self.init_settings())
        self.app.settings.update(self.tornado_settings)
        self.app.add_transform(Guarded)
        is_local = self.ip in {"127.0.0.1", "localhost", "::1"}
        self.app.add_handlers(LOCAL_NAMES if is_local else ".*$", self.init_handlers())
        self.warm()
        self.listen()

    def warm(self) -> None:
        """Keep a kernel ready for as many notebooks as fit, one started after the other so that no visitor waits for them."""

        async def one_by_one() -> None:
            names = self.notebooks()[: self.most_ready]
            pools = {"default": {"pool_size": 0}, **{name: {"pool_size": 1} for name in names}}
            self.kernel_manager.kernel_pools_config = pools
            for name in names:
                if self.kernel_manager.get_pool_size(name):
                    continue
                self.kernel_manager.fill_if_needed(delay=0, notebook_name=name)
                for started in list(self.kernel_manager._pools.get(name, ())):
                    content = await started
                    await asyncio.wait([content["task"]])

        if self.voila_configuration.preheat_kernel:
            asyncio.get_event_loop().create_task(one_by_one())

    async def has_room(self) -> bool:
        """Whether one more page may start a kernel; to make room, the kernel whose page has been gone longest is let go."""
        manager = self.kernel_manager
        waiting = await self.ready_kernels()
        used = [kernel for kernel in manager.list_kernel_ids() if kernel not in waiting]
        if len(used) + self.opening < self.most_pages:
            return True
        lonely = [kernel for kernel in used if not manager.connections(kernel)]
        lonely = [kernel for kernel in lonely if manager.idle_seconds(kernel) > LONELY_SECONDS]
        if not lonely:
            return False
        await manager.shutdown_kernel(max(lonely, key=manager.idle_seconds))
        return True

    async def ready_kernels(self) -> set[str]:
        """Kernels that wait for their first visitor."""
        pools = getattr(self.kernel_manager, "_pools", {})
        done = [task for pool in pools.values() for task in pool if task.done() and not task.exception()]
        return {task.result()["kernel_id"] for task in done}
