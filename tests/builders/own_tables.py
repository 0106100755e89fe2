"""Visitors' own tables for tests: a small one with each kind of column, and a lookup that needs no server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from backend.experiment.own_table import Table, tables_from
from backend.experiment.sources import Source, usual_data
from backend.own_csv.reader import parse, text_of


def table(rows: int = 200, names: tuple[str, ...] = ("Temp °C", "rain", "type", "fixed")) -> Table:
    """Columns: numbers, two values, three classes, and a constant. With more names, further columns of numbers."""
    rng = np.random.default_rng(3)
    columns = [np.sin(np.arange(rows) / 5) + rng.normal(0, 0.1, rows), rng.integers(0, 2, rows)]
    columns += [rng.integers(1, 4, rows), np.full(rows, 7.0)]
    columns += [rng.normal(size=rows) for _ in names[4:]]
    return Table(names, np.stack(columns[: len(names)], axis=1))


def hostile_table() -> Table:
    """A table whose names are markup, Python and emoji."""
    names = ("x'); import os #", "<b onclick='x'>*y* $z$</b>", "[a](https://x.org) :red[z]", "🌡️", ":material/home: `c`")
    return table(names=names)


#: Words of a column, in order: what Python, Markdown, HTML and CSV could take for their own.
WORDS = ("'); import os #", '<b>"rain"</b>, *y*', "[sun](https://x.org) $z$")


def real_file(rows: int = 200) -> bytes:
    """A file as people have it: the last day first, semicolons, decimal commas, words, two missing days and a gap."""
    days = np.datetime64("2020-01-01") + np.arange(rows)
    quoted = ['"' + word.replace('"', '""') + '"' for word in WORDS]
    lines = [
        ";".join([str(day), f"{5 + np.sin(i / 5):.3f}", quoted[i % 3], str(i % 7), "yes" if i % 7 else "no"])
        for i, day in enumerate(days.tolist())
        if i not in (40, 41)
    ]
    lines[60] = f"{days[62]};;{lines[60].split(';', 2)[2]}"
    return "\n".join(["date;temp;type;weekday;open", *lines[::-1]]).replace(".", ",").replace("x,org", "x.org").encode()


def real_table() -> Table:
    """The table in `real_file`."""
    return parse(text_of(real_file()))


@contextmanager
def found(*tables: Table) -> Iterator[Source]:
    """Within the context, lookups find these tables. Yields the source of the first one."""
    with tables_from({each.id: each for each in tables}.get):
        yield usual_data(tables[0]).source
