"""The database of this server: SQLite in the state folder by default, PostgreSQL by `DATABASE_URL`.

It knows tables and transactions, but no neural networks. `Database` is the interface.
"""

from backend.database.database import Database
from backend.database.errors import OtherSchema, Unavailable

__all__ = ["Database", "OtherSchema", "Unavailable"]
