"""Ad-hoc questions: a text and some options that the host of a room types. No option is right, nothing is measured.

What was typed is plain text. A step holds it as Markdown that every renderer shows as exactly these characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from backend.experiment import Experiment
from backend.lessons.lesson import LONGEST_OPTION, LONGEST_TEXT, MOST_OPTIONS, AdHocBlock, Lesson, Option, Step
from backend.words import counted

#: The title of a question whose first line is too long to be one, and the most characters of a title.
TITLE, _LONGEST_TITLE = "A question from your host", 120
#: The most ad-hoc questions of a room.
MOST = 20
_FEWEST_OPTIONS = 2
#: The most lines of the text: a board has no place for more.
_MOST_LINES = 8
#: The prefix of an ad-hoc question's id. Its number follows; the question that was added last has the largest one.
_PREFIX = "adhoc-"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BLANK_LINES = re.compile(r"\n{3,}")
#: The characters that end a line, besides the newline.
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


class BadQuestion(ValueError):
    """What was typed is no question, with the reason in a sentence."""


def read(text: str, options: Sequence[str]) -> AdHocBlock:
    """The question with the text and the options as they were typed. Empty options are left out. Raises BadQuestion."""
    question = _BLANK_LINES.sub("\n\n", _clean(text))
    if not _is_visible(question):
        raise BadQuestion("The question has no text. Type what you want to ask.")
    if len(question) > LONGEST_TEXT:
        raise BadQuestion(f"The text has {len(question):,} characters. It may have {LONGEST_TEXT}.")
    if (height := question.count("\n") + 1) > _MOST_LINES:
        raise BadQuestion(f"The text has {height} lines. It may have {_MOST_LINES}.")
    lines = [line for line in (" ".join(_clean(option).split("\n")) for option in options) if _is_visible(line)]
    if not _FEWEST_OPTIONS <= len(lines) <= MOST_OPTIONS:
        raise BadQuestion(
            f"The question has {counted(len(lines), 'option')}. It takes {_FEWEST_OPTIONS} to {MOST_OPTIONS}, one in "
            "each line."
        )
    if long := next((line for line in lines if len(line) > LONGEST_OPTION), ""):
        raise BadQuestion(
            f"The option that begins with “{long[:20]}” has {len(long):,} characters. It may have {LONGEST_OPTION}."
        )
    if len(set(lines)) < len(lines):
        raise BadQuestion("Two options are the same. Change one of them.")
    return AdHocBlock(text=question, options=tuple(lines))


def step(id: str, block: AdHocBlock, line: int = 1) -> Step:
    """The step that asks this question. Its title is the first line, and its text what follows."""
    title, _, text = block.text.partition("\n")
    if len(title) > _LONGEST_TITLE:
        title, text = TITLE, block.text
    options = tuple(Option(text=as_markdown(option)) for option in block.options)
    return Step(
        id=id, title=title, block=block, text=as_markdown(text.strip()), options=options, line=line,
        experiment=Experiment(),
    )  # fmt: skip


def insert(lesson: Lesson, block: AdHocBlock, position: int) -> tuple[Lesson, int]:
    """The lesson with this question at `position`, or after the ad-hoc questions there; and the question's position.

    So questions that are added one after the other are asked in this order.
    """
    steps = list(lesson.steps)
    while position < len(steps) and isinstance(steps[position].block, AdHocBlock):
        position += 1
    number, ids = 1 + max(map(_number, steps)), {each.id for each in steps}
    while _id(number) in ids:  # a lesson's own step may have it
        number += 1
    steps.insert(position, step(_id(number), block))
    return lesson.model_copy(update={"steps": tuple(steps)}), position


def last_added(lesson: Lesson) -> int | None:
    """The position of the ad-hoc question that was added last; None if there is none."""
    found = [i for i, each in enumerate(lesson.steps) if isinstance(each.block, AdHocBlock)]
    return max(found, key=lambda i: _number(lesson.steps[i]), default=None)


def remove(lesson: Lesson, position: int) -> Lesson:
    """The lesson without the step at `position`."""
    return lesson.model_copy(update={"steps": lesson.steps[:position] + lesson.steps[position + 1 :]})


def count(lesson: Lesson) -> int:
    """How many ad-hoc questions the lesson has."""
    return sum(isinstance(each.block, AdHocBlock) for each in lesson.steps)


def as_markdown(text: str) -> str:
    """Markdown that is shown as `text`, by CommonMark and by Streamlit.

    Streamlit would still replace emoji codes, arrows and addresses in the escaped text. An invisible word joiner before
    each punctuation mark prevents this.
    """
    return "\n\n".join(
        "\\\n".join(_PUNCTUATION.sub("\u2060\\\\\\1", line) for line in paragraph.split("\n"))
        for paragraph in text.split("\n\n")
    )


def _id(number: int) -> str:
    return f"{_PREFIX}{number}"


def _number(step: Step) -> int:
    """The number of an ad-hoc question; 0 for another step."""
    return int(step.id.removeprefix(_PREFIX)) if isinstance(step.block, AdHocBlock) else 0


def _clean(text: str) -> str:
    """The text with newlines between its lines, and without spaces around them. Raises BadQuestion."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    if bad := next((c for c in text if _is_unreadable(c)), ""):
        raise BadQuestion(f"The text has a control character (U+{ord(bad):04X}). Delete it, or type the text again.")
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def _is_unreadable(character: str) -> bool:
    """Whether no page can show the character, and no file of a lesson can hold it."""
    return (character != "\n" and unicodedata.category(character) in ("Cc", "Cs")) or character in "\ufffe\uffff"


def _is_visible(text: str) -> bool:
    return any(unicodedata.category(c)[0] in "LNPS" for c in text)
