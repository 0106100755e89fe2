"""A visitor's own table: named columns of numbers, a row for each timestep, and an id that is computed from them.

Settings contain the id alone. The server finds the table by it (`tables_from`), and a worker gets it with its job.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock
from weakref import WeakValueDictionary

import numpy as np
from cachetools import LRUCache

#: The bounds of a file: bytes, rows without the header, columns, characters of a column's name, and the largest number.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_NAME, LARGEST = 1_000_000, 20_000, 16, 60, 1e12
#: A column with at most so many different numbers, all whole, can be predicted as yes or no, or as classes.
MOST_CLASSES = 10
#: The fewest sequences of an experiment.
FEWEST_SEQUENCES = 32
#: Digits of an id. Ids are so long that nobody can guess one without the file.
DIGITS = 32
ID = re.compile(rf"^[0-9a-f]{{{DIGITS}}}\Z")

#: Finds a stored table by its id; None if there is none (any more). Raises `TablesUnavailable`.
Finder = Callable[[str], "Table | None"]


class TablesUnavailable(Exception):
    """Stored tables cannot be read now. The text says why, as the end of a sentence."""


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Columns of numbers: their `names`, and `rows` (n, columns), float64 and read only. Equal content, equal `id`."""

    names: tuple[str, ...]
    rows: np.ndarray

    @classmethod
    def of(cls, names: Iterable[str], rows: np.ndarray) -> Table:
        """A table of checked names and finite numbers. It copies the numbers; minus zero becomes zero."""
        numbers = np.array(rows, dtype="<f8", order="C") + 0.0
        numbers.setflags(write=False)
        return cls(tuple(names), numbers)

    @property
    def packed(self) -> bytes:
        """The whole table as bytes, which `unpacked` reads."""
        return json.dumps(self.names).encode() + b"\n" + self.rows.tobytes()

    @cached_property
    def id(self) -> str:
        """The id: a digest of the content."""
        return _digest(self.packed)

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """The different numbers of each column, in order, if they are 2 to `MOST_CLASSES` whole ones; else none."""
        return tuple(map(_classes, self.rows.T))

    @cached_property
    def constant(self) -> tuple[bool, ...]:
        """Whether a column has the same number in each row."""
        return tuple((self.rows == self.rows[0]).all(axis=0).tolist())

    def csv(self) -> bytes:
        """The table as a CSV file in UTF-8, from which the same numbers are read."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.names)
        writer.writerows([[_written(number) for number in row] for row in self.rows.tolist()])
        return text.getvalue().encode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"Table({self.id[:8]}…)"  # a traceback or a log has no data

    def __reduce__(self) -> tuple[Callable[[bytes], Table], tuple[bytes]]:
        return _received, (self.packed,)


def unpacked(packed: bytes) -> Table:
    """The table that `Table.packed` wrote as these bytes. If it is in memory already, that object is returned."""
    with _lock:
        known = _in_memory.get(_digest(packed))
    if known is not None:
        return known
    names, _, numbers = packed.partition(b"\n")
    found: list[str] = json.loads(names)
    table = Table.of(found, np.frombuffer(numbers, dtype="<f8").reshape(-1, len(found)))
    with _lock:
        return _in_memory.setdefault(table.id, table)


def find_table(id: str) -> Table | None:
    """The table with that id; None if there is none, or no longer. Raises `TablesUnavailable`."""
    if _find is not None:
        return _find(id)
    with _lock:
        return _in_worker.get(id)


@contextmanager
def tables_from(find: Finder | None) -> Iterator[None]:
    """Within the context, find tables with `find`; with None, only those that came with jobs, as in a worker."""
    global _find
    before, _find = _find, find
    try:
        yield
    finally:
        _find = before


_find: Finder | None = None
_in_memory: WeakValueDictionary[str, Table] = WeakValueDictionary()
#: Tables that came with the last jobs, for a process without a `Finder`.
_in_worker: LRUCache[str, Table] = LRUCache(maxsize=4)
_lock = Lock()


def _received(packed: bytes) -> Table:
    """A table that came with a job or a result. A worker keeps the last ones."""
    table = unpacked(packed)
    if _find is None:
        with _lock:
            table = _in_worker.setdefault(table.id, table)
    return table


def _digest(packed: bytes) -> str:
    return sha256(packed).hexdigest()[:DIGITS]


def _classes(column: np.ndarray) -> tuple[int, ...]:
    values = np.unique(column)
    few = 2 <= len(values) <= MOST_CLASSES and bool((values == np.round(values)).all())
    return tuple(int(value) for value in values) if few else ()


def _written(number: float) -> str:
    """The number in a CSV file, in as few characters as are exact."""
    return str(int(number)) if number.is_integer() else repr(number)
