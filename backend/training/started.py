"""The last job of each kind that a visitor started. After a restart, pages can say what was interrupted and repeat it.

It holds no personal data: a hash of the visitor, the settings without labels, the id of the job and the time. If the
database fails, only this information is lost.
"""

from __future__ import annotations

import logging
import time
from threading import Lock
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode

from cachetools import TTLCache
from sqlalchemy import Connection, Executable, delete, func, select, update

from backend.database import Database, Unavailable
from backend.database.tables import started_jobs
from backend.database.upsert import upsert
from backend.database.visitors import hashed
from backend.experiment import Experiment
from backend.experiment.sources import OWN
from backend.experiment.url import read_query
from backend.jobs import Job

log = logging.getLogger(__name__)

#: Seconds after which an interrupted run is no longer offered, and the most visitors that are stored.
_OFFERED_FOR, _MOST_VISITORS = 24 * 3600, 2000
#: Seconds for which the rows of a visitor are cached, because every rerun of a page asks for them.
_READ_AGAIN_AFTER = 20.0

Query = dict[str, list[str]]


class InterruptedJobs(NamedTuple):
    """Jobs of a kind that a visitor had started on a server that has stopped since; whether they had finished there."""

    kind: str
    query: Query  # the settings, as in a link
    at: float  # when it was started: seconds since the epoch
    finished: bool
    parts: tuple[str, ...]  # which jobs of the kind these are (`part` in `StartedJobs.begin`); "" for the only one

    @property
    def experiment(self) -> Experiment:
        """The experiment that `query` describes."""
        return read_query(self.query)[0]


class StartedJobs:
    """What visitors have started, on this server and on those that have stopped. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: set[str] = set()  # ids of the jobs that are stored and have not ended
        self._read: TTLCache[str, dict[str, InterruptedJobs]] = TTLCache(_MOST_VISITORS, _READ_AGAIN_AFTER)
        self._lock = Lock()

    def begin(self, visitor: str, query: Query, job: Job, part: str = "") -> None:
        """Store a job that the visitor has started. It replaces jobs of its kind with other settings.

        Of several jobs of a kind with these settings, `part` tells which one it is.
        """
        me, text, presence = hashed(visitor), urlencode(query, doseq=True), self._database.presence
        kind = job.kind  # the write below must not keep the job
        self._offer_no_more(me, kind)
        self._begun.add(job.id)
        row = {
            "visitor": me, "kind": kind, "part": part, "query": text, "job": job.id, "server": presence.id,
            "finished": job.state == "finished", "at": time.time(),
        }  # fmt: skip

        def work(connection: Connection) -> None:
            presence.renew(connection)
            others = started_jobs.c.visitor == me, started_jobs.c.kind == kind, started_jobs.c.query != text
            connection.execute(delete(started_jobs).where(*others))
            upsert(connection, started_jobs, [row])
            _delete_oldest(connection)

        self._database.write(work)
        if job.ended:  # it may have ended before its id was noted
            self.record_end(job)

    def record_end(self, job: Job) -> None:
        """Update the rows of a job that has ended. Those of a lost job remain, so that it can be repeated."""
        if job.id not in self._begun:
            return
        self._begun.discard(job.id)
        rows_of_job = started_jobs.c.job == job.id
        if job.state == "finished":
            self._execute(update(started_jobs).where(rows_of_job).values(finished=True))
        elif job.state in ("failed", "cancelled"):
            self._execute(delete(started_jobs).where(rows_of_job))

    def forget(self, visitor: str, kind: str, job: Job | None = None) -> None:
        """Delete what the visitor started last of that kind, if it was `job` (None: in any case)."""
        me = hashed(visitor)
        statement = delete(started_jobs).where(started_jobs.c.visitor == me, started_jobs.c.kind == kind)
        if job is not None:
            statement = statement.where(started_jobs.c.job == job.id)
        else:
            self._offer_no_more(me, kind)
        self._execute(statement)

    def interrupted(self, visitor: str, kind: str) -> InterruptedJobs | None:
        """What the visitor started last of that kind, if it was on a server that has stopped since; else None."""
        me = hashed(visitor)
        with self._lock:
            by_kind = self._read.get(me)
        if by_kind is None:
            by_kind = self._read_interrupted(me)
            with self._lock:
                self._read[me] = by_kind
        return by_kind.get(kind)

    def _execute(self, statement: Executable) -> None:
        def work(connection: Connection) -> None:
            connection.execute(statement)

        self._database.write(work)

    def _offer_no_more(self, me: str, kind: str) -> None:
        """No longer offer what the database will not have in a moment."""
        with self._lock:
            self._read[me] = {other: jobs for other, jobs in self._read.get(me, {}).items() if other != kind}

    def _read_interrupted(self, me: str) -> dict[str, InterruptedJobs]:
        """What the visitor started last on servers that have stopped, by kind. Rows that cannot be read are skipped."""
        mine, at = started_jobs.c.visitor == me, started_jobs.c.at
        query = select(started_jobs).where(mine, at > time.time() - _OFFERED_FOR).order_by(at)
        try:
            rows, running = self._database.read(
                lambda connection: (
                    connection.execute(query).all(),
                    self._database.presence.running(connection),
                )
            )
        except Unavailable as why:
            log.warning("jobs from before the restart cannot be read: %s", why)
            return {}
        by_kind: dict[str, InterruptedJobs] = {}
        for row in rows:
            if row.server in running:
                continue
            run = InterruptedJobs(row.kind, parse_qs(row.query), row.at, row.finished, (row.part,))
            if OWN.key in run.query and run.experiment.architecture.own is None:
                continue  # its table was deleted
            earlier = by_kind.get(row.kind)
            if earlier and earlier.query == run.query:  # else they were on two servers, and the later one counts
                run = run._replace(finished=earlier.finished and run.finished, parts=(*earlier.parts, row.part))
            by_kind[row.kind] = run
        return by_kind


def _delete_oldest(connection: Connection) -> None:
    """Keep the rows of `_MOST_VISITORS` visitors, those who started something last, and delete all others."""
    visitor, at = started_jobs.c.visitor, started_jobs.c.at
    oldest = select(visitor).group_by(visitor).order_by(func.max(at).desc()).offset(_MOST_VISITORS)
    connection.execute(delete(started_jobs).where(visitor.in_(oldest)))
