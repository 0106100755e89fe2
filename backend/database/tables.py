"""The tables of the database. A change here needs a file in `migrations/versions/`.

A visitor is a hash of their cookie. Times are seconds since the epoch. No table holds a head's label.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()

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

#: Finished trainings, once for each experiment and versions of the libraries. `summary` is JSON for lists, and
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
)

#: A visitor's own entry for a run. `id` cannot be guessed: whoever has it can open the run.
saved_runs = Table(
    "saved_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run", Integer, ForeignKey("run.id"), nullable=False),
    Column("visitor", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("pinned", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index("saved_run_of_visitor", "visitor", "run", unique=True),
    Index("saved_run_in_order", "visitor", "pinned", "at"),
    Index("saved_run_by_run", "run"),
    Index("saved_run_by_age", "pinned", "at"),
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
