"""Which websockets pass, and that Streamlit's metrics do not."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.web.gate import Gate, same_host
from tests.backend.web.serve import get, serve


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


async def show(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"shown: {request.url.path}")


APP = Starlette(routes=[WebSocketRoute("/_stcore/stream", greet), Route("/{path:path}", show)])


def greeting(address: str, origin: str | None, **headers: str) -> str:
    try:
        with connect(f"ws://{address}/_stcore/stream", origin=origin, additional_headers=headers, proxy=None) as socket:
            return str(socket.recv(timeout=10))
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def test_only_our_own_pages_get_a_websocket() -> None:
    with serve(Gate(APP, origins={"https://app.example.org"})) as address:
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
    ("origin", "host", "same"),
    [
        ("https://heads.example.org", "heads.example.org", True),
        ("https://heads.example.org", "heads.example.org:443", True),
        ("https://Heads.example.org", "heads.EXAMPLE.org", True),
        ("http://heads.example.org:80", "heads.example.org", True),
        ("https://heads.example.org:8443", "heads.example.org:8443", True),
        ("https://heads.example.org:8443", "heads.example.org", False),
        ("https://heads.example.org", "heads.example.org:80", False),
        ("http://[::1]:8501", "[::1]:8501", True),
        ("https://", "", False),
        ("", "", False),
    ],
)
def test_the_host_that_a_proxy_passes_on(origin: str, host: str, same: bool) -> None:
    assert same_host(origin, host) is same


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/base/_stcore/metrics", "/_stcore/%6Detrics"]
)
def test_metrics_are_open_only_where_asked_for(path: str) -> None:
    with serve(Gate(APP)) as address:
        assert get(address, path).status == 404
        assert get(address, "/_stcore/health").status == 200
    with serve(Gate(APP, metrics=True)) as address:
        assert get(address, path).read().startswith(b"shown: ")


def test_nothing_can_be_left_in_the_servers_memory() -> None:
    with serve(Gate(APP, metrics=True)) as address:
        for path in (
            "/_stcore/upload_file/session/file",
            "/base/_stcore/upload_file/a/b",
            "/_stcore/%75pload_file/a/b",
        ):
            assert get(address, path).status == 404, path
