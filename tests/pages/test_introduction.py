"""The introduction on the first page, by AppTest through the shell, on a server without workers."""

from __future__ import annotations

from functools import partial

import pytest

from components.introduction import first_visit
from components.introduction.first_visit import ADAM, ANSWER, QUESTION, SGD
from tests.builders.pages import button, click, drawn, labels, says, visit

first_page = partial(visit, "compare.py")


@pytest.fixture(autouse=True)
def server(serve):
    return serve()


def predict(at, option):
    return next(each for each in at.button_group if "prediction" in (each.key or "")).set_value(option).run()


def test_before_the_vote_the_page_has_a_drawing_and_no_answer():
    at = first_page(beat=QUESTION)
    (diagram,) = drawn(at, "diagram")
    assert not diagram["play"]
    sides = diagram["picture"].pop("sides")
    assert [side["layers"] for side in sides] == ["one Dense(2)", "two Dense(1)"]
    assert not any(says(at, words) for words in ("same", "4,762", "Choose"))
    assert not any(words in str(diagram["picture"]) for words in ("same", "4,762", "16 edges", "no line"))


@pytest.mark.parametrize(("vote", "mark"), [("Yes", "✓ Right"), ("No", "✗ Not right")])
def test_a_vote_is_marked_and_splits_the_box(vote, mark):
    at = click(first_page(beat=QUESTION), vote)
    assert says(at, mark)
    (diagram,) = drawn(at, "diagram")
    assert diagram["play"]
    assert diagram["picture"]["morph"]["after"] == "4,762 parameters, 16 edges: no line moves."
    assert at.query_params["beat"] == ANSWER
    assert at.button_group[0].value is None, "no code is drawn"
    assert not drawn(at, "code")


def test_the_next_training_waits_for_the_mark_of_the_prediction_and_the_last_one_leads_to_the_choice(server):
    at = click(first_page(beat=ANSWER), "Train both")
    before = server.jobs.running + server.jobs.queue_length
    following = "Next: the same with plain SGD"
    assert button(at, following).disabled
    assert not says(at, "Recorded on")
    predict(at, "Functional's")
    assert says(at, "✗ Not right:** you predicted “Functional's”")
    assert says(at, "Recorded on"), "no worker is idle"
    assert server.jobs.running + server.jobs.queue_length == before

    click(at, following)
    assert at.query_params["beat"] == SGD
    assert not says(at, "Choose Sequential")
    predict(at, "Functional's")
    assert says(at, "Choose Sequential")
    click(at, "Set your own network")
    assert "beat" not in at.query_params
    assert len(drawn(at, "diagram")[0]["picture"]["legend"]) > 0


@pytest.mark.parametrize("query", [{}, {"lstm": "16"}, {"lstm": "16", "beat": QUESTION}, {"beat": "end"}])
def test_beside_the_introduction_the_answer_is_already_there(query):
    at = first_page(**query)
    assert "Yes, the same network" in at.header[0].value
    assert "Yes" not in labels(at)


@pytest.mark.parametrize(("screen", "place"), zip("123456", (QUESTION, ANSWER, ADAM, ADAM, SGD, ANSWER), strict=True))
def test_an_old_link_to_a_screen_leads_to_its_place(screen, place):
    at = first_page(beat=screen)
    assert at.query_params["beat"] == place
    assert not at.warning


def test_another_page_ends_the_introduction():
    at = first_page(beat=ADAM)
    at.query_params.clear()
    at.switch_page("learn.py").run()
    at.query_params.clear()
    at.switch_page("compare.py").run()
    assert "Yes, the same network" in at.header[0].value


def test_the_sentences_are_about_two_styles_that_are_the_same_network():
    assert first_visit.answer(first_visit.NETWORK).verdict == "same"
