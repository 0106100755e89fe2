"""From which network a participant joined a room, so that the host can remove a flood of one network alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column."""
    op.add_column("room_participant", sa.Column("network", sa.Text, nullable=False, server_default=""))
