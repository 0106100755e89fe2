"""Caddy in front of two app processes with one PostgreSQL, with deploy/Caddyfile."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from backend.web import connections
from harness.client import PATIENCE
from harness.host import Host
from harness.local import ROOT, free_port, until
from harness.phone import Phone
from harness.server import Server
from tests.builders.asgi import get
from tests.builders.playing import TITLE, answer, lead, leave, start
from tests.builders.storage import POSTGRESQL, cluster, create_database

CADDY = shutil.which("caddy") or shutil.which(ROOT / ".venv" / "caddy" / "usr" / "bin" / "caddy")
COOKIE = "two_heads_app"
SECRET = "of this test"
pytestmark = [
    pytest.mark.jobs,
    pytest.mark.skipif(CADDY is None, reason="Caddy is missing; `make test` says why"),
]


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        servers = []
        # The apps show their metrics here, so that Caddy has to hide them.
        shared = {"TWOHEADS_STREAMLIT_METRICS": "true"}
        if POSTGRESQL:
            shared["DATABASE_URL"] = create_database(stack.enter_context(cluster()))
        for name in ("one", "two"):
            folder = tmp_path_factory.mktemp(name)
            server = start(folder, environment=shared)
            stack.callback(server.stop)
            servers.append(server)
        for server in servers:
            server.wait_until_healthy()
        yield servers


@pytest.fixture(scope="module")
def site(apps: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with caddy([app.address for app in apps], tmp_path_factory.mktemp("caddy")) as address:
        until(lambda: _status(address, "/healthz") == 200, "Caddy answers")
        yield address


@contextmanager
def caddy(apps: Iterable[str], home: Path, **environment: str) -> Iterator[str]:
    """The address of a Caddy in front of the apps at these addresses."""
    address = f"127.0.0.1:{free_port()}"
    assert CADDY
    config, written = home / "Caddyfile", (ROOT / "deploy" / "Caddyfile").read_text()
    assert "health_timeout 3s" in written
    config.write_text(written.replace("health_timeout 3s", "health_timeout 30s"))  # an app may be as slow as that here
    process = subprocess.Popen(
        [CADDY, "run", "--config", str(config), "--adapter", "caddyfile"],
        env={
            **os.environ,
            "SITE": f"http://{address}",
            "APPS": " ".join(apps),
            "STICKY_SECRET": SECRET,
            "HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("w"),
    )
    try:
        yield address
    finally:
        process.terminate()
        process.wait(20)


def test_a_cookie_leads_a_visitor_back_to_the_same_process(site: str) -> None:
    given = {_cookie(get(site, "/")) for _ in range(20)}
    assert len(given) == 2, "each process gets visitors"
    for value in given:
        for _ in range(8):
            answer = get(site, "/", Cookie=f"{COOKIE}={value}")
            assert (answer.status, _cookie(answer)) == (200, None), "the visitor was led to another process"


def test_caddy_hides_the_metrics(site: str, apps: list[Server]) -> None:
    for path in ("/_stcore/metrics", "/_stcore//metrics", "/_stcore/%6detrics", "/_stcore/metrics/"):
        assert _status(site, path) == 404
    assert [_status(app.address, "/_stcore/metrics") for app in apps] == [200, 200], "the apps themselves show them"


def test_caddy_closes_an_idle_connection_before_the_app_does() -> None:
    """A request that meets the app's end of the connection would fail, if it has a body."""
    (idle,) = _values(_adapted(), "idle_timeout")
    assert idle / 1e9 <= uvicorn.Config("app").timeout_keep_alive - 2, "a response needs time to reach Caddy"


def test_caddy_gives_clients_the_same_time_for_a_request_as_the_app() -> None:
    for name in ("read_header_timeout", "read_timeout"):
        assert _values(_adapted(), name) == [connections.PATIENCE * 1e9]


def test_a_room_s_events_come_at_once_though_the_client_accepts_compression(site: str) -> None:
    async def follow() -> None:
        host = Host(site)
        await host.open_room(TITLE)
        phone = Phone(host.address)
        phone.cookies = {name: value for name, value in host.cookies.items() if name == COOKIE}  # to the host's server
        await phone.join(host.code)
        cookies = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
        name, _, port = host.address.partition(":")
        reader, writer = await asyncio.open_connection(name, int(port))
        lines = [f"GET /rooms/{host.id}/page HTTP/1.1", f"Host: {host.address}", f"Cookie: {cookies}"]
        writer.write("\r\n".join([*lines, "Accept-Encoding: gzip, br, zstd", "", ""]).encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert b"text/event-stream" in head
        assert b"content-encoding" not in head.lower()
        await asyncio.wait_for(reader.readuntil(b"data: "), PATIENCE)
        await host.advance("Begin")
        await asyncio.wait_for(reader.readuntil(b'"phase":"ask"'), PATIENCE)
        writer.close()
        await phone.close()
        await host.close()

    asyncio.run(follow())


def test_every_address_below_the_base_path_requires_sign_in(tmp_path: Path) -> None:
    assert CADDY
    hashed = subprocess.run([CADDY, "hash-password", "--plaintext", "open"], capture_output=True, text=True, check=True)
    (tmp_path / "sign-in").write_text(f"basicauth {{\n\troom {hashed.stdout.strip()}\n}}\n")
    environment = {"TWOHEADS_STATE_DIR": str(tmp_path), "STREAMLIT_SERVER_BASE_URL_PATH": "heads"}
    app = Server(tmp_path / "log", workers=0, environment=environment, base="/heads")
    signed_in = {"Authorization": f"Basic {b64encode(b'room:open').decode()}"}
    try:
        app.wait_until_healthy()
        with caddy([app.address], tmp_path, BASE="/heads", SIGN_IN=str(tmp_path / "sign-in")) as site:
            until(lambda: _status(site, "/heads/healthz", **signed_in) == 200, "Caddy answers")
            assert _status(site, "/heads/train", **signed_in) == 200
            for path in ("/heads/train", "/heads/healthz", "/heads/_stcore/host-config"):
                assert _status(site, path) == 401
            with connect(f"ws://{site}/heads/_stcore/stream", **_from(site), additional_headers=signed_in) as socket:
                assert socket.ping().wait(10)
            with pytest.raises(InvalidStatus, match="401"):
                connect(f"ws://{site}/heads/_stcore/stream", **_from(site))
    finally:
        app.stop()


def led_to(app: Server) -> dict[str, str]:
    """Caddy's cookie that leads to that process."""
    return {COOKIE: hmac.new(SECRET.encode(), app.address.encode(), "sha256").hexdigest()}


@pytest.mark.skipif(POSTGRESQL is None, reason="PostgreSQL is missing; `make test` says why")
def test_a_room_is_played_on_both_processes_and_goes_on_when_one_is_killed(site: str, apps: list[Server]) -> None:
    """The last test with these processes, of which it kills one."""

    async def play() -> None:
        host, phones = Host(site), [Phone(site) for _ in range(6)]
        host.cookies = led_to(apps[0])
        await host.open_room(TITLE)
        for n, phone in enumerate(phones):
            phone.cookies = led_to(apps[n % 2])
        await asyncio.gather(*(phone.join(host.code) for phone in phones))
        for n, each in enumerate([*phones, host]):
            assert each.cookies[COOKIE] == led_to(apps[n % 2])[COOKIE], "Caddy led it to another process"
        await lead(host, phones, "Begin")
        await asyncio.gather(*(answer(phone, 0) for phone in phones))
        for process in apps[0].family():
            process.kill()
        await asyncio.to_thread(apps[0].stop)
        await leave(host, *phones[::2])
        for phone in phones[1::2]:
            await answer(phone, 1)
        again, back = Host(site), Phone(site)
        again.id, again.cookies = host.id, {**host.cookies, **led_to(apps[1])}
        await again.lead()
        assert again.code == host.code
        back.cookies = {**phones[0].cookies, **led_to(apps[1])}
        await back.join(host.code)
        assert back.number == phones[0].number
        for label in ("Freeze", "Reveal"):
            await again.advance(label)
        assert await back.until(lambda: 'class="option' in back.html)
        assert re.findall(r"<span>(\d+) \(", back.html)[:2] == ["3", "3"], "no answer is lost"
        await leave(again, back, *phones[1::2])

    asyncio.run(play())
    assert "Traceback" not in apps[1].log.read_text()


def _adapted() -> Any:
    """deploy/Caddyfile as Caddy reads it."""
    assert CADDY
    adapt = [CADDY, "adapt", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"]
    return json.loads(subprocess.run(adapt, capture_output=True, check=True).stdout)


def _from(site: str) -> dict[str, Any]:
    return {"origin": f"http://{site}", "subprotocols": ["streamlit"], "proxy": None}


def _values(config: Any, key: str) -> list[Any]:
    """What each object inside of `config` has under that key."""
    inside = list(config.values()) if isinstance(config, dict) else config if isinstance(config, list) else []
    own = [config[key]] if isinstance(config, dict) and key in config else []
    return own + [value for each in inside for value in _values(each, key)]


def _cookie(answer: HTTPResponse) -> str | None:
    """The value of Caddy's cookie that the response sets."""
    cookies = (each.partition(";")[0].partition("=") for each in answer.headers.get_all("set-cookie") or [])
    return next((value for name, _, value in cookies if name == COOKIE), None)


def _status(site: str, path: str, **headers: str) -> int:
    """The status; 0 when nobody listens."""
    try:
        return get(site, path, **headers).status
    except OSError:
        return 0
