"""What visitors predicted in lessons."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table of the lessons' progress."""
    op.create_table(
        "lesson_progress",
        sa.Column("visitor", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("lesson_progress_by_age", "lesson_progress", ["at"])
