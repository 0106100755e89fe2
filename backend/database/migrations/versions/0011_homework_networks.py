"""From which network a homework was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column."""
    op.add_column("homework_answer", sa.Column("network", sa.Text, nullable=False, server_default=""))
