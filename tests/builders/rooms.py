"""Servers of rooms on a database of the tests, and a room with its host and participants."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import func, select

from backend.config.settings import Settings
from backend.database import Database
from backend.database.tables import room_answers
from backend.jobs import JobManager
from backend.jobs.shared import SharedJobs
from backend.lessons import Lesson
from backend.rooms import Action, Answer, Conflict, OpenedRoom, Participant, Rooms, RoomUnavailable, RoomView
from backend.rooms.lookups import Lookups
from backend.rooms.people import SentAnswer
from backend.rooms.training import SeedTraining
from backend.training.runs import TrainingRuns
from backend.training.started import StartedJobs
from backend.training.store import RunStore
from backend.web.rooms import cookie_name
from backend.worker.kinds import JOB_KINDS
from tests.builders.lessons import LESSON


class Clock:
    """A time of day that a test moves on, from the present one: a server deletes rooms that have expired by then."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


def make_tables(database: Database) -> None:
    """Make the tables of a new database, which may take longer than opening a room may wait."""
    database.read(lambda connection: None)


def rooms_on(database: Database, clock: Clock | None = None, passphrase: str | None = None) -> Rooms:
    """The rooms of a server whose workers are not there yet; by that clock, if there is one."""
    jobs, saved = JobManager(Settings(workers=1), JOB_KINDS), RunStore(database)
    training = SeedTraining(jobs, TrainingRuns(jobs, SharedJobs(jobs), StartedJobs(database), saved), saved, 1)
    if clock is None:
        return Rooms(database, training, passphrase)
    return Rooms(database, training, passphrase, clock, partial(Lookups, clock=clock))


@dataclass(frozen=True)
class Classroom:
    """A room as one server sees it."""

    rooms: Rooms
    database: Database
    opened: OpenedRoom

    @classmethod
    def open(cls, rooms: Rooms, database: Database, visitor: str = "host", lesson: Lesson = LESSON) -> Classroom:
        make_tables(database)
        return cls(rooms, database, rooms.open(lesson, visitor))

    def seen_by(self, rooms: Rooms, database: Database) -> Classroom:
        """The same room on another server."""
        return replace(self, rooms=rooms, database=database)

    @property
    def id(self) -> str:
        return self.opened.room.id

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies of the host's browser."""
        return {cookie_name(self.id): self.opened.host}

    @property
    def view(self) -> RoomView:
        found = self.rooms.view(self.id)
        assert found is not None
        return found

    def act(self, *actions: Action) -> None:
        for action in actions:
            self.rooms.host.act(self.id, action, self.view.room.version)

    def is_frozen(self) -> bool:
        """Freeze the answers, unless they are frozen. False if that could not be stored in time."""
        if self.view.room.state.phase != "frozen":
            with suppress(RoomUnavailable, Conflict):  # it may be stored although this server was not told in time
                self.act("freeze")
        return self.view.room.state.phase == "frozen"

    def undo(self) -> None:
        self.rooms.host.undo(self.id, self.view.room.version)

    def join(self, *visitors: str) -> list[Participant]:
        return [self.rooms.people.join(self.id, visitor) for visitor in visitors]

    def answer(self, who: Participant, option: int, step: int = 0, round: int = 1, sure: str = "") -> bool:
        """Whether the answer is stored now. A phone sends it again until it is."""
        try:
            self.rooms.people.answer(self.id, who, SentAnswer(step=step, round=round, option=option, sure=sure))
        except RoomUnavailable:
            return False
        return True

    def asked(self, *options: int, sure: str = "") -> list[Participant]:
        """Begin the lesson with a new participant for each option, who chooses it."""
        everybody = self.join(*(f"visitor {n}" for n in range(len(options))))
        if self.view.room.state.phase == "lobby":
            self.act("begin")
        for who, option in zip(everybody, options, strict=True):
            self.rooms.people.answer(self.id, who, SentAnswer(step=0, round=1, option=option, sure=sure))
        return everybody

    def options(self, step: int = 0, round: int = 1) -> dict[int, int]:
        """What each participant has chosen, as this server knows it."""
        return {number: given.option for number, given in self.view.of_round(step, round).items()}

    def stored(self, step: int = 0, round: int = 1) -> dict[int, Answer]:
        """The answers in the database."""
        mine = room_answers.c
        query = select(room_answers).where(mine.room == self.id, mine.step == step, mine.round == round)
        rows = self.database.read(lambda connection: connection.execute(query).all())
        return {row.number: Answer(row.option, row.sure, row.at, row.value) for row in rows}


def rows(database: Database, table: object, *conditions: object) -> int:
    """How many rows of a table meet the conditions."""
    query = select(func.count()).select_from(table).where(*conditions)  # type: ignore[arg-type]
    return int(database.read(lambda connection: connection.execute(query).scalar_one()))
