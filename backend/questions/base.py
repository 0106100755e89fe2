"""An investigation: a question with its settings. A visitor predicts the answer, a worker measures it, and the evidence
gives the verdict.

It is also the payload of the job that measures it, so equal ones are measured once for all visitors (`SharedJobs`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict

from backend.experiment.followed import Followed, Releases
from backend.experiment.sources import File
from backend.jobs import Job
from backend.jobs.messages import SharedPayload
from backend.questions.pictures import Picture

#: What an answer is about: the name of a family, which contains a colon, and what tells its members apart. No part
#: contains a slash.
Subject = tuple[str, ...]


class Measured(BaseModel):
    """Base of what a claim, a question or the script of a mistake measured: immutable, no unknown fields.

    A number may be NaN or infinite.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


@dataclass(frozen=True)
class Verdict:
    """What the evidence says.

    `answer` is the option of the question that it gives, or None if it gives none. `finding` is the result with its
    numbers, `why` the reasons and what else to know; both are Markdown made of our own words and numbers. All rows of
    `table` have the same keys.
    """

    answer: str | None
    finding: str
    why: str
    table: Sequence[Mapping[str, str]] = ()


def mark(verdict: Verdict, predicted: str) -> Literal["right", "wrong", "not marked"]:
    """Whether the prediction was "right" or "wrong"; "not marked" if the evidence gives no answer."""
    if verdict.answer is None:
        return "not marked"
    return "right" if predicted == verdict.answer else "wrong"


def key_of(family: Collection[str], names: str) -> AfterValidator:
    """Pydantic's check that a text is a key of the family. `names` is the word for its members: "claims"."""

    def check(key: str) -> str:
        if key not in family:
            raise ValueError(f"the {names} are {', '.join(family)}")
        return key

    return AfterValidator(check)


class Definition(Protocol):
    """What an investigation is about, whatever its settings: a claim, a question, a mistake or a topology."""

    @property
    def key(self) -> str:
        """Its name in links, unique in its family."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def question(self) -> str:
        """What the visitor is asked."""

    @property
    def options(self) -> tuple[str, ...]:
        """The answers from which the visitor chooses."""


@dataclass(frozen=True)
class Single:
    """The definition of a family with one member."""

    key: str
    title: str
    question: str
    options: tuple[str, ...]


class Investigation(SharedPayload, Followed):
    """A definition with its settings."""

    @property
    @abstractmethod
    def definition(self) -> Definition:
        """What is investigated."""

    @property
    @abstractmethod
    def subject(self) -> Subject:
        """What a prediction is about. A prediction counts for all investigations of the same subject."""

    @abstractmethod
    def judge(self, result: Any) -> Verdict:
        """The verdict on the result of the job. It is a pure function of the settings and of what was measured."""

    @abstractmethod
    def picture(self, result: Any) -> Picture:
        """The result at a glance. It is also a pure function. Its numbers may be NaN or infinite."""

    @abstractmethod
    def script(self) -> str:
        """Python that anyone can run to check the verdict."""

    def release(self, job: Job, visitor: str, server: Releases) -> None:
        """Release the measurement for the visitor."""
        server.release_shared(job, self, visitor)

    @property
    def recording(self) -> File | None:
        """The file that the script reads from its folder; None if it reads none."""
        return None
