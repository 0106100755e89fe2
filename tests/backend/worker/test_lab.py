"""A worker measures a question: the evidence of the server's own code, its progress, a cancel, and no Keras."""

import pytest

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Context
from backend.questions.lab import QUESTIONS, trade_offs, unstuck
from backend.questions.lab.job import QuestionJob
from backend.worker.lab import question

BRIEF = {
    "unstuck": unstuck.Settings(steps=300, methods=("famo", "pcgrad")),
    "trade_offs": trade_offs.Settings(levels=3, starts=2, steps=200, smoothings=(0.1,)),
}


@pytest.mark.slow
@pytest.mark.parametrize(("key", "settings"), BRIEF.items())
def test_the_result_is_what_the_question_measures_with_machine_and_progress(key, settings):
    events = []
    found = question(QuestionJob.of(QUESTIONS[key], settings), Context(send=events.append))
    assert found.question == key
    assert found.evidence == QUESTIONS[key].measure(settings)
    assert found.machine.name
    assert found.seconds >= 0
    assert events[0] == Phase(phase="measuring")
    shares = [event.share for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)
    assert shares[-1] > 0.97
    assert len(shares) <= 60
