"""Kernels of visitors: counted from the moment their page has gone, so that a short cut of the network loses nothing."""

from __future__ import annotations

from datetime import UTC, datetime

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager


class Kernels(AsyncMappingKernelManager):  # type: ignore[misc]
    """Jupyter's manager, whose idle time would otherwise begin at the last message and not at the last goodbye."""

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
