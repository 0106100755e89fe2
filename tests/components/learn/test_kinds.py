"""Several options, a number, a picture before the question, and an author's scripts on Learn, without workers."""

from __future__ import annotations

import shutil

import pytest

from tests.builders.lessons import ALL_KINDS as LESSON
from tests.builders.lessons import KINDS
from tests.builders.lessons import OWN as TEXT
from tests.builders.lessons import OWN_MISTAKE as OWN
from tests.builders.pages import ADA, button, messages, texts, visit

FIRST, SEVERAL, ALONE = LESSON.steps


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "lessons"
    shutil.copytree(OWN, folder)
    (folder / "kinds.md").write_text(KINDS)
    (folder / "mine.md").write_text(TEXT)
    return folder


def opened(lesson, step):
    return visit("learn.py", ADA, lesson=lesson, step=step)


def told(at):
    return "\n".join(texts(at))


def test_a_number_and_several_options_are_predicted(serve, folder):
    server = serve(lessons=folder)
    at = opened("kinds", "number")
    assert "± 0.1" not in told(at), "which numbers are expected is a part of the result"
    assert button(at, "Submit my prediction").disabled
    at.number_input[0].set_value(1.95).run()
    button(at, "Submit my prediction").click().run()
    assert not at.exception
    assert server.progress.number(LESSON, FIRST, ADA) == 1.95
    at = opened("kinds", "several")
    assert "The picture comes when the training has ended." in told(at)
    boxes = {box.label: box for box in at.checkbox}
    assert [box.label for box in at.checkbox] == [SEVERAL.options[i].text for i in SEVERAL.order_for(ADA)]
    boxes["the ratio is 2"].check()
    boxes["the losses are equal"].check().run()
    button(at, "Submit my prediction").click().run()
    assert not at.exception
    assert server.progress.prediction(LESSON, SEVERAL, ADA) == SEVERAL.right


def test_a_recorded_picture_stands_before_the_question_without_its_verdict(serve, folder):
    serve(lessons=folder)
    at = opened("kinds", "alone")
    assert any("<svg" in each.value for each in at.markdown), "the picture of question 2 of the Lab"
    assert "Submit my prediction" in [each.label for each in at.button]
    at.radio(key="learn.ask.kinds.alone").set_value(ALONE.right).run()
    button(at, "Submit my prediction").click().run()
    assert not at.exception
    assert "✓ Right." in told(at)


def test_an_authors_scripts_are_shown_only_if_the_operator_allows_them(serve, folder):
    serve(lessons=folder)
    at = opened("mine", "own")
    assert "the operator of this server has not allowed" in at.warning[0].value
    assert "Dense" not in messages(at)
    serve(lessons=folder, lessons_scripts=folder)
    at = opened("mine", "own")
    assert not at.warning
    assert "Dense" in messages(at), "the first script"
    assert [radio.options for radio in at.radio if radio.key.startswith("learn.ask.")] == [
        ["one", "two", "Keras raises an error"]
    ]
