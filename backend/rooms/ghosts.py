"""The votes of past rooms, for learners who are alone. They name no room and no person."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from threading import Lock

from cachetools import TTLCache
from sqlalchemy import Connection, delete, func, select

from backend.database import Database, Unavailable
from backend.database.tables import ghost_votes
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
        votes = Counter(answer.option for answer in view.of_round(position, 1).values())
        if votes.total() < FEWEST:
            continue
        name = secrets.token_hex(8)  # another for each question, so that nobody can put the votes of a room together
        rows = [
            {"question": step.key(), "room": name, "option": option, "votes": count, "at": now}
            for option, count in votes.items()
        ]
        connection.execute(ghost_votes.insert(), rows)
    connection.execute(delete(ghost_votes).where(ghost_votes.c.at < now - _KEPT))


class Ghosts:
    """The options that people of past rooms chose."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: TTLCache[str, list[int] | None] = TTLCache(maxsize=500, ttl=_CACHE_SECONDS)
        self._lock = Lock()

    def votes(self, step: Step) -> list[int] | None:
        """How many people of past rooms chose each option of the step at first; None if there are none."""
        with self._lock:
            if step.key() in self._cache:
                return self._cache[step.key()]
        votes = self._read(step)
        with self._lock:
            self._cache[step.key()] = votes
        return votes

    def _read(self, step: Step) -> list[int] | None:
        query = (
            select(ghost_votes.c.option, func.sum(ghost_votes.c.votes))
            .where(ghost_votes.c.question == step.key())
            .group_by(ghost_votes.c.option)
        )
        try:
            rows = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            return None
        counts = [0] * len(step.options)
        for option, votes in rows:
            if 0 <= option < len(counts):
                counts[option] = int(votes)
        return counts if sum(counts) >= FEWEST else None
