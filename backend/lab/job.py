"""The job that measures a question of the lab: what a worker gets, reports and returns. `answers.py` submits it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, SerializeAsAny, ValidationInfo, field_validator

from backend.jobs.messages import Payload, Phase, Progress
from backend.lab.questions import QUESTIONS
from backend.lab.questions.base import Measured


class QuestionJob(Payload):
    """The payload of a `lab_question` job: the key of a question, and settings of its own type."""

    question: str
    settings: SerializeAsAny[Measured]

    @field_validator("question")
    @classmethod
    def _known(cls, key: str) -> str:
        if key not in QUESTIONS:
            raise ValueError(f"the questions are {', '.join(QUESTIONS)}")
        return key

    @field_validator("settings", mode="before")
    @classmethod
    def _of_its_type(cls, settings: Any, info: ValidationInfo) -> Measured:
        if "question" not in info.data:
            raise ValueError("settings need a known question")
        found: Measured = QUESTIONS[info.data["question"]].settings.model_validate(settings)
        return found


#: What a `lab_question` job reports.
QuestionEvent = Annotated[Phase | Progress, Field(discriminator="event")]


def question_job(question: str, settings: Measured) -> QuestionJob:
    """The payload for a question. Raises pydantic's ValidationError for settings of another question."""
    return QuestionJob.model_validate({"question": question, "settings": settings.model_dump()})
