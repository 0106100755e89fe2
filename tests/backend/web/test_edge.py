"""The whole edge around Streamlit, at a server of its own: who resumes a session, who is asked, who is slowed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from backend.web.cookie import COOKIE, HEADER, new_visitor
from backend.web.message_rate import PATIENCE
from harness.local import until
from harness.server import Server
from tests.backend.config.test_folders import LOST
from tests.builders.asgi import get, handshake

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


def test_a_server_says_once_at_its_start_that_it_cannot_save(server: Server) -> None:
    state = str(server.log.with_name(STATE))
    said = f"Two Heads: TWOHEADS_STATE_DIR={state!r}: it is a file. {LOST}"
    assert said in server.log.read_text().splitlines()
    assert server.log.read_text().count("TWOHEADS_STATE_DIR") == 1


def test_a_websocket_to_another_host_name_is_refused(server: Server) -> None:
    assert handshake(server.address, STREAM, Origin="http://evil.example", Host="evil.example") == 403


def test_another_visitor_s_session_is_not_resumed_by_its_id(server: Server) -> None:
    mine, other = new_visitor(), new_visitor()
    with opened(server, mine) as socket:
        id_, shown = page(socket, QUERY)
        assert LABEL.encode() in shown
        for cookie, headers in ((other, {}), (other, {HEADER: mine}), (None, {}), (None, {HEADER: mine})):
            with opened(server, cookie, id_, **headers) as thief:
                stolen, shown = page(thief, None)
                assert stolen != id_
                assert LABEL.encode() not in shown
        assert page(socket, None)[0] == id_, "whose session it is keeps it"


def test_a_visitor_resumes_their_session_and_its_id_is_not_logged(server: Server) -> None:
    mine = new_visitor()
    with opened(server, mine) as before:
        id_, _ = page(before, QUERY)
        with opened(server, mine, id_) as now:  # before the server knows that the connection is lost
            resumed, shown = page(now, None)
            assert resumed == id_
            assert LABEL.encode() in shown
    with opened(server, mine, id_) as later:
        assert page(later, None)[0] == id_
    until(lambda: f"{id_[:8]}-… is already connected" in server.log.read_text(), "a line without the id")
    assert id_ not in server.log.read_text()


def test_without_a_cookie_a_lost_connection_begins_a_new_session(server: Server) -> None:
    with opened(server, None) as socket:
        id_, _ = page(socket, QUERY)
    with opened(server, None, id_) as socket:
        again, shown = page(socket, None)
    assert again != id_
    assert LABEL.encode() not in shown


def test_a_flooding_websocket_is_disconnected_while_another_visitor_is_served(server: Server) -> None:
    answers, stop = 0, threading.Event()
    with opened(server, new_visitor()) as flooding:
        heartbeat = BackMsg(app_heartbeat=True).SerializeToString()

        def flood() -> None:
            with suppress(ConnectionClosed):
                while not stop.is_set():
                    flooding.send(heartbeat)

        def listen() -> None:
            nonlocal answers
            with suppress(ConnectionClosed):
                while True:
                    flooding.recv()
                    answers += 1

        threads = [threading.Thread(target=each, daemon=True) for each in (flood, listen)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            until(lambda: answers > 100, "the burst")
            with opened(server, new_visitor()) as another:
                assert LABEL.encode() in page(another, QUERY)[1]
                in_time = time.monotonic() < began + PATIENCE - 1
                assert threads[1].is_alive() or not in_time, "served during the flood"
            until(lambda: not threads[1].is_alive(), "an end of the flood")
        finally:
            stop.set()
    assert answers < 1_000
    assert server.log.read_text().count("disconnected 1 websocket(s)") == 1


@pytest.mark.parametrize("header", [b"X: " + b"x" * 20_000_000, b"a:b\r\n" * 2_000_000], ids=["header", "lines"])
def test_a_large_head_is_refused_and_takes_no_memory(server: Server, header: bytes) -> None:
    process = server.family()[0]
    before = process.memory_info().rss
    with connected(server) as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + header)
        assert client.recv(12) == b"HTTP/1.1 431"
        assert process.memory_info().rss < before + len(header)
    assert get(server.address, "/healthz").status == 200


def test_a_visitor_who_leaves_in_the_middle_of_a_request_is_not_logged(server: Server) -> None:
    for path in ("/board", "/rooms/join"):
        with connected(server) as client:
            lines = [f"POST {path} HTTP/1.1", f"Host: {server.address}", f"Origin: {server.url}"]
            more = ["Content-Type: application/json", "Content-Length: 30", "", "half"]
            client.sendall("\r\n".join([*lines, *more]).encode())
        assert get(server.address, "/healthz").status == 200
    assert "ClientDisconnect" not in server.log.read_text()


def connected(server: Server) -> socket.socket:
    host, _, port = server.address.partition(":")
    return socket.create_connection((host, int(port)), timeout=60)


def test_a_saved_link_to_a_moved_page_leads_to_its_new_path(server: Server) -> None:
    moved = get(server.address, "/beyond?topology=residual&relatedness=0.5")
    assert (moved.status, moved.headers["location"]) == (308, "topologies?topology=residual&relatedness=0.5")
    assert moved.headers["x-content-type-options"] == "nosniff", "it goes through the whole edge"
    assert get(server.address, f"/{moved.headers['location']}").status == 200


def opened(server: Server, cookie: str | None, session: str = "", **headers: str) -> ClientConnection:
    """A websocket as a page opens it; with a session's id as one that lost its connection."""
    protocols = ["streamlit", "PLACEHOLDER_AUTH_TOKEN", *([session] if session else [])]
    return connect(
        f"ws://{server.address}{STREAM}",
        origin=Origin(server.url),
        subprotocols=[Subprotocol(each) for each in protocols],
        additional_headers={**headers, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})},
        max_size=None,
        open_timeout=60,
        proxy=None,
    )


def page(socket: ClientConnection, query: str | None) -> tuple[str, bytes]:
    """The session's id and all that is sent until its page is drawn; without a query as the session has it."""
    message = BackMsg()
    message.rerun_script.SetInParent()
    if query is not None:
        message.rerun_script.query_string = query
    socket.send(message.SerializeToString())
    session, sent = "", b""
    while True:
        data = socket.recv(timeout=60)
        assert isinstance(data, bytes)
        sent += data
        answer = ForwardMsg.FromString(data)
        kind = answer.WhichOneof("type")
        if kind == "new_session":
            session = answer.new_session.initialize.session_id
        elif kind == "script_finished" and session and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return session, sent


@pytest.mark.parametrize("path", ["/", "/train?timesteps=4", "/room", "/runs"])
def test_no_cache_keeps_a_page(server: Server, path: str) -> None:
    answer = get(server.address, path)
    assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
    assert answer.headers["set-cookie"]


def test_a_browser_gets_the_icon_and_keeps_it(server: Server) -> None:
    answer = get(server.address, "/favicon.ico")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert "max-age" in answer.headers["cache-control"]
    assert answer.headers["set-cookie"] is None, "it begins no visit"
    assert answer.read().startswith(b"\x89PNG")


@pytest.mark.parametrize("path", ["/no_such_page", "/train/more", "/no/such.js", "/media/x.html", "/app/static/x.png"])
def test_an_unknown_path_is_not_found_and_begins_no_visit(server: Server, path: str) -> None:
    answer = get(server.address, path)
    assert (answer.status, answer.headers["set-cookie"]) == (404, None)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
