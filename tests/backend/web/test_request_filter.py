"""Which websockets pass, and that Streamlit's metrics do not."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlparse

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.web.request_filter import RequestFilter, host_allowed
from components.streamlit_internals.server import is_closed
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow


async def greet(socket: WebSocket) -> None:
    """Say hello where Origin is Host to the letter, as Streamlit compares them."""
    await socket.accept()
    (origin,), (host,) = (socket.headers.getlist(name) for name in ("origin", "host"))
    await socket.send_text("hello" if urlparse(origin).netloc == host else f"{origin} is not {host}")
    await socket.close()


def nothing(path: str) -> bool:
    """Close no path."""
    return False


async def show(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"shown: {request.url.path}")


APP = Starlette(routes=[WebSocketRoute("/_stcore/stream", greet), Route("/{path:path}", show)])


def greeting(address: str, origin: str | None, **headers: str) -> str:
    try:
        with connect(f"ws://{address}/_stcore/stream", origin=origin, additional_headers=headers, proxy=None) as socket:
            return str(socket.recv(timeout=60))
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def test_only_our_own_pages_get_a_websocket() -> None:
    with serve(RequestFilter(APP, nothing, origins={"https://app.example.org"})) as address:
        port = int(address.rpartition(":")[2])
        for ours in (f"http://{address}", f"https://{address}", "https://app.example.org", "https://App.Example.org"):
            assert greeting(address, ours) == "hello", ours
        for foreign in (
            None,
            "",
            "null",
            "http://evil.example",
            f"http://localhost:{port}",
            f"http://127.0.0.1:{port - 1}",
            f"http://{address}.evil.example",
            f"http://evil.example@{address}",
            "http://app.example.org",
            "http://[",
            f"ftp://{address}",
        ):
            assert greeting(address, foreign) == "403", foreign


@pytest.mark.parametrize(
    ("host", "names", "allowed"),
    [
        ("heads.example.org", [], True),
        ("heads.example.org.:443", ["Heads.example.org"], True),
        ("a.example.org", ["*.example.org"], True),
        ("example.org", ["*.example.org"], False),
        ("evilexample.org", ["*.example.org"], False),
        ("heads.example.org.evil.example", ["heads.example.org"], False),
        ("[::1]:8501", ["::1"], True),
        ("127.0.0.1:8501", ["127.0.0.1"], True),
    ],
)
def test_which_names_a_host_matches(host: str, names: list[str], allowed: bool) -> None:
    assert host_allowed(host, names) is allowed


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics", "/_stcore/%6Detrics"]
)
def test_metrics_are_open_only_if_the_operator_opens_them(path: str) -> None:
    with serve(RequestFilter(APP, partial(is_closed, metrics=False))) as address:
        assert get(address, path).status == 404
        assert get(address, "/_stcore/health").status == 200
    with serve(RequestFilter(APP, partial(is_closed, metrics=True))) as address:
        assert get(address, path).read().startswith(b"shown: ")


def test_uploads_are_refused() -> None:
    with serve(RequestFilter(APP, partial(is_closed, metrics=True))) as address:
        for path in (
            "/_stcore/upload_file/session/file",
            "/base/_stcore/upload_file/a/b",
            "/_stcore/%75pload_file/a/b",
        ):
            assert get(address, path).status == 404, path
