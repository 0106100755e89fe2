"""Drops the questions from the room."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Drop what no version writes any more."""
    op.drop_table("room_question_vote")
    op.drop_table("room_question")
    op.drop_column("room", "questions_version")
