"""The jobs of the questions: a payload for each, one measurement for all visitors, a prediction for each setting."""

import pickle

import pytest
from pydantic import ValidationError

from backend.lab.answers import KIND, subject
from backend.lab.job import QuestionJob, question_job
from backend.lab.questions import QUESTIONS, trade_offs, unstuck

ADA, BOB = "a" * 32, "b" * 32
UNSTUCK = QUESTIONS["unstuck"]
SETTINGS = unstuck.Settings(steps=200)


@pytest.fixture
def services(serve):
    """A server without workers."""
    return serve()


def test_every_question_has_a_payload_with_its_own_settings():
    for key, question in QUESTIONS.items():
        job = question_job(key, question.settings())
        assert type(job.settings) is question.settings
        assert job.question == key
        for again in (
            pickle.loads(pickle.dumps(job)),
            QuestionJob.model_validate(job.model_dump()),
            QuestionJob.model_validate_json(job.model_dump_json()),
        ):
            assert again == job
            assert type(again.settings) is question.settings


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "unstuck", "settings": trade_offs.Settings().model_dump()},
        {"question": "evil", "settings": {}},
        {"question": "unstuck", "settings": {"steps": 10**9}},
        {"settings": {}},
        {"question": "unstuck"},
        {"question": "unstuck", "settings": trade_offs.Settings()},
        {"question": "unstuck", "settings": {}, "source": "print()"},
    ],
)
def test_settings_of_another_question_or_out_of_bounds_make_no_payload(asked):
    with pytest.raises(ValidationError):
        QuestionJob.model_validate(asked)


def test_equal_settings_are_measured_once_for_all_and_others_anew(services):
    job = services.answers.request(UNSTUCK, SETTINGS, ADA)
    assert job.kind == KIND
    assert services.answers.request(UNSTUCK, unstuck.Settings(steps=200), BOB) is job
    assert services.answers.request(UNSTUCK, unstuck.Settings(steps=300), ADA) is not job
    services.answers.release(UNSTUCK, SETTINGS, ADA)
    assert not job.ended, "the other waits for it"
    assert services.answers.awaits(UNSTUCK, SETTINGS, BOB)
    services.answers.release(UNSTUCK, SETTINGS, BOB)
    assert job.state == "cancelled"
    assert services.answers.find(UNSTUCK, SETTINGS, BOB) is job


def test_a_prediction_counts_for_its_visitor_question_and_settings(services):
    kept = services.answers.predictions
    kept.predict(subject(UNSTUCK, SETTINGS), ADA, UNSTUCK.options[0])
    assert kept.predicted(subject(UNSTUCK, unstuck.Settings(steps=200)), ADA) == UNSTUCK.options[0]
    assert not kept.revealed(subject(UNSTUCK, unstuck.Settings(steps=300)), ADA)
    assert not kept.revealed(subject(QUESTIONS["trade_offs"], trade_offs.Settings()), ADA)
    assert not kept.revealed(subject(UNSTUCK, SETTINGS), BOB)
    kept.reveal([subject(UNSTUCK, SETTINGS)], ADA)
    assert kept.predicted(subject(UNSTUCK, SETTINGS), ADA) == UNSTUCK.options[0], "it is kept"
    kept.predict(subject(UNSTUCK, SETTINGS), ADA, None)
    assert not kept.revealed(subject(UNSTUCK, SETTINGS), ADA)
