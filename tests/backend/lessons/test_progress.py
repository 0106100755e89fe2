"""Progress: what a visitor predicted is kept, counted and forgotten; a changed step asks again."""

from __future__ import annotations

import pytest

from backend.config.settings import Settings
from backend.jobs import JobManager
from backend.lessons import parse
from backend.lessons.progress import LessonProgress
from backend.mistakes.jobs import MistakeJobs
from backend.worker.kinds import JOB_KINDS
from tests.backend.lessons.test_parser import GOLDEN

LESSON = parse(GOLDEN)
FIRST, SECOND = LESSON.steps
ADA, BOB = "ada", "bob"


def made(folder):
    return LessonProgress(MistakeJobs(JobManager(Settings(state_dir=folder, workers=1), JOB_KINDS)))


def test_only_the_first_prediction_counts_and_it_is_the_visitors_own(tmp_path):
    progress = made(tmp_path)
    progress.predict(LESSON, FIRST, ADA, 1, "certain")
    progress.predict(LESSON, FIRST, ADA, 0)
    assert progress.predicted(LESSON, FIRST, ADA) == 1
    assert progress.sure(LESSON, FIRST, ADA) == "certain"
    assert progress.predicted(LESSON, FIRST, BOB) is None
    assert (progress.done(LESSON, ADA), progress.right(LESSON, ADA)) == (1, 1)
    with pytest.raises(ValueError, match="has no option 7"):
        progress.predict(LESSON, FIRST, ADA, 7)


def test_a_visitor_comes_back_to_the_step_they_left(tmp_path):
    progress = made(tmp_path)
    assert progress.at(LESSON, ADA) is FIRST
    progress.stand_at(LESSON, SECOND, ADA)
    assert progress.at(LESSON, ADA) is SECOND
    progress.explain(LESSON, SECOND, ADA)
    assert progress.explained(LESSON, SECOND, ADA)
    progress.forget(LESSON, ADA)
    assert progress.at(LESSON, ADA) is FIRST
    assert not progress.explained(LESSON, SECOND, ADA)


def test_a_step_with_another_question_or_setting_asks_again(tmp_path):
    progress = made(tmp_path)
    progress.predict(LESSON, FIRST, ADA, 1)
    for before, after in (("one question?", "another question?"), ("epochs=3", "epochs=4"), ("half {", "a third {")):
        changed = parse(GOLDEN.replace(before, after))
        assert progress.predicted(changed, changed.steps[0], ADA) is None
    same = parse(GOLDEN.replace("For the host.", "For another host."))
    assert progress.predicted(same, same.steps[0], ADA) == 1
