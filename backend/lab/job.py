"""The job that measures a question of the lab: what a worker gets, reports and returns. `answers.py` submits it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.jobs.messages import Payload, Phase, Progress
from backend.lab.questions import trade_offs, unstuck
from backend.lab.questions.base import Measured


class _Asked(BaseModel):
    """A question by its key, with settings of its own type."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AskedUnstuck(_Asked):
    """Question 3 with settings."""

    question: Literal["unstuck"] = "unstuck"
    settings: unstuck.Settings


class AskedTradeOffs(_Asked):
    """Question 4 with settings."""

    question: Literal["trade_offs"] = "trade_offs"
    settings: trade_offs.Settings


class QuestionJob(Payload):
    """The payload of a `lab_question` job. The key of the question decides the type of its settings."""

    asked: Annotated[AskedUnstuck | AskedTradeOffs, Field(discriminator="question")]


#: What a `lab_question` job reports.
QuestionEvent = Annotated[Phase | Progress, Field(discriminator="event")]


def question_job(question: str, settings: Measured) -> QuestionJob:
    """The payload for a question. Raises pydantic's ValidationError for settings of another question."""
    return QuestionJob.model_validate({"asked": {"question": question, "settings": settings.model_dump()}})
