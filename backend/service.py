"""The jobs of this server process: one instance, started by app.py and asked by every page."""

from __future__ import annotations

from backend import admission
from backend.jobs import Jobs

jobs = Jobs(too_large=admission.too_large)
