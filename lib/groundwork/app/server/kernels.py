"""Kernels of visitors: counted from the moment their page has gone, so that a short cut of the network loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

FIRST_VISIT_S = 180.0  # a phone on a slow network loads the page before it connects; it must not find its kernel gone


class Kernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Jupyter's manager, whose idle time would otherwise begin at the last message and not at the last goodbye."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._handed: set[str] = set()  # kernels that a page was given
        self._met: set[str] = set()  # kernels that a page has connected to

    def notify_connect(self, kernel_id: str) -> None:
        """A page has come."""
        super().notify_connect(kernel_id)
        self._met.add(kernel_id)

    def notify_disconnect(self, kernel_id: str) -> None:
        """A page has gone: its kernel's idle time begins now."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self._kernels:
            self._kernels[kernel_id].last_activity = datetime.now(UTC)

    def connections(self, kernel_id: str) -> int:
        """How many pages are connected to a kernel."""
        return int(self._kernel_connections.get(kernel_id, 0))

    def idle_seconds(self, kernel_id: str) -> float:
        """Seconds since a kernel last did or heard anything."""
        return float((datetime.now(UTC) - self._kernels[kernel_id].last_activity).total_seconds())

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End an idle kernel, but not one that was handed to a page just now.

        A kernel kept ready has been idle for as long as nobody came; its time counts from the first look after it was handed
        over (while it waits, Voila does not ask here), or a page would find its kernel gone before it could connect. The page
        that has never connected is given longer than the one that has gone.
        """
        if kernel_id not in self._handed:
            self._handed.add(kernel_id)
            self._kernels[kernel_id].last_activity = datetime.now(UTC)
            return
        if kernel_id not in self._met and self.idle_seconds(kernel_id) < FIRST_VISIT_S:
            return
        await super().cull_kernel_if_idle(kernel_id)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that ended."""
        self._handed.discard(kernel_id)
        self._met.discard(kernel_id)
        return super().remove_kernel(kernel_id)
