"""Question 1: is one head drowned by scale? Kendall's toy or the visitor's network, measured with Keras by a worker."""

from __future__ import annotations

from backend.experiment import Experiment
from backend.questions.lab.base import Question
from backend.questions.lab.scale.cost import refuse, seconds
from backend.questions.lab.scale.evidence import Evidence, Settings
from backend.questions.lab.scale.script import code
from backend.questions.lab.scale.verdict import OPTIONS, judge

QUESTION = Question(
    key="scale",
    number=1,
    title="Is one head drowned by scale?",
    question="The losses of several heads are added up, and one loss is on a far larger scale than the others. Does a "
    "head on a smaller scale end 5 % or more above the loss that it reaches alone? UW and GradNorm weight the losses. "
    "Which of them clearly brings it down?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    judge=judge,
    script=code,
    refuse=refuse,
    needs="Keras and NumPy",
    published=(
        Settings(),
        Settings(optimizer="adam", rate=0.003),
        Settings(problem="own", optimizer="adam", rate=0.003, epochs=10).on(Experiment()),
    ),
)
