"""The training run on the page: its experiment and epochs, and the earlier run."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.jobs.manager import DRAINING_MESSAGE
from backend.training.job import EpochEvent
from components.session.visitor import COOKIE

ADA = "a" * 32


def page():
    import streamlit as st

    from components.session import page_options, state
    from components.train import run

    page_options.synchronise("train")
    st.button("Train", on_click=run.start)
    st.button("Cancel", on_click=run.cancel)
    st.session_state["now"] = run.current_run()
    st.session_state["before"] = run.earlier()
    st.session_state["shown"] = run.shown_run(state.experiment())


@pytest.fixture
def jobs(serve):
    """The job manager of a server without workers: submitted jobs wait."""
    return serve().jobs


def tab(visitor, **query):
    app = AppTest.from_function(page)
    app.session_state[COOKIE] = visitor
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return app


def click(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app.session_state["now"]


def epoch(seed=0, number=1):
    losses = {"total": 1.0, "heads": {"level": 0.5}}
    return EpochEvent(data={"seed": seed, "epoch": number, "left": losses, "right": losses, "seconds": 0.1})


def test_a_run_keeps_the_experiment_with_which_it_was_started(jobs):
    app = tab(ADA, epochs="7", seeds="2")
    assert app.session_state["now"] is None
    now = click(app, "Train")
    assert now.running
    assert now.experiment.training.epochs == 7
    assert (now.epochs, now.epochs_in_all, now.run) == ([], 14, None)
    app.query_params["epochs"] = "9"
    app.run()
    assert app.session_state["now"].experiment.training.epochs == 7


def test_a_tab_that_was_loaded_again_keeps_its_run_when_another_tab_trains(jobs):
    first = click(tab(ADA), "Train")
    app = tab(ADA)
    assert app.session_state["now"].view.id == first.view.id
    click(app, "Cancel")
    other = click(tab(ADA, epochs="2"), "Train")
    assert other.view.id != first.view.id
    assert app.run().session_state["now"].view.id == first.view.id


def test_a_run_with_epochs_becomes_the_earlier_run(jobs):
    app = tab(ADA)
    first = click(app, "Train")
    job = jobs.registry.take(1)
    jobs.registry.report(job.id, epoch())
    jobs.registry.end(job, "lost", message="gone")
    click(app, "Train")
    assert app.session_state["before"].view.id == first.view.id
    assert [one.epoch for one in app.session_state["before"].epochs] == [1]


def test_a_refused_run_changes_nothing_on_the_page(jobs):
    app = tab(ADA)
    first = click(app, "Train")
    job = jobs.registry.take(1)
    jobs.registry.report(job.id, epoch())
    jobs.registry.end(job, "lost", message="gone")
    jobs.drain()
    before = app.session_state["before"]
    now = click(app, "Train")
    assert now.view.id == first.view.id
    assert app.session_state["before"] == before
    assert [box.value for box in app.toast] == [DRAINING_MESSAGE]


def shown(app):
    return app.session_state["shown"]


def test_a_preset_shows_its_recorded_run_as_a_finished_one(jobs):
    found = shown(tab(ADA))
    assert (found.run.source, found.differences, found.foreign) == ("recorded", (), False)
    assert not found.run.running
    assert [each.epoch for each in found.run.run.epochs] == list(range(1, 21))
    assert found.run.run.snapshots


def test_settings_without_a_run_show_the_nearest_recorded_one_and_what_it_has(jobs):
    found = shown(tab(ADA, batch="64", combine="mean"))
    assert (found.run.source, found.differences, found.foreign) == ("recorded", ("batch size 32",), True)
    assert found.run.experiment.training.combine == "mean"


def test_the_visitor_s_run_replaces_what_is_shown_once_it_has_an_epoch(jobs):
    app = tab(ADA, batch="64")
    click(app, "Train")
    assert (shown(app).foreign, shown(app).awaited) == (True, True), "there is no epoch yet"
    job = jobs.registry.take(1)
    jobs.registry.report(job.id, epoch())
    app.run()
    assert (shown(app).run.source, shown(app).differences, shown(app).awaited) == ("trained", (), False)

    # With other settings it is named by its own, during the run as well as after it.
    app.query_params["batch"] = "16"
    app.run()
    assert (shown(app).run.view.id, shown(app).differences, shown(app).foreign) == (job.id, ("batch size 64",), False)
    app.query_params["batch"] = "32"
    app.run()
    assert shown(app).run.view.id == job.id, "a running one is shown even where a recorded one has these settings"
    jobs.registry.end(job, "lost", message="gone")
    app.run()
    assert shown(app).run.source == "recorded"
    app.query_params["batch"] = "64"
    app.run()
    assert (shown(app).run.view.id, shown(app).differences) == (job.id, ())
