"""A visitor's own table: named columns of numbers or words, a row for each timestep, and an id that is made of them.

Links and JSON have its id alone. Whoever reads them finds the table first (`look_up`). Settings have the table itself,
so a worker gets it with its job.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock
from weakref import WeakValueDictionary

import numpy as np

from backend.words import counted, minus

#: The bounds of a file: bytes, rows without the header, columns, characters of a column's name, and the largest number.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_NAME, LARGEST = 1_000_000, 20_000, 16, 60, 1e12
#: Names of durations in milliseconds, the longest first.
_DURATIONS = (("week", 604_800_000), ("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1_000))
#: A column with at most so many different words or whole numbers can be predicted as yes or no, or as classes.
MOST_CLASSES = 10
#: The fewest sequences of an experiment.
FEWEST_SEQUENCES = 32
#: Digits of an id. Ids are so long that nobody can guess one without the file.
DIGITS = 32
ID = re.compile(rf"^[0-9a-f]{{{DIGITS}}}\Z")

GONE = "this server does not have that CSV file: its time is over, or it was deleted"

#: Finds a stored table by its id; None if there is none (any more). Raises `TablesUnavailable`.
Finder = Callable[[str], "Table | None"]


class TablesUnavailable(Exception):
    """Stored tables cannot be read now. The text says why, as the end of a sentence."""


@dataclass(frozen=True)
class Steps:
    """Times as numbers of one unit, `ticks` (n,), the usual difference `step` of neighbours, and its name in `words`.

    The unit is a month if all times are on one day of the month, or on the last one. It is a weekday if all of them are
    Mondays to Fridays, one after another. So neighbours that are as far apart as a calendar has it have equal steps.
    """

    ticks: np.ndarray
    step: int
    words: str


class Table:
    """Columns: their `names`, and `rows` (n, columns), float64 and read only. Equal content, equal `id`.

    NaN is a gap. In a column with `words`, by its position, a number is the position of a word. If the rows have times,
    they are in the column `time` of the file, and `times` are datetimes in milliseconds. A row without a time stands
    for one that the file does not have. It copies the numbers; -0 becomes 0.
    """

    def __init__(
        self, names: Iterable[str], rows: np.ndarray, words: Mapping[int, tuple[str, ...]] | None = None,
        time: str = "", times: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        self.names, self.words, self.time = tuple(names), dict(words or {}), time
        self.times = np.array([], "M8[ms]") if times is None else times
        self.rows = np.array(rows, dtype="<f8", order="C") + 0.0
        self.rows.setflags(write=False)

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
        return steps_of(self.times[~self.absent]) if self.time else None

    @cached_property
    def places(self) -> list[str]:
        """What each row is called: its time, or its number in a file whose header is row 1."""
        return _texts(self.times) if self.time else [f"{row:,}" for row in range(2, len(self.rows) + 2)]

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
        return unpacked, (self.packed,)


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
    table = Table(names, values[len(times) :].reshape(-1, len(names)), words=of_columns, time=time, times=times)
    with _lock:
        return _in_memory.setdefault(table.id, table)


def look_up(id: object) -> tuple[Table | None, str]:
    """The stored table with an unchecked id, or None; and why it is None, as the end of a sentence."""
    if not isinstance(id, str) or not ID.match(id):
        return None, "this is no id of a CSV file"
    try:
        return _find(id), GONE
    except TablesUnavailable as error:
        return None, f"stored CSV files cannot be read now, because {error}"


def tables_named(text: str | bytes) -> dict[str, Table]:
    """The stored tables that settings in JSON name, by id: the context with which pydantic validates them."""
    ids = re.findall(rb'"table": ?"([0-9a-f]+)"', text if isinstance(text, bytes) else text.encode())
    found = {id: look_up(id)[0] for id in {each.decode() for each in ids}}
    return {id: table for id, table in found.items() if table is not None}


@contextmanager
def tables_from(find: Finder) -> Iterator[None]:
    """Within the context, `look_up` finds stored tables with `find`."""
    global _find
    before, _find = _find, find
    try:
        yield
    finally:
        _find = before


def _no_table(id: str) -> None:
    """Find nothing: a worker has only the tables in the settings of its jobs."""


_find: Finder = _no_table
_in_memory: WeakValueDictionary[str, Table] = WeakValueDictionary()
_lock = Lock()


def _digest(packed: bytes) -> str:
    return sha256(packed).hexdigest()[:DIGITS]


def _classes(column: np.ndarray) -> tuple[int, ...]:
    values = np.unique(column[np.isfinite(column)])
    few = 2 <= len(values) <= MOST_CLASSES and bool((values == np.round(values)).all())
    return tuple(int(value) for value in values) if few else ()


def _written(number: float, words: tuple[str, ...] | None) -> str:
    """The number or word in a CSV file, in as few characters as are exact."""
    return words[int(number)] if words and number == number else repr(number).removesuffix(".0")


def steps_of(times: np.ndarray) -> Steps:
    """The steps of at least two ascending times, which are datetimes in milliseconds."""
    days = times.astype("M8[D]")
    if not (days == times).all():
        return _usual(times.astype(int), _duration)
    months, next_day = days.astype("M8[M]"), days + np.timedelta64(1, "D")
    if len(np.unique(days - months.astype("M8[D]"))) == 1 or (next_day.astype("M8[M]") > months).all():
        return _usual(months.astype(int), lambda step: _multiple(step, ("year", 12), ("month", 1)))
    found = _usual(times.astype(int), _duration)
    if found.words == "1 day" and np.is_busday(days).all():
        weekdays = np.busday_count(np.datetime64("1970-01-01"), days)
        return _usual(weekdays, lambda step: counted(step, "weekday"))
    return found


def _texts(times: np.ndarray) -> list[str]:
    """Times as text: only dates if all are at midnight, and no more digits than are needed; empty for unknown ones."""
    known = times[~np.isnat(times)]
    unit = next(each for each in ("D", "m", "s", "ms") if (known.astype(f"M8[{each}]") == known).all())
    written = np.datetime_as_string(times, unit=unit)  # type: ignore[call-overload]
    return ["" if text == "NaT" else text.replace("T", " ") for text in written.tolist()]


def _usual(ticks: np.ndarray, words: Callable[[int], str]) -> Steps:
    differences, counts = np.unique(np.diff(ticks), return_counts=True)
    step = int(differences[np.argmax(counts)])
    return Steps(ticks, step, words(step))


def _duration(step: int) -> str:
    return _multiple(step, *_DURATIONS, ("millisecond", 1))


def _multiple(step: int, *units: tuple[str, int]) -> str:
    name, size = next((name, size) for name, size in units if step % size == 0)
    return counted(step // size, name)
