"""What is offered to take home, each thing once and under a name that says what it is."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from streamlit.testing.v1 import AppTest

from components.train import downloads
from harness.local import until
from tests.builders.small_run import run


def page(experiment, run):
    from components.train import downloads

    downloads.show(experiment, run)


def labels(experiment, result=None):
    app = AppTest.from_function(page, kwargs={"experiment": experiment, "run": result}).run()
    assert not app.get("download_button"), "filled when it is opened"
    app.session_state["export"] = True
    app.run()
    assert not app.exception
    return [button.label for button in app.get("download_button")]


@pytest.mark.parametrize(
    ("styles", "models"),
    [
        (("sequential", "functional"), ["Trained Sequential, .keras", "Trained Functional, .keras"]),
        (("functional", "functional"), ["Trained Functional (left), .keras", "Trained Functional (right), .keras"]),
        (
            ("learning_rate=0.00123", "learning_rate=0.001234"),
            ["Trained Rate 0.00123, .keras", "Trained Rate 0.001234, .keras"],
        ),
    ],
)
def test_after_a_run_there_are_its_curves_and_both_trained_models(jobs, styles, models):
    result = run(styles=styles)
    assert labels(result.experiment, result)[-3:] == ["Curves (CSV)", *models]


@pytest.fixture
def jobs(serve):
    """Jobs that no worker takes."""
    return serve().jobs


def test_a_model_that_no_worker_saves_in_time_is_an_error_and_no_empty_file(jobs):
    ended = []
    jobs.on_end(ended.append)
    with pytest.raises(downloads.NotSaved, match="No worker was free to save the model"):
        downloads.model_saver(run(weights={"left": {}, "right": {}}), "left", "a" * 32, seconds=0.01)()
    (job,) = ended
    assert (job.state, job.payload.weights) == ("cancelled", {}), "the cancelled job keeps no weights"


def test_two_who_wait_for_a_worker_leave_the_other_threads_to_other_downloads(jobs):
    """Streamlit makes all downloads on a few threads."""
    owners = [letter * 32 for letter in "abcdef"]
    result = run(weights={"left": {}, "right": {}})
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(downloads.model_saver(result, "left", owner, seconds=60)) for owner in owners]
        list(islice(as_completed(asked), 4))
        until(lambda: jobs.queue_length == 2)
        for owner in owners:
            for job in jobs.registry.followed_jobs(owner, ["save_model"]):
                jobs.cancel(owner, job.id)
    said = Counter(str(each.exception()) for each in asked)
    assert said == {
        "The server is saving other models. Try again in a minute.": 4,
        "Cancelled.": 2,
    }
