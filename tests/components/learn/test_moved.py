"""Old addresses of the Lab lead on: a measurement to Own model, and a question to the step of a lesson."""

import json
from pathlib import Path

import pytest

from backend.questions.lab import QUESTIONS
from components.learn import moved
from tests.builders.pages import visit

LINKS = json.loads((Path(__file__).parents[2] / "recorded" / "links.json").read_text())
#: The step that has each question now.
STEPS = {
    "scale": ("is-one-head-drowned", "scale"),
    "conflict": ("do-my-heads-fight", "how-often"),
    "unstuck": ("what-can-a-method-do", "stuck"),
    "trade_offs": ("what-can-a-method-do", "trade-offs"),
    "beat": ("is-one-head-drowned", "worth-it"),
    "share": ("does-sharing-help", "experts"),
}


@pytest.fixture(autouse=True)
def _server(serve):
    serve()


@pytest.mark.parametrize("key", QUESTIONS)
def test_a_link_to_a_question_leads_to_its_step_and_keeps_the_experiment(key):
    at = visit("lab.py", question=key, timesteps="12")
    assert (at.query_params["lesson"], at.query_params["step"]) == STEPS[key]
    assert at.query_params["timesteps"] == "12"
    assert "question" not in at.query_params
    assert not at.warning


@pytest.mark.parametrize("link", LINKS["lab"])
def test_the_settings_of_a_question_lead_to_it_too(link):
    query = {"question": [link["question"]]} | {key: [text] for key, text in link["texts"].items()}
    page, left = moved.of(query)
    assert page == "learn"
    assert (left["lesson"], left["step"]) == tuple([each] for each in STEPS[link["question"]])
    assert set(left) == {"lesson", "step"}


def test_settings_without_a_question_lead_to_the_one_that_they_opened_and_a_question_that_is_none_to_all_lessons():
    assert moved.of({"unstuck_steps": ["300"]})[1]["step"] == ["stuck"]
    assert moved.of({"question": ["evil"], "epochs": ["3"]}) == ("learn", {"epochs": ["3"]})


def test_a_link_to_a_step_that_has_moved_opens_the_lesson_that_has_it_now():
    at = visit("learn.py", lesson="do-my-heads-fight", step="worth-it")
    assert [each.value for each in at.title] == ["Is one head drowned\\?"]
    assert at.query_params["lesson"] == "is-one-head-drowned"
    assert not at.info


def test_a_measurement_of_ones_own_heads_leads_to_own_model():
    at = visit("lab.py", measured="3", pair="level,trend")
    assert [each.value for each in at.title] == ["Can your heads be one layer?"]
    assert (at.query_params["measured"], at.query_params["pair"]) == ("3", "level,trend")


def test_the_compass_stays_where_it_is():
    assert moved.of({"angle": ["60"], "methods": ["mean"], "timesteps": ["12"]}) is None
