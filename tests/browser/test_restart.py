"""The server is stopped and started again while a page is open."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from components.streamlit_internals.selectors import selectors
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.places import PROGRESS
from tests.browser.visit import PAGE, Visit
from tests.builders.pace import pace

pytestmark = pytest.mark.browser


@pytest.fixture
def started(tmp_path: Path) -> object:
    """Starts servers at one address, one after the other, with the state of the one before."""
    servers: list[Server] = []

    def start() -> Server:
        port = int(servers[0].address.rpartition(":")[2]) if servers else None
        environment = {"TWOHEADS_WORKERS": "recorded", "TWOHEADS_STATE_DIR": str(tmp_path)}
        servers.append(Server(tmp_path / f"log{len(servers)}", environment=environment, port=port))
        servers[-1].wait_until_healthy()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.mark.takes("two servers start")
def test_a_page_that_was_open_while_the_server_restarted_can_be_used(
    started: Callable[[], Server], contexts: Contexts, tmp_path: Path
) -> None:
    """Streamlit ignores a press in a fragment that a new session does not know. So the page requests a run first."""
    server = started()
    with Visit(contexts, server.address) as visit:
        page = visit.open("/speed?k=1&modes=fit")
        # From then on it does not poll: for a page that polls, Streamlit itself requests a run.
        expect(page.locator(".st-key-workers").get_by_text("hourglass_top")).to_have_count(0)
        visit.stand()
        drawn: list[str] = []

        def note(data: str | bytes) -> None:
            assert isinstance(data, bytes)
            if kind := ForwardMsg.FromString(data).WhichOneof("type"):
                drawn.append(kind)

        page.on("websocket", lambda socket: socket.on("framereceived", note))
        server.stop()
        started()
        end = time.monotonic() + PAGE / 1000
        while "script_finished" not in drawn:
            assert time.monotonic() < end, "the new server drew no page"
            page.wait_for_timeout(50)
        visit.faults.clear()  # the browser's own, of the time without a server
        visit.stand()
        pace(tmp_path, 1)
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.locator(selectors()[PROGRESS])).to_be_visible()
        visit.cancel.click()
        expect(page.get_by_text("Cancelled.", exact=True).first).to_be_visible()
