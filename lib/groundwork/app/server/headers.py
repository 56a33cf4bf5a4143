"""What every answer carries, whoever wrote it: which scripts may run, who may frame the page, that types are not guessed."""

from __future__ import annotations

import re
import secrets
from typing import Any

from tornado.web import OutputTransform

_SCRIPT = re.compile(rb"<script(?=[\s>])")


def policy(nonce: str) -> str:
    """Content security policy of a page whose own scripts carry this nonce.

    What a reader would get wrong: `'unsafe-eval'` is not there for us but for Vega's expressions and the schema check of
    Jupyter's front end; `blob:` is how anywidget loads its modules. What the policy does stop is what a stranger's text
    could become: inline scripts, `onerror=` attributes, `javascript:` links, plug-ins, other bases, any address but our own.
    """
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


class Guarded(OutputTransform):  # type: ignore[misc]
    """Sets the headers on every answer and gives the scripts that a template wrote the nonce of their page."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.nonce = secrets.token_urlsafe(16)
        self.is_page = False

    def transform_first_chunk(self, status_code: int, headers: Any, chunk: bytes, finishing: bool) -> tuple[int, Any, bytes]:
        self.is_page = headers.get("Content-Type", "").startswith("text/html")
        before = len(chunk)
        chunk = self.transform_chunk(chunk, finishing)
        if "Content-Length" in headers:
            headers["Content-Length"] = str(int(headers["Content-Length"]) + len(chunk) - before)
        headers["Content-Security-Policy"] = policy(self.nonce)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "SAMEORIGIN"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        headers.pop("Server", None)
        return status_code, headers, chunk

    def transform_chunk(self, chunk: bytes, finishing: bool) -> bytes:
        return _SCRIPT.sub(f'<script nonce="{self.nonce}"'.encode(), chunk) if self.is_page else chunk
