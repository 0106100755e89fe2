"""Finished trainings in the database: each visitor's own, with a name, and opened by anybody who has its link."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Connection, delete, select, update

from backend.database import Database, Unavailable
from backend.database.tables import runs, saved_runs
from backend.database.visitors import hashed
from backend.experiment import Experiment
from backend.experiment.own_table import look_up
from backend.jobs import JobView
from backend.jobs.runtime import versions
from backend.training.packed import pack
from backend.training.quota import Quota, UnsavedRun
from backend.training.result import Run
from backend.training.retention import Bounds, Usage, delete_unused
from backend.training.saved_run import (
    SavedRun,
    WaitingRun,
    deciding_versions,
    entry_of,
    entry_query,
    is_readable,
    run_of,
)

#: The most runs of a visitor that a page lists, and the most characters of a name.
MOST_LISTED, MOST_NAME = 200, 80
#: Seconds that a page waits for a visitor's own change, so that it shows the change.
_CHANGE_SECONDS = 1.0


class SavedRuns:
    """The finished runs of all visitors. Safe from any thread."""

    def __init__(self, database: Database, bounds: Bounds | None = None) -> None:
        self._database = database
        self._quota = Quota(bounds or Bounds())
        self._waiting: dict[str, WaitingRun] = {}
        #: Ids of waiting entries whose visitors had the run already, with the ids of the entries that they have.
        self._renamed: LRUCache[str, str] = LRUCache(maxsize=1000)
        self._readable: LRUCache[int, bool] = LRUCache(maxsize=10_000)  # numbers of stored runs that were read
        self._lock = Lock()

    @property
    def problem(self) -> str | None:
        """Why no run can be saved now, as the end of a sentence ("the disk is full"); None if it can."""
        return self._database.problem

    def add(self, view: JobView, visitor: str) -> None:
        """Save the run of a finished job for the visitor, soon. If they have it, it keeps its name and its link."""
        if view.stored_result is None:
            return  # the registry has evicted its large result
        waiting = WaitingRun(secrets.token_urlsafe(16), hashed(visitor), time.time(), view)
        with self._lock:
            self._waiting[waiting.id] = waiting
        self._database.write(
            lambda connection: self._insert(connection, waiting), lambda: self._stop_waiting(waiting.id)
        )

    def unsaved_run(self, visitor: str) -> UnsavedRun | None:
        """The visitor's last run, if there was no room to save it; None if it was saved, or waits to be."""
        return self._quota.unsaved_run(hashed(visitor))

    def of_visitor(self, visitor: str) -> list[SavedRun]:
        """The visitor's runs: pinned ones first, then the latest, at most `MOST_LISTED`.

        If the database cannot be read, only those that wait to be saved.
        """
        me = hashed(visitor)
        waiting = [each.entry for each in self._waiting_of(me)]
        order = saved_runs.c.pinned.desc(), saved_runs.c.at.desc()
        query = entry_query().where(saved_runs.c.visitor == me).order_by(*order).limit(MOST_LISTED)
        try:
            rows = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            rows = []
        saved = [entry for row in rows if (entry := entry_of(row)) is not None]
        keys = {_equality_key(entry) for entry in saved}
        unsaved: dict[tuple[str, str], SavedRun] = {}
        for entry in waiting:  # of equal ones, the first will have its id in the database
            unsaved.setdefault(_equality_key(entry), entry)
        return [*(entry for key, entry in reversed(unsaved.items()) if key not in keys), *saved]

    def open(self, id: str) -> tuple[SavedRun, Run] | None:
        """The run of that entry, for whoever has its id; None if there is none. Raises `Unavailable`."""
        with self._lock:
            waiting = self._waiting.get(id)
        id = self._stored_id(id)
        if waiting is not None:
            return waiting.entry, waiting.run
        query = entry_query(runs.c.packed).where(saved_runs.c.id == id)
        row = self._database.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        entry, run = entry_of(row), run_of(row.packed)
        return (entry, run) if entry is not None and run is not None else None

    def find(self, experiment: Experiment) -> tuple[Run, float] | None:
        """The saved run of an equal experiment, and when it was saved; None without one of the versions used here."""
        query = select(runs.c.packed, runs.c.at).where(
            runs.c.experiment_hash == experiment.key(), runs.c.versions == deciding_versions(versions())
        )
        try:
            row = self._database.read(lambda connection: connection.execute(query).one_or_none())
        except Unavailable:
            return None
        run = None if row is None else run_of(row.packed)
        return None if row is None or run is None else (run, row.at)

    def find_all(self, experiments: Iterable[Experiment]) -> dict[str, Run] | None:
        """The saved runs of equal experiments, by the experiment's key, if they have the same bits here.

        None if the database cannot be read.
        """
        keys = {experiment.key() for experiment in experiments}
        query = select(runs.c.experiment_hash, runs.c.packed).where(
            runs.c.experiment_hash.in_(keys), runs.c.versions == deciding_versions(versions())
        )
        try:
            rows = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            return None
        by_key = {row.experiment_hash: run_of(row.packed) for row in rows}
        return {key: run for key, run in by_key.items() if run is not None}

    def keep(self, visitor: str, id: str) -> None:
        """Give the visitor an entry of their own for the run that `id` opens. They may have it already."""
        id, me = self._stored_id(id), hashed(visitor)

        def work(connection: Connection) -> None:
            query = select(saved_runs.c.run, saved_runs.c.bytes).where(saved_runs.c.id == id)
            row = connection.execute(query).one_or_none()
            if row is None:
                return
            mine = select(saved_runs.c.id).where(saved_runs.c.visitor == me, saved_runs.c.run == row.run)
            known = connection.execute(mine).first() is not None
            if not known and self._quota.make_room(connection, me, row.bytes, Usage(1, 0)):
                entry = _entry_columns(me, row.run, row.bytes, time.time())
                connection.execute(saved_runs.insert().values(**entry))

        self._database.write(work)
        self._database.flush(_CHANGE_SECONDS)

    def rename(self, visitor: str, id: str, name: str) -> None:
        """Give the visitor's run a name of at most `MOST_NAME` characters."""
        self._change(visitor, id, name=" ".join(name.split())[:MOST_NAME])

    def pin(self, visitor: str, id: str, pinned: bool) -> None:
        """Pin the visitor's run, so that it is listed first and deleted last; or unpin it."""
        self._change(visitor, id, pinned=pinned)

    def delete(self, visitor: str, ids: Iterable[str]) -> None:
        """Delete the visitor's runs. Their links stop working."""
        gone = {id for each in ids for id in (each, self._stored_id(each))}
        self._delete(visitor, lambda entry: entry.id in gone, saved_runs.c.id.in_(gone))

    def delete_on_table(self, visitor: str, table: str) -> None:
        """Delete all of the visitor's runs on the CSV file with that id, including those that no page lists."""
        on_it = select(runs.c.id).where(runs.c.experiment.contains(table, autoescape=True))
        self._delete(visitor, lambda entry: table in entry.experiment.model_dump_json(), saved_runs.c.run.in_(on_it))

    def _delete(self, visitor: str, is_gone: Callable[[SavedRun], bool], condition: ColumnElement[bool]) -> None:
        """Delete the stored runs that meet `condition`, and the unsaved ones for which `is_gone` returns True."""
        me = hashed(visitor)
        self._quota.forget(me)
        # A run that was finished twice waits twice, and is listed once.
        waiting = [each.entry for each in self._waiting_of(me)]
        deleted = {_equality_key(entry) for entry in waiting if is_gone(entry)}
        for entry in waiting:
            if _equality_key(entry) in deleted:
                self._stop_waiting(entry.id)

        def work(connection: Connection) -> None:
            connection.execute(delete(saved_runs).where(condition, saved_runs.c.visitor == me))
            delete_unused(connection)

        self._database.write(work)
        self._database.flush(_CHANGE_SECONDS)

    def _waiting_of(self, me: str) -> list[WaitingRun]:
        """The visitor's runs that wait to be saved, the oldest first."""
        with self._lock:
            return [each for each in self._waiting.values() if each.visitor == me]

    def _stored_id(self, id: str) -> str:
        """The id of the entry in the database. It is another one if the visitor had the run before."""
        with self._lock:
            return self._renamed.get(id, id)

    def _change(self, visitor: str, id: str, **values: Any) -> None:
        id = self._stored_id(id)

        def work(connection: Connection) -> None:
            mine = update(saved_runs).where(saved_runs.c.id == id, saved_runs.c.visitor == hashed(visitor))
            connection.execute(mine.values(**values))

        self._database.write(work)
        self._database.flush(_CHANGE_SECONDS)

    def _insert(self, connection: Connection, waiting: WaitingRun) -> None:
        with self._lock:
            if waiting.id not in self._waiting:
                return  # its visitor has deleted it meanwhile
        run = waiting.run
        own = run.experiment.architecture.own
        if own is not None and look_up(own.table.id)[0] is None:
            return  # the table was deleted while the run trained
        entry = waiting.entry_for(run)
        number, size = self._find_stored(connection, run, entry)
        mine = update(saved_runs).where(saved_runs.c.visitor == waiting.visitor, saved_runs.c.run == number)
        known = connection.execute(mine.values(at=entry.at).returning(saved_runs.c.id)).scalar()
        if known is not None:
            with self._lock:
                self._renamed[entry.id] = known
            self._quota.forget(waiting.visitor)
            return
        packed = pack(run) if number is None else b""
        if not self._quota.make_room(connection, waiting.visitor, size or len(packed), Usage(1, len(packed))):
            return
        number, size = self._find_stored(connection, run, entry)  # to make room, it may have been deleted
        if number is None:
            packed = packed or pack(run)
            size, values = len(packed), _run_columns(entry, packed)
            number = int(connection.execute(runs.insert().values(**values).returning(runs.c.id)).scalar_one())
        columns = _entry_columns(waiting.visitor, number, size, entry.at, entry.id)
        connection.execute(saved_runs.insert().values(**columns))

    def _find_stored(self, connection: Connection, run: Run, entry: SavedRun) -> tuple[int | None, int]:
        """The number of an equal stored run and its size in bytes; None and 0 if there is none.

        A stored run that cannot be read is replaced by this one.
        """
        same = select(runs.c.id, runs.c.bytes).where(
            runs.c.experiment_hash == entry.experiment.key(), runs.c.versions == entry.versions
        )
        row = connection.execute(same).one_or_none()
        if row is None:
            return None, 0
        if self._is_readable(connection, row.id):
            return row.id, row.bytes
        packed = pack(run)
        connection.execute(update(runs).where(runs.c.id == row.id).values(**_run_columns(entry, packed)))
        connection.execute(update(saved_runs).where(saved_runs.c.run == row.id).values(bytes=len(packed)))
        return row.id, len(packed)

    def _is_readable(self, connection: Connection, number: int) -> bool:
        """Whether this version can read the stored run. Each is read only once, to keep this transaction short."""
        if number not in self._readable:
            row = connection.execute(
                select(runs.c.experiment, runs.c.summary, runs.c.packed).where(runs.c.id == number)
            )
            if not is_readable(*row.one()):
                return False
            self._readable[number] = True
        return True

    def _stop_waiting(self, id: str) -> None:
        with self._lock:
            self._waiting.pop(id, None)


def _equality_key(entry: SavedRun) -> tuple[str, str]:
    """A key that is equal for runs with the same bits."""
    return entry.experiment.key(), entry.versions


def _run_columns(entry: SavedRun, packed: bytes) -> dict[str, Any]:
    """The columns of a run in its table."""
    return {
        "experiment_hash": entry.experiment.key(), "versions": entry.versions, "packed": packed, "bytes": len(packed),
        "experiment": entry.experiment.model_dump_json(), "summary": entry.summary.model_dump_json(), "at": entry.at,
    }  # fmt: skip


def _entry_columns(visitor: str, run: int, size: int, at: float, id: str | None = None) -> dict[str, Any]:
    """The columns of a new entry. Its id cannot be guessed."""
    entry = {"id": id or secrets.token_urlsafe(16), "run": run, "visitor": visitor, "bytes": size}
    return entry | {"name": "", "pinned": False, "at": at}
