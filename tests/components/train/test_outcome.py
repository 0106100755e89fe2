"""What surrounds the charts of a run: which settings it is of, the band, the seed of its predictions and weights."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment.presets import PRESETS, THREAD
from backend.jobs import JobView
from backend.training.recorded import recorded_run
from components.train.run import RunView, ShownRun


def page(what):
    from components.session import page_options
    from components.train import outcome

    page_options.declare({}, {})
    outcome.dim(what)
    outcome.show(what, played=True)
    outcome.show_weights(what)
    outcome.show_predictions(what)


def drawn(what):
    app = AppTest.from_function(page, kwargs={"what": what}).run()
    assert not app.exception
    return app, [caption.value for caption in app.caption]


@pytest.mark.parametrize("awaited", [False, True])
def test_until_a_run_has_an_epoch_nothing_of_an_older_one_plays(awaited):
    run = recorded_run(PRESETS[THREAD]).run
    view = RunView(
        run.experiment, JobView("id", "", "train", 0.0, state="finished", stored_result=run), source="recorded"
    )
    app, _ = drawn(ShownRun(view, awaited=awaited))
    assert len(app.get("plotly_chart")) == (1 if awaited else 5), "faint, and without what is said of its tasks"
    assert bool(app.get("html")) == awaited
    headings = [heading.value for heading in app.header]
    assert ("Trained weights by epoch" in headings) != awaited
