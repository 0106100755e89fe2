"""Progress: what a visitor predicted outlives a restart, is counted and forgotten; a changed step asks again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.database import Database
from backend.database.tables import lesson_progress
from backend.lessons import parse
from backend.lessons.progress import LessonProgress
from backend.questions.predictions import Predictions
from tests.builders.lessons import ALL_KINDS as KINDS
from tests.builders.lessons import GOLDEN, LESSON
from tests.builders.storage import BOTH, sqlite_first

storage = sqlite_first

FIRST, SECOND = LESSON.steps
ADA, BOB = "ada", "bob"


def made(database: Database) -> LessonProgress:
    return LessonProgress(Predictions(database))


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[LessonProgress]:
    database = Database(tmp_path)
    yield made(database)
    database.close()


def test_a_step_with_another_question_or_setting_asks_again(progress):
    progress.record(LESSON, FIRST, ADA, 1)
    for before, after in (("one question?", "another question?"), ("epochs=3", "epochs=4"), ("half {", "a third {")):
        changed = parse(GOLDEN.replace(before, after))
        assert progress.prediction(changed, changed.steps[0], ADA) is None
    same = parse(GOLDEN.replace("For the host.", "For another host."))
    assert progress.prediction(same, same.steps[0], ADA) == 1


@BOTH
def test_a_prediction_stays_true_after_the_options_were_reordered(storage):
    progress = made(storage.open())
    progress.record(LESSON, SECOND, ADA, 0, "certain")
    swapped = parse(GOLDEN.replace("- [x] 4,762\n- [ ] more", "- [ ] more\n- [x] 4,762"))
    assert progress.prediction(swapped, swapped.steps[1], ADA) == 1
    assert progress.sure(swapped, swapped.steps[1], ADA) == "certain"
    progress.forget(swapped, ADA)
    assert progress.prediction(LESSON, SECOND, ADA) is None


def test_several_options_and_a_number_are_kept(storage):
    number, several, _ = KINDS.steps
    before = storage.open()
    progress = made(before)
    progress.record(KINDS, number, ADA, number.answer_of(1.95), number=1.95)
    progress.record(KINDS, several, ADA, 0b101)
    with pytest.raises(ValueError, match="asks for a number"):
        progress.record(KINDS, number, BOB, 1)
    with pytest.raises(ValueError, match="has no option 0"):
        progress.record(KINDS, several, BOB, 0)
    after = made(storage.restarted(before))
    assert (after.number(KINDS, number, ADA), after.prediction(KINDS, number, ADA)) == (1.95, number.right)
    assert after.prediction(KINDS, several, ADA) == several.right


def rows(database: Database) -> int:
    return database.read(lambda it: it.execute(select(func.count()).select_from(lesson_progress)).scalar_one())


@BOTH
def test_a_visitor_continues_after_a_restart(storage):
    before = storage.open()
    progress = made(before)
    progress.record(LESSON, FIRST, ADA, 1, "certain")
    progress.mark_result_seen(LESSON, FIRST, ADA)
    progress.open_reason(LESSON, FIRST, ADA)
    progress.set_current_step(LESSON, SECOND, ADA)
    after = made(storage.restarted(before))
    assert (after.prediction(LESSON, FIRST, ADA), after.sure(LESSON, FIRST, ADA)) == (1, "certain")
    assert after.has_seen_result(LESSON, FIRST, ADA)
    assert after.has_opened_reason(LESSON, FIRST, ADA)
    assert after.current_step(LESSON, ADA) is SECOND
    after.record(LESSON, FIRST, ADA, 0)
    assert after.prediction(LESSON, FIRST, ADA) == 1, "the first prediction counts"
    assert after.prediction(LESSON, FIRST, BOB) is None
    assert (after.count_answered(LESSON, ADA), after.count_answered(LESSON, BOB)) == (1, 0)


@BOTH
def test_what_is_forgotten_stays_forgotten_after_a_restart(storage):
    before = storage.open()
    progress = made(before)
    progress.record(LESSON, FIRST, ADA, 1)
    progress.set_current_step(LESSON, SECOND, ADA)
    assert before.flush()
    assert rows(before) == 2
    progress.forget(LESSON, ADA)
    after = storage.restarted(before)
    assert made(after).prediction(LESSON, FIRST, ADA) is None
    assert rows(after) == 0
