"""Homework answers to questions that ask for a number."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column."""
    op.add_column("homework_answer", sa.Column("value", sa.Float))
