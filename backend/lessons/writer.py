"""Writes a lesson as the Markdown from which `parse` reads it, and a draft of a step for an author."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from backend.experiment import Experiment
from backend.experiment.url import write_query
from backend.lessons.lesson import LONGEST_LINK, Lesson, Option, Step, StepBlock
from backend.lessons.vocabulary import PageName

#: The texts of a draft, which its author replaces (`unwritten_sentences`).
_TITLE, _QUESTION = "Title of the step", "Write your question here."
_OPTIONS = ("The right answer", "A wrong answer", "Another wrong answer")


class TooLong(ValueError):
    """Settings that no step can hold, with the reason in a sentence."""


def write(lesson: Lesson) -> str:
    """The file of a lesson."""
    front = [f"id: {lesson.id}", f"title: {_quoted(lesson.title)}"]
    front += [f"summary: {_quoted(lesson.summary)}"] if lesson.summary else []
    front += [f"minutes: {lesson.minutes}"]
    front += [f"base: {_quoted(lesson.base)}"] if lesson.base else []
    return "\n".join(["---", *front, "---", *(write_step(step) for step in lesson.steps)])


def write_step(step: Step) -> str:
    """A step, with the heading that it begins with."""
    parts = [f"## {step.title} {{#{step.id}}}", "```step", *_block(step.block), "```", step.text, ""]
    parts += map(_option, _written_options(step))
    for name in ("look", "why", "notes"):
        if text := getattr(step, name):
            parts += [f"### {name.capitalize()}", text]
    return "\n".join(parts) + "\n"


def draft(page: PageName, show: tuple[str, ...], experiment: Experiment, expect: str) -> str:
    """A step about an experiment, whose question and options its author has still to write.

    `show` are panels of the page, and `expect` is the test that the author begins with. Raises TooLong.
    """
    link = urlencode(write_query(experiment), doseq=True)
    if len(link) > LONGEST_LINK:
        raise TooLong(
            f"These settings have {len(link):,} characters, and those of a step have at most {LONGEST_LINK:,}. Use "
            "fewer heads, or shorter labels."
        )
    block = StepBlock(page=page, set=link, show=show, run="shared" if page == "train" else "none", expect=expect)
    options = tuple(Option(text=text, right=text == _OPTIONS[0]) for text in _OPTIONS)
    return write_step(
        Step(id="my-step", title=_TITLE, block=block, text=f"\n{_QUESTION}", options=options, experiment=experiment)
    )


def unwritten_sentences(step: Step) -> list[str]:
    """A sentence for each text of a draft that its author has still to replace."""
    sentences = [f"Write your own title in place of “{_TITLE}”."] if step.title == _TITLE else []
    sentences += [f"Write your own question in place of “{_QUESTION}”."] if _QUESTION in step.text else []
    texts = [option.text for option in step.options]
    return sentences + [f"Write your own option in place of “{text}”." for text in _OPTIONS if text in texts]


def _written_options(step: Step) -> Sequence[Option]:
    """The options to write: none of a mistake of Two Heads, and not the one for all other numbers."""
    if step.shows_our_mistake:
        return ()
    return step.options[:-1] if step.kind == "number" else step.options


def _block(block: StepBlock) -> list[str]:
    ask = block.ask
    answer = f", answer: {ask.answer}" if ask.answer != "one" else ""
    lines = [
        f"page: {block.page}",
        f"set: {_quoted(block.set)}" if block.set else "",
        f"compare: [{', '.join(map(_quoted, block.compare))}]" if block.compare else "",
        f"show: [{', '.join(map(_quoted, block.show))}]",
        f"allow: [{', '.join(map(_quoted, block.allow))}]",
        f"run: {block.run}",
        f"ask: {{rounds: {ask.rounds}, confidence: {str(ask.confidence).lower()}, think: {ask.think}, "
        f"discuss: {ask.discuss}{answer}{', shuffle: true' if ask.shuffle else ''}}}",
        f"before: [{', '.join(map(_quoted, block.before))}]" if block.before else "",
        f"scripts: [{', '.join(map(_quoted, block.scripts))}]" if block.scripts else "",
        f"order: [{', '.join(map(str, block.order))}]" if block.order else "",
        f"expect: {_quoted(block.expect)}" if block.expect else "",
    ]
    return [line for line in lines if line]


def _option(option: Option) -> str:
    notes = [
        f"{key}: {_quoted(value)}"
        for key, value in (("misconception", option.misconception), ("try", option.attempt), ("expect", option.expect))
        if value
    ]
    braces = f" {{{', '.join(notes)}}}" if notes else ""
    return f"- [{'x' if option.right else ' '}] {option.text}{braces}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
