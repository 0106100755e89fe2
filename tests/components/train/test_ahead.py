"""Train compiles what is on the page, once for each set of graphs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from backend.jobs import Job
from backend.services import Services
from backend.training.job import PrepareJob
from components.session.visitor import COOKIE
from harness.local import ROOT, until

pytestmark = pytest.mark.jobs
ADA = "a" * 32


@pytest.fixture
def services(serve: Any) -> Iterator[Services]:
    """A server with a worker that trains."""
    started: Services = serve()
    started.jobs.start()
    try:
        until(lambda: started.jobs.status.state == "ready")
        yield started
    finally:
        started.jobs.stop()


def samples(job: Job) -> int:
    assert isinstance(job.payload, PrepareJob)
    return job.payload.experiment.sequences.samples


@pytest.mark.takes("a worker loads Keras and traces twice")
def test_the_page_compiles_its_styles_ahead_once_for_each_set_of_graphs(services: Services) -> None:
    prepared: list[Job] = []
    services.jobs.on_end(lambda job: prepared.append(job) if job.kind == "prepare" else None)
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"))
    page.session_state[COOKIE] = ADA
    page.run()
    until(lambda: not services.jobs.running and not services.jobs.queue_length)  # Compare's own jobs
    page.switch_page("train.py").run()
    until(lambda: len(prepared) == 1)
    for seed in range(3):
        page.number_input(key="training.seed").set_value(seed).run()
    page.number_input(key="sequences.samples").set_value(1290).run()  # now there is a smaller last batch
    until(lambda: len(prepared) == 2)
    assert not page.exception
    assert [(job.state, samples(job)) for job in prepared] == [("finished", 1280), ("finished", 1290)]
