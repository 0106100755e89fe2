"""How far jobs whose results are recorded may run (`backend/jobs/recorded.py`)."""

from __future__ import annotations

from pathlib import Path

from backend.jobs.recorded import PACE


def pace(state: Path, events: int | None) -> None:
    """Have the jobs of the server with this state folder report so many events and no more; with None, all of them."""
    file = state / PACE
    if events is None:
        file.unlink(missing_ok=True)
    else:
        file.with_suffix(".new").write_text(str(events))
        file.with_suffix(".new").replace(file)
