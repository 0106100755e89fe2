"""The whole edge around Streamlit, at a server of its own: who resumes a session, who is asked, who is slowed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from backend.web.cookie import COOKIE, HEADER, new_visitor
from harness.local import until
from harness.server import Server
from tests.builders.asgi import get, handshake
from tests.builders.serving import connected

pytestmark = pytest.mark.jobs

LABEL = "Mine-alone"
QUERY = f"head=level......{LABEL}"
STREAM = "/_stcore/stream"
ELSEWHERE = "https://lessons.example.org"
#: A file where the server expects its folder. So it can save nothing, and serves all the same.
STATE = "state"


@dataclass
class Proxy:
    """Counts who would go to the Internet, and answers nobody."""

    url: str
    connections: int = 0


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Proxy(f"http://127.0.0.1:{listening.getsockname()[1]}")

        def count() -> None:
            with suppress(OSError):
                while True:
                    listening.accept()[0].close()
                    found.connections += 1

        threading.Thread(target=count, daemon=True).start()
        yield found


@pytest.fixture(scope="module")
def server(proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    (folder / STATE).touch()
    environment = {
        **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), proxy.url),
        "no_proxy": "",
        "NO_PROXY": "",
        "STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": ELSEWHERE,
        "TWOHEADS_ALLOWED_HOSTS": "127.0.0.1 heads.example.org",
        "TWOHEADS_STATE_DIR": str(folder / STATE),
    }
    running = Server(folder / "log", workers=0, environment=environment)
    running.wait_until_healthy()
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text()


def opened(server, cookie, session="", **headers):
    """A WebSocket as a page opens it; with a session's id as one that lost its connection."""
    return connected(server.address, session, **headers, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {}))


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://Heads.example.org", "heads.EXAMPLE.org"),
        ("https://heads.example.org", "heads.example.org:443"),
        ("http://heads.example.org:80", "heads.example.org"),
        (ELSEWHERE, "heads.example.org"),
        (ELSEWHERE, "127.0.0.1"),
    ],
)
def test_no_handshake_connects_to_the_internet(server: Server, proxy: Proxy, origin: str, host: str) -> None:
    connection = handshake(server.address, STREAM, Origin=origin, Host=host)
    assert isinstance(connection, socket.socket), connection
    connection.close()
    assert proxy.connections == 0


def test_a_visitor_resumes_their_session_and_nobody_else_by_its_id_which_is_not_logged(server: Server) -> None:
    mine, other = new_visitor(), new_visitor()
    with opened(server, mine) as before:
        assert LABEL.encode() in before.draw(QUERY)
        for cookie, headers in ((other, {}), (other, {HEADER: mine}), (None, {}), (None, {HEADER: mine})):
            with opened(server, cookie, before.session, **headers) as thief:
                assert LABEL.encode() not in thief.draw()
                assert thief.session != before.session
        with opened(server, mine, before.session) as now:  # before the server knows that the connection is lost
            assert LABEL.encode() in now.draw()
            assert now.session == before.session
    with opened(server, mine, before.session) as later:
        later.draw()
        assert later.session == before.session
    until(lambda: f"{before.session[:8]}-… is already connected" in server.log.read_text(), "a line without the id")
    assert before.session not in server.log.read_text()


def test_every_part_of_the_edge_is_in_its_place(server: Server) -> None:
    """The tests of each part have the rest: request filter, moved and known pages, cookie, icon, security headers."""
    assert handshake(server.address, STREAM, Origin="http://evil.example", Host="evil.example") == 403
    page, moved, icon = (get(server.address, path) for path in ("/train?timesteps=4", "/beyond?a=b", "/favicon.ico"))
    assert (page.status, page.headers["cache-control"]) == (200, "private, no-store")
    assert page.headers["set-cookie"]
    assert (moved.status, moved.headers["location"]) == (308, "topologies?a=b")
    assert moved.headers["x-content-type-options"] == "nosniff"
    assert (icon.status, icon.headers["content-type"], icon.headers["set-cookie"]) == (200, "image/png", None)
    assert "max-age" in icon.headers["cache-control"]
    for path in ("/no_such_page", "/train/more", "/no/such.js", "/media/x.html", "/app/static/x.png"):
        answer = get(server.address, path)
        assert (answer.status, answer.headers["set-cookie"]) == (404, None), path
        assert "default-src 'self'" in answer.headers["content-security-policy"]
