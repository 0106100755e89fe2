"""The button that makes a picture of a lesson, once all its questions are answered."""

from __future__ import annotations

from backend.lessons import Lesson
from backend.words import counted
from components.layout import share_card
from components.learn import measured
from components.learn.panels import panel_of
from components.text import for_markdown


def show(lesson: Lesson) -> None:
    """Draw the button. The picture has the right answer of each question. Its link names no step of the lesson."""
    right, count = measured.count_right(lesson), len(lesson.steps)
    share_card.show(
        share_card.Card(
            place=f"Learn · {counted(count, 'question')}",
            title=for_markdown(lesson.title),
            finding=_answers(lesson),
            prediction=share_card.Prediction(f"I predicted {right} of {count} answers right.", None),
            choice="Show my score",
        ),
        key="learn.lesson",
        step="",
    )


def _answers(lesson: Lesson) -> str:
    """Each step with its right answer; a step without one is left out."""
    known = [(step, panel_of(step).right(step)) for step in lesson.steps]
    return " ".join(
        f"{for_markdown(step.title)}{'' if step.title.endswith('?') else ':'} {step.words(answer)}."
        for step, answer in known
        if answer is not None
    )
