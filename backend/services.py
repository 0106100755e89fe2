"""What this server process has one of: its jobs, started by app.py and asked by every page, and what outlives it."""

from __future__ import annotations

from backend import limits
from backend.config.environment import settings
from backend.jobs import JobManager
from backend.training.store import RunStore

jobs = JobManager(too_large=limits.too_large)
run_store = RunStore(settings().state_dir)
