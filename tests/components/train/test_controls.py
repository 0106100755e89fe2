"""The line on the run, in every state that a job can have."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.jobs.messages import Phase
from backend.training.job import epochs_of
from components.train.run import RunView, ShownRun
from tests.builders.small_run import EXPERIMENT, epoch, run


def run_view(state, experiment=EXPERIMENT, **changes):
    return RunView(experiment, JobView("id", "visitor", "train", 0.0, state=state, **changes))


def page(now, experiment, shown):
    from components.train import controls

    controls.buttons(experiment, now)
    controls.status(experiment, now, shown)


@pytest.fixture(autouse=True)
def _server(serve):
    serve()


def drawn(now, experiment=EXPERIMENT, shown=None):
    shown = shown or ShownRun(now or run_view("running"))
    app = AppTest.from_function(page, kwargs={"now": now, "experiment": experiment, "shown": shown}).run()
    assert not app.exception
    return app, app.button[0]


def test_a_run_that_cannot_end_in_time_says_before_what_to_lower(serve):
    serve(seconds_per_job=600)
    large = {"timesteps": 64, "lstm": (256, 256, 256)}
    long = Experiment.model_validate(
        {"architecture": large, "training": {"epochs": 100, "seeds": 10, "batch": 8}, "sequences": {"samples": 4096}}
    )
    app, train = drawn(None, long)
    (words,) = [warning.value for warning in app.warning]
    assert re.fullmatch(
        r"This is expected to take about \d+ (hours|days?), but this server stops a job after 10 minutes\. "
        "Use fewer epochs, seeds, sequences, timesteps or units\\.",
        words,
    )
    assert train.disabled, "it would be refused"
    app, train = drawn(None, EXPERIMENT)
    assert not app.warning
    assert not train.disabled


def test_a_run_that_may_just_end_in_time_is_warned_of_and_can_be_started(serve):
    services = serve()
    seconds = services.durations.seconds(EXPERIMENT)
    serve(seconds_per_job=seconds / 1.5)
    app, train = drawn(None, EXPERIMENT)
    assert app.warning[0].value.startswith("This is expected to take")
    assert not train.disabled


@pytest.mark.parametrize(
    ("events", "text"),
    [
        ((), "Starting … (expected on this server: about"),
        ((Phase(phase="building"), Phase(phase="tracing")), "Tracing … (expected on this server: about"),
        ((epoch(1), epoch(2), epoch(3)), "Epoch 3 of 10 · seed 1 of 2 · about 34 seconds left"),
        ((*(epoch(n) for n in range(1, 11)), epoch(1, 1)), "Epoch 1 of 10 · seed 2 of 2 · about 18 seconds left"),
    ],
)
def test_a_running_run_shows_its_phase_then_its_epoch_and_the_time_left(events, text):
    now = run_view("running", stored_events=events)
    replaced = ShownRun(RunView(EXPERIMENT, now.view, source="recorded"))
    app, cancel = drawn(now, shown=replaced)
    assert (cancel.label, cancel.disabled) == ("Cancel", False)
    assert app.progress[0].text.startswith(text)
    own, _ = drawn(now, shown=ShownRun(now))
    assert bool(own.progress) == (not now.epochs), "the progress of a run with epochs is drawn with its curves"
    done = len(epochs_of(events))
    assert app.progress[0].value == 100 * done // 20


@pytest.mark.parametrize("state", ["cancelled", "failed", "lost"])
def test_a_run_that_ended_early_says_why_and_train_is_enabled(state):
    app, train = drawn(run_view(state, message="A sentence."))
    assert (train.label, train.disabled) == ("Train", False)
    (box,) = [*app.info, *app.warning]
    assert box.value.startswith("A sentence.")


def test_a_run_that_diverged_says_so_and_keeps_its_curves():
    app, _ = drawn(run_view("finished", stored_result=run(stopped="The loss became NaN.")))
    assert app.warning[0].value == ("The loss became NaN. The curves show the epochs before that. 0 of 2 seeds ended.")
