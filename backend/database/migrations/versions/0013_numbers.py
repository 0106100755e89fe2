"""Answers to questions that ask for a number."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column."""
    op.add_column("room_answer", sa.Column("value", sa.Float))
