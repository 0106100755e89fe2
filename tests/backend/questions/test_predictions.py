"""Predictions: each visitor's own, kept by what they are about, bounded, and there after a restart."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.database import Database
from backend.database.tables import lesson_progress
from backend.database.visitors import hashed
from backend.experiment.training import Training
from backend.questions import predictions as module
from backend.questions.claims import CLAIMS
from backend.questions.claims.job import FAMILY, ClaimJob
from backend.questions.mistakes import MISTAKES
from backend.questions.mistakes.job import MistakeJob
from backend.questions.predictions import Predictions, prune
from tests.backend.questions.claims.cases import DEFAULT, experiment

ADA, BOB = "ada", "bob"
PARAMETERS, OPTIMIZERS, SPEED = (ClaimJob.of(CLAIMS[key], DEFAULT) for key in ("parameters", "optimizers", "speed"))
YES, NO = PARAMETERS.definition.options[:2]
MISTAKE = MistakeJob.on(next(iter(MISTAKES.values())))


@pytest.fixture
def predictions(tmp_path: Path) -> Iterator[Predictions]:
    database = Database(tmp_path)
    yield Predictions(database)
    database.close()


def rows(database: Database) -> int:
    return database.read(lambda it: it.execute(select(func.count()).select_from(lesson_progress)).scalar_one())


def test_a_prediction_is_its_visitors_own_and_can_be_changed_and_taken_back(predictions):
    predictions.record(PARAMETERS, ADA, YES)
    assert predictions.prediction(PARAMETERS, ADA) == YES
    assert predictions.prediction(PARAMETERS, BOB) is None
    assert not predictions.is_revealed(PARAMETERS, BOB)
    predictions.record(PARAMETERS, ADA, NO)
    assert predictions.prediction(PARAMETERS, ADA) == NO
    predictions.record(PARAMETERS, ADA, None)
    assert not predictions.is_revealed(PARAMETERS, ADA)


def test_a_setting_counts_only_for_what_depends_on_it(predictions):
    sgd = DEFAULT.model_copy(update={"training": Training(optimizer="sgd")})
    first = OPTIMIZERS.definition.options[0]
    predictions.record(PARAMETERS, ADA, YES)
    predictions.record(OPTIMIZERS, ADA, first)
    assert predictions.prediction(ClaimJob.of(PARAMETERS.definition, sgd), ADA) == YES, "it has no optimizer"
    assert predictions.prediction(ClaimJob.of(OPTIMIZERS.definition, sgd), ADA) is None, "it is about another optimizer"
    assert predictions.prediction(ClaimJob.of(PARAMETERS.definition, experiment(features=3)), ADA) is None
    assert predictions.prediction(OPTIMIZERS, ADA) == first, "it is there on the way back"


def test_clearing_forgets_one_visitor_and_one_family(storage):
    database = storage.open()
    predictions = Predictions(database)
    for visitor in (ADA, BOB):
        predictions.record(PARAMETERS, visitor, YES)
    predictions.record(MISTAKE, ADA, MISTAKE.definition.options[0])
    predictions.clear(FAMILY, ADA)
    for now in (predictions, Predictions(storage.restarted(database))):
        assert not now.has_any(FAMILY, ADA)
        assert not now.is_revealed(PARAMETERS, ADA)
        assert now.is_revealed(MISTAKE, ADA)
        assert now.prediction(PARAMETERS, BOB) == YES


def test_only_options_are_kept_and_read(predictions):
    with pytest.raises(ValueError, match="has no option “perhaps”"):
        predictions.record(PARAMETERS, ADA, "perhaps")
    predictions.keep({PARAMETERS.subject: "an option of an earlier version"}, ADA)
    assert predictions.prediction(PARAMETERS, ADA) is None


def test_predictions_outlive_a_restart(storage):
    before = storage.open()
    predictions = Predictions(before)
    predictions.record(PARAMETERS, ADA, YES)
    predictions.reveal([SPEED], ADA)
    predictions.record(MISTAKE, ADA, MISTAKE.definition.options[1])
    after = Predictions(storage.restarted(before))
    assert after.prediction(PARAMETERS, ADA) == YES
    assert (after.prediction(SPEED, ADA), after.is_revealed(SPEED, ADA)) == (None, True)
    assert after.prediction(MISTAKE, ADA) == MISTAKE.definition.options[1]
    assert not after.is_revealed(PARAMETERS, BOB)


def test_the_oldest_of_a_visitor_are_forgotten_first_in_memory_and_in_the_database(storage, monkeypatch):
    monkeypatch.setattr(module, "MOST_SUBJECTS", 2)
    before = storage.open()
    few = Predictions(before)
    for asked in (PARAMETERS, OPTIMIZERS, SPEED):
        few.record(asked, ADA, asked.definition.options[0])
        few.record(asked, BOB, asked.definition.options[0])
        assert before.flush()
    for now in (few, Predictions(storage.restarted(before))):
        for visitor in (ADA, BOB):
            assert [now.is_revealed(asked, visitor) for asked in (PARAMETERS, OPTIMIZERS, SPEED)] == [False, True, True]


def test_the_database_knows_no_cookie(storage):
    database = storage.open()
    Predictions(database).record(PARAMETERS, ADA, YES)
    assert database.flush(60)
    assert database.read(lambda it: it.execute(select(lesson_progress.c.visitor)).scalar_one()) == hashed(ADA)


def test_the_memory_answers_while_the_database_is_away_and_saves_later(tmp_path):
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be")
    database = Database(folder)
    away = Predictions(database)
    away.record(PARAMETERS, ADA, YES)
    away.record(PARAMETERS, BOB, NO)
    assert away.prediction(PARAMETERS, ADA) == YES
    folder.unlink()
    assert database.flush(60)
    assert away.prediction(PARAMETERS, BOB) == NO
    database.close()
    after = Database(folder)
    assert Predictions(after).prediction(PARAMETERS, ADA) == YES
    after.close()


def test_old_rows_and_the_oldest_of_too_many_are_deleted(storage):
    database, now = storage.open(), time.time()

    def fill(connection):
        values = [{"visitor": str(i), "subject": "s", "value": "v", "at": now - i * 24 * 3600} for i in range(10)]
        connection.execute(lesson_progress.insert(), values)
        prune(connection, days=7.5)

    database.write(fill)
    assert database.flush(60)
    assert rows(database) == 8
    database.write(lambda connection: prune(connection, days=90, rows=3))
    assert database.flush(60)
    left = database.read(lambda it: it.execute(select(lesson_progress.c.visitor)).scalars().all())
    assert sorted(left) == ["0", "1", "2"]
