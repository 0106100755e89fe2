"""A lesson: steps that each ask for a prediction, show the experiment, and explain it."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.experiment import Experiment
from backend.experiment.names import first_name
from backend.lessons import answers
from backend.lessons.answers import AnswerKind
from backend.lessons.expect import Condition, Expectation
from backend.lessons.figure import Kind, Source
from backend.lessons.vocabulary import PANELS, PageName, question_of
from backend.markdown.task_list import Notes
from backend.questions.mistakes.base import SCRIPT_NAME
from backend.words import listed

#: Seconds of a step besides thinking, discussing and voting again: to read it, to see the result, and to talk about
#: the reason.
AROUND = 120
#: Words that a person reads in a minute, and the minutes to predict and to look at a result.
_WORDS, _LOOKED = 200, 0.75
#: Seconds by which the sum of the steps may differ from the minutes of the front matter.
SLACK = 60
#: The most characters of an option, and the most options of a question.
LONGEST_OPTION, MOST_OPTIONS = 200, 6
#: The most lines of a script that a board has room for.
MOST_LINES = 12

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
    #: Fields that earlier versions did not have: the key of a question (`Step.key`) contains them only if they are set.
    _later: ClassVar[frozenset[str]] = frozenset()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """The fields of the representation, which is a part of the key of a question (`Step.key`)."""
        fields = type(self).model_fields
        return (
            each for each in super().__repr_args__() if each[0] not in self._later or each[1] != fields[each[0]].default
        )


class Option(Notes):
    """An answer to choose from. `expected` is the test of `expect`, parsed."""

    text: str
    right: bool = False
    expected: Expectation | None = Field(None, exclude=True)


class Ask(Part):
    """How a question is asked in a room. Whoever learns alone has as much time as they want, and one round.

    With `shuffle`, each person who learns alone has the options in an order of their own.
    """

    _later = frozenset({"answer"})

    rounds: int = Field(1, ge=1, le=2, description="1 or 2")
    confidence: bool = Field(False, description="true or false")
    think: int = Field(60, ge=10, le=1800, description="a whole number of seconds from 10 to 1,800")
    discuss: int = Field(0, ge=0, le=1800, description="a whole number of seconds from 0 to 1,800")
    answer: AnswerKind = Field("one", description="one, several or number")
    shuffle: bool = Field(False, repr=False, description="true or false")

    def seconds_to_answer(self, round: int) -> int:
        """The seconds to answer in that round. The second one follows a discussion, and takes half as long."""
        return self.think if round == 1 else max(self.think // 2, 20)


Run = Literal["none", "shared", "seed"]


class StepBlock(Part):
    """The fenced block of a step, as it is written.

    `before` are panels with a result that belongs to the question: they are shown before the prediction. `order` is the
    order of a mistake's options, by their numbers from 1. `scripts` are those of an author's own mistake. `lines` are
    the lines of the script that goes wrong which a board shows with the question.
    """

    _later = frozenset({"before", "compare", "scripts"})

    page: PageName = Field(description="one of " + ", ".join(PANELS))
    set: str = Field("", description="the settings of a link")
    compare: tuple[str, ...] = Field(
        (), min_length=2, max_length=2, description='two settings, such as ["combine=sum", "combine=gradnorm"]'
    )
    show: tuple[str, ...] = Field(min_length=1, max_length=6, description="a list of one to six panels")
    allow: tuple[str, ...] = Field((), max_length=8, description="a list of controls")
    run: Run = Field("none", description="none, shared or seed")
    ask: Ask = Field(
        default_factory=Ask, description="keys of its own: rounds, confidence, think, discuss, answer, shuffle"
    )
    expect: str = Field("", max_length=400, description="a condition of at most 400 characters on what is measured")
    before: tuple[str, ...] = Field((), max_length=3, description="a list of at most three panels")
    scripts: tuple[Annotated[str, Field(pattern=f"^{SCRIPT_NAME}$")], ...] = Field(
        (), min_length=2, max_length=2,
        description="the names of two scripts, such as [wrong.py, right.py], of letters, digits, - and _",
    )  # fmt: skip
    order: tuple[int, ...] = Field(
        (), max_length=MOST_OPTIONS, repr=False, description="a list of the numbers of the options"
    )
    lines: tuple[Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(-[1-9]\d{0,3})?$")], ...] = Field(
        (), max_length=MOST_LINES, repr=False, description="a list of lines of the first script, such as [3, 7-9]"
    )

    @property
    def line_ranges(self) -> list[range]:
        """The numbers of these `lines`, from 1; a range is empty if its larger number is first."""
        ends = ([int(number) for number in each.split("-")] for each in self.lines)
        return [range(each[0], each[-1] + 1) for each in ends]

    @property
    def seconds(self) -> int:
        """The expected seconds of the step in a room, with the second vote if there is one."""
        return self.ask.think + self.ask.discuss + self.seconds_again + AROUND

    @property
    def seconds_again(self) -> int:
        """The seconds of the second vote; 0 if there is none."""
        return self.ask.seconds_to_answer(2) if self.ask.rounds == 2 else 0


class Step(Part):
    """One question. `line` is where it begins in the file. `expected` is what the ticked option says, if it is checked.

    `experiment` has the settings of the lesson's base and of the step's own.
    """

    id: str
    title: str
    block: StepBlock
    text: str
    options: tuple[Option, ...]
    look: str = ""
    why: str = ""
    notes: str = ""
    line: int = Field(1, exclude=True)
    experiment: Experiment = Field(exclude=True)
    expected: Expectation | None = Field(None, exclude=True)

    @property
    def has_page(self) -> bool:
        """Whether a page shows the same. None has scripts, or what is recorded of a question."""
        return self.block.page != "mistake" and not question_of(self.block.show[0])

    @property
    def shows_our_mistake(self) -> bool:
        """Whether the step shows a mistake of Two Heads, which has a question and options of its own."""
        return self.block.page == "mistake" and not self.block.scripts

    @property
    def kind(self) -> AnswerKind:
        """What the question takes as an answer."""
        return self.block.ask.answer

    @property
    def right_options(self) -> tuple[int, ...]:
        """The positions of the right options."""
        return tuple(i for i, option in enumerate(self.options) if option.right)

    @property
    def right(self) -> int:
        """The right answer (`backend/lessons/answers.py`)."""
        right = self.right_options
        return answers.mask_of(right) if self.kind == "several" else right[0]

    @property
    def ticked(self) -> str:
        """The text of the right option, or of all right ones."""
        return self.words(self.right)

    def chosen(self, answer: int) -> tuple[int, ...]:
        """The positions of the options that an answer chooses."""
        return answers.positions_of(answer) if self.kind == "several" else (answer,)

    def takes(self, answer: int) -> bool:
        """Whether this integer is an answer to the question."""
        return 0 < answer < 1 << len(self.options) if self.kind == "several" else 0 <= answer < len(self.options)

    def words(self, answer: int) -> str:
        """The texts of the options that an answer chooses."""
        return listed(self.options[i].text.rstrip(".") for i in self.chosen(answer))

    def answer_of(self, number: float) -> int:
        """In a question for a number, the position of the option whose range has `number`, else of the last."""
        ranges = [answers.range_of(option.text) for option in self.options]
        return next((i for i, each in enumerate(ranges) if each and answers.within(number, each)), len(ranges) - 1)

    def order_for(self, person: str) -> tuple[int, ...]:
        """The positions of the options in the order in which this person sees them."""
        positions = range(len(self.options))
        if self.kind == "number" or not self.block.ask.shuffle:
            return tuple(positions)
        return tuple(random.Random(f"{person}.{self.key()}").sample(positions, len(positions)))

    def shuffled(self, chance: random.Random) -> Step:
        """The step with its options in another order; those of a question for a number have none."""
        if self.kind == "number":
            return self
        return self.model_copy(update={"options": tuple(chance.sample(self.options, len(self.options)))})

    @property
    def sources(self) -> tuple[Source, ...]:
        """What has to be measured for the test of the ticked option and those of wrong ones, each once."""
        tests = (self.expected, *(option.expected for option in self.options))
        return tuple(dict.fromkeys(source for test in tests if test for source in test.sources))

    def tests(self, *kinds: Kind) -> tuple[Condition, ...]:
        """The tests of the ticked option that read a measurement of one of these kinds."""
        return tuple(test for test in self.expected.tests if test.source[0] in kinds) if self.expected else ()

    def orders(self) -> tuple[list[int], list[int]]:
        """The positions of the options in the order in which predictions are stored, sorted by text.

        Then those as they are written: this was the order of version 0.2.0.
        """
        written = list(range(len(self.options)))
        return sorted(written, key=lambda i: self.options[i].text), written

    def key(self, order: Sequence[int] | None = None) -> str:
        """A hash of what a prediction depends on: the question, its options in that order, and its settings."""
        options = (self.options[i].text for i in order or self.orders()[0])
        parts = (self.text, *options, repr(self.block), _first_key(self.experiment))
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _first_key(experiment: Experiment) -> str:
    """The key of the experiment with the first names of its heads, so that predictions of before are still found."""
    heads = [head.model_copy(update={"name": first_name(head.name)}) for head in experiment.architecture.heads]
    architecture = experiment.architecture.model_copy(update={"heads": tuple(heads)})
    return experiment.model_copy(update={"architecture": architecture}).key()


class FrontMatter(Part):
    """The front matter of a lesson, as it is written."""

    id: Id
    title: str = Field(min_length=1, max_length=120, description="a title of at most 120 characters")
    summary: str = Field("", max_length=200, description="a sentence of at most 200 characters")
    minutes: int = Field(ge=1, le=240, description="a whole number of minutes from 1 to 240")
    base: str = Field("", description="the settings of a link")


class Lesson(FrontMatter):
    """A lesson, with the text from which it was read, the name of its file, and its folder."""

    steps: tuple[Step, ...]
    source: str = Field("", exclude=True, repr=False)
    file: str = Field("", exclude=True)
    folder: str = Field("", exclude=True)

    @property
    def minutes_alone(self) -> int:
        """About how many minutes one person needs: to read the texts, to predict, and to look at each result."""
        words = sum(
            len(text.split()) for step in self.steps
            for text in (step.text, step.look, step.why, *(option.text for option in step.options))
        )  # fmt: skip
        looks = sum(2 if step.block.page == "mistake" else 1 for step in self.steps)  # a script takes longer
        return math.ceil(words / _WORDS + _LOOKED * looks)

    def step(self, key: str) -> Step | None:
        """The step with that id; None if there is none."""
        return next((step for step in self.steps if step.id == key), None)
