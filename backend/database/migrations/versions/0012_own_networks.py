"""Architectures of visitors' own models."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "own_network",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("own_network_by_age", "own_network", ["at"])
    op.create_index("own_network_by_size", "own_network", ["bytes"])
