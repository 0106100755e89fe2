"""Codes that open the board of a room once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "room_board_code",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("room_board_code_by_room", "room_board_code", ["room"])
