"""A class that trains on two servers behind Caddy, with one PostgreSQL.

`test_caddy.py` plays a room there without workers.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from harness.host import Host
from harness.local import until
from harness.phone import Phone
from harness.server import Server
from harness.tab import PATIENCE, wait_until_warm
from tests.backend.database.storage import POSTGRESQL, cluster, create_database
from tests.builders.playing import LESSON, TITLE, answer, lead, leave, start
from tests.deploy.test_caddy import CADDY, COOKIE, caddy, led_to

pytestmark = [
    pytest.mark.jobs,
    pytest.mark.soak,
    pytest.mark.skipif(CADDY is None, reason="Caddy is missing; `make test` says why"),
    pytest.mark.skipif(POSTGRESQL is None, reason="PostgreSQL is missing; `make test` says why"),
]

PHONES = 8
#: The seeds of all participants are one job, and so is what an option says to try.
JOBS = 1 + LESSON.count("try:")
#: Seconds until a phone on the other server draws what the host did.
SOON = 2.0


class Sites:
    """Two servers, and the address of the Caddy before them."""

    def __init__(self, address: str, servers: list[Server]) -> None:
        self.address, self.servers = address, servers
        #: The value of Caddy's cookie that leads to each server.
        self.cookies = [led_to(server)[COOKIE] for server in servers]

    def trainings(self, *servers: Server) -> list[str]:
        """How each job of these servers ended that trained."""
        lines = [line for server in servers for line in server.log.read_text().splitlines()]
        jobs = [json.loads(line) for line in lines if line.startswith('{"event": "job"')]
        return [job["outcome"] for job in jobs if job["kind"] in ("train", "train_seeds")]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    with ExitStack() as stack:
        url = create_database(stack.enter_context(cluster()))
        servers = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            servers.append(start(folder, workers=1, environment={"DATABASE_URL": url}))
            stack.callback(servers[-1].stop)
        for server in servers:
            server.wait_until_healthy()
            asyncio.run(wait_until_warm(server.address))
        address = stack.enter_context(caddy([server.address for server in servers], tmp_path))
        until(lambda: _healthy(address), "Caddy answers")
        yield Sites(address, servers)
    for server in servers:
        assert "Traceback" not in server.log.read_text()


def _healthy(address: str) -> bool:
    try:
        connection = HTTPConnection(address, timeout=5)
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False


def ready(host: Host, count: int) -> bool:
    return any(f"{count} of {count} runs ready" in text for text in host.texts)


async def phones_on_both(sites: Sites, code: str) -> list[Phone]:
    """Phones, in turns on the one server and on the other."""
    phones = [Phone(sites.address) for _ in range(PHONES)]
    for n, phone in enumerate(phones):
        phone.cookies = {COOKIE: sites.cookies[n % 2]}
    await asyncio.gather(*(phone.join(code) for phone in phones))
    assert [phone.cookies[COOKIE] for phone in phones] == [sites.cookies[n % 2] for n in range(PHONES)]
    return phones


async def opened(sites: Sites) -> tuple[Host, list[Phone]]:
    """A room whose host is on the first server, and its phones on both."""
    host = Host(sites.address)
    host.cookies = {COOKIE: sites.cookies[0]}
    await host.open_room(TITLE)
    assert host.cookies[COOKIE] == sites.cookies[0]
    return host, await phones_on_both(sites, host.code)


@pytest.mark.takes("two servers start and play a lesson; one is killed, and the other trains the rest")
def test_a_lesson_is_played_on_two_servers_and_one_of_them_may_be_killed(sites: Sites) -> None:
    async def play() -> None:
        host, phones = await opened(sites)
        late = []

        async def go(*labels: str) -> None:
            for label in labels:
                began = time.monotonic()
                await lead(host, phones, label)
                late.append(max(phone.drawn_at for phone in phones[1::2]) - began)

        await go("Begin")
        for n, phone in enumerate(phones):
            await answer(phone, n % 3)
        assert await host.until(lambda: ready(host, PHONES), 120), host.texts
        await go("Freeze", "Let them discuss", "Ask again")
        for phone in phones:
            await answer(phone, 1)
        await go("Freeze", "Reveal: the votes", "Reveal: what was measured", "Reveal: the verdict", "Show why")
        drawn = [phone.curves for phone in phones]
        assert all(each == drawn[0] for each in drawn)
        assert len(drawn[0]) == PHONES
        assert {json.dumps(phone.picture("votes")["totals"]) for phone in phones} == {f"[{PHONES}, {PHONES}]"}
        assert min(late) <= SOON, late
        all_trained = ["finished"] * JOBS  # what an option says to try, too, which nobody waits for
        await asyncio.to_thread(until, lambda: sites.trainings(*sites.servers) == all_trained, "all trained", 240)
        await go("Next question")
        for phone in phones:
            await answer(phone, 0)
        await go("Freeze", "Reveal: the votes", "Reveal: what was measured", "Reveal: the verdict", "End the lesson")
        assert sites.trainings(*sites.servers) == all_trained, "each seed is trained once"
        assert sites.trainings(sites.servers[1]) == [], "by the server on which the host began"
        await leave(host, *phones)

    async def kill() -> None:
        host, phones = await opened(sites)
        there = phones[1::2]
        first, second = sites.servers
        await host.advance("Begin")
        for process in first.family():
            process.kill()
        await asyncio.to_thread(first.stop)
        assert len(sites.trainings(first)) < 2 * JOBS, "some are left for the other server"
        for phone in there:
            assert await phone.until(lambda phone=phone: phone.page["phase"] == "ask", PATIENCE)
            await answer(phone, 1)
        for phone in (host, *phones[::2]):
            await phone.close()
        again = Host(sites.address)
        again.id, again.cookies = host.id, {**host.cookies, COOKIE: sites.cookies[1]}
        await again.lead()
        assert again.code == host.code
        back = Phone(sites.address)
        back.cookies = {**phones[0].cookies, COOKIE: sites.cookies[1]}
        await back.join(host.code)
        assert back.number == phones[0].number
        await answer(back, 0)
        assert await again.until(lambda: ready(again, PHONES), 120), again.texts
        await lead(again, [*there, back], "Freeze", "Reveal: the votes", "Reveal: what was measured")
        assert len(back.curves) == PHONES
        assert set(sites.trainings(second)) == {"finished"}
        assert back.picture("votes")["totals"] == [PHONES // 2 + 1]
        await leave(again, back, *there)

    async def both() -> None:
        await play()
        await kill()

    asyncio.run(both())
