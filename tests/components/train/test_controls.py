"""The line on the run, in every state that a job can have."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.experiment.training import Training
from backend.jobs import JobView
from backend.jobs.messages import Phase
from backend.training.duration import in_second_gear
from backend.training.job import EpochEvent, epochs_of
from backend.training.result import Run, Timings
from components.train.run import RunView, ShownRun

EXPERIMENT = Experiment(training=Training(epochs=10, seeds=2))


def run_view(state, experiment=EXPERIMENT, **changes):
    return RunView(experiment, JobView("id", "visitor", "train", 0.0, state=state, **changes))


def epoch(number, seed=0):
    losses = {"total": 1.0, "heads": {"level": 0.5}}
    data = {"seed": seed, "epoch": number, "left": losses, "right": losses, "seconds": 2.0 * (number + 10 * seed)}
    return EpochEvent(data=data)


def run(**changes):
    timings = Timings(build=0.1, trace=0.5, train=2.0, step=0.001, steps=640, traced=2)
    values = {
        "experiment": EXPERIMENT,
        "styles": ("sequential", "functional"),
        "epochs": [epoch(1).data],
        "snapshots": [],
        "predictions": None,
        "weights": {},
        "timings": timings,
        "versions": {},
    }
    return Run(**(values | changes))


def page(now, experiment, shown):
    from components.train import controls

    controls.show(experiment, now, shown)


@pytest.fixture(autouse=True)
def _server(serve):
    serve()


def drawn(now, experiment=EXPERIMENT, shown=None):
    app = AppTest.from_function(page, kwargs={"now": now, "experiment": experiment, "shown": shown}).run()
    assert not app.exception
    train, cancel = (next(button for button in app.button if button.label == label) for label in ("Train", "Cancel"))
    return app, train, cancel


def test_a_run_that_cannot_end_in_time_says_before_what_to_lower(serve):
    serve(seconds_per_job=600)
    large = {"timesteps": 64, "lstm": (256, 256, 256)}
    long = Experiment.model_validate(
        {"architecture": large, "training": {"epochs": 100, "seeds": 10, "batch": 8}, "sequences": {"samples": 4096}}
    )
    (app, train, _) = drawn(None, long)
    (words,) = [warning.value for warning in app.warning]
    assert re.fullmatch(
        r"This run is expected to take about \d+ (hours|days?), but runs here are stopped after 10 minutes\. "
        r"(\d+ epochs? fits? in this time|With 1 seed, \d+ epochs? fits? in this time|Not even one epoch fits\. .*)\.",
        words,
    )
    assert train.disabled, "it would be refused"
    (app, train, _) = drawn(None, EXPERIMENT)
    assert not app.warning
    assert not train.disabled


def test_a_run_that_may_just_end_in_time_is_warned_of_and_can_be_started(serve):
    services = serve()
    seconds = services.durations.seconds(EXPERIMENT)
    serve(seconds_per_job=seconds / 1.5)
    (app, train, _) = drawn(None, EXPERIMENT)
    assert app.warning[0].value.startswith("This run is expected to take")
    assert not train.disabled


def captions(app):
    return "\n".join(caption.value for caption in app.caption)


def test_before_a_run_there_is_an_estimate_and_cancel_is_disabled():
    app, train, cancel = drawn(None)
    assert (train.disabled, cancel.disabled) == (False, True)
    assert "Expected on this server: about" in captions(app)


def test_a_waiting_run_says_why_it_waits():
    app, train, cancel = drawn(run_view("queued", position=3))
    assert (train.disabled, cancel.disabled) == (True, False)
    assert app.progress[0].text.startswith("The workers are warming up")


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
    app, train, cancel = drawn(now, shown=replaced)
    assert (train.disabled, cancel.disabled) == (True, False)
    assert app.progress[0].text.startswith(text)
    own, *_ = drawn(now, shown=ShownRun(now))
    assert bool(own.progress) == (not now.epochs), "the progress of a run with epochs is drawn with its curves"
    done = len(epochs_of(events))
    assert app.progress[0].value == 100 * done // 20


def test_while_a_run_is_being_cancelled_the_button_is_disabled():
    app, _, cancel = drawn(run_view("running", cancelling=True))
    assert cancel.disabled
    assert app.progress[0].text == "Cancelling …"


def test_an_abandoned_run_says_why_and_can_be_run_again():
    for events, words in (
        ((), "Nobody looked."),
        ((epoch(1),), "Nobody looked. The curves show the epochs before that. 0 of 2 seeds ended."),
    ):
        app, train, _ = drawn(run_view("abandoned", message="Nobody looked.", stored_events=events))
        assert app.info[0].value == words
        assert [button.label for button in app.button if button.label == "Run again"] == ["Run again"]
        assert not train.disabled


@pytest.mark.parametrize("state", ["cancelled", "failed", "lost"])
def test_a_run_that_ended_early_says_why_and_train_is_enabled(state):
    app, train, cancel = drawn(run_view(state, message="A sentence."))
    assert (train.disabled, cancel.disabled) == (False, True)
    (box,) = [*app.info, *app.warning]
    assert box.value.startswith("A sentence.")


def test_a_finished_run_shows_its_timings():
    (app, *_) = drawn(run_view("finished", stored_result=run()))
    line = captions(app)
    assert "built in 0.1 s · traced in 0.5 s · 640 steps per style, 1 ms for one step of both models · " in line
    assert "one step of both models · trained in 2 s" in line


def test_in_the_second_gear_the_time_of_a_step_contains_the_validation():
    long = EXPERIMENT.training.model_copy(update={"epochs": 100, "seeds": 10})
    for validation, words in ((0.2, "one step of both models, validation included · "), (0.0, "of both models · ")):
        training = long.model_copy(update={"validation": validation})
        experiment = EXPERIMENT.model_copy(update={"training": training})
        assert in_second_gear(experiment)
        (app, *_) = drawn(run_view("finished", experiment, stored_result=run()), experiment)
        assert "compiled in 0.5 s" in captions(app)
        assert words in captions(app)


def test_the_line_is_not_about_another_run_than_the_one_that_is_shown():
    own = run_view("finished", stored_result=run())
    recorded = ShownRun(RunView(Experiment(), own.view, source="recorded"))
    (app, *_) = drawn(own, Experiment(), recorded)
    assert "trained in" not in captions(app)
    (app, *_) = drawn(own, EXPERIMENT, recorded)
    assert "trained in" in captions(app)
    (app, *_) = drawn(run_view("running", stored_events=(epoch(1),)), Experiment(), recorded)
    assert app.progress


def test_a_model_is_not_trained_against_itself_by_accident():
    heads = tuple(head.model_copy(update={"hidden": (3,)}) for head in EXPERIMENT.architecture.heads)
    deep = EXPERIMENT.model_copy(update={"architecture": EXPERIMENT.architecture.model_copy(update={"heads": heads})})
    _, train, _ = drawn(None, deep)
    assert train.disabled
    _, train, _ = drawn(None, deep.model_copy(update={"left": "functional"}))
    assert not train.disabled, "it was chosen for both sides"


def test_a_cancelled_run_says_how_many_seeds_ended():
    events = (*(epoch(n) for n in range(1, 11)), epoch(1, 1))
    app, *_ = drawn(run_view("cancelled", message="Cancelled.", stored_events=events))
    assert app.info[0].value == "Cancelled. The curves show the epochs before that. 1 of 2 seeds ended."


def test_a_cancelled_run_promises_no_curves_where_a_recorded_run_is_shown():
    now = run_view("cancelled", message="Cancelled.", stored_events=(epoch(1),))
    app, *_ = drawn(now, Experiment(), ShownRun(RunView(Experiment(), now.view, source="recorded")))
    assert app.info[0].value == "Cancelled."


def test_a_run_whose_result_was_evicted_keeps_its_curves_and_says_so():
    now = run_view("finished", stored_events=(epoch(1), epoch(2)))
    assert (now.run, [each.epoch for each in now.epochs]) == (None, [1, 2])
    app, train, _ = drawn(now)
    assert not train.disabled
    assert "evicted to free memory. The curves are still available" in app.info[0].value


def test_a_run_that_diverged_says_so_and_keeps_its_curves():
    (app, *_) = drawn(run_view("finished", stored_result=run(stopped="The loss became NaN.")))
    assert app.warning[0].value == ("The loss became NaN. The curves show the epochs before that. 0 of 2 seeds ended.")


def test_a_run_that_diverged_in_its_first_epoch_promises_no_curves():
    (app, *_) = drawn(run_view("finished", stored_result=run(epochs=[], stopped="The loss became NaN.")))
    assert app.warning[0].value == "The loss became NaN."
