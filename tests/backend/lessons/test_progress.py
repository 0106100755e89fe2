"""Progress: what a visitor predicted outlives a restart, is counted and forgotten; a changed step asks again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.config.settings import Settings
from backend.database import Database
from backend.database.tables import lesson_progress
from backend.database.visitors import hashed
from backend.jobs import JobManager
from backend.lessons import load, parse
from backend.lessons.library import SHIPPED
from backend.lessons.progress import LessonProgress
from backend.lessons.saved_progress import SavedProgress, prune
from backend.mistakes import MISTAKES
from backend.mistakes.jobs import MistakeJobs
from backend.worker.kinds import JOB_KINDS
from tests.backend.lessons.test_parser import GOLDEN

LESSON = parse(GOLDEN)
FIRST, SECOND = LESSON.steps
ADA, BOB = "ada", "bob"


def made(database: Database) -> LessonProgress:
    saved = SavedProgress(database)
    return LessonProgress(MistakeJobs(JobManager(Settings(workers=1), JOB_KINDS), saved), saved)


@pytest.fixture
def progress(tmp_path: Path) -> Iterator[LessonProgress]:
    database = Database(tmp_path)
    yield made(database)
    database.close()


def test_only_the_first_prediction_counts_and_it_is_the_visitors_own(progress):
    progress.predict(LESSON, FIRST, ADA, 1, "certain")
    progress.predict(LESSON, FIRST, ADA, 0)
    assert progress.predicted(LESSON, FIRST, ADA) == 1
    assert progress.sure(LESSON, FIRST, ADA) == "certain"
    assert progress.predicted(LESSON, FIRST, BOB) is None
    assert (progress.done(LESSON, ADA), progress.right(LESSON, ADA)) == (1, 0), (
        "before its result is shown, it does not count"
    )
    progress.see(LESSON, FIRST, ADA)
    assert (progress.done(LESSON, ADA), progress.right(LESSON, ADA)) == (1, 1)
    with pytest.raises(ValueError, match="has no option 7"):
        progress.predict(LESSON, FIRST, ADA, 7)


def test_a_visitor_comes_back_to_the_step_they_left(progress):
    assert progress.at(LESSON, ADA) is FIRST
    progress.stand_at(LESSON, SECOND, ADA)
    assert progress.at(LESSON, ADA) is SECOND
    progress.explain(LESSON, SECOND, ADA)
    assert progress.explained(LESSON, SECOND, ADA)
    progress.forget(LESSON, ADA)
    assert progress.at(LESSON, ADA) is FIRST
    assert not progress.explained(LESSON, SECOND, ADA)


def test_a_step_with_another_question_or_setting_asks_again(progress):
    progress.predict(LESSON, FIRST, ADA, 1)
    for before, after in (("one question?", "another question?"), ("epochs=3", "epochs=4"), ("half {", "a third {")):
        changed = parse(GOLDEN.replace(before, after))
        assert progress.predicted(changed, changed.steps[0], ADA) is None
    same = parse(GOLDEN.replace("For the host.", "For another host."))
    assert progress.predicted(same, same.steps[0], ADA) == 1


def rows(database: Database) -> int:
    return database.read(lambda it: it.execute(select(func.count()).select_from(lesson_progress)).scalar_one())


def test_a_visitor_continues_after_a_restart(storage):
    before = storage.open()
    progress = made(before)
    progress.predict(LESSON, FIRST, ADA, 1, "certain")
    progress.explain(LESSON, FIRST, ADA)
    progress.stand_at(LESSON, SECOND, ADA)
    after = made(storage.restarted(before))
    assert after.predicted(LESSON, FIRST, ADA) == 1
    assert (after.sure(LESSON, FIRST, ADA), after.explained(LESSON, FIRST, ADA)) == ("certain", True)
    assert after.at(LESSON, ADA) is SECOND
    after.predict(LESSON, FIRST, ADA, 0)
    assert after.predicted(LESSON, FIRST, ADA) == 1, "the first prediction counts"
    assert after.predicted(LESSON, FIRST, BOB) is None


def test_the_prediction_of_a_mistake_outlives_a_restart(storage):
    lesson = next(each for each in load(SHIPPED).lessons if each.steps[0].block.page == "mistake")
    mistake = MISTAKES[lesson.steps[0].block.show[0]]
    before = storage.open()
    saved = SavedProgress(before)
    mistakes = MistakeJobs(JobManager(Settings(workers=1), JOB_KINDS), saved)
    mistakes.predict(mistake, ADA, mistake.ticked)
    made(before).see(lesson, lesson.steps[0], ADA)
    after = made(storage.restarted(before))
    assert (after.done(lesson, ADA), after.right(lesson, ADA)) == (1, 1)
    assert after.done(lesson, BOB) == 0


def test_what_is_forgotten_stays_forgotten_after_a_restart(storage):
    before = storage.open()
    progress = made(before)
    progress.predict(LESSON, FIRST, ADA, 1)
    progress.stand_at(LESSON, SECOND, ADA)
    assert before.flush()
    assert rows(before) == 2
    progress.forget(LESSON, ADA)
    after = storage.restarted(before)
    assert made(after).predicted(LESSON, FIRST, ADA) is None
    assert rows(after) == 0


def test_a_page_that_is_drawn_again_writes_nothing(storage):
    database = storage.open()
    progress = made(database)
    progress.stand_at(LESSON, SECOND, ADA)
    assert database.flush()
    with database._connected(writes=True) as connection:
        connection.execute(lesson_progress.update().values(at=1.0))
    progress.stand_at(LESSON, SECOND, ADA)
    assert database.flush()
    assert database.read(lambda it: it.execute(select(lesson_progress.c.at)).scalar_one()) == 1.0


def test_the_database_knows_no_cookie(storage):
    database = storage.open()
    made(database).predict(LESSON, FIRST, ADA, 1)
    assert database.flush()
    assert database.read(lambda it: it.execute(select(lesson_progress.c.visitor)).scalar_one()) == hashed(ADA)


def test_the_memory_answers_while_the_database_is_away_and_saves_later(tmp_path):
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be")
    database = Database(folder)
    progress = made(database)
    progress.predict(LESSON, FIRST, ADA, 1)
    progress.stand_at(LESSON, SECOND, ADA)
    assert progress.predicted(LESSON, FIRST, ADA) == 1
    assert progress.at(LESSON, ADA) is SECOND
    folder.unlink()
    assert database.flush()
    database.close()
    after = Database(folder)
    assert made(after).predicted(LESSON, FIRST, ADA) == 1
    after.close()


def test_a_visitor_who_lost_their_place_in_memory_keeps_what_waits_for_the_database(tmp_path):
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be")
    database = Database(folder)
    saved = SavedProgress(database, visitors=1)
    saved.predict(("lesson", "at"), ADA, "second")
    saved.predict(("lesson", "at"), BOB, "first")
    assert saved.predicted(("lesson", "at"), ADA) == "second"
    folder.unlink()
    assert database.flush()
    assert saved.predicted(("lesson", "at"), BOB) == "first"
    database.close()


def test_old_rows_and_the_oldest_of_too_many_are_deleted(storage):
    database, now = storage.open(), time.time()

    def fill(connection):
        values = [{"visitor": str(i), "subject": "s", "value": "v", "at": now - i * 24 * 3600} for i in range(10)]
        connection.execute(lesson_progress.insert(), values)
        prune(connection, days=7.5)

    database.write(fill)
    assert database.flush()
    assert rows(database) == 8
    database.write(lambda connection: prune(connection, days=90, rows=3))
    assert database.flush()
    left = database.read(lambda it: it.execute(select(lesson_progress.c.visitor)).scalars().all())
    assert sorted(left) == ["0", "1", "2"]
