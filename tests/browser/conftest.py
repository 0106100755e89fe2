"""One server and one Chromium for all browser tests, and a new visitor for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser

from harness.chromium import open_chromium
from harness.local import free_port, until
from harness.server import ExternalServer, Server
from tests.browser.contexts import Contexts
from tests.browser.visit import Visit, prepare
from tests.builders.asgi import get

# Package scope, not session: while Playwright's loop runs no other test can use asyncio, and the workers take memory.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a failed test shows the pages of its visitors."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("a visitor's page", visit.described()) for visit in Visit.all]
    return report


@pytest.fixture(scope="package", autouse=True)
def _workers_take_a_share() -> Iterator[None]:
    """Workers do not wait until the cores are idle.

    On a busy machine they would hardly run, while the pages that wait for them draw themselves again and again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOHEADS_WORKERS_YIELD", "false")
        yield


@pytest.fixture(scope="package")
def metrics() -> int:
    """The port where Prometheus reads."""
    return free_port()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, metrics: int) -> Iterator[Server | ExternalServer]:
    """A healthy server with a worker, which may not be warm yet. Or the one at `APP_ADDRESS`, such as an image's.

    One worker for each of the two test processes: a second one would load Keras, too, and have no core of its own.
    """
    if address := os.environ.get("APP_ADDRESS"):
        yield ExternalServer(address)
        return
    # No test waits for a new worker, which loads Keras for up to a minute.
    environment = {
        "TWOHEADS_METRICS_PORT": str(metrics), "TWOHEADS_RECYCLE_TRACED": "10000", "TWOHEADS_RECYCLE_RSS_MB": "2700",
    }  # fmt: skip
    running = Server(tmp_path_factory.mktemp("server") / "log", workers=1, environment=environment)
    try:
        running.wait_until_healthy()
        yield running
    finally:
        left = running.stop()
    log = running.log.read_text()
    assert not left, f"processes outlived the server: {left}"
    assert "Traceback" not in log, log
    assert "page error" not in log, log


#: One process for all tabs of a context (see `Contexts`). V8's optimizing compilers take more time from the cores than
#: they save on a page that is open for seconds.
_FOR_SHORT_VISITS = ("--process-per-site", "--js-flags=--no-opt --no-maglev")


@pytest.fixture
def wait_for_idle_worker(server: Server | ExternalServer, metrics: int) -> Callable[[], None]:
    """Waits until a job would start at once: the worker is ready, no job of an earlier test runs, and none waits."""

    def wait() -> None:
        if isinstance(server, Server):
            _until_metrics_say(metrics, "twoheads_queue_length 0.0", "twoheads_workers_idle 1.0")

    return wait


def _until_metrics_say(port: int, *lines: str) -> None:
    """Wait until all `lines` are among the metrics."""

    def say() -> bool:
        try:
            return {*lines} <= {*get(f"127.0.0.1:{port}", "/metrics").read().decode().splitlines()}
        except OSError:  # the server is busy
            return False

    until(say, " and ".join(lines), 270)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for all visitors."""
    with open_chromium(*_FOR_SHORT_VISITS) as running:
        yield running


@pytest.fixture(scope="package")
def contexts(chromium: Browser) -> Contexts:
    """Contexts that visitors share, one after the other."""
    return Contexts(chromium, prepare)


@pytest.fixture
def visitor(server: Server | ExternalServer, contexts: Contexts) -> Iterator[Callable[..., Visit]]:
    """Creates visitors, each with their own cookies. Keywords are options of a browser context."""
    with ExitStack() as visits:

        def arrive(**options: Any) -> Visit:
            return visits.enter_context(Visit(contexts, server.address, **options))

        yield arrive


@pytest.fixture
def visit(visitor: Callable[..., Visit]) -> Visit:
    """One visitor with a window of 1440 × 900 in the light theme."""
    return visitor()
