"""The payload of a question of the Lab."""

import pickle

import pytest
from pydantic import ValidationError

from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS, trade_offs


def test_every_question_has_a_payload_with_its_own_settings():
    for key, question in QUESTIONS.items():
        job = QuestionJob.of(question, question.settings())
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
