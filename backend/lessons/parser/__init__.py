"""Reads a lesson, one Markdown file. Each fault is an error with the file, the line and the reason in a sentence.

Text is only kept, to be displayed; HTML and pictures in it are refused. `docs/lessons.md` describes the format.
"""

from backend.lessons.parser.links import attempt
from backend.lessons.parser.reader import parse, shuffled
from backend.markdown.faults import InvalidLesson, LessonError

__all__ = ["InvalidLesson", "LessonError", "attempt", "parse", "shuffled"]
