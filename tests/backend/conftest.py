"""What tests of several packages of the backend share: both kinds of database."""

from __future__ import annotations

import pytest

from tests.backend.database.storage import storage_of_a_test

storage = pytest.fixture(params=["sqlite", "postgresql"])(storage_of_a_test)
