"""The votes of past rooms, for learners who are alone. They name no room and no person."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection, delete, func, select

from backend.database import Database, Unavailable
from backend.database.tables import ghost_votes
from backend.lessons import answers
from backend.lessons.lesson import Step
from backend.rooms.model import FEWEST, RoomView

#: Seconds after which votes are read again, and after which they are deleted.
_CACHE_SECONDS = 5.0
_KEPT = 365 * 24 * 3600.0


def keep(connection: Connection, view: RoomView) -> None:
    """Keep the first votes on each question that at least `FEWEST` people answered."""
    now = time.time()
    for position, step in enumerate(view.room.lesson.steps):
        if step.right is None:
            continue  # an ad-hoc question, which no learner is asked
        key, to = step.places()[0]
        given = (answer.option for answer in view.of_round(position, 1).values())
        votes = Counter(answers.moved(step.kind, option, to) for option in given)
        if votes.total() < FEWEST:
            continue
        name = secrets.token_hex(8)  # another for each question, so that nobody can put the votes of a room together
        rows = [
            {"question": key, "room": name, "option": option, "votes": count, "at": now}
            for option, count in votes.items()
        ]
        connection.execute(ghost_votes.insert(), rows)
    connection.execute(delete(ghost_votes).where(ghost_votes.c.at < now - _KEPT))


@dataclass(frozen=True)
class GhostVotes:
    """What people of past rooms answered at first: how many gave each answer, in the present order of the options."""

    by_answer: Mapping[int, int]
    step: Step

    @property
    def people(self) -> int:
        """How many people answered."""
        return sum(self.by_answer.values())

    @property
    def by_option(self) -> list[int]:
        """How many chose each option."""
        counts = [0] * len(self.step.options)
        for answer, people in self.by_answer.items():
            for i in self.step.chosen(answer):
                counts[i] += people
        return counts


class Ghosts:
    """The options that people of past rooms chose."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: TTLCache[str, GhostVotes | None] = TTLCache(maxsize=500, ttl=_CACHE_SECONDS)
        self._lock = Lock()

    def votes(self, step: Step) -> GhostVotes | None:
        """What people of past rooms answered at first; None if there are too few, or if the database cannot be read."""
        order = "\n".join(option.text for option in step.options)
        key = f"{step.key()} {order}"
        with self._lock:
            if key in self._cache:
                return self._cache[key]
        votes = self._read(step)
        with self._lock:
            self._cache[key] = votes
        return votes

    def _read(self, step: Step) -> GhostVotes | None:
        places = dict(step.places())
        rows = ghost_votes.c
        query = (
            select(rows.question, rows.option, func.sum(rows.votes))
            .where(rows.question.in_(list(places)))
            .group_by(rows.question, rows.option)
        )
        try:
            found = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            return None
        counts: Counter[int] = Counter()
        for question, option, votes in found:
            to = places[question]
            answer = answers.moved(step.kind, option, [to.index(i) for i in range(len(to))])
            if step.takes(answer):
                counts[answer] += int(votes)
        made = GhostVotes(counts, step)
        return made if made.people >= FEWEST else None
