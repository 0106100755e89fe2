"""Parses a visitor's CSV file."""

from __future__ import annotations

from backend.experiment.own_table import Table
from backend.jobs.runtime import Context
from backend.own_csv.reader import ReadTableJob, Unreadable, parse


def read(job: ReadTableJob, context: Context) -> Table | str:
    """The table in the file, or the sentence that says why there is none: a fault of a file is no fault of the job."""
    try:
        return parse(job.text)
    except Unreadable as unreadable:
        return str(unreadable)
