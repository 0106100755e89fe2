"""The payload of a question of the Lab."""

import pytest
from pydantic import ValidationError

from backend.lab.job import QuestionJob
from backend.lab.questions import trade_offs


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
