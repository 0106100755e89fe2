"""Measures what a step shows, through the same services as every page: equal experiments are computed once.

A measurement begins when the step opens. Its result is not sent before the visitor has predicted. It is not listed
among the visitor's activities, because the step shows it, and it leaves their own experiment and run unchanged.
"""

from __future__ import annotations

from backend.jobs import JobView
from backend.lessons import Lesson, Step
from backend.lessons.ending import Mark
from backend.services import services
from components.learn.panels import panel_of
from components.session.visitor import visitor

#: The words of a mark.
MARKS: dict[Mark, str] = {
    "right": ":green[**✓ Right.**]", "wrong": ":red[**✗ Not right.**]", "no option": "No option matches.",
    "not seen": "No result yet.", "not predicted": "",
}  # fmt: skip


def pending(step: Step) -> JobView | None:
    """Request what the step needs; returns the first job that has not ended. A run is pending while it is replayed."""
    return next((view for view in panel_of(step).views(step) if not view.ended), None)


def failure(step: Step) -> str:
    """Why something that the step shows could not be measured, in a sentence; empty if nothing failed."""
    views = panel_of(step).views(step)
    return next((view.message for view in views if view.ended and view.state != "finished"), "")


def mark(lesson: Lesson, step: Step) -> Mark:
    """Whether the visitor's prediction was right."""
    progress, me = services().progress, visitor()
    predicted = progress.prediction(lesson, step, me)
    if predicted is None:
        return "not predicted"
    if not progress.has_seen_result(lesson, step, me):
        return "not seen"
    right = panel_of(step).right(step)
    return "no option" if right is None else "right" if predicted == right else "wrong"


def count_right(lesson: Lesson) -> int:
    """How many of the visitor's predictions were right, of those whose result they have been shown."""
    return sum(mark(lesson, step) == "right" for step in lesson.steps)
