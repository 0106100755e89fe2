"""The id of the database."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, with its one row."""
    table = op.create_table(
        "database_id",
        sa.Column("row", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False),
    )
    op.bulk_insert(table, [{"row": 1, "id": secrets.token_hex(16)}])
