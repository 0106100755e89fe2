"""Lessons: a Markdown file each, with questions whose answers are measured."""

from backend.lessons.lesson import Lesson, Option, Step
from backend.lessons.library import Shelf, load
from backend.lessons.parser import InvalidLesson, LessonError, parse

__all__ = [
    "InvalidLesson", "Lesson", "LessonError", "Option", "Shelf", "Step", "load", "parse",
]  # fmt: skip
