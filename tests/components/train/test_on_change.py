"""What lives on Train, and what a busy server leaves out: runs that a change of a setting starts, weights that move.

A change of a setting starts the next run by itself only where the visitor wants it and it costs nobody anything.
Train also compiles what is on the page, once for each set of graphs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences
from backend.experiment.training import Training
from backend.jobs import Job, JobManager
from backend.services import Services, serving
from backend.services import services as services_of_this_process
from backend.training.duration import DurationEstimator
from backend.training.job import PrepareJob
from backend.training.live import snapshots_of
from backend.web.cookie import new_visitor
from components.session.visitor import COOKIE
from harness.local import ROOT, until
from tests.builders.pages import button, drawn
from tests.builders.pages import until as drawn_until

pytestmark = pytest.mark.jobs
SMALL = {"samples": "64", "epochs": "2", "lstm": "4", "timesteps": "4"}
LONG = Experiment(
    architecture=Architecture(lstm=(4,), timesteps=4),
    sequences=Sequences(samples=2048, seed=2),
    training=Training(epochs=100, seeds=10),
)
OTHERS = Sequences(samples=2048, seed=1)


@pytest.fixture
def services(idle_workers: JobManager) -> Iterator[Services]:
    """A server with a worker that trains, which has learned nothing of durations. Each test has its own visitors."""
    with serving(replace(services_of_this_process(), durations=DurationEstimator())) as fresh:
        yield fresh


@pytest.fixture
def prepared(services: Services) -> Iterator[list[Job]]:
    """The jobs that have compiled styles ahead."""
    found: list[Job] = []
    services.jobs.on_end(lambda job: found.append(job) if job.kind == "prepare" else None)
    yield found
    services.jobs.on_end(lambda job: None)


def opened(visitor: str = "", **query: str) -> AppTest:
    at = AppTest.from_file(str(ROOT / "pages" / "navigation.py"))
    at.session_state[COOKIE] = visitor or new_visitor()
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page("train.py").run()
    assert not at.exception
    return at


def on(at: AppTest) -> AppTest:
    at.toggle(key="train.switch").set_value(True).run()
    return at.run()  # a browser redraws the whole page, as the fragment has asked


def trained_rates(at: AppTest) -> list[float]:
    """The learning rates of the run on the page and of the earlier one."""
    runs = (at.session_state[key] for key in ("train.run", "train.before") if key in at.session_state)
    return [each.experiment.training.learning_rate for each in runs]


def why(at: AppTest) -> str:
    return " ".join(each.value for each in at.caption if "touch_app" in each.value)


@pytest.mark.takes("a worker loads Keras, and trains twice")
def test_dragging_a_rate_trains_again_and_keeps_the_run_before(services: Services, prepared: list[Job]) -> None:
    ada = new_visitor()
    at = opened(ada, **SMALL | {"lstm": "5"})
    assert not at.select_slider, "nothing to drag until it is on"
    until(lambda: bool(prepared) and services.jobs.idle())  # it is compiled ahead
    at = on(at)
    assert "train.run" not in at.session_state, "the switch alone trains nothing"
    for rate in (0.01, 0.02):
        at.select_slider(key="train.drag.training.learning_rate").set_value(rate).run()
        assert trained_rates(at)[0] == rate
        drawn_until(at, lambda at: any("built in" in caption.value for caption in at.caption))
        until(lambda: services.jobs.idle())
    assert trained_rates(at) == [0.02, 0.01]
    assert drawn(at, "diagram")
    assert not why(at)
    assert services.saved_runs.of_visitor(ada) == [], "what starts by itself fills nobody's list"
    assert not at.exception


@pytest.mark.takes("a worker trains for seconds")
def test_it_starts_nothing_while_another_visitor_s_run_has_the_worker(services: Services) -> None:
    at = on(opened(**SMALL))
    bob = new_visitor()
    busy = services.runs.train(LONG, bob)
    until(lambda: not services.jobs.idle())
    at.number_input(key="training.learning_rate").set_value(0.01).run()
    assert "train.run" not in at.session_state
    assert "No worker is idle" in why(at)
    services.runs.cancel(busy, bob)
    until(lambda: services.jobs.idle())
    at.run()
    assert "train.run" not in at.session_state, "only a change starts a run"


def test_a_run_that_takes_longer_is_left_to_the_button(services: Services) -> None:
    at = on(opened(epochs="100", seeds="10"))
    at.number_input(key="training.learning_rate").set_value(0.01).run()
    assert "is expected to take 2 s or more, so it does not start by itself" in why(at)
    at.toggle(key="train.switch").set_value(False).run()
    at.run()
    assert not why(at)
    assert not button(at, "Train").disabled


def weights_sent(services: Services, visitor: str) -> bool:
    run = services.runs.latest(visitor)
    return run is not None and bool(snapshots_of(run.experiment, run.view().events))


def weights_shown(at: AppTest) -> bool:
    return any(each.value == "Weights so far" for each in at.header)


@pytest.mark.parametrize("another_waits", [False, True])
@pytest.mark.takes("a worker trains for seconds")
def test_weights_move_during_training_unless_another_visitor_waits(services: Services, another_waits: bool) -> None:
    ada, bob, cy = new_visitor(), new_visitor(), new_visitor()
    first = services.runs.train(LONG, bob)
    until(lambda: not services.jobs.idle())
    at = opened(ada, **SMALL | {"epochs": "100", "seeds": "10", "samples": "2048"})
    button(at, "Train").click().run()
    last = services.runs.train(LONG.model_copy(update={"sequences": OTHERS}), cy) if another_waits else None
    services.runs.cancel(first, bob)
    until(lambda: weights_sent(services, ada))  # not every epoch has weights, and the first has none
    drawn_until(at, lambda at: any("After epoch" in each.value for each in at.markdown))
    assert weights_shown(at) != another_waits
    if last:
        services.runs.cancel(last, cy)
        drawn_until(at, weights_shown)
        assert at.get("progress"), "the run trains"
    button(at, "Cancel").click().run()
    drawn_until(at, lambda at: not at.get("progress"))
    assert weights_shown(at), "a run that has ended shows what it reached"


def samples(job: Job) -> int:
    assert isinstance(job.payload, PrepareJob)
    return job.payload.experiment.sequences.samples


@pytest.mark.takes("a worker traces twice")
def test_the_page_compiles_its_styles_ahead_once_for_each_set_of_graphs(
    services: Services, prepared: list[Job]
) -> None:
    page = opened(**SMALL | {"lstm": "7", "samples": "80"})  # no other test compiles it
    until(lambda: len(prepared) == 1)
    for seed in range(3):
        page.number_input(key="training.seed").set_value(seed).run()
    page.number_input(key="sequences.samples").set_value(90).run()  # now there is a smaller last batch
    until(lambda: len(prepared) == 2)
    assert not page.exception
    assert [(job.state, samples(job)) for job in prepared] == [("finished", 80), ("finished", 90)]
