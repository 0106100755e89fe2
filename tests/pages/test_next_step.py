"""Each page ends with one next step, and has a sidebar, beside which the links to pages stand; by AppTest."""

import pytest

from components.introduction.first_visit import WITH_SGD
from tests.builders.pages import click, labels, visit

SCRIPTS = ("compare", "train", "claims", "speed", "topologies", "lab", "own", "learn", "room")
PAGES = ["Compare", "Train", "Claims", "Learn", "Speed", "Topologies", "Lab", "Your own model", "Rooms"]


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


def links(at):
    """The label of each link to a page, in order."""
    return [each.proto.label for each in at.main.get("page_link")]


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_has_a_sidebar_and_ends_with_one_next_step(script):
    at = visit(f"{script}.py")
    assert len(at.sidebar)
    found = links(at)
    assert found[: len(PAGES)] == PAGES
    found += [label for label in labels(at) if label.startswith("The same with")]
    assert found[len(PAGES) :]
    assert found[-1] not in PAGES


def test_on_train_a_step_that_trains_starts_its_run_at_once_with_the_rate_of_the_introduction():
    at = visit("train.py", timesteps="10")
    click(at, "The same with SGD")
    run = at.session_state["train.run"]
    assert run.experiment == at.session_state["session"].experiment == WITH_SGD
    assert not run.job.view().ended
