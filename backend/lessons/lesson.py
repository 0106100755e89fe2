"""A lesson: steps that each ask for a prediction, show the experiment, and explain it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.experiment import Experiment
from backend.lessons.expect import Condition, Expectation
from backend.lessons.figure import Kind, Source
from backend.lessons.vocabulary import PANELS, PageName

#: Seconds of a step besides thinking and discussing: to read it, to see the result, and to talk about the reason.
AROUND = 120
#: Seconds by which the sum of the steps may differ from the minutes of the front matter.
SLACK = 60
#: The most characters of the settings of a step.
LONGEST_LINK = 2000
#: The most characters of an ad-hoc question and of an option, and the most options of a question.
LONGEST_TEXT, LONGEST_OPTION, MOST_OPTIONS = 500, 200, 6

Id = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        description="a lowercase letter, then at most 39 lowercase letters, digits or hyphens",
    ),
]


class Part(BaseModel):
    """Base class of the parts of a lesson: immutable, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Part):
    """An answer to choose from. `attempt` is a link's settings that the visitor may try after a wrong answer.

    `expect` is a test that must not hold, because the option is wrong; `expected` is the same, read.
    """

    text: str
    right: bool = False
    misconception: str = ""
    attempt: str = ""
    expect: str = ""
    expected: Expectation | None = Field(None, exclude=True)


class Ask(Part):
    """How a question is asked in a room. Whoever learns alone has as much time as they want, and one round."""

    rounds: int = Field(1, ge=1, le=2, description="1 or 2")
    confidence: bool = Field(False, description="true or false")
    think: int = Field(60, ge=10, le=1800, description="a whole number of seconds from 10 to 1,800")
    discuss: int = Field(0, ge=0, le=1800, description="a whole number of seconds from 0 to 1,800")

    def seconds_to_answer(self, round: int) -> int:
        """The seconds to answer in that round. The second one follows a discussion, and takes half as long."""
        return self.think if round == 1 else max(self.think // 2, 20)


Run = Literal["none", "shared", "seed"]


class StepBlock(Part):
    """The fenced block of a step, as it is written."""

    page: PageName = Field(description="one of " + ", ".join(PANELS))
    set: str = Field("", max_length=LONGEST_LINK, description="the settings of a link")
    compare: tuple[str, ...] = Field(
        (), min_length=2, max_length=2, description='two settings, such as ["combine=sum", "combine=gradnorm"]'
    )
    show: tuple[str, ...] = Field(min_length=1, max_length=6, description="a list of one to six panels")
    allow: tuple[str, ...] = Field((), max_length=8, description="a list of controls")
    run: Run = Field("none", description="none, shared or seed")
    ask: Ask = Field(default_factory=Ask, description="keys of its own: rounds, confidence, think, discuss")
    expect: str = Field("", max_length=400, description="a condition on what is measured")

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        """All fields, but `compare` only if it is used: the keys of other steps are those from before it existed."""
        return [(name, value) for name, value in super().__repr_args__() if name != "compare" or value]

    @property
    def seconds(self) -> int:
        """The expected seconds of the step in a room."""
        return self.ask.think + self.ask.discuss + AROUND


class AdHocBlock(Part):
    """A question that the host of a room typed, as plain text (`backend/lessons/adhoc.py`). Only rooms have them."""

    page: Literal["adhoc"] = "adhoc"
    text: str = Field(min_length=1, max_length=LONGEST_TEXT)
    options: tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_OPTION)], ...] = Field(
        min_length=2, max_length=MOST_OPTIONS
    )

    @property
    def show(self) -> tuple[str, ...]:
        """No panels."""
        return ()

    @property
    def allow(self) -> tuple[str, ...]:
        """No controls."""
        return ()

    @property
    def run(self) -> Run:
        """No run."""
        return "none"

    @property
    def ask(self) -> Ask:
        """A vote and, if the host wants it, a discussion and a second one."""
        return Ask(rounds=2, think=60, discuss=120)

    @property
    def seconds(self) -> int:
        """The expected seconds of the question in a room."""
        return self.ask.think


class Step(Part):
    """One question. `line` is where it begins in the file. `expected` is what the ticked option says, if it is checked.

    `experiment` has the settings of the lesson's base and of the step's own.
    """

    id: str
    title: str
    block: StepBlock | AdHocBlock
    text: str
    options: tuple[Option, ...]
    look: str = ""
    why: str = ""
    notes: str = ""
    line: int = Field(1, exclude=True)
    experiment: Experiment = Field(exclude=True)
    expected: Expectation | None = Field(None, exclude=True)

    @property
    def right(self) -> int | None:
        """The position of the right option; None for an ad-hoc question, which has none."""
        return next((i for i, option in enumerate(self.options) if option.right), None)

    @property
    def ticked(self) -> Option:
        """The right option of a lesson's own step."""
        return next(option for option in self.options if option.right)

    @property
    def typed(self) -> tuple[str, tuple[str, ...]]:
        """The text and the options as their author typed them: of a lesson Markdown, of an ad-hoc question not."""
        if isinstance(self.block, AdHocBlock):
            return self.block.text, self.block.options
        return self.text, tuple(option.text for option in self.options)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What has to be measured for the test of the ticked option and those of wrong ones, each once."""
        tests = (self.expected, *(option.expected for option in self.options))
        return tuple(dict.fromkeys(source for test in tests if test for source in test.sources))

    def tests(self, *kinds: Kind) -> tuple[Condition, ...]:
        """The tests of the ticked option that read a measurement of one of these kinds."""
        return tuple(test for test in self.expected.tests if test.source[0] in kinds) if self.expected else ()

    def key(self) -> str:
        """A hash of what a prediction depends on: question, options and settings."""
        parts = (self.text, *(option.text for option in self.options), repr(self.block), self.experiment.key())
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


class Lesson(Part):
    """A lesson, with the name of its file."""

    id: str
    title: str
    summary: str = ""
    minutes: int
    base: str
    steps: tuple[Step, ...]
    file: str = Field("", exclude=True)

    def step(self, key: str) -> Step | None:
        """The step with that id; None if there is none."""
        return next((step for step in self.steps if step.id == key), None)


class FrontMatter(Part):
    """The front matter of a lesson, as it is written."""

    id: Id
    title: str = Field(min_length=1, max_length=120, description="a title of at most 120 characters")
    summary: str = Field("", max_length=200, description="a sentence of at most 200 characters")
    minutes: int = Field(ge=1, le=240, description="a whole number of minutes from 1 to 240")
    base: str = Field("", max_length=2000, description="the settings of a link")
