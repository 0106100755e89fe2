"""What earlier versions wrote is read: their links, and a database with a run, a prediction and a room in class.

Version 0.2.0 wrote the rows, and version 0.3.0 has migrated them.
"""

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from backend.database import Database
from backend.database.database import FILE
from backend.experiment import Experiment
from backend.experiment.url import read_query
from backend.jobs.runtime import versions
from backend.lessons.progress import LessonProgress
from backend.questions.predictions import Predictions
from backend.training.store import RunStore, deciding_versions
from tests.builders.lessons import LESSON
from tests.builders.rooms import rooms_on

RECORDED = Path(__file__).parents[1] / "recorded"
LINKS = json.loads((RECORDED / "links.json").read_text())
FACTS = json.loads((RECORDED / "facts.json").read_text())


@pytest.fixture
def database(tmp_path):
    """The recorded database, as if it had been written just now."""
    shutil.copy(RECORDED / FILE, tmp_path / FILE)
    with closing(sqlite3.connect(tmp_path / FILE)) as connection, connection:
        for table in ("run", "saved_run", "lesson_progress"):
            connection.execute(f"UPDATE {table} SET at = ?", [time.time()])
        connection.execute("UPDATE room SET expires = ?", [time.time() + 3600])
    opened = Database(tmp_path)
    yield opened
    opened.close()


def now(settings, query):
    """The recorded settings, with the name that the first of the usual heads has now. A named head keeps its name."""
    text = json.dumps(settings)
    usual, renamed = ('"name": "mean", "task": "mean"', '"name": "level", "task": "mean"')
    return json.loads(text if "head" in query else text.replace(usual, renamed))


@pytest.mark.parametrize("link", LINKS["experiments"])
def test_a_link_to_an_experiment_means_what_it_did(link):
    experiment, notices = read_query(link["query"])
    assert experiment == Experiment.model_validate(now(link["experiment"], link["query"]))
    assert not notices


def test_a_saved_run_is_listed_and_opened(database):
    saved = RunStore(database)
    (entry,) = saved.of_visitor("ada")
    assert entry.id == FACTS["run"]
    _, run = saved.open(entry.id)
    assert run.experiment.training.seed == FACTS["seed"]
    assert run.epochs[-1].left.total == pytest.approx(FACTS["last_total"])
    same = deciding_versions(run.versions) == deciding_versions(versions())
    assert (saved.find(run.experiment) is not None) is same, "it stands for a new training with the same packages"


def test_a_prediction_in_a_lesson_is_kept(database):
    progress = LessonProgress(Predictions(database))
    assert progress.prediction(LESSON, LESSON.steps[0], "ada") == 1
    assert progress.sure(LESSON, LESSON.steps[0], "ada") == "certain"


def test_a_room_goes_on(database):
    rooms = rooms_on(database)
    view = rooms.view(FACTS["room"])
    assert view.room.code == FACTS["code"]
    assert view.room.state.phase == FACTS["phase"]
    assert {str(number): given.option for number, given in view.of_round(0, 1).items()} == FACTS["options"]
    assert rooms.people.join(FACTS["room"], "ada").alias == FACTS["aliases"][0]
    rooms.host.act(FACTS["room"], "freeze", view.room.version)
    assert rooms.view(FACTS["room"]).room.state.phase != FACTS["phase"]
    rooms.close()
