"""What a stranger on the network can try against the real server, and that nothing comes of it.

The folder served is a copy of the notebooks with bait: data and code beside the notebooks, a link that leads outside, a folder
whose name begins like ours. The server is started with the words of `groundwork app`.
"""

from __future__ import annotations

import csv
import http.client
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from running_server import served

ROOT = Path(__file__).parents[1]
BAIT = "bait-7f3a"
NEEDS_SERVER = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """Where the server listens and what it must not give away."""

    port: int
    folder: Path
    weakness: str = ""
    sockets: list[Any] = field(default_factory=list)

    def ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None, body: str = "") -> Answer:
        """One request whose path is sent as it stands: no client tidies up the dots."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body or None, headers=headers or {})
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        connection.close()
        return Answer(reply.status, text, reply.headers)

    def kernel(self) -> str:
        """The kernel behind a page that is opened for this."""
        page = self.ask("/voila/render/small.ipynb")
        assert page.status == 200
        return str(json.loads(re.findall(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text, re.S)[0])["kernelId"])

    def socket(self, kernel: str, origin: str | None) -> Any:
        import websocket

        opened = websocket.WebSocket()
        settings = {"suppress_origin": True} if origin is None else {"origin": origin}
        opened.connect(f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id=s", timeout=30, **settings)
        self.sockets.append(opened)
        return opened

    def leave(self) -> None:
        """Close what a test that failed has left open."""
        for opened in self.sockets:
            opened.close()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Any


def site(base: Path) -> Path:
    """A folder of notebooks with bait in it and around it."""
    folder = base / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    notebook = json.loads((folder / "index.ipynb").read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["source"] = ["hidden_source = 'not to be seen'\n", "from IPython.display import HTML\n", "HTML('a small page')"]
    notebook["cells"] = [code]
    (folder / "small.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    outside = base / "outside.png"
    sibling = base / "notebooks-private"
    sibling.mkdir()
    for file in (outside, sibling / "x.png", *(folder / f"data.{end}" for end in ("csv", "yaml", "py", "json", "png", "svg"))):
        file.write_text(BAIT, encoding="utf-8")
    (folder / "link.png").symlink_to(outside)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = site(tmp_path_factory.mktemp("site"))
    with served(folder, "--VoilaConfiguration.preheat_kernel=False") as port:
        yield Place(port, folder)


ROUTES = [
    "/voila/static/",
    "/voila/files/",
    "/voila/templates/groundwork/static/",
    "/voila/templates/lab/static/",
    "/voila/templates/",
    "/voila/labextensions/",
    "/voila/api/themes/",
    "/voila/render/",
    "/static/",
    "/files/",
    "/",
]
DOTS = ["../", "%2e%2e/", "..%2f", "%2e%2e%2f", "..%5c", "....//", "/../", "%252e%252e%252f"]
GOALS = ["etc/passwd", "outside.png", "notebooks-private/x.png", "data.csv"]


@NEEDS_SERVER
@pytest.mark.parametrize("route", ROUTES)
def test_t1_no_path_leads_out_of_the_served_folders(place: Place, route: str) -> None:
    for dots in DOTS:
        for depth in (1, 2, 3, 12):
            for goal in GOALS:
                answer = place.ask(f"{route}{dots * depth}{goal}")
                assert BAIT not in answer.text, (route, dots, goal)
                assert "root:x:0" not in answer.text, (route, dots, goal)
                if answer.status == 302:  # a page that is no notebook is sent to the files, which are closed
                    assert place.ask(answer.headers["Location"]).status in range(400, 500)
                else:
                    assert answer.status in range(400, 500), (route, dots, depth, goal, answer.status)
    for whole in (f"{route}/etc/passwd", f"{route}{place.folder}/data.csv", f"{route}//etc/passwd"):
        assert place.ask(whole).status in {302, *range(400, 500)}


@NEEDS_SERVER
def test_t1_what_is_meant_to_be_served_is(place: Place) -> None:
    """The refusals above mean nothing on a server that refuses everything."""
    assert place.ask("/voila/static/voila.js").status == 200
    assert place.ask("/voila/templates/lab/static/voila.js").status in {200, 404}
    assert place.ask("/").headers["Location"] == "/voila/render/index.ipynb"
    assert "a small page" in place.ask("/voila/render/small.ipynb").text


@NEEDS_SERVER
def test_t2_neither_source_nor_data_is_readable(place: Place) -> None:
    names = [path.name for path in place.folder.iterdir()]
    assert len(names) > 8
    for name in (*names, "link.png", "../lib/groundwork/cli/runs.py", "sub/../data.csv"):
        for route in ("/voila/files/", "/files/", "/voila/static/", "/static/", "/api/contents/", "/voila/api/contents/"):
            assert place.ask(f"{route}{name}").status in {403, 404}, (route, name)
    for listing in ("/voila/tree", "/voila/tree/", "/tree", "/voila/api/contents", "/api/contents", "/voila/files/"):
        assert place.ask(listing).status in {403, 404}, listing


@NEEDS_SERVER
def test_t2_a_page_does_not_show_its_code(place: Place) -> None:
    page = place.ask("/voila/render/small.ipynb").text
    assert "a small page" in page
    assert "hidden_source" not in page
    assert "not to be seen" not in page


def message(kind: str, content: dict[str, Any], channel: str = "shell") -> str:
    header = {"msg_id": f"m-{kind}", "msg_type": kind, "username": "", "session": "s", "date": "", "version": "5.3"}
    return json.dumps(
        {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel, "buffers": []}
    )


def answers_until(opened: Any, kind: str) -> list[tuple[str, str]]:
    """Kind and parent of every message up to the first of a kind."""
    seen: list[tuple[str, str]] = []
    while not seen or seen[-1][0] != kind:
        came = json.loads(opened.recv())
        seen.append((came["header"]["msg_type"], came["parent_header"].get("msg_type", "")))
    return seen


@NEEDS_SERVER
def test_t3_a_browser_runs_no_code(place: Place, tmp_path: Path) -> None:
    kernel = place.kernel()
    opened = place.socket(kernel, place.origin)
    written = tmp_path / "written"
    code = f"open({str(written)!r}, 'w').write('x')"
    whole = {"silent": False, "store_history": True, "user_expressions": {"a": code}, "allow_stdin": False}
    tried = {
        "execute_request": {"code": code, **whole},
        "complete_request": {"code": "impo", "cursor_pos": 4},
        "inspect_request": {"code": "open", "cursor_pos": 4, "detail_level": 1},
        "history_request": {"hist_access_type": "tail", "n": 10, "output": True, "raw": True},
        "is_complete_request": {"code": code},
        "debug_request": {"type": "request", "command": "evaluate", "arguments": {"expression": code}},
    }
    for channel in ("shell", "control"):
        for kind, content in tried.items():
            opened.send(message(kind, content, channel))
    opened.send(message("input_reply", {"value": code}, "stdin"))
    opened.send(message("comm_open", {"comm_id": "c1", "target_name": "no.such.target", "data": {"code": code}}))
    opened.send(message("comm_msg", {"comm_id": "no-such-comm", "data": {"method": "custom", "content": {"code": code}}}))
    opened.send(message("kernel_info_request", {}))  # the kernel answers in order: what was let through has been done by then
    seen = answers_until(opened, "kernel_info_reply")
    assert not {parent for _, parent in seen} & set(tried)
    assert not written.exists()
    opened.close()


@NEEDS_SERVER
def test_t4_a_foreign_page_opens_no_socket(place: Place) -> None:
    import websocket

    kernel = place.kernel()
    for origin in ("https://evil.example", f"http://127.0.0.1.evil.example:{place.port}", "null", "http://127.0.0.1:1"):
        with pytest.raises(websocket.WebSocketBadStatusException) as caught:
            place.socket(kernel, origin)
        assert caught.value.status_code == 403, origin
    place.socket(kernel, place.origin).close()


@NEEDS_SERVER
def test_t4_a_foreign_name_for_this_machine_is_refused(place: Place) -> None:
    """A page on evil.example may let its name point to 127.0.0.1; then its origin and ours look the same."""
    for path in ("/voila/render/small.ipynb", "/voila/static/voila.js", "/"):
        assert place.ask(path, headers={"Host": f"evil.example:{place.port}"}).status == 404
        assert place.ask(path, headers={"Host": f"localhost:{place.port}"}).status in {200, 302}


@NEEDS_SERVER
def test_t5_a_forged_request_changes_nothing(place: Place) -> None:
    kernel = place.kernel()
    forged = [
        ("DELETE", f"/api/kernels/{kernel}"),
        ("POST", f"/voila/api/shutdown/{kernel}"),
        ("POST", f"/api/kernels/{kernel}/restart"),
        ("POST", f"/api/kernels/{kernel}/interrupt"),
        ("POST", "/api/kernels"),
        ("POST", "/api/sessions"),
        ("POST", "/api/shutdown"),
        ("PUT", "/voila/files/x.png"),
        ("POST", "/voila/render/small.ipynb"),
        ("POST", "/login"),
    ]
    for method, path in forged:
        for headers in ({}, {"Origin": "https://evil.example"}, {"Cookie": "_xsrf=made-up", "X-XSRFToken": "other"}):
            answer = place.ask(path, method, headers, body="{}")
            assert answer.status in {403, 404, 405}, (method, path, headers, answer.status)
    assert place.ask("/api/kernels").status == 404
    opened = place.socket(kernel, place.origin)
    opened.send(message("kernel_info_request", {}))
    assert answers_until(opened, "kernel_info_reply")
    opened.close()


@NEEDS_SERVER
@pytest.mark.parametrize("path", ["/voila/render/small.ipynb", "/voila/static/voila.js", "/voila/files/no", "/no", "/"])
def test_t7_every_answer_carries_the_headers(place: Place, path: str) -> None:
    headers = place.ask(path).headers
    assert "Content-Security-Policy" in headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "*" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Access-Control-Allow-Origin" not in headers
    assert all("SameSite" in cookie for cookie in headers.get_all("Set-Cookie", []))


@NEEDS_SERVER
def test_t7_every_page_has_a_nonce_of_its_own(place: Place) -> None:
    nonces = [
        re.findall(r"nonce-([\w-]+)", place.ask("/voila/static/voila.js").headers["Content-Security-Policy"])[0] for _ in "ab"
    ]
    assert nonces[0] != nonces[1]
    page = place.ask("/voila/render/small.ipynb")
    nonce = re.findall(r"nonce-([\w-]+)", page.headers["Content-Security-Policy"])[0]
    scripts = re.findall(r"<script[^>]*>", page.text)
    assert len(scripts) > 3
    assert all(f'nonce="{nonce}"' in script for script in scripts)


@NEEDS_SERVER
def test_t8_who_comes_when_all_places_are_taken_waits(place: Place) -> None:
    settings = ("--Server.most_pages=1", "--VoilaConfiguration.preheat_kernel=False")
    with served(place.folder, *settings, weakness=place.weakness) as port:
        full = Place(port, place.folder)
        with closing(full.socket(full.kernel(), full.origin)):
            answer = full.ask("/voila/render/small.ipynb")
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "10"
            assert "places are taken" in answer.text


@NEEDS_SERVER
@pytest.mark.parametrize(
    "asked", ["template=lab", "template=../../x", "theme=../x", "theme=<script>", "template=/etc&theme=//evil.example/x"]
)
def test_t18_the_address_chooses_neither_template_nor_theme(place: Place, asked: str) -> None:
    page = place.ask(f"/voila/render/small.ipynb?{asked.replace('<', '%3C').replace('>', '%3E')}")
    plain = place.ask("/voila/render/small.ipynb")
    assert page.status == 200

    def outline(text: str) -> list[str]:
        return [re.sub(r'nonce="[^"]*"', "", tag) for tag in re.findall(r"<(?:script|link|body|meta)[^>]*>", text)]

    assert outline(page.text) == outline(plain.text)
    assert "evil.example" not in page.text


def floors() -> list[dict[str, str]]:
    with (ROOT / "tests" / "published" / "package_floors.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", floors(), ids=lambda row: f"{row['package']}-{row['advisory']}")
def test_t19_no_package_is_older_than_its_mended_version(row: dict[str, str]) -> None:
    """Installed and pinned; a package that is neither cannot harm. A list on paper: a new advisory needs a new line."""
    name, floor = row["package"], Version(row["floor"])
    pins = dict(line.strip().split("==") for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    if name in pins:
        assert Version(pins[name]) >= floor
    try:
        assert Version(version(name)) >= floor
    except PackageNotFoundError:
        assert name not in pins
