"""The training run on the page: its experiment and epochs, and the earlier run."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from backend.jobs import JobView
from backend.jobs.manager import DRAINING_MESSAGE
from backend.jobs.messages import Phase
from backend.training.job import EpochEvent
from backend.training.result import Run, Timings
from components.session.visitor import COOKIE
from components.train import run

ADA = "a" * 32


def page():
    import streamlit as st

    from components.live import refusal
    from components.session import state, url_sync
    from components.train import run

    url_sync.synchronise("train")
    st.button("Train", on_click=run.start)
    st.button("Cancel", on_click=run.cancel)
    st.button("Clear", on_click=run.clear_earlier)
    refusal.show("train")
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


def test_a_run_with_epochs_becomes_the_earlier_run_until_it_is_cleared(jobs):
    app = tab(ADA)
    first = click(app, "Train")
    job = jobs.registry.take()
    jobs.registry.report(job.id, epoch())
    jobs.registry.end(job, "lost", message="gone")
    click(app, "Train")
    assert app.session_state["before"].view.id == first.view.id
    assert [one.epoch for one in app.session_state["before"].epochs] == [1]
    click(app, "Clear")
    assert app.session_state["before"] is None


def test_an_earlier_run_is_compared_only_where_the_tasks_are_the_same(monkeypatch):
    def trained(name, *tasks):
        heads = [{"name": f"head_{i}", "task": task} for i, task in enumerate(tasks)]
        setting = Experiment.model_validate({"architecture": {"heads": heads}})
        return run.RunView(setting, JobView(name, ADA, "train", 0.0, state="cancelled"))

    before = trained("before", "level", "trend")
    monkeypatch.setattr(run, "earlier", lambda: before)
    assert run.comparable_run(trained("now", "level", "trend")) is before
    assert run.comparable_run(trained("now", "level", "last")) is None
    assert run.comparable_run(trained("now", "level")) is None
    assert run.comparable_run(before) is None


def test_a_run_without_epochs_does_not_become_the_earlier_run(jobs):
    app = tab(ADA)
    click(app, "Train")
    click(app, "Cancel")
    click(app, "Train")
    assert app.session_state["before"] is None


def test_live_epochs_are_read_from_the_jobs_events(jobs):
    app = tab(ADA)
    click(app, "Train")
    job = jobs.registry.take()
    for number in (1, 2):
        jobs.registry.report(job.id, Phase(phase="training"))
        jobs.registry.report(job.id, epoch(number=number))
    app.run()
    now = app.session_state["now"]
    assert now.view.state == "running"
    assert [one.epoch for one in now.epochs] == [1, 2]
    assert now.experiment == Experiment()


def test_a_refused_run_changes_nothing_on_the_page(jobs):
    app = tab(ADA)
    first = click(app, "Train")
    job = jobs.registry.take()
    jobs.registry.report(job.id, epoch())
    jobs.registry.end(job, "lost", message="gone")
    jobs.drain()
    now = click(app, "Train")
    assert now.view.id == first.view.id
    assert app.session_state["before"] is None
    assert [box.value for box in app.warning] == [DRAINING_MESSAGE]


def shown(app):
    return app.session_state["shown"]


def test_a_preset_shows_its_recorded_run_as_a_finished_one(jobs):
    found = shown(tab(ADA))
    assert (found.run.source, found.differences, found.foreign) == ("recorded", (), False)
    assert not found.run.running
    assert [each.epoch for each in found.run.run.epochs] == list(range(1, 21))
    assert found.run.run.snapshots


def test_a_new_label_reaches_the_charts_of_a_run_that_was_started_before(jobs):
    app = tab(ADA)
    click(app, "Train")
    app.query_params["head"] = ["level......Mine", "trend"]
    app.run()
    assert app.session_state["now"].experiment.architecture.heads[0].label == "Mine"


def test_a_recorded_run_has_the_visitor_s_labels(jobs):
    found = shown(tab(ADA, head=["level......Mine", "trend"]))
    assert found.run.source == "recorded"
    assert found.run.run.experiment.architecture.heads[0].label == "Mine"


def test_settings_without_a_run_show_the_nearest_recorded_one_and_what_it_has(jobs):
    found = shown(tab(ADA, batch="64", combine="mean"))
    assert (found.run.source, found.differences, found.foreign) == ("recorded", ("batch 32",), True)
    assert found.run.experiment.training.combine == "mean"


def test_the_visitor_s_run_replaces_what_is_shown_once_it_has_an_epoch(jobs):
    app = tab(ADA, batch="64")
    click(app, "Train")
    assert (shown(app).foreign, shown(app).awaited) == (True, True), "there is no epoch yet"
    job = jobs.registry.take()
    jobs.registry.report(job.id, epoch())
    app.run()
    assert (shown(app).run.source, shown(app).differences, shown(app).awaited) == ("trained", (), False)

    # With other settings it is named by its own, during the run as well as after it.
    app.query_params["batch"] = "16"
    app.run()
    assert (shown(app).run.view.id, shown(app).differences, shown(app).foreign) == (job.id, ("batch 64",), False)
    app.query_params["batch"] = "32"
    app.run()
    assert shown(app).run.view.id == job.id, "a running one is shown even where a recorded one has these settings"
    jobs.registry.end(job, "lost", message="gone")
    app.run()
    assert shown(app).run.source == "recorded"
    app.query_params["batch"] = "64"
    app.run()
    assert (shown(app).run.view.id, shown(app).differences) == (job.id, ())


def test_settings_that_diverged_in_the_first_epoch_have_a_reason_in_place_of_a_run(jobs):
    app = tab(ADA, batch="64")
    experiment = click(app, "Train").experiment
    timings = Timings(build=0.1, trace=0.5, train=0.1, step=0.0, steps=0, traced=2)
    result = Run(
        experiment=experiment, styles=("sequential", "functional"), epochs=[], snapshots=[], predictions=None,
        weights={}, timings=timings, versions={}, stopped="The loss became NaN.",
    )  # fmt: skip
    jobs.registry.end(jobs.registry.take(), "finished", result)
    app.run()
    assert (shown(app).foreign, shown(app).stopped) == (True, "The loss became NaN.")
    app.query_params["batch"] = "16"
    app.run()
    assert (shown(app).foreign, shown(app).stopped) == (True, None), "these were not trained"


def test_before_the_first_epoch_the_earlier_run_stays(jobs):
    app = tab(ADA, batch="64")
    click(app, "Train")
    job = jobs.registry.take()
    jobs.registry.report(job.id, epoch())
    jobs.registry.end(job, "lost", message="gone")
    app.query_params["batch"] = "16"
    app.run()
    click(app, "Train")
    assert (shown(app).run.view.id, shown(app).differences) == (job.id, ("batch 64",))
    assert shown(app).awaited


def test_a_run_of_other_settings_that_waits_hides_no_answer(jobs):
    app = tab(ADA, batch="64")
    click(app, "Train")
    app.query_params["batch"] = "32"
    app.run()
    assert (shown(app).run.source, shown(app).differences, shown(app).awaited) == ("recorded", (), False)
    app.query_params["batch"] = "64"
    app.run()
    assert shown(app).awaited
