"""The tables of the database. A change here needs another number in `schema.py`.

A visitor is a hash of their cookie. Times are seconds since the epoch. No table holds a label that a visitor gave.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

#: Which tables the database has, in one row (`schema.py`). Versions until 0.3.0 used Alembic, which named the table.
versions = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))

#: A secret of the database, in one row.
database_id = Table(
    "database_id", metadata, Column("row", Integer, primary_key=True), Column("id", Text, nullable=False)
)

#: Servers that use the database. A server that has not been `seen` for a while no longer runs.
servers = Table(
    "server",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("seen", Float, nullable=False),
)

#: The last job of each kind that a visitor has started. When several claims are tested together, `part` is the key of
#: the claim; otherwise it is "". `query` has the settings, as in a link.
started_jobs = Table(
    "started_job",
    metadata,
    Column("visitor", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("query", Text, nullable=False),
    Column("job", Text, nullable=False),
    Column("server", Text, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index("started_job_by_job", "job"),
    Index("started_job_by_time", "at"),
)

#: Finished trainings, one for each experiment and set of library versions. `summary` is JSON for lists, and
#: `packed` the whole run, compressed.
runs = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("experiment_hash", Text, nullable=False),
    Column("versions", Text, nullable=False),
    Column("experiment", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("run_by_experiment", "experiment_hash", "versions", unique=True),
    Index("run_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
)

#: A visitor's own entry for a run. `id` cannot be guessed: whoever has it can open the run. `bytes` is the run's size.
saved_runs = Table(
    "saved_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run", Integer, ForeignKey("run.id"), nullable=False),
    Column("visitor", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Column("bytes", Integer, nullable=False, server_default="0"),
    Index("saved_run_of_visitor", "visitor", "run", unique=True),
    Index("saved_run_in_order", "visitor", "pinned", "at"),
    Index("saved_run_by_run", "run"),
    Index("saved_run_by_age", "pinned", "at"),
)

#: Architectures of visitors' own models. `id` is made of the content, and whoever has it can open the architecture.
#: `packed` is its configuration, compressed, and `at` is when it was last opened from a file. No row names a visitor.
own_networks = Table(
    "own_network",
    metadata,
    Column("id", Text, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("own_network_by_age", "at"),
    Index("own_network_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
)

#: CSV files of visitors' own, as tables of numbers. `id` is made of the content, and whoever has it sees the data.
own_tables = Table(
    "own_table",
    metadata,
    Column("id", Text, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("own_table_by_age", "at"),
    Index("own_table_by_size", "bytes"),  # without it, SQLite reads every `packed` to add up the sizes
)

#: Who opened which of these files: `owner` is a digest of the id and of the visitor. The id alone is not enough.
own_table_owners = Table(
    "own_table_owner",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
)

#: What a visitor predicted in lessons. `subject` is a step with what its question depends on, or a mistake; `value` is
#: the position or the text of an option, how sure the visitor was, or the step at which they are.
lesson_progress = Table(
    "lesson_progress",
    metadata,
    Column("visitor", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("lesson_progress_by_age", "at"),
)

#: Rooms. `host_hash` is the digest of the host's token, `board_hash` has no use any more, `secret` makes the tokens of
#: participants, and `owner` is the visitor who opened the room. `lesson` is the text of its lesson at that moment.
#: `state` is JSON, and each change of it makes `version` one larger; `since` is when the phase began. `server` trains
#: the room's seeds. `network` is a short hash of the network from which it was opened, and `looked` is when a host last
#: looked at it.
rooms = Table(
    "room",
    metadata,
    Column("id", Text, primary_key=True),
    Column("code", Text, nullable=False),
    Column("host_hash", Text, nullable=False),
    Column("board_hash", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("lesson_id", Text, nullable=False),
    Column("lesson", Text, nullable=False, key="lesson_text"),
    Column("seed", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("since", Float, nullable=False),
    Column("server", Text, nullable=False),
    Column("created", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("network", Text, nullable=False, server_default=""),
    Column("looked", Float, nullable=False, server_default="0"),
    Index("room_by_code", "code", unique=True),
    Index("room_by_owner", "owner"),
    Index("room_by_age", "expires"),
)

#: The participants of a room, numbered from 1. `pace` is how much time a participant wants to have, `at` is when
#: anything about them changed, and `joined` is when they came.
room_participants = Table(
    "room_participant",
    metadata,
    Column("room", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("alias", Text, nullable=False),
    Column("pace", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Column("joined", Float, nullable=False, server_default="0"),
    Column("network", Text, nullable=False, server_default=""),
)

#: Which participant a visitor is in a room. A participant may have several devices.
room_devices = Table(
    "room_device",
    metadata,
    Column("room", Text, primary_key=True),
    Column("visitor", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)

#: The last answer of each participant in each round. `value` is what they typed if the question asks for a number.
room_answers = Table(
    "room_answer",
    metadata,
    Column("room", Text, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("option", Integer, nullable=False),
    Column("sure", Text, nullable=False),
    Column("at", Float, nullable=False),
    Column("value", Float),
)

#: What the host did, in order. `before` is the state before it, to which Undo returns.
room_events = Table(
    "room_event",
    metadata,
    Column("room", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", Text, nullable=False),
)
