"""The workbook's server with protections taken away: `python tests/weakened_server.py NAME,NAME... NOTEBOOKS ...`.

A test of a threat that passes here too would prove nothing; `test_threats_weakened.py` holds each of them against this.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tornado.web
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler

from groundwork.app.server import headers, serving


def paths_lead_anywhere() -> None:
    def anywhere(self: Any, root: str, path: str) -> str:
        if not Path(path).is_file():
            raise tornado.web.HTTPError(404)
        return path

    for handler in (tornado.web.StaticFileHandler, TemplateStaticFileHandler, MultiStaticFileHandler, AllowListFileHandler):
        handler.validate_absolute_path = anywhere


def _settings(**values: Any) -> None:
    whole = serving.Server.init_settings
    serving.Server.init_settings = lambda self: {**whole(self), **values}


def forged_requests_pass() -> None:
    _settings(xsrf_cookies=False, disable_check_xsrf=True)


def any_name_of_this_machine_will_do() -> None:
    serving.LOCAL_NAMES = ".*$"


def foreign_pages_connect() -> None:
    _settings(allow_origin="*")


def no_headers() -> None:
    headers.Guarded.transform_first_chunk = lambda self, status, given, chunk, finishing: (status, given, chunk)


def one_nonce_for_all() -> None:
    begun = headers.Guarded.__init__

    def known(self: Any, request: Any) -> None:
        begun(self, request)
        self.nonce = "always-the-same"

    headers.Guarded.__init__ = known


def everybody_gets_a_kernel() -> None:
    async def always(self: Any) -> bool:
        return True

    serving.Server.has_room = always


def every_message_reaches_the_kernel() -> None:
    serving.Server.warm = lambda self: setattr(self.kernel_manager, "allowed_message_types", [])


def words_of(*settings: str) -> Callable[[], None]:
    """A protection that is a setting: what undoes it on the command line."""
    return lambda: sys.argv.extend(settings)


WEAKENINGS: dict[str, Callable[[], None]] = {
    "paths lead anywhere": paths_lead_anywhere,
    "files are served": words_of("--VoilaConfiguration.file_allowlist=.*", "--VoilaConfiguration.file_denylist=nothing"),
    "sources are shown": words_of("--VoilaConfiguration.strip_sources=False"),
    "every message reaches the kernel": every_message_reaches_the_kernel,
    "foreign pages connect": foreign_pages_connect,
    "any name of this machine will do": any_name_of_this_machine_will_do,
    "forged requests pass": forged_requests_pass,
    "no headers": no_headers,
    "one nonce for all": one_nonce_for_all,
    "everybody gets a kernel": everybody_gets_a_kernel,
    "the address chooses the template": words_of("--VoilaConfiguration.allow_template_override=YES"),
}

if __name__ == "__main__":
    for name in sys.argv.pop(1).split(","):
        WEAKENINGS[name]()
    serving.Server.launch_instance()
