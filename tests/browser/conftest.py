"""One server and one Chromium for all browser tests, and a new visitor for each test."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from harness.chromium import open_chromium
from harness.server import ExternalServer, Server
from tests.browser.contexts import Contexts
from tests.browser.visit import Visit, prepare
from tests.builders.pace import pace

# Package scope, not session: while Playwright's loop runs no other test can use asyncio, and the server takes memory.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a failed test shows the pages of its visitors."""
    report = yield
    if report.when == "call" and report.failed:
        report.sections += [("a visitor's page", visit.described()) for visit in Visit.all]
    return report


@pytest.fixture(scope="package")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state folder of the server."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory, state: Path) -> Iterator[Server | ExternalServer]:
    """A healthy server whose jobs get recorded results. Or the one at `APP_ADDRESS`, such as an image's."""
    if address := os.environ.get("APP_ADDRESS"):
        yield ExternalServer(address)
        return
    environment = {"TWOHEADS_WORKERS": "recorded", "TWOHEADS_STATE_DIR": str(state)}
    with _running(Server(tmp_path_factory.mktemp("server") / "log", environment=environment)) as one:
        yield one


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    """The server while it answers. No process of it may outlive it."""
    try:
        server.wait_until_healthy()
        yield server
    finally:
        left = server.stop()
    assert not left, f"processes outlived the server: {left}"


@pytest.fixture(autouse=True)
def _server_has_no_error(request: pytest.FixtureRequest) -> Iterator[None]:
    """What goes wrong in a test's server fails that test."""
    one = request.getfixturevalue("server") if "server" in request.fixturenames else None
    size = one.log.stat().st_size if isinstance(one, Server) else 0
    yield
    if isinstance(one, Server):
        new = one.log.read_bytes()[size:].decode()
        assert "Traceback" not in new, new
        assert "page error" not in new, new


@pytest.fixture
def replay(server: Server | ExternalServer, state: Path) -> Iterator[Callable[[int | None], None]]:
    """Has each job report that many events and no more; with None, it runs to its end, as it does after the test."""
    if not isinstance(server, Server):
        pytest.skip("its workers run on")
    yield partial(pace, state)
    pace(state, None)


#: One process for all tabs of a context (see `Contexts`). V8's optimizing compilers take more time from the cores than
#: they save on a page that is open for seconds.
_FOR_SHORT_VISITS = ("--process-per-site", "--js-flags=--no-opt --no-maglev")


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
