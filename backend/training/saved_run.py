"""A visitor's entry for a finished run, as a list shows it, and the form of both in the database."""

from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Row, Select, select

from backend.database.tables import runs, saved_runs
from backend.experiment import Experiment
from backend.experiment.own_table import tables_named
from backend.training.result import Run

log = logging.getLogger(__name__)

#: The packages whose versions decide a result, besides the experiment. For Two Heads, it is the trainer's version.
_DECIDING = ("keras", "numpy", "tensorflow", "two_heads")
#: The most bytes that a run may have: far above those of the largest one that the limits allow.
_MOST_BYTES = 512 * 2**20


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
