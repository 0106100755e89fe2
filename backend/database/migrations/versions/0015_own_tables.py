"""CSV files of visitors' own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "own_table",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("own_table_by_age", "own_table", ["at"])
    op.create_index("own_table_by_size", "own_table", ["bytes"])
