"""The size of each visitor's saved runs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give each entry the size of its run, and make the sum of all sizes quick."""
    op.add_column("saved_run", sa.Column("bytes", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE saved_run SET bytes = (SELECT bytes FROM run WHERE run.id = saved_run.run)")
    op.create_index("run_by_size", "run", ["bytes"])
