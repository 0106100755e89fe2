"""Reports that hosts keep after the class, and homework."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "room_report",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("names", sa.Boolean, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
    )
    op.create_index("room_report_of_room", "room_report", ["room"], unique=True)
    op.create_index("room_report_by_network", "room_report", ["network"])
    op.create_index("room_report_by_age", "room_report", ["expires"])
    op.create_table(
        "homework",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("lesson_id", sa.Text, nullable=False),
        sa.Column("lesson", sa.Text, nullable=False),
        sa.Column("until", sa.Float, nullable=False),
    )
    op.create_index("homework_of_report", "homework", ["report"], unique=True)
    op.create_table(
        "homework_answer",
        sa.Column("homework", sa.Text, primary_key=True),
        sa.Column("visitor", sa.Text, primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("option", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
