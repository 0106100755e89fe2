"""Questions that participants of a room write, and votes for them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the tables and the column."""
    op.add_column("room", sa.Column("questions_version", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "room_question",
        sa.Column("room", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("author", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "room_question_vote",
        sa.Column("room", sa.Text, primary_key=True),
        sa.Column("question", sa.Integer, primary_key=True),
        sa.Column("participant", sa.Integer, primary_key=True),
    )
