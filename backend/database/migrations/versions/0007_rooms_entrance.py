"""From which network a room was opened, when a host looked at it, its former codes, and when participants joined."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns and the table. The last change of an earlier participant is the best known time of joining."""
    op.add_column("room", sa.Column("network", sa.Text, nullable=False, server_default=""))
    op.add_column("room", sa.Column("looked", sa.Float, nullable=False, server_default="0"))
    op.add_column("room_participant", sa.Column("joined", sa.Float, nullable=False, server_default="0"))
    op.execute("UPDATE room_participant SET joined = at")
    op.create_table(
        "room_former_code",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
    op.create_index("room_former_code_by_room", "room_former_code", ["room", "at"])
