"""Where an old address of the Lab leads: one with a measurement to Own model, one with a question to its lesson."""

from __future__ import annotations

from backend.experiment.url import Query
from backend.questions.lab import QUESTIONS
from components.learn import choice
from components.own_model import conflict

#: The key of a question in an old address. One that had only settings, such as `unstuck_steps`, opened `unstuck`.
_QUESTION, _FIRST = "question", "unstuck"


def of(query: Query) -> tuple[str, Query] | None:
    """The page, by the name of its file, and the query to which an address leads on; None if the Lab still has it."""
    if not conflict.CHOICES.keys().isdisjoint(query):
        return "own", query
    kept = {key: values for key, values in query.items() if key != _QUESTION and not _is_setting(key)}
    if len(kept) == len(query):
        return None
    wanted = query.get(_QUESTION, [_FIRST])[-1]
    for lesson in choice.shelf().lessons:
        for step in lesson.steps:
            if step.block.page == "lab" and wanted in step.block.show:
                return "learn", {**kept, **choice.query(lesson, step)}
    return "learn", kept


def _is_setting(key: str) -> bool:
    return any(key.startswith(f"{question}_") for question in QUESTIONS)
