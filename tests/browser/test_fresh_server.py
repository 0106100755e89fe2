"""A server that has just been started, below a base path, and one that is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from harness.local import free_port, until
from harness.server import Server
from tests.browser.contexts import Contexts
from tests.browser.places import PLACES
from tests.browser.visit import Visit
from tests.builders.asgi import get

pytestmark = pytest.mark.browser

BASE = "/heads"


@pytest.fixture
def metrics() -> int:
    """The port where Prometheus reads."""
    return free_port()


@pytest.fixture
def fresh(tmp_path: Path, metrics: int) -> Iterator[Server]:
    environment = {
        "TWOHEADS_METRICS_PORT": str(metrics),
        "TWOHEADS_STATE_DIR": str(tmp_path),
        "STREAMLIT_SERVER_BASE_URL_PATH": BASE,
    }
    server = Server(tmp_path / "log", workers=1, environment=environment, base=BASE)
    yield server
    server.stop()


def read(port: int) -> set[str]:
    """The lines of the metrics."""
    return {*get(f"127.0.0.1:{port}", "/metrics").read().decode().splitlines()}


@pytest.mark.soak  # `test_embed.py` has a server below a base path whose workers are not there
@pytest.mark.takes("a server and its worker start, and the first run waits for them: 37 s on two busy cores")
def test_the_first_page_does_not_wait_for_the_workers(fresh: Server, metrics: int, contexts: Contexts) -> None:
    fresh.wait_until_healthy()
    with Visit(contexts, fresh.address, BASE) as visit:
        # A deep link is what most first visitors follow.
        page = visit.open("/train?epochs=2&timesteps=4&lstm=4&samples=64")
        expect(page.get_by_role("heading", level=1)).to_have_text("Which one trains better?")
        warming = page.get_by_text("The workers are warming up. What you start now runs as soon as they are ready.")
        expect(warming.first).to_be_visible()

        # All that needs no worker is there and works.
        visit.expect_traces("sequences", 16)
        visit.go_to("Compare")
        expect(page.get_by_text("170 parameters").first).to_be_visible()
        expect(page.locator(".st-key-code-left pre")).to_contain_text("layers.LSTM(4")
        visit.go_to("Train")

        # What is started now runs when they are ready, and the line says so in the same place.
        visit.train.click()
        until(lambda: "twoheads_workers_ready 1.0" in read(metrics), "a worker that is ready", 270)
        visit.wait_for_finish()
        expect(warming).to_have_count(0)
        expect(page.get_by_text("1 worker is ready.")).to_be_visible()

        # And its operator can read it.
        lines = {
            "twoheads_sessions 1.0",
            "twoheads_workers_ready 1.0",
            "twoheads_workers_idle 1.0",
            "twoheads_queue_length 0.0",
            'twoheads_jobs_total{kind="train",state="finished"} 1.0',
        }
        until(lambda: lines <= read(metrics), f"{lines}")

        # A deep link to a page finds the server at once below the base path; see `Visit.faults`. Each has a page there.
        visit.open("/room")
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("Predict together")
        for place in PLACES:
            answer = get(fresh.address, f"{BASE}{place.path}")
            assert (answer.status, b"<title>" in answer.read()) == (200, True), place

    family = fresh.family()
    assert len(family) > 1
    assert fresh.stop() == [], "Ctrl-C leaves no process behind"
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family)
    assert "Traceback" not in fresh.log.read_text()
    assert "page error" not in fresh.log.read_text()
