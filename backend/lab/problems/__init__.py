"""Problems with a known answer that need no network. A new one is a new file and one name here."""

from __future__ import annotations

from backend.lab.problems import concave_front, two_valleys
from backend.lab.problems.base import Problem

_LIST = (two_valleys.FAMO_TOY, two_valleys.CAGRAD_TOY, concave_front.PROBLEM)

#: Every problem by its key.
PROBLEMS: dict[str, Problem] = {problem.key: problem for problem in _LIST}

__all__ = ["PROBLEMS", "Problem"]
