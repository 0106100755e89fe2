"""The story, by AppTest through the shell, on a server without workers: screens, marked predictions, a recorded run."""

from __future__ import annotations

from functools import partial

import pytest

from components.story.beats import BEATS
from tests.builders.pages import click, labels, says, visit

story = partial(visit, "story.py")


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


def on(at):
    return click(at, next(label for label in labels(at) if label.startswith("Next: ")))


def test_six_screens_lead_to_the_choice_and_back():
    at = story()
    for beat in BEATS[1:]:
        on(at)
        assert [heading.value for heading in at.title] == [beat.title]
    assert at.query_params["beat"] == str(len(BEATS))
    assert not [label for label in labels(at) if label.startswith("Next: ")]
    click(at, "Back")
    assert [heading.value for heading in at.title] == [BEATS[-2].title]


def test_a_prediction_is_marked_on_the_next_screen():
    at = story()
    at.button_group[0].set_value("No, two networks").run()
    on(at)
    assert says(at, "✗ Not right")


def test_while_no_worker_is_idle_the_recorded_run_is_shown_and_none_is_started(server):
    at = story(beat="3")
    before = server.jobs.running + server.jobs.queue_length
    assert not says(at, "Recorded on")
    at.button_group[0].set_value("Functional's").run()
    assert says(at, "Recorded on")
    assert server.jobs.running + server.jobs.queue_length == before
