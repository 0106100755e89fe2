"""Questions on gradients and weights that lessons ask, one file each. A new one is a file, and its name here."""

from __future__ import annotations

from typing import Any

from backend.questions.lab import beat, conflict, scale, share, trade_offs, unstuck
from backend.questions.lab.base import Question

_FILES = (scale, conflict, unstuck, trade_offs, beat, share)

#: Every question by its key, in the order of the page.
QUESTIONS: dict[str, Question[Any, Any]] = {file.QUESTION.key: file.QUESTION for file in _FILES}

__all__ = ["QUESTIONS", "Question"]
