"""The server is stopped while a run goes on and another job waits, and started again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from backend.jobs.status import UNAVAILABLE
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.visit import LONG, WORKER, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def started(tmp_path: Path) -> object:
    """Starts servers at one address, one after the other, with the state of the one before."""
    servers: list[Server] = []

    def start(workers: int) -> Server:
        port = int(servers[0].address.rpartition(":")[2]) if servers else None
        environment = {"TWOHEADS_STATE_DIR": str(tmp_path / "state")}
        servers.append(Server(tmp_path / f"log{len(servers)}", workers, environment=environment, port=port))
        servers[-1].wait_until_healthy()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.mark.timeout(900)
@pytest.mark.takes("two servers start")
def test_a_page_that_was_open_while_the_server_restarted_can_be_used(
    started: Callable[[int], Server], contexts: Contexts
) -> None:
    """Streamlit ignores a press in a fragment that a new session does not know. So the page requests a run first."""
    server = started(1)
    with Visit(contexts, server.address) as visit:
        page = visit.open("/speed?k=1&modes=fit")
        # From then on it does not poll: for a page that polls, Streamlit itself requests a run.
        expect(page.locator(".st-key-workers").get_by_text("hourglass_top")).to_have_count(0, timeout=WORKER)
        visit.stand()
        drawn: list[str] = []

        def note(data: str | bytes) -> None:
            assert isinstance(data, bytes)
            if kind := ForwardMsg.FromString(data).WhichOneof("type"):
                drawn.append(kind)

        page.on("websocket", lambda socket: socket.on("framereceived", note))
        server.stop()
        started(1)
        end = time.monotonic() + WORKER / 1000
        while "script_finished" not in drawn:
            assert time.monotonic() < end, "the new server drew no page"
            page.wait_for_timeout(50)
        visit.faults.clear()  # the browser's own, of the time without a server
        visit.stand()
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_test_id("stProgress")).to_be_visible()
        visit.cancel.click()
        expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=WORKER)


@pytest.mark.soak  # `tests/backend/web/test_stopped.py` has it over the connection
@pytest.mark.timeout(900)  # on a slow machine that also runs other tests
@pytest.mark.takes("two servers start and stop, and two visitors each lose a job")
def test_sigterm_is_reported_and_the_next_server_can_run_lost_jobs_again(
    started: Callable[[int], Server], contexts: Contexts
) -> None:
    server = started(1)
    family = server.family()
    with Visit(contexts, server.address) as sweep, Visit(contexts, server.address) as long:
        sweep.open("/speed?k=1&modes=fit")
        start = sweep.page.get_by_role("button", name="Start", exact=True)
        page = long.open(LONG)
        long.train.click()
        long.wait_for_epochs()
        start.click()
        expect(sweep.page.get_by_text("Waiting: place 1 in the queue")).to_be_visible()

        gone_by = time.monotonic() + 20
        server.terminate()
        expect(sweep.page.get_by_text("this job had not started. Run it again in a minute.")).to_be_visible()
        start.click()
        expect(sweep.page.get_by_text("accepts no new jobs. Your settings are kept")).to_be_visible()
        expect(page.get_by_text("The server stopped before this job ended.")).to_be_visible()
        _, left = psutil.wait_procs(family, timeout=max(gone_by - time.monotonic(), 0))
        assert not left
        for visit in (sweep, long):
            visit.leave()

        started(0)  # no job needs to run here
        page.goto(f"{long.url}/train")
        long.stand()
        message = page.get_by_text("had not finished when the server restarted.")
        expect(message).to_be_visible()
        expect(long.number("Epochs")).to_have_value("20")
        page.get_by_role("button", name="Run again").click()
        expect(long.number("Epochs")).to_have_value("60")
        expect(message).to_have_count(0)
        expect(page.get_by_test_id("stProgress").get_by_text(UNAVAILABLE.sentence)).to_be_visible()

        message = sweep.open("/speed").get_by_text("Your sweep, started")
        expect(message).to_be_visible()
        sweep.page.get_by_role("button", name="Run again").click()
        expect(message).to_have_count(0)
        expect(sweep.page.get_by_test_id("stProgress").get_by_text(UNAVAILABLE.sentence)).to_be_visible()
        sweep.expect_query("k=1&modes=fit")

        long.cancel.click()
        expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=WORKER)
