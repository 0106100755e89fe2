"""What surrounds the charts of a run: which settings it is of, the band, the seed of its predictions and weights."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.presets import PRESETS, THREAD
from backend.jobs import JobView
from backend.training.job import EpochEvent
from backend.training.live import LiveWeights
from backend.training.recorded import recorded_run
from components.train.run import RunView, ShownRun
from tests.builders.losses import FALLING, epochs, experiment


def page(what):
    from components.session import page_options
    from components.train import outcome, player

    page_options.declare({}, {})
    outcome.dim(what)
    place = player.place()
    outcome.show(what)
    outcome.show_weights(what)
    outcome.show_finished(what, place)


def drawn(what):
    app = AppTest.from_function(page, kwargs={"what": what}).run()
    assert not app.exception
    return app, [caption.value for caption in app.caption]


def live(seeds, planned, state="running"):
    events = tuple(EpochEvent(data=row) for seed in range(seeds) for row in epochs(FALLING, FALLING, seed))
    return RunView(experiment(seeds=planned), JobView("id", "visitor", "train", 0.0, state=state, stored_events=events))


@pytest.mark.parametrize(
    ("seeds", "state", "words"),
    [
        (1, "running", ""),
        (3, "running", "Line: median. Band: smallest to largest of 3 of 5 seeds."),
        (5, "finished", "Line: median. Band: smallest to largest of 5 seeds."),
    ],
)
def test_the_band_of_several_seeds_is_named(seeds, state, words):
    _, captions = drawn(ShownRun(live(seeds, 5, state)))
    assert captions[0] == words


def test_a_run_of_other_settings_is_dimmed_and_named_also_while_it_runs():
    app, captions = drawn(ShownRun(live(1, 1), ("batch 64",)))
    assert captions[0] == "**Training with batch 64**, not your settings."
    assert len(app.get("html")) == 1
    app, captions = drawn(ShownRun(live(1, 1)))
    assert captions[0] == ""
    assert not app.get("html")


def test_the_progress_of_a_run_is_drawn_with_its_curves_so_that_both_are_of_one_epoch():
    app, _ = drawn(ShownRun(live(1, 1)))
    assert [bar.text.partition(" ·")[0] for bar in app.progress] == ["Epoch 4 of 4"]
    assert "**After epoch 4, training loss: Sequential" in "\n".join(each.value for each in app.markdown)
    app, _ = drawn(ShownRun(live(1, 1, "finished")))
    assert not app.progress
    assert "**At the end, after epoch 4, training loss: Sequential" in "\n".join(each.value for each in app.markdown)


@pytest.mark.parametrize("awaited", [False, True])
def test_until_a_run_has_an_epoch_nothing_of_an_older_one_plays(awaited):
    run = recorded_run(PRESETS[THREAD]).run
    view = RunView(
        run.experiment, JobView("id", "", "train", 0.0, state="finished", stored_result=run), source="recorded"
    )
    app, _ = drawn(ShownRun(view, awaited=awaited))
    assert len(app.get("plotly_chart")) == (1 if awaited else 3), "faint, and without what is said of its tasks"
    assert bool(app.get("html")) == awaited
    headings = [heading.value for heading in app.header]
    assert ("Trained weights by epoch" in headings) != awaited


def test_the_seed_of_predictions_and_weights_is_named():
    run = recorded_run(PRESETS[THREAD]).run
    setting = run.experiment.model_copy(update={"training": run.experiment.training.model_copy(update={"seeds": 3})})
    view = RunView(setting, JobView("id", "visitor", "train", 0.0, state="finished", stored_result=run))
    _, captions = drawn(ShownRun(view, ("3 seeds",)))
    for what in ("Predictions", "Weights"):
        assert f"{what} of 3 seeds, not of your settings." in captions
        assert f"{what} are those of seed 0, the first." in captions


@pytest.mark.parametrize("state", ["running", "cancelled", "finished"])
def test_a_run_without_a_result_shows_its_newest_weights_and_an_evicted_one_none(state):
    kept = recorded_run(PRESETS[THREAD]).run
    live = LiveWeights()
    events = [EpochEvent(data=kept.epochs[0], weights=live.pack(kept.snapshots[1])), EpochEvent(data=kept.epochs[1])]
    view = RunView(kept.experiment, JobView("id", "visitor", "train", 0.0, state=state, stored_events=tuple(events)))
    app, _ = drawn(ShownRun(view))
    diagrams = [
        json.loads(each.proto.json) for each in app.get("bidi_component") if "diagram" in each.proto.component_name
    ]
    headings = [heading.value for heading in app.header]
    if state == "finished":  # its result was evicted, and the page says so
        assert (diagrams, "Weights so far" in headings) == ([], False)
        return
    assert "Weights so far" in headings
    assert [(each["live"], each["run"], each["frames"]["epochs"]) for each in diagrams] == [(True, None, [1])]
