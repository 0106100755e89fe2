"""/healthz and /readyz: their status, and a sentence that says why."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.applications import Starlette

from backend.jobs import Status
from backend.jobs.status import STARTING, UNAVAILABLE
from backend.web.health import FULL, health_routes
from tests.builders.asgi import get, serve

pytestmark = pytest.mark.slow

READY = Status("ready", "2 workers are ready.")


@dataclass
class Jobs:
    """A job manager in a given state."""

    status: Status = READY
    full: bool = False


@dataclass
class Database:
    """A database in a given state."""

    problem: str | None = None


NOT_SAVED = " Runs, progress in lessons and changes of rooms are not saved now: the disk is full."


@pytest.mark.parametrize(
    ("jobs", "status", "text"),
    [
        (Jobs(), 200, READY.sentence),
        (Jobs(STARTING), 503, STARTING.sentence),
        (Jobs(UNAVAILABLE), 503, UNAVAILABLE.sentence),
        (Jobs(full=True), 503, FULL),
    ],
)
def test_readyz_is_200_only_if_a_visitor_can_train_and_says_what_else_is_missing(
    jobs: Jobs, status: int, text: str
) -> None:
    database = Database()
    with serve(Starlette(routes=health_routes(lambda: jobs, lambda: database))) as address:
        for database.problem, said in ((None, text), ("the disk is full", text + NOT_SAVED)):
            ready, alive = get(address, "/readyz"), get(address, "/healthz")
            assert (ready.status, ready.read().decode()) == (status, said)
            assert (alive.status, alive.read()) == (200, b"ok")
            assert ready.headers["cache-control"] == "no-store"
