"""A question: a visitor predicts the answer, a worker measures it, and the evidence gives the verdict.

How a family uses this file:

- A question is one file with a `Question` of its family: the family subclasses `Question` with what its page shows of
  every member, and with how evidence is judged and drawn.
- A worker executes `script(settings)`, the text that the page shows, and reads each field of `evidence` from the
  variable of that name. If that cannot be, `measure` names a function of the worker, "module:function", which gets the
  job and its context and returns the evidence. Its file says why.
- The family has one subclass of `QuestionJob`, with its class variables and what a job of the family needs beyond
  that, and a line in `backend/worker/kinds.py`. Equal jobs are measured once for all visitors (`SharedJobs`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationInfo, field_validator

from backend.experiment.sources import File
from backend.payloads import Followed
from backend.words.schema import title_of

#: What an answer is about: the name of a family, which contains a colon, and what tells its members apart. No part
#: contains a slash.
Subject = tuple[str, ...]


class Measured(BaseModel):
    """Base of settings and of what was measured: immutable, no unknown fields.

    A number may be NaN or infinite.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants", field_title_generator=title_of)


@dataclass(frozen=True)
class Verdict:
    """What the evidence says.

    `answer` is the option of the question that it gives, or None if it gives none. `finding` is the result with its
    numbers, `why` the reasons and what else to know; both are Markdown made of our own words and numbers. All rows of
    `table` have the same keys.
    """

    answer: str | None
    finding: str
    why: str = ""
    table: Sequence[Mapping[str, str]] = ()


def mark(verdict: Verdict, predicted: str) -> Literal["right", "wrong", "not marked"]:
    """Whether the prediction was "right" or "wrong"; "not marked" if the evidence gives no answer."""
    if verdict.answer is None:
        return "not marked"
    return "right" if predicted == verdict.answer else "wrong"


S = TypeVar("S", bound=BaseModel)
E = TypeVar("E", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Question(Generic[S, E]):
    """A question: what the visitor is asked, and how it is measured.

    `title` is the question in a few words, `question` asks it in full, and the visitor predicts one of `options`, if
    there are any. `settings` is the type of what a visitor can choose, and `evidence` the type of what is measured.
    `code(settings)` is Python of our own text that anyone can run to check the verdict; it prints the figures of the
    verdict. `measure` is empty if a worker executes that script.
    """

    key: str
    number: int = 1
    title: str = ""
    question: str = ""
    options: tuple[str, ...] = ()
    settings: type[S]
    evidence: type[E]
    measure: str = ""
    code: Callable[[S], str] = lambda settings: ""

    def script(self, settings: S) -> str:
        """The code; a family whose scripts are written in another way overrides it."""
        return self.code(settings)


class QuestionJob(Followed):
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
    def definition(self) -> Any:
        """The question, of the family's own type."""
        return self.family[self.question]

    @property
    def decided_by(self) -> str:
        """What decides the answer, beside the question, as a text: all of the settings."""
        return self.settings.model_dump_json()

    @property
    def key(self) -> Hashable:
        """The question, and what decides the answer."""
        return self.question, self.decided_by

    @property
    def subject(self) -> Subject:
        """What a prediction is about. It counts for all jobs of the same subject."""
        return f"{self.kind}:", self.question, sha256(self.decided_by.encode()).hexdigest()[:16]

    @property
    def recording(self) -> File | None:
        """The file that the script reads from its folder; None if it reads none."""
        return None

    def script(self) -> str:
        """The script of the question."""
        script: str = self.definition.script(self.settings)
        return script
