"""Keeps the reports of rooms after the class, and gives out homework."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import TypeVar

from cachetools import TTLCache
from sqlalchemy import Connection

from backend.database.visitors import hashed
from backend.lessons.lesson import HomeworkLesson, Lesson
from backend.lessons.parser import InvalidLesson, parse
from backend.lessons.writer import write
from backend.rooms import places, tokens
from backend.rooms.access import RoomAccess
from backend.rooms.model import Refused, Room
from backend.rooms.report import store
from backend.rooms.report.model import Report, pack, unpack
from backend.rooms.report.store import Homework, Kept, Predicted

DAY = 24 * 3600.0
#: How many days a report may be kept, and how many days ahead a homework may end.
KEEP_DAYS, HOMEWORK_DAYS = (30, 182, 365), (1, 60)
#: Seconds by which a day may be longer than others: at the end of daylight saving time.
_LONGER = 3600.0
#: Seconds for which a page may show an earlier state of a report or a homework, which another server has changed.
_CACHE_SECONDS, _CACHED = 5.0, 500
#: The form of the ids of reports and homework. No other text from an address reaches the database.
HOMEWORK_ID = r"[A-Za-z0-9_-]{16,40}"
_ID = re.compile(HOMEWORK_ID)
_GONE = "There is no such report. Its time may be over, it may have been deleted, or the link is incomplete."
T = TypeVar("T")


@dataclass(frozen=True)
class OpenedReport:
    """A kept report with its content.

    `votes` counts how often each answer to its homework was given, by the id of the step, and `browsers` counts who has
    answered. `numbers` has the numbers that were typed, each with its option, by the id of the step.
    """

    kept: Kept
    report: Report
    homework: Homework | None
    votes: Mapping[str, list[int]]
    browsers: int
    numbers: Mapping[str, list[tuple[int, float]]]


class Reports:
    """Kept reports and homework. Safe from any thread.

    Callers that change those of a room have checked its host token.
    """

    def __init__(self, access: RoomAccess, clock: Callable[[], float] = time.time) -> None:
        self._access, self._clock, self._lock = access, clock, Lock()
        self._kept: TTLCache[str, Kept | None] = TTLCache(_CACHED, _CACHE_SECONDS)
        self._homework: TTLCache[str, Homework | None] = TTLCache(_CACHED, _CACHE_SECONDS)
        self._refusals: TTLCache[str, str | None] = TTLCache(_CACHED, _CACHE_SECONDS)

    def keep(self, room: Room, report: Report, days: int) -> Kept:
        """Keep the report of a room for so many days from now on, in place of an earlier one. Raises Refused.

        It gets a new link if it has names and the earlier one has none.
        """
        if days not in KEEP_DAYS:
            raise Refused(f"A report is kept for one of {', '.join(map(str, KEEP_DAYS))} days.")
        if not any(round for question in report.questions for round in question.rounds):
            raise Refused("Nobody's answers are in this report, so there is nothing to keep.")
        packed, now, id = pack(report), self._clock(), tokens.new_token()
        digest = tokens.digest(tokens.report_token(room.secret, id))
        new = Kept(id, room.id, digest, report.has_names, now, now + days * DAY)

        def work(connection: Connection) -> Kept:
            self.delete_expired(connection)
            return store.keep(connection, new, room.network, packed)

        kept = self._commit(work)
        with self._lock:  # another room's report may have been evicted, and the homework may belong to another id
            self._kept.clear()
            self._homework.clear()
            self._kept[room.id] = kept
        return kept

    def renew(self, room: Room, report: Report) -> None:
        """Renew the kept report of the room, which stays as long as before. A deleted one stays so. Raises Refused."""
        kept = self.of_room(room.id)
        if kept is None:
            return
        packed, now = pack(report), self._clock()
        new = Kept(kept.id, room.id, kept.token_hash, report.has_names, now, kept.expires)
        self._remember(self._kept, room.id, self._commit(lambda connection: store.renew(connection, new, packed)))

    def of_room(self, room: str) -> Kept | None:
        """The kept report of a room; None if there is none. Raises Refused if that cannot be read."""
        return self._cached(self._kept, room, lambda connection: store.of_room(connection, room))

    def token(self, room: Room, kept: Kept) -> str:
        """The token of the link to the report."""
        return tokens.report_token(room.secret, kept.id)

    def open(self, id: str, token: str) -> OpenedReport:
        """The report with that id, for whoever has its token. Raises Refused."""
        return self._open(id, lambda kept: tokens.matches(token, kept.token_hash))

    def _open(self, id: str, allowed: Callable[[Kept], bool]) -> OpenedReport:
        now = self._clock()

        def work(connection: Connection) -> tuple[Kept, bytes, Homework | None, _Answered] | None:
            found = store.find(connection, id, now)
            if found is None or not allowed(found[0]):
                return None
            homework = store.homework_of(connection, id)
            return *found, homework, _Answered.of(connection, homework) if homework else _Answered()

        found = self._access.read(work) if _ID.fullmatch(id) else None
        if found is None:
            raise Refused(_GONE)
        kept, packed, homework, answered = found
        try:
            report = unpack(packed)
        except ValueError:
            raise Refused(
                "This report cannot be read: it is damaged, or another version of Two Heads has written it."
            ) from None
        return OpenedReport(kept, report, homework, answered.votes, answered.browsers, answered.numbers)

    def delete(self, id: str, token: str) -> None:
        """Delete the report with that id, for whoever has its token. Raises Refused."""
        self._delete(self.open(id, token).kept)

    def delete_of_room(self, room: str) -> None:
        """Delete the kept report of a room, if it has one. Raises Refused."""
        if (kept := self.of_room(room)) is not None:
            self._delete(kept)

    def _delete(self, kept: Kept) -> None:
        self._commit(lambda connection: store.remove(connection, kept.id))
        self._remember(self._kept, kept.room, None)
        with self._lock:
            self._homework.clear()

    def give_homework(self, room: Room, until: float) -> Homework:
        """Give the questions of the room's kept report as homework until that time, or move its end. Raises Refused."""
        now, (least, most) = self._clock(), HOMEWORK_DAYS
        if not now < until <= now + (most + 1) * DAY + _LONGER:
            raise Refused(f"A homework ends {least} to {most} days from now.")
        kept = self.of_room(room.id)
        if kept is None:
            raise Refused("Keep the report first: the answers to the homework join it.")
        report = self._open(kept.id, lambda _: True).report
        text = write(_lesson_of(room.lesson, report))
        new = Homework(tokens.new_token(), kept.id, room.lesson_id, text, until)
        given = self._commit(lambda connection: store.set_homework(connection, new))
        with self._lock:
            self._homework.clear()
            self._kept.pop(room.id, None)
        return given

    def homework(self, id: str) -> Homework | None:
        """The homework with that id; None if there is none. Raises Refused if that cannot be read."""
        if not _ID.fullmatch(id):
            return None
        return self._cached(self._homework, id, lambda connection: store.homework(connection, id))

    def homework_of(self, kept: Kept) -> Homework | None:
        """The homework of a kept report; None if there is none. Raises Refused if that cannot be read."""
        name = f"report {kept.id}"
        return self._cached(self._homework, name, lambda connection: store.homework_of(connection, kept.id))

    def refusal(self, homework: Homework, visitor: str, address: str) -> str | None:
        """Why the homework has no place for a visitor at that address, in a sentence; None if it has one.

        Raises Refused if that cannot be read.
        """
        id, me = homework.id, hashed(visitor)

        def work(connection: Connection) -> str | None:
            return store.homework_refusal(connection, id, me, places.network_name(connection, address))

        return self._cached(self._refusals, f"{id} {me}", work)

    def answer(self, id: str, visitor: str, address: str, given: Predicted) -> None:
        """Store the prediction of a visitor at that address in a homework soon, if it has a place for them.

        The first one counts, and none after the end.
        """
        me, now = hashed(visitor), self._clock()

        def work(connection: Connection) -> None:
            store.answer(connection, id, me, places.network_name(connection, address), given, now)

        self._access.database.write(work)

    def has_ended(self, homework: Homework) -> bool:
        """Whether no answer counts any more."""
        return self._clock() > homework.until

    def delete_expired(self, connection: Connection) -> None:
        """Delete the reports whose time is over."""
        store.delete_expired(connection, self._clock())

    def _commit(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns once it is committed. Raises Refused also if `work` does."""

        def caught(connection: Connection) -> T | Refused:
            try:
                return work(connection)
            except Refused as reason:
                return reason

        result = self._access.commit(caught)
        if isinstance(result, Refused):
            raise result
        return result

    def _cached(self, cache: TTLCache[str, T | None], key: str, work: Callable[[Connection], T | None]) -> T | None:
        with self._lock:
            if key in cache:
                return cache[key]
        value = self._access.read(work)
        self._remember(cache, key, value)
        return value

    def _remember(self, cache: TTLCache[str, T], key: str, value: T) -> None:
        with self._lock:
            cache[key] = value


def lesson_of(homework: Homework) -> HomeworkLesson:
    """The lesson with the questions. Raises Refused.

    It has an id of its own, so its predictions are not those of the original lesson. Only the prediction of a mistake
    of Two Heads is the same in every lesson.
    """
    try:
        lesson = _parse(homework.lesson_text)
    except InvalidLesson:
        raise Refused("This homework cannot be read: another version of Two Heads has made it.") from None
    changes = {"id": f"homework-{homework.id}", "homework": homework.id}
    return HomeworkLesson.model_validate({**dict(lesson), **changes})


@lru_cache(maxsize=64)
def _parse(text: str) -> Lesson:
    return parse(text, "lesson.md")


@dataclass(frozen=True)
class _Answered:
    """The answers to a homework, as `OpenedReport` has them."""

    votes: Mapping[str, list[int]] = field(default_factory=dict)
    browsers: int = 0
    numbers: Mapping[str, list[tuple[int, float]]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, homework: Homework) -> _Answered:
        """The answers so far. If this version cannot read the lesson, only `browsers` is known."""
        browsers = store.browsers(connection, homework.id)
        try:
            steps = lesson_of(homework).steps
        except Refused:
            return cls(browsers=browsers)
        counts = store.votes(connection, homework.id, [step.answers for step in steps])
        numbers: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for each in store.numbers(connection, homework.id):
            if each.step in counts and each.number is not None:
                numbers[steps[each.step].id].append((each.option, each.number))
        return cls({steps[i].id: each for i, each in counts.items()}, browsers, numbers)


def _lesson_of(lesson: Lesson, report: Report) -> Lesson:
    """The lesson with the questions of the report alone. Raises Refused if only rooms can ask them."""
    asked = {question.id for question in report.questions}
    steps = tuple(step for step in lesson.steps if step.id in asked)
    minutes = max(round(sum(step.block.seconds for step in steps) / 60), 1)
    return lesson.model_copy(update={"steps": steps, "minutes": minutes})
