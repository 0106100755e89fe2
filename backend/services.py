"""What this server process has one of: its jobs, started by app.py and asked by every page, and what outlives it."""

from __future__ import annotations

from backend import limits
from backend.config.environment import settings
from backend.jobs import Jobs
from backend.training.store import Ledger

jobs = Jobs(too_large=limits.too_large)
ledger = Ledger(settings().state_dir)
