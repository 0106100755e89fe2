"""Visitors' own tables for tests: a small one with each kind of column, and a lookup that needs no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from backend.experiment.own_data import usual_data
from backend.experiment.own_table import Table, tables_from
from backend.experiment.sources import Source


def table(rows: int = 200, names: tuple[str, ...] = ("Temp °C", "rain", "type", "fixed")) -> Table:
    """Columns: numbers, two values, three classes, and a constant. With more names, further columns of numbers."""
    rng = np.random.default_rng(3)
    columns = [np.sin(np.arange(rows) / 5) + rng.normal(0, 0.1, rows), rng.integers(0, 2, rows)]
    columns += [rng.integers(1, 4, rows), np.full(rows, 7.0)]
    columns += [rng.normal(size=rows) for _ in names[4:]]
    return Table.of(names, np.stack(columns[: len(names)], axis=1))


def hostile_table() -> Table:
    """A table whose names are markup, Python and emoji."""
    names = ("x'); import os #", "<b onclick='x'>*y* $z$</b>", "[a](https://x.org) :red[z]", "🌡️", ":material/home: `c`")
    return table(names=names)


@contextmanager
def found(*tables: Table) -> Iterator[Source]:
    """Within the context, lookups find these tables. Yields the source of the first one."""
    with tables_from({each.id: each for each in tables}.get):
        yield usual_data(tables[0]).source
