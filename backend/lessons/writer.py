"""Writes a lesson as the Markdown from which `parse` reads it."""

from __future__ import annotations

import json

from backend.lessons.lesson import Lesson, Option, Step, StepBlock


def write(lesson: Lesson) -> str:
    """The file of a lesson."""
    front = [f"id: {lesson.id}", f"title: {_quoted(lesson.title)}", f"minutes: {lesson.minutes}"]
    front += [f"base: {_quoted(lesson.base)}"] if lesson.base else []
    return "\n".join(["---", *front, "---", *(write_step(step) for step in lesson.steps)])


def write_step(step: Step) -> str:
    """A step, with the heading that it begins with."""
    parts = [f"## {step.title} {{#{step.id}}}", "```step", *_block(step.block), "```", step.text, ""]
    parts += map(_option, step.options if step.block.page != "mistake" else ())
    for name in ("look", "why", "notes"):
        if text := getattr(step, name):
            parts += [f"### {name.capitalize()}", text]
    return "\n".join(parts) + "\n"


def _block(block: StepBlock) -> list[str]:
    ask = block.ask
    lines = [
        f"page: {block.page}",
        f"set: {_quoted(block.set)}" if block.set else "",
        f"show: [{', '.join(map(_quoted, block.show))}]",
        f"allow: [{', '.join(map(_quoted, block.allow))}]",
        f"run: {block.run}",
        f"ask: {{rounds: {ask.rounds}, confidence: {str(ask.confidence).lower()}, think: {ask.think}, "
        f"discuss: {ask.discuss}}}",
        f"expect: {_quoted(block.expect)}" if block.expect else "",
    ]
    return [line for line in lines if line]


def _option(option: Option) -> str:
    notes = [
        f"{key}: {_quoted(value)}"
        for key, value in (("misconception", option.misconception), ("try", option.attempt))
        if value
    ]
    braces = f" {{{', '.join(notes)}}}" if notes else ""
    return f"- [{'x' if option.right else ' '}] {option.text}{braces}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
