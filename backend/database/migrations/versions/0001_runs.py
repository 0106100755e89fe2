"""Started jobs, finished runs, and the visitors' entries for them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "server",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )
    op.create_table(
        "started_job",
        sa.Column("visitor", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("part", sa.Text, primary_key=True),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("started_job_by_job", "started_job", ["job"])
    op.create_index("started_job_by_time", "started_job", ["at"])
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("experiment_hash", sa.Text, nullable=False),
        sa.Column("versions", sa.Text, nullable=False),
        sa.Column("experiment", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("run_by_experiment", "run", ["experiment_hash", "versions"], unique=True)
    op.create_table(
        "saved_run",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("visitor", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("saved_run_of_visitor", "saved_run", ["visitor", "run"], unique=True)
    op.create_index("saved_run_in_order", "saved_run", ["visitor", "pinned", "at"])
    op.create_index("saved_run_by_run", "saved_run", ["run"])
    op.create_index("saved_run_by_age", "saved_run", ["pinned", "at"])
