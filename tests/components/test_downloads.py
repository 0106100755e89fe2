"""What is offered to take home, each thing once and under a name that says what it is."""

import pytest
from streamlit.testing.v1 import AppTest

from backend.experiment import Experiment
from components import downloads
from tests.components.test_run_controls import run


def page(experiment, run):
    from components import downloads

    downloads.show(experiment, run)


def labels(experiment, result=None):
    app = AppTest.from_function(page, kwargs={"experiment": experiment, "run": result}).run()
    assert not app.exception
    return [button.label for button in app.get("download_button")]


def test_before_a_run_there_are_script_notebook_and_each_source_once():
    assert labels(Experiment()) == [
        "Script (Python)", "Notebook (Jupyter)", "Sequential source", "Functional source",
    ]  # fmt: skip
    both = Experiment(left="functional")
    assert labels(both) == ["Script (Python)", "Notebook (Jupyter)", "Functional source"]


@pytest.mark.parametrize(
    ("styles", "models"),
    [
        (("sequential", "functional"), ["Trained Sequential (.keras)", "Trained Functional (.keras)"]),
        (("functional", "functional"), ["Trained Functional, left (.keras)", "Trained Functional, right (.keras)"]),
    ],
)
def test_after_a_run_there_are_its_curves_and_both_trained_models(styles, models):
    result = run(styles=styles)
    assert labels(result.experiment, result)[-3:] == ["Curves (CSV)", *models]


def test_a_model_that_no_worker_saves_in_time_is_an_error_and_no_empty_file(monkeypatch):
    from backend.jobs import Jobs
    from backend.settings import Settings

    monkeypatch.setattr(downloads, "jobs", Jobs(Settings(workers=1)))
    monkeypatch.setattr(downloads, "visitor", lambda: "a" * 32)
    monkeypatch.setattr(downloads, "_SAVE_SECONDS", 0.01)
    with pytest.raises(RuntimeError, match="no worker was free in time"):
        downloads._saver(run(weights={"left": {}, "right": {}}), "left")()
