"""Alembic runs this file: it migrates the connection that `backend.database.schema` hands in."""

from alembic import context

from backend.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
