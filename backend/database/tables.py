"""The tables of the database. A change here needs another number in `schema.py`.

A visitor is a hash of their cookie. Times are seconds since the epoch. No table holds a label that a visitor gave.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()


def _table(name: str, /, *others: Any, keys: int = 1, **columns: Any) -> Table:
    """A table of columns with a name, a type and always a value, and of `others`. Its first `keys` are its key."""
    made = [
        Column(each, kind, primary_key=position < keys, nullable=False)
        for position, (each, kind) in enumerate(columns.items())
    ]
    return Table(name, metadata, *made, *others)


#: Which tables the database has, in one row (`schema.py`). Versions until 0.3.0 used Alembic, which named the table.
versions = _table(
    "alembic_version",
    version_num=String(32),
)

#: A secret of the database, in one row.
database_id = _table(
    "database_id",
    row=Integer,
    id=Text,
)

#: Servers that use the database. A server that has not been `seen` for a while no longer runs.
servers = _table(
    "server",
    id=Text,
    host=Text,
    process=Text,
    seen=Float,
)

#: The last job of each kind that a visitor has started. When several claims are tested together, `part` is the key of
#: the claim; otherwise it is "". `query` has the settings, as in a link.
started_jobs = _table(
    "started_job",
    Index("started_job_by_job", "job"),
    Index("started_job_by_time", "at"),
    keys=3,
    visitor=Text,
    kind=Text,
    part=Text,
    query=Text,
    job=Text,
    server=Text,
    finished=Boolean,
    at=Float,
)

#: Finished trainings, one for each experiment and set of library versions. `summary` is JSON for lists, and
#: `packed` the whole run, compressed.
runs = _table(
    "run",
    Index("run_by_experiment", "experiment_hash", "versions", unique=True),
    Index("run_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
    id=Integer,
    experiment_hash=Text,
    versions=Text,
    experiment=Text,
    summary=Text,
    packed=LargeBinary,
    bytes=Integer,
    at=Float,
)

#: A visitor's own entry for a run. `id` cannot be guessed: whoever has it can open the run. `bytes` is the run's size.
saved_runs = _table(
    "saved_run",
    ForeignKeyConstraint(["run"], ["run.id"]),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Index("saved_run_of_visitor", "visitor", "run", unique=True),
    Index("saved_run_in_order", "visitor", "pinned", "at"),
    Index("saved_run_by_run", "run"),
    Index("saved_run_by_age", "pinned", "at"),
    id=Text,
    run=Integer,
    visitor=Text,
    name=Text,
    pinned=Boolean,
    at=Float,
)

#: Architectures of visitors' own models. `id` is made of the content, and whoever has it can open the architecture.
#: `packed` is its configuration, compressed, and `at` is when it was last opened from a file. No row names a visitor.
own_networks = _table(
    "own_network",
    Index("own_network_by_age", "at"),
    Index("own_network_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
    id=Text,
    packed=LargeBinary,
    bytes=Integer,
    at=Float,
)

#: CSV files of visitors' own, as tables of numbers. `id` is made of the content, and whoever has it sees the data.
own_tables = _table(
    "own_table",
    Index("own_table_by_age", "at"),
    Index("own_table_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
    id=Text,
    packed=LargeBinary,
    bytes=Integer,
    at=Float,
)

#: Who opened which of these files: `owner` is a digest of the id and of the visitor. The id alone is not enough.
own_table_owners = _table(
    "own_table_owner",
    keys=2,
    id=Text,
    owner=Text,
)

#: What a visitor predicted in lessons. `subject` is a step with what its question depends on, or a mistake; `value` is
#: the position or the text of an option, how sure the visitor was, or the step at which they are.
lesson_progress = _table(
    "lesson_progress",
    Index("lesson_progress_by_age", "at"),
    keys=2,
    visitor=Text,
    subject=Text,
    value=Text,
    at=Float,
)

#: Rooms. `host_hash` is the digest of the host's token, `board_hash` has no use any more, `secret` makes the tokens of
#: participants, and `owner` is the visitor who opened the room. `lesson` is the text of its lesson at that moment.
#: `state` is JSON, and each change of it makes `version` one larger; `since` is when the phase began. `server` trains
#: the room's seeds. `network` is a short hash of the network from which it was opened, and `looked` is when a host last
#: looked at it.
rooms = _table(
    "room",
    Column("lesson", Text, nullable=False, key="lesson_text"),
    Column("network", Text, nullable=False, server_default=""),
    Column("looked", Float, nullable=False, server_default="0"),
    Index("room_by_code", "code", unique=True),
    Index("room_by_owner", "owner"),
    Index("room_by_age", "expires"),
    id=Text,
    code=Text,
    host_hash=Text,
    board_hash=Text,
    secret=Text,
    owner=Text,
    lesson_id=Text,
    seed=Integer,
    state=Text,
    version=Integer,
    since=Float,
    server=Text,
    created=Float,
    expires=Float,
)

#: The participants of a room, numbered from 1. `pace` is how much time a participant wants to have, `at` is when
#: anything about them changed, and `joined` is when they came. `network` has no use any more.
room_participants = _table(
    "room_participant",
    Column("joined", Float, nullable=False, server_default="0"),
    Column("network", Text, nullable=False, server_default=""),
    keys=2,
    room=Text,
    number=Integer,
    alias=Text,
    pace=Text,
    removed=Boolean,
    at=Float,
)

#: Which participant a visitor is in a room. A participant may have several devices.
room_devices = _table(
    "room_device",
    keys=2,
    room=Text,
    visitor=Text,
    number=Integer,
)

#: The last answer of each participant in each round. `value` is what they typed if the question asks for a number.
room_answers = _table(
    "room_answer",
    Column("value", Float),
    keys=4,
    room=Text,
    step=Integer,
    round=Integer,
    number=Integer,
    option=Integer,
    sure=Text,
    at=Float,
)

#: What the host did, in order, without what was undone. `before` is the state before it, to which Undo returns.
room_events = _table(
    "room_event",
    keys=2,
    room=Text,
    seq=Integer,
    at=Float,
    kind=Text,
    before=Text,
)
