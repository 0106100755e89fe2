"""The gaps in a visitor's table, in sentences. They contain column names, so a page must not show them as Markdown."""

from __future__ import annotations

import numpy as np

from backend.experiment.own_table import Table
from backend.experiment.sources import most_windows
from backend.words import counted, listed

#: The most places that a sentence names. One more says how many others there are.
_MOST = 6


def number_of_gaps(table: Table) -> int:
    """The number of cells without a value, and of steps between times that are not the usual one."""
    return int(np.isnan(table.rows[~table.absent]).sum()) + len(_jumps(table))


def gaps(table: Table) -> list[str]:
    """Where the table has gaps: a sentence for the times, and one for each column."""
    found = []
    if jumps := _jumps(table):
        places = [f"from {table.places[before]} to {table.places[after]}" for before, after in jumps]
        assert table.steps is not None
        found.append(
            f"The most frequent step of the times in “{table.time}” is {table.steps.words}. Others go {_named(places)}."
        )
    for column, name in enumerate(table.names):
        rows = np.flatnonzero(np.isnan(table.rows[:, column]) & ~table.absent)
        if len(rows):
            blocks = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
            cells = counted(len(rows), "row")
            places = [table.place(block[0], block[-1]) for block in blocks]
            found.append(f"The column “{name}” has no value in {cells}: {_named(places)}.")
    return found


def windows_left(table: Table, reach: int) -> tuple[int, int]:
    """How many windows of `reach` rows, with the row that follows, touch no gap; and how many there are with gaps."""
    return most_windows(table.stretches, reach, 1), len(table.rows) - reach


def _jumps(table: Table) -> list[tuple[int, int]]:
    """The rows before and after those that the file does not have."""
    known = np.flatnonzero(~table.absent)
    return [(int(known[at]), int(known[at + 1])) for at in np.flatnonzero(np.diff(known) > 1)]


def _named(places: list[str]) -> str:
    more = len(places) - _MOST
    return listed([*places[:_MOST], f"{more:,} more"] if more > 0 else places)
