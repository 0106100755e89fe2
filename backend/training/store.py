"""Finished trainings in the database: each visitor's own, with a name, and opened by anybody who has its link."""

from __future__ import annotations

import json
import logging
import secrets
import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from backend.database import Database, Unavailable
from backend.database.tables import runs, saved_runs
from backend.database.visitors import hashed
from backend.experiment import Experiment
from backend.experiment.own_table import look_up, tables_named
from backend.jobs import JobView
from backend.jobs.runtime import versions
from backend.training.result import Run

log = logging.getLogger(__name__)

#: The packages whose versions decide a result, besides the experiment. For Two Heads, it is the trainer's version.
_DECIDING = ("keras", "numpy", "tensorflow", "two_heads")
#: The most bytes that a run may have: far above those of the largest one that the limits allow.
_MOST_BYTES = 512 * 2**20
#: The most runs of a visitor that a page lists, and the most characters of a name.
MOST_LISTED, MOST_NAME = 200, 80
#: Seconds that a page waits for a visitor's own change, so that it shows the change.
_CHANGE_SECONDS = 1.0
#: Seconds between two checks of the bounds of all visitors together.
_PRUNE_SECONDS = 60.0


class Summary(BaseModel):
    """What a list shows of a run. Losses are those of the first seed after its last epoch, and may be NaN or infinite.

    `validation` is empty if the run has no validation sequences.
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    styles: tuple[str, str]
    epochs: int  # of the first seed
    totals: tuple[float, float]
    validation: tuple[float, ...] = ()
    seconds: float
    stopped: str | None = None

    @classmethod
    def of(cls, run: Run) -> Summary:
        """The summary of a run. One that was stopped in its first epoch has losses of NaN."""
        first = [epoch for epoch in run.epochs if epoch.seed == run.experiment.training.seed]
        losses = (first[-1].left, first[-1].right) if first else ()
        return cls(
            styles=run.styles,
            epochs=len(first),
            totals=(losses[0].total, losses[1].total) if losses else (float("nan"), float("nan")),
            validation=tuple(each.val_total for each in losses if each.val_total is not None),
            seconds=run.timings.build + run.timings.trace + run.timings.train,
            stopped=run.stopped,
        )


class SavedRun(BaseModel):
    """A visitor's entry for a finished run. `id` opens it for anybody."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    pinned: bool
    at: float
    experiment: Experiment
    summary: Summary
    versions: str


@dataclass(frozen=True)
class Bounds:
    """The most that is kept, of all visitors and of each one. A pinned entry does not age.

    A run counts for each visitor who has it.
    """

    days: float = 90
    count: int = 100_000
    megabytes: float = 4_000
    count_per_visitor: int = 200
    megabytes_per_visitor: float = 100


class RunStore:
    """The finished runs of all visitors. Safe from any thread. Equal runs are stored once."""

    def __init__(self, database: Database, bounds: Bounds | None = None) -> None:
        self._database = database
        self._bounds = bounds or Bounds()
        self._pruned_at = float("-inf")

    @property
    def problem(self) -> str | None:
        """Why no run can be saved now, as the end of a sentence ("the disk is full"); None if it can."""
        return self._database.problem

    def add(self, view: JobView, *visitors: str) -> None:
        """Save the run of a finished job for the visitors, soon. If they have it, it keeps its name and its link."""
        at = time.time()

        def work(connection: Connection) -> None:
            run: Run | None = view.result
            if run is None:
                return  # the registry has evicted its large result
            own = run.experiment.architecture.own
            if own is not None and look_up(own.table.id)[0] is None:
                return  # the table was deleted while the run trained
            packed = pack(run)
            number = _put_run(connection, run, packed, at)
            self._put_entries(connection, visitors, number, len(packed), at)

        if visitors:
            self._database.write(work)

    def of_visitor(self, visitor: str) -> list[SavedRun]:
        """The visitor's runs: pinned ones first, then the latest, at most `MOST_LISTED`; none if reading fails."""
        order = saved_runs.c.pinned.desc(), saved_runs.c.at.desc()
        query = entry_query().where(saved_runs.c.visitor == hashed(visitor)).order_by(*order).limit(MOST_LISTED)
        try:
            rows = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            return []
        return [entry for row in rows if (entry := entry_of(row)) is not None]

    def open(self, id: str) -> tuple[SavedRun, Run] | None:
        """The run of that entry, for whoever has its id; None if there is none. Raises `Unavailable`."""
        query = entry_query(runs.c.packed).where(saved_runs.c.id == id)
        row = self._database.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        entry, run = entry_of(row), unpack(row.packed)
        return (entry, run) if entry is not None and run is not None else None

    def find(self, experiment: Experiment) -> tuple[Run, float] | None:
        """The saved run of an equal experiment with the same bits, and when it was saved; None if there is none."""
        return (self.find_all([experiment]) or {}).get(experiment.key())

    def find_all(self, experiments: Iterable[Experiment]) -> dict[str, tuple[Run, float]] | None:
        """What `find` returns for each of the experiments, by its key. None if the database cannot be read."""
        keys = {experiment.key() for experiment in experiments}
        query = select(runs.c.experiment_hash, runs.c.packed, runs.c.at).where(
            runs.c.experiment_hash.in_(keys), runs.c.versions == deciding_versions(versions())
        )
        try:
            rows = self._database.read(lambda connection: connection.execute(query).all())
        except Unavailable:
            return None
        return {row.experiment_hash: (run, row.at) for row in rows if (run := unpack(row.packed)) is not None}

    def keep(self, visitor: str, id: str) -> None:
        """Give the visitor an entry of their own for the run that `id` opens. They may have it already."""

        def work(connection: Connection) -> None:
            query = select(saved_runs.c.run, saved_runs.c.bytes).where(saved_runs.c.id == id)
            row = connection.execute(query).one_or_none()
            if row is not None:
                self._put_entries(connection, [visitor], row.run, row.bytes, time.time())

        self._change(work)

    def rename(self, visitor: str, id: str, name: str) -> None:
        """Give the visitor's run a name of at most `MOST_NAME` characters."""
        self._update(visitor, id, name=" ".join(name.split())[:MOST_NAME])

    def pin(self, visitor: str, id: str, pinned: bool) -> None:
        """Pin the visitor's run, so that it is listed first and deleted last; or unpin it."""
        self._update(visitor, id, pinned=pinned)

    def delete(self, visitor: str, id: str) -> None:
        """Delete the visitor's run. Its link stops working."""
        self._delete(visitor, saved_runs.c.id == id)

    def delete_on_table(self, visitor: str, table: str) -> None:
        """Delete all of the visitor's runs on the CSV file with that id, including those that no page lists."""
        on_it = select(runs.c.id).where(runs.c.experiment.contains(table, autoescape=True))
        self._delete(visitor, saved_runs.c.run.in_(on_it))

    def _delete(self, visitor: str, condition: ColumnElement[bool]) -> None:
        def work(connection: Connection) -> None:
            connection.execute(delete(saved_runs).where(condition, saved_runs.c.visitor == hashed(visitor)))
            delete_unused(connection)

        self._change(work)

    def _update(self, visitor: str, id: str, **values: Any) -> None:
        mine = update(saved_runs).where(saved_runs.c.id == id, saved_runs.c.visitor == hashed(visitor))

        def work(connection: Connection) -> None:
            connection.execute(mine.values(**values))

        self._change(work)

    def _change(self, work: Any) -> None:
        """Write, and wait a moment for it."""
        self._database.write(work)
        self._database.flush(_CHANGE_SECONDS)

    def _put_entries(
        self, connection: Connection, visitors: Sequence[str], number: int, size: int, at: float
    ) -> None:  # fmt: skip
        """Give visitors an entry for the run with that number, or renew the one that they have, within the bounds."""
        for me in map(hashed, visitors):
            mine = saved_runs.c.visitor == me, saved_runs.c.run == number
            if not connection.execute(update(saved_runs).where(*mine).values(at=at, bytes=size)).rowcount:
                # Nobody guesses the id.
                entry = {"id": secrets.token_urlsafe(16), "run": number, "visitor": me, "bytes": size}
                connection.execute(saved_runs.insert().values(**entry, name="", pinned=False, at=at))
        for me in map(hashed, visitors):
            _prune_visitor(connection, self._bounds, me)
        if time.monotonic() - self._pruned_at > _PRUNE_SECONDS:
            self._pruned_at = time.monotonic()
            prune(connection, self._bounds)


def _put_run(connection: Connection, run: Run, packed: bytes, at: float) -> int:
    """Store a run in place of an equal one, which this version may not be able to read. Returns its number."""
    same = {"experiment_hash": run.experiment.key(), "versions": deciding_versions(run.versions)}
    values = {
        "packed": packed, "bytes": len(packed), "experiment": run.experiment.model_dump_json(),
        "summary": Summary.of(run).model_dump_json(), "at": at,
    }  # fmt: skip
    number = connection.execute(
        update(runs).filter_by(**same).values(**values).returning(runs.c.id)
    ).scalar_one_or_none()
    if number is None:
        number = connection.execute(runs.insert().values(**same, **values).returning(runs.c.id)).scalar_one()
    return int(number)


def prune(connection: Connection, bounds: Bounds) -> None:
    """Delete old entries, those beyond the bounds of all visitors, and runs that no entry needs.

    Whoever has most loses first, so that nobody's runs displace those of others. Each loses the oldest entries first,
    pinned ones last.
    """
    too_old = saved_runs.c.at < time.time() - bounds.days * 24 * 3600
    connection.execute(delete(saved_runs).where(saved_runs.c.pinned.is_(False), too_old))
    usage = select(func.count(), func.coalesce(func.sum(saved_runs.c.bytes), 0)).select_from(saved_runs)
    count, size = connection.execute(usage).one()
    most = float(bounds.megabytes * 2**20)
    if count > bounds.count or size > most:
        held = _held()
        for rank, amount, bound in ((held.c.place, literal(1), bounds.count), (held.c.total, held.c.bytes, most)):
            used = func.sum(amount).over(order_by=(rank, held.c.at.desc()), rows=(None, 0))
            ranked = select(held.c.id, used.label("used")).subquery()
            beyond = select(ranked.c.id).where(ranked.c.used > bound)
            connection.execute(delete(saved_runs).where(saved_runs.c.id.in_(beyond)))
    delete_unused(connection)


def _held(*conditions: ColumnElement[bool]) -> Subquery:
    """The entries, with the `place` of each among its visitor's, and the bytes of those up to it in `total`.

    Pinned entries come first, then the latest.
    """
    order: dict[str, Any] = {
        "partition_by": saved_runs.c.visitor,
        "order_by": (saved_runs.c.pinned.desc(), saved_runs.c.at.desc()),
    }
    query = select(
        *(saved_runs.c.id, saved_runs.c.at, saved_runs.c.bytes),
        func.row_number().over(**order).label("place"),
        func.sum(saved_runs.c.bytes).over(**order, rows=(None, 0)).label("total"),
    )
    return query.where(*conditions).subquery()


def _prune_visitor(connection: Connection, bounds: Bounds, me: str) -> None:
    """Delete the visitor's oldest entries beyond their bounds, pinned ones last."""
    mine = _held(saved_runs.c.visitor == me)
    beyond = or_(mine.c.place > bounds.count_per_visitor, mine.c.total > bounds.megabytes_per_visitor * 2**20)
    if connection.execute(delete(saved_runs).where(saved_runs.c.id.in_(select(mine.c.id).where(beyond)))).rowcount:
        delete_unused(connection)


def delete_unused(connection: Connection) -> None:
    """Delete runs that no entry needs."""
    connection.execute(delete(runs).where(~exists().where(saved_runs.c.run == runs.c.id)))


def deciding_versions(versions: Mapping[str, str]) -> str:
    """The versions that decide a result, as text: runs with equal ones and equal experiments have the same bits."""
    by_name = {name.replace("-", "_"): version for name, version in versions.items()}
    if "trainer" in by_name:
        by_name["two_heads"] = by_name["trainer"]
    return json.dumps({name: by_name[name] for name in _DECIDING if name in by_name})


def entry_query(*more: ColumnElement[bytes]) -> Select[tuple[object, ...]]:
    """A query of the columns that `entry_of` reads, and `more`."""
    own = (saved_runs.c.id, saved_runs.c.name, saved_runs.c.pinned, saved_runs.c.at)
    return select(*own, runs.c.experiment, runs.c.summary, runs.c.versions, *more).join(
        runs, runs.c.id == saved_runs.c.run
    )


def entry_of(row: Row[tuple[object, ...]]) -> SavedRun | None:
    """The entry of a row of `entry_query`; None if this version of Two Heads cannot read it."""
    try:
        return SavedRun(
            id=row.id, name=row.name, pinned=row.pinned, at=row.at, versions=row.versions,
            experiment=Experiment.model_validate_json(row.experiment, context=tables_named(row.experiment)),
            summary=Summary.model_validate_json(row.summary),
        )  # fmt: skip
    except ValueError as error:
        log.warning("skipped an unreadable run: %s", str(error).partition("\n")[0])
        return None


def pack(run: Run) -> bytes:
    """The run as compressed JSON. Unlike a pickle, it is safe to read whoever wrote it."""
    return zlib.compress(run.model_dump_json().encode(), level=1)


def unpack(data: bytes) -> Run | None:
    """The run of compressed JSON; None for data that is no run of this version of Two Heads."""
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, _MOST_BYTES)
        if not reader.eof:
            raise ValueError("the data is damaged or too large")
        return Run.model_validate_json(text, context=tables_named(text))
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        log.warning("skipped an unreadable run: %s", str(error).partition("\n")[0])
        return None
