"""Question 6: should these heads share? Five networks of equal size on a pair of tasks of adjustable relatedness."""

from __future__ import annotations

from backend.questions.lab.base import Question
from backend.questions.lab.share.cost import seconds
from backend.questions.lab.share.evidence import Evidence, Settings
from backend.questions.lab.share.script import code
from backend.questions.lab.share.verdict import OPTIONS, judge

QUESTION = Question(
    key="share",
    number=6,
    title="Should these heads share?",
    question="Two heads learn a pair of tasks from few, noisy sequences. How closely the tasks are related can be set. "
    "A network with a shared trunk has as many parameters as two separate networks. Does it have the lower "
    "validation loss? A difference of less than 5 % everywhere counts as none.",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    judge=judge,
    script=code,
    needs="Keras and NumPy",
    published=(Settings(),),
)
