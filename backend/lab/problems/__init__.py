"""Problems with a known answer that need no network, one file each. A new one is a new file and one name here."""

from __future__ import annotations

from backend.lab.problems import cagrad_toy, concave_front, famo_toy, one_neuron
from backend.lab.problems.base import Problem

_FILES = (famo_toy, cagrad_toy, concave_front, one_neuron)

#: Every problem by its key.
PROBLEMS: dict[str, Problem] = {file.PROBLEM.key: file.PROBLEM for file in _FILES}

__all__ = ["PROBLEMS", "Problem"]
