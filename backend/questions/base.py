"""A question: a visitor predicts the answer, a worker measures it, and the evidence gives the verdict.

How a family uses this file (`claims/` and `topologies/` do):

- A question is one file with a `Question` of its family: the family subclasses `Question` with what its page shows of
  every member, and says how a script is written and how evidence is judged and drawn.
- A worker executes `script(settings)`, the text that the page shows, and reads each field of `evidence` from the
  variable of that name. If that cannot be, `measure` names a function of the worker, "module:function", which gets the
  job and its context and returns the evidence. Its file says why.
- The family has one subclass of `QuestionJob`, with its class variables and what a job of the family needs beyond
  that, and a line in `backend/worker/kinds.py`. Equal jobs are measured once for all visitors (`SharedJobs`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar, Generic, Literal, Protocol, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, SerializeAsAny, ValidationInfo, field_validator

from backend.experiment.followed import Followed
from backend.experiment.sources import File
from backend.questions.pictures import Picture

#: What an answer is about: the name of a family, which contains a colon, and what tells its members apart. No part
#: contains a slash.
Subject = tuple[str, ...]


class Measured(BaseModel):
    """Base of settings and of what was measured: immutable, no unknown fields.

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
    """What a question is about, whatever its settings: a claim, a mistake or a topology."""

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


S = TypeVar("S", bound=BaseModel)
E = TypeVar("E", bound=Measured)


@dataclass(frozen=True, kw_only=True)
class Question(ABC, Generic[S, E]):
    """A question: what the visitor is asked, how it is measured, and what the evidence says.

    `title` is the question in a few words, `question` asks it in full, and the visitor predicts one of `options`.
    `settings` is the type of what a visitor can choose, and `evidence` the type of what is measured. `measure` is empty
    if a worker executes the script.
    """

    key: str
    number: int = 1
    title: str
    question: str
    options: tuple[str, ...]
    settings: type[S]
    evidence: type[E]
    measure: str = ""

    @abstractmethod
    def script(self, settings: S) -> str:
        """Python of our own text that anyone can run to check the verdict. It prints the figures of the verdict."""

    @abstractmethod
    def judge(self, settings: S, evidence: E) -> Verdict:
        """The verdict. It is a pure function."""

    @abstractmethod
    def picture(self, settings: S, evidence: E) -> Picture:
        """The evidence at a glance. It is a pure function. Its numbers may be NaN or infinite."""


@dataclass(frozen=True)
class Single:
    """The definition of a family with one member."""

    key: str
    title: str
    question: str
    options: tuple[str, ...]


class Investigation(Followed):
    """The payload of a job that measures a question. `QuestionJob` is the one for new families."""

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

    @property
    def recording(self) -> File | None:
        """The file that the script reads from its folder; None if it reads none."""
        return None


class QuestionJob(Investigation):
    """The payload of a job that measures a question: its key, and settings of its own type. The result is the evidence.

    A family subclasses it, with its `kind`, `noun` and `page`, and with its questions by key.
    """

    family: ClassVar[Mapping[str, Question[Any, Any]]]

    question: str
    settings: SerializeAsAny[BaseModel]

    @field_validator("settings", mode="before")
    @classmethod
    def _of_its_type(cls, settings: Any, info: ValidationInfo) -> BaseModel:
        if "question" not in info.data:
            raise ValueError("settings need a known question")
        validated: BaseModel = cls.family[info.data["question"]].settings.model_validate(settings)
        return validated

    @field_validator("question")
    @classmethod
    def _is_known(cls, question: str) -> str:
        if question not in cls.family:
            raise ValueError(f"the questions are {', '.join(cls.family)}")
        return question

    @classmethod
    def of(cls, question: Any, settings: Any) -> Self:
        """The request to measure `question`. Raises pydantic's ValidationError for settings of another question."""
        return cls(question=question.key, settings=settings)

    @property
    def definition(self) -> Question[Any, Any]:
        """The question."""
        return self.family[self.question]

    @property
    def key(self) -> Hashable:
        """The question and its settings."""
        return self.question, self.settings

    @property
    def subject(self) -> Subject:
        """The family, the question and its settings."""
        return f"{self.kind}:", self.question, sha256(self.settings.model_dump_json().encode()).hexdigest()[:16]

    def judge(self, result: Any) -> Verdict:
        """The verdict on the evidence."""
        return self.definition.judge(self.settings, result)

    def picture(self, result: Any) -> Picture:
        """The picture of the evidence."""
        return self.definition.picture(self.settings, result)

    def script(self) -> str:
        """The script of the question."""
        return self.definition.script(self.settings)
