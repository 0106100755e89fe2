"""Caddy in front of two app processes, as deploy/Caddyfile says."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from benchmarks.tab import Tab
from tests.backend.jobs.helpers import ROOT
from tests.browser.server import Server, until
from tests.deploy.composed import free_port

CADDY = shutil.which("caddy")
COOKIE = "two_heads_app"
pytestmark = [
    pytest.mark.jobs,
    pytest.mark.skipif(CADDY is None, reason="Caddy is not installed (on Debian: apt-get install caddy)"),
]


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    with ExitStack() as stack:
        servers = []
        for name in ("one", "two"):
            folder = tmp_path_factory.mktemp(name)
            server = Server(folder / "log", workers=1, environment={"TWOHEADS_STATE_DIR": str(folder)})
            stack.callback(server.stop)
            servers.append(server)
        for server in servers:
            server.wait_until_healthy()
        yield servers


@pytest.fixture(scope="module")
def site(apps: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    address = f"127.0.0.1:{free_port()}"
    home = tmp_path_factory.mktemp("caddy")
    assert CADDY
    caddy = subprocess.Popen(
        [CADDY, "run", "--config", str(ROOT / "deploy" / "Caddyfile"), "--adapter", "caddyfile"],
        env={
            **os.environ,
            "SITE": f"http://{address}",
            "APPS": " ".join(app.address for app in apps),
            "STICKY_SECRET": "of this test",
            "HOME": str(home),
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        },
        stdout=subprocess.DEVNULL,
        stderr=(home / "log").open("w"),
    )
    try:
        until(lambda: caddy.poll() is None and _up(address), "Caddy answers")
        yield address
    finally:
        caddy.terminate()
        caddy.wait(20)


def test_a_visitor_comes_back_to_the_same_process(site: str) -> None:
    given = {_get(site, "/")[1].get(COOKIE, "") for _ in range(40)}
    assert len(given) == 2, "each process has visitors"
    for value in given:
        for _ in range(20):
            status, cookies = _get(site, "/", f"{COOKIE}={value}")
            assert status == 200
            assert COOKIE not in cookies, "it was led to another process"


def test_metrics_are_closed(site: str, apps: list[Server]) -> None:
    for path in ("/_stcore/metrics", "/_stcore//metrics", "/_stcore/%6detrics", "/_stcore/metrics/"):
        assert _get(site, path)[0] == 404
    assert _get(site, "/healthz")[0] == 200


def test_a_page_and_its_websocket_go_through(site: str, apps: list[Server]) -> None:
    async def look(tab: Tab) -> int:
        """The process that holds the tab's WebSocket, by its place in `apps`."""
        before = [_connections(app) for app in apps]
        await tab.open("train")
        assert COOKIE in tab.cookies
        await tab.set_number("training.seed", 7)
        (place,) = (i for i, app in enumerate(apps) if _connections(app) > before[i])
        return place

    async def room() -> None:
        tabs = [Tab(site, lambda _: None) for _ in range(8)]
        try:
            places = [await look(tab) for tab in tabs]
        finally:
            for tab in tabs:
                await tab.close()
        of_cookie = {(tab.cookies[COOKIE], place) for tab, place in zip(tabs, places, strict=True)}
        assert len(of_cookie) == len(set(places)), "a cookie stands for one process"

    asyncio.run(room())


def _connections(app: Server) -> int:
    """Established connections to the app that carry a WebSocket stay; those of pages are idle and do not grow."""
    port = int(app.address.rpartition(":")[2])
    return sum(
        each.status == "ESTABLISHED" and each.laddr.port == port for each in app.family()[0].net_connections("tcp")
    )


def _get(site: str, path: str, cookie: str = "") -> tuple[int, dict[str, str]]:
    """Status and the cookies that were set."""
    connection = HTTPConnection(site, timeout=10)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    pairs = (header.partition(";")[0].partition("=") for header in answer.headers.get_all("set-cookie") or [])
    return answer.status, {name: value for name, _, value in pairs}


def _up(site: str) -> bool:
    try:
        return _get(site, "/healthz")[0] == 200
    except OSError:
        return False
