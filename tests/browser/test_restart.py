"""The server is stopped while a run goes on, and started again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.server import Server
from tests.browser.visit import WORKER, Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def started(tmp_path: Path) -> object:
    """Starts servers at one address, one after the other, with the state of the one before."""
    servers: list[Server] = []

    def start() -> Server:
        port = int(servers[0].address.rpartition(":")[2]) if servers else None
        environment = {"TWOHEADS_STATE_DIR": str(tmp_path / "state")}
        servers.append(Server(tmp_path / f"log{len(servers)}", workers=1, environment=environment, port=port))
        servers[-1].wait_until_healthy()
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def test_a_lost_run_is_told_and_can_be_repeated(started: Callable[[], Server], chromium: Browser) -> None:
    old = started()
    with Visit(chromium, old.address) as visit:
        page = visit.open("/train?lstm=4&epochs=100&samples=4096&batch=1")
        visit.train.click()
        visit.wait_for_epochs()
        assert old.stop() == [], "nothing is left of a server that was stopped in mid-run"
        visit.leave()

        started()
        page.goto(f"{visit.url}/train")
        visit.stand()
        told = page.get_by_text("The server was started again, and your run of")
        expect(told).to_be_visible()
        expect(visit.number("Epochs")).to_have_value("20")
        page.get_by_role("button", name="Repeat it").click()
        expect(visit.number("Epochs")).to_have_value("100")
        expect(told).to_have_count(0)
        visit.wait_for_epochs()
        visit.cancel.click()
        expect(page.get_by_text("Cancelled.")).to_be_visible(timeout=WORKER)
