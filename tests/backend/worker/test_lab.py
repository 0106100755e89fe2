"""A worker measures a question: the evidence of the server's own code, its progress, a cancel, and no Keras."""

import subprocess
import sys

import pytest

from backend.jobs.messages import Phase, Progress
from backend.jobs.runtime import Cancelled, Context
from backend.lab.job import QuestionJob
from backend.lab.questions import QUESTIONS, trade_offs, unstuck
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


def test_a_cancelled_measurement_ends_before_its_work_is_done():
    events = []
    context = Context(send=events.append, still_needed=lambda: len(events) < 4)
    with pytest.raises(Cancelled):
        question(QuestionJob.of(QUESTIONS["unstuck"], unstuck.Settings(steps=2_000)), context)
    assert events[-1].share < 0.5


@pytest.mark.slow
def test_it_needs_no_keras():
    code = "import backend.worker.lab, sys; print(sorted({'keras', 'tensorflow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
