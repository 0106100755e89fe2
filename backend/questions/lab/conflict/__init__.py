"""Question 2: do my heads conflict? A worker measures their gradients with Keras while they train one trunk."""

from __future__ import annotations

from backend.questions.lab.base import Question
from backend.questions.lab.conflict.cost import refuse, seconds
from backend.questions.lab.conflict.evidence import Evidence, Settings
from backend.questions.lab.conflict.script import code
from backend.questions.lab.conflict.verdict import OPTIONS, judge

QUESTION = Question(
    key="conflict",
    number=2,
    title="Do my heads conflict?",
    question="Two heads train one trunk. In some batches their gradients conflict: a small step of gradient descent "
    "for one head alone raises the loss of the other. Two tasks can have nothing in common, or be equal. How often do "
    "their heads conflict?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    judge=judge,
    script=code,
    refuse=refuse,
    needs="Keras and NumPy",
    published=(Settings(),),
)
