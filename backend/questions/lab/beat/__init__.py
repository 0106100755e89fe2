"""Question 5: does any method beat tuned fixed weights? A worker measures it with Keras."""

from __future__ import annotations

from backend.questions.lab.base import Question
from backend.questions.lab.beat.cost import refuse, seconds
from backend.questions.lab.beat.evidence import Evidence, Settings
from backend.questions.lab.beat.script import code
from backend.questions.lab.beat.verdict import OPTIONS, judge

QUESTION = Question(
    key="beat",
    number=5,
    title="Does any method beat tuned fixed weights?",
    question="You try several pairs of `loss_weights`, tune the learning rate of each, and keep the best. Each method "
    "gets its rates tuned with the same effort. On new seeds, does any method beat the fixed weights that you kept?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    refuse=refuse,
    judge=judge,
    script=code,
    needs="Keras and NumPy",
    published=(Settings(),),
)
