"""The payload of a question of the Lab."""

import pytest
from pydantic import ValidationError

from backend.experiment.experiment import usual
from backend.experiment.own_table import tables_from
from backend.questions.lab import QUESTIONS, trade_offs, url
from backend.questions.lab.job import LabJob
from backend.words.schema import bounds_of
from tests.builders.own_tables import found, table


@pytest.mark.parametrize(
    "asked",
    [
        {"question": "unstuck", "settings": trade_offs.TradeOffSettings().model_dump()},
        {"question": "evil", "settings": {}},
        {"question": "unstuck", "settings": {"steps": 10**9}},
        {"settings": {}},
        {"question": "unstuck"},
        {"question": "unstuck", "settings": trade_offs.TradeOffSettings()},
        {"question": "unstuck", "settings": {}, "source": "print()"},
    ],
)
def test_settings_of_another_question_or_out_of_bounds_make_no_payload(asked):
    with pytest.raises(ValidationError):
        LabJob.model_validate(asked)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_no_number_beyond_what_its_page_offers_makes_a_payload(question):
    """What a question costs is bounded by its numbers."""
    fields = url.FIELDS[question.key]
    schemas = {field: fields.schema(key) for key, field in fields.keys.items()}
    numbers = [field for field, schema in schemas.items() if schema["type"] in ("integer", "number")]
    assert numbers
    for field in numbers:
        low, high = bounds_of(schemas[field])
        for number in (low - 1, high + 1, float("nan")):
            with pytest.raises(ValidationError):
                LabJob.model_validate({"question": question.key, "settings": {field: number}})


def test_a_question_about_a_table_that_is_deleted_meanwhile_is_no_error():
    with found(table()) as source:
        experiment = usual(source)
    for question in QUESTIONS.values():
        settings = question.settings().on(experiment)
        with tables_from(lambda id: None):
            assert "out of bounds" not in (LabJob.of(question, settings).refusal() or "")
