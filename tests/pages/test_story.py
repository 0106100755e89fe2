"""The story, by AppTest through the shell, on a server without workers: screens, marked predictions, a recorded run."""

from __future__ import annotations

from functools import partial

import pytest

from components.story.beats import BEATS
from tests.builders import pages as helpers
from tests.builders.pages import button, texts

visit = partial(helpers.visit, "story.py")


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


def test_six_screens_lead_to_the_choice_and_back():
    at = visit()
    for beat in BEATS[1:]:
        next(each for each in at.button if each.label.startswith("Next: ")).click().run()
        assert not at.exception
        assert [heading.value for heading in at.title] == [beat.title]
    assert at.query_params["beat"] == str(len(BEATS))
    assert not [each for each in at.button if each.label.startswith("Next: ")]
    assert "Choose a layer for each head" in "".join(texts(at))
    button(at, "Back").click().run()
    assert [heading.value for heading in at.title] == [BEATS[-2].title]


def test_a_prediction_is_marked_on_the_next_screen():
    at = visit()
    at.button_group[0].set_value("No, two networks").run()
    next(each for each in at.button if each.label.startswith("Next: ")).click().run()
    assert any("✗ Not right" in text and "Yes, the same network" in text for text in texts(at))


def test_a_bad_screen_in_a_link_gets_a_sentence():
    at = visit(beat="99")
    assert any("beat" in warning.value for warning in at.warning)


def test_while_no_worker_is_idle_the_recorded_run_is_shown_and_none_is_started(server):
    at = visit(beat="3")
    before = server.jobs.running + server.jobs.queue_length
    assert not [text.value for text in at.caption if "Recorded on" in text.value]
    at.button_group[0].set_value("Functional's").run()
    assert [text.value for text in at.caption if "Recorded on" in text.value]
    assert server.jobs.running + server.jobs.queue_length == before
    assert any("you predicted “Functional's”" in text for text in texts(at))
