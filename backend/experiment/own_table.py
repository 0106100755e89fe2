"""A visitor's own table: named columns of numbers or words, a row for each timestep, and an id that is made of them.

Settings contain the id alone. The server finds the table by it (`tables_from`), and a worker gets it with its job.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from cachetools import LRUCache

from backend.experiment.own_times import Steps, steps, texts
from backend.words import minus

#: The bounds of a file: bytes, rows without the header, columns, characters of a column's name, and the largest number.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_NAME, LARGEST = 1_000_000, 20_000, 16, 60, 1e12
#: A column with at most so many different words or whole numbers can be predicted as yes or no, or as classes.
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
    """Columns: their `names`, and `rows` (n, columns), float64 and read only. Equal content, equal `id`.

    NaN is a gap. In a column with `words`, by its position, a number is the position of a word. If the rows have times,
    they are in the column `time` of the file, and `times` are datetimes in milliseconds. A row without a time stands
    for one that the file does not have.
    """

    names: tuple[str, ...]
    rows: np.ndarray
    words: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    time: str = ""
    times: np.ndarray = field(default_factory=lambda: np.array([], "M8[ms]"))

    @classmethod
    def of(cls, names: Iterable[str], rows: np.ndarray, **more: Any) -> Table:
        """A table of checked names and numbers, with `more` of its fields. It copies the numbers; -0 becomes 0."""
        numbers = np.array(rows, dtype="<f8", order="C") + 0.0
        numbers.setflags(write=False)
        return cls(tuple(names), numbers, **more)

    @property
    def packed(self) -> bytes:
        """The whole table as bytes, which `unpacked` reads."""
        head = [self.names, sorted(self.words.items()), self.time] if self.words or self.time else self.names
        return json.dumps(head).encode() + b"\n" + self.times.astype("<i8").tobytes() + self.rows.tobytes()

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
        """Whether a column has the same number in each row that has one."""
        return tuple((np.nanmin(self.rows, axis=0) == np.nanmax(self.rows, axis=0)).tolist())

    @cached_property
    def readable(self) -> tuple[int, ...]:
        """The columns that can be features: numbers, or two words. The order of more words means nothing."""
        return tuple(column for column in range(len(self.names)) if len(self.words.get(column, ())) <= 2)

    @cached_property
    def whole(self) -> np.ndarray:
        """Whether a row has no gap: bool (n,)."""
        return np.asarray(np.isfinite(self.rows).all(axis=1))

    @cached_property
    def absent(self) -> np.ndarray:
        """Whether a row stands for one that the file does not have: bool (n,)."""
        return np.isnat(self.times) if self.time else np.zeros(len(self.rows), bool)

    @cached_property
    def size(self) -> int:
        """The number of rows that the file has, without its header."""
        return int((~self.absent).sum())

    @cached_property
    def stretches(self) -> tuple[int, ...]:
        """The numbers of rows between gaps, in order."""
        edges = np.flatnonzero(np.diff(np.pad(self.whole.astype(int), 1)))
        return tuple((edges[1::2] - edges[::2]).tolist())

    @cached_property
    def steps(self) -> Steps | None:
        """The steps between the rows that have a time; None if none has."""
        return steps(self.times[~self.absent]) if self.time else None

    @cached_property
    def ticks(self) -> np.ndarray:
        """The number of steps since the first row, for each row; NaN where it is unknown: float64 (n,)."""
        if self.steps is None:
            return np.arange(len(self.rows), dtype=float)
        ticks = np.full(len(self.rows), np.nan)
        ticks[~self.absent] = (self.steps.ticks - self.steps.ticks[0]) / self.steps.step
        return ticks

    @cached_property
    def places(self) -> list[str]:
        """What each row is called: its time, or its number in a file whose header is row 1."""
        return texts(self.times) if self.time else [f"{row:,}" for row in range(2, len(self.rows) + 2)]

    def at(self, row: int) -> str:
        """Where a row is, in a sentence."""
        return f"{'at' if self.time else 'in row'} {self.places[row]}"

    def place(self, first: int, last: int) -> str:
        """The rows from `first` to `last`, in a sentence."""
        if first == last:
            return f"{'' if self.time else 'row '}{self.places[first]}"
        return f"{'' if self.time else 'rows '}{self.places[first]} to {self.places[last]}"

    def label(self, column: int, number: float) -> str:
        """The word or the whole number that a number of the column stands for."""
        return self.words[column][int(number)] if column in self.words else minus(f"{number:g}")

    def csv(self) -> bytes:
        """The table as a CSV file in UTF-8, from which `read_csv` reads the same numbers."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        columns = [
            [_written(number, self.words.get(column)) for number in numbers]
            for column, numbers in enumerate(self.rows.T.tolist())
        ]
        if self.time:
            columns.insert(0, self.places)
        writer.writerow([self.time, *self.names] if self.time else self.names)
        writer.writerows(zip(*columns, strict=True))
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
    head, _, numbers = packed.partition(b"\n")
    found = json.loads(head)
    names, words, time = found if isinstance(found[0], list) else (found, [], "")
    values = np.frombuffer(numbers, dtype="<f8")
    size = len(values) // (len(names) + bool(time))
    times = values[: size if time else 0].view("<i8").astype("M8[ms]")
    of_columns = {column: tuple(each) for column, each in words}
    table = Table.of(names, values[len(times) :].reshape(-1, len(names)), words=of_columns, time=time, times=times)
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
    values = np.unique(column[np.isfinite(column)])
    few = 2 <= len(values) <= MOST_CLASSES and bool((values == np.round(values)).all())
    return tuple(int(value) for value in values) if few else ()


def _written(number: float, words: tuple[str, ...] | None) -> str:
    """The number or word in a CSV file, in as few characters as are exact."""
    if math.isnan(number):
        return "nan"
    if words:
        return words[int(number)]
    return str(int(number)) if number.is_integer() else repr(number)
