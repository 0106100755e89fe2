"""The story, by AppTest through the shell: six screens, predictions that are marked, and two ways on."""

from __future__ import annotations

from components.story.beats import BEATS
from tests.pages.helpers import button

FIRST = BEATS[0].title


def texts(at):
    return [each.value for each in at.markdown]


def test_six_screens_lead_to_the_choice_and_back(page):
    at = page("story.py", FIRST)
    for beat in BEATS[1:]:
        next(each for each in at.button if each.label.startswith("Next: ")).click().run()
        assert not at.exception
        assert [heading.value for heading in at.title] == [beat.title]
    assert at.query_params["beat"] == str(len(BEATS))
    assert not [each for each in at.button if each.label.startswith("Next: ")]
    assert "Choose Functional" in "".join(texts(at))
    button(at, "Back").click().run()
    assert [heading.value for heading in at.title] == [BEATS[-2].title]


def test_a_prediction_is_marked_on_the_next_screen(page):
    at = page("story.py", FIRST)
    at.button_group[0].set_value("No, two networks").run()
    next(each for each in at.button if each.label.startswith("Next: ")).click().run()
    assert any("✗ Not right" in text and "Yes, the same network" in text for text in texts(at))


def test_a_bad_screen_in_a_link_gets_a_sentence(page):
    at = page("story.py", FIRST, beat="99")
    assert any("beat" in warning.value for warning in at.warning)
