"""Everybody who opened a CSV file owns it. Before, only the last of them did."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Move the owners into a table of their own."""
    op.create_table(
        "own_table_owner",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
    )
    op.execute("INSERT INTO own_table_owner (id, owner) SELECT id, owner FROM own_table")
    op.drop_column("own_table", "owner")
