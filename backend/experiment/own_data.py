"""What a visitor chose from their own table: the columns that are features, and how far ahead the targets are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import FailFast, Field, PrivateAttr

from backend.experiment.frozen import Frozen, InvalidSetting
from backend.experiment.names import usable_name
from backend.experiment.own_table import FEWEST_SEQUENCES, ID, MOST_COLUMNS, Table, TablesUnavailable, find_table
from backend.experiment.sources import OWN, Source
from backend.words import counted, listed

if TYPE_CHECKING:
    from backend.experiment.architecture import Head

#: The name of the file that scripts read.
FILE = "sequences.csv"
MOST_HORIZON = 100
GONE = "this server does not have that CSV file: its time is over, or it was deleted"


@dataclass(frozen=True)
class Choice:
    """A task on a column: its title and description with the column's name, its units, and its head's usual name."""

    title: str
    description: str
    units: int
    name: str


@dataclass(frozen=True)
class CsvFile:
    """A table as the file that scripts read."""

    table: Table
    name: str = FILE

    def read_bytes(self) -> bytes:
        """The table in UTF-8."""
        return self.table.csv()


def read_call(own: OwnData) -> str:
    """The call of `read_csv` that reads the table of `CsvFile`, as source."""
    words = "".join(f"\n        ({column}, {list(words)!a})," for column, words in sorted(own.table.words.items()))
    mapping = f", words=[  # column, its words in the order of their numbers from 0{words}\n    ]" if words else ""
    return f'read_csv("{FILE}"{mapping}{", times=1" if own.table.time else ""})'


class OwnData(Frozen):
    """The table with this `id`, the `columns` that are features (from 0), and the `horizon` of the targets in rows.

    Raises `InvalidSetting` if there is no such table or column, or if the table is too short for the horizon. Whoever
    receives this object in a job or a result receives the table, too.
    """

    id: Annotated[str, Field(max_length=64)]
    columns: Annotated[tuple[int, ...], FailFast(), Field(min_length=1, max_length=MOST_COLUMNS)]
    horizon: Annotated[int, Field(ge=1, le=MOST_HORIZON)] = 1
    _table: Table = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Take the table with the id, and check columns and horizon."""
        table, reason = look_up(self.id)
        if table is None:
            raise InvalidSetting(reason)
        self._table = table
        last = len(table.names)
        if list(self.columns) != sorted(set(self.columns)) or not 0 <= self.columns[0] <= self.columns[-1] < last:
            reason = f"its features must be different columns from 1 to {last}, in ascending order"
            raise InvalidSetting(reason, use=usual_data(table))
        if not set(self.columns) <= set(table.readable):
            raise InvalidSetting("a column of more than two words is no feature", use=usual_data(table))
        if self.source.most_timesteps(FEWEST_SEQUENCES) < 1:
            most = self.source.most_timesteps(FEWEST_SEQUENCES) + self.horizon - 1
            reason = f"the file has {table.size:,} rows, so its targets are at most {most} rows ahead"
            raise InvalidSetting(reason, use=self.model_copy(update={"horizon": 1}))

    @property
    def table(self) -> Table:
        """The table."""
        return self._table

    @property
    def choices(self) -> dict[str, Choice]:
        """The tasks on the table's columns, by name, in the order of the menu."""
        return _choices(self._table)

    @property
    def source(self) -> Source:
        """The source of its sequences."""
        return _source(self)

    def check(self, head: Head, position: int) -> None:
        """Raise `InvalidSetting` unless the head at that position predicts something that the table has."""
        choice = self.choices.get(head.task)
        path = "heads", position
        if choice is None:
            first = next(iter(self.choices))
            raise InvalidSetting(f"the CSV has no target “{head.task}”", *path, "task", use=first)
        if head.units != choice.units:
            units = counted(choice.units, "unit")
            raise InvalidSetting(f"{choice.title} has {units}", *path, "units", use=choice.units)


def look_up(id: object) -> tuple[Table | None, str]:
    """The table with an unchecked id, or None; and why it is None, as the end of a sentence."""
    if not isinstance(id, str) or not ID.match(id):
        return None, "this is no id of a CSV file"
    try:
        return find_table(id), GONE
    except TablesUnavailable as error:
        return None, f"stored CSV files cannot be read now, because {error}"


def usual_data(table: Table) -> OwnData:
    """All columns that vary as features, and the next row as target."""
    return OwnData(id=table.id, columns=tuple(column for column in table.readable if not table.constant[column]))


@lru_cache(maxsize=16)
def _source(own: OwnData) -> Source:
    table = own.table
    later = "the next row" if own.horizon == 1 else f"the row {own.horizon} rows after the last one"
    numbers = [name for name in own.choices if name.startswith("number")]
    return Source(
        key=OWN.key,
        title="the CSV file",
        sequences=OWN.sequences,
        tasks=tuple(numbers[:2]) or tuple(own.choices)[:2],
        features=len(own.columns),
        columns=tuple(table.names[column] for column in own.columns),
        about=f"Rows in each sequence, one after another: {{days}}. The targets are about {later}. The file has "
        f"{table.size:,} rows. Those that validate are the last ones, and training sees none of them.",
        rows=table.size,
        stretches=() if table.whole.all() else table.stretches,
        file=CsvFile(table),
        horizon=own.horizon,
        unit="rows",
        constant="the same for every row",
        guess="as in the last row",
        own=own,
    )


@lru_cache(maxsize=16)
def _choices(table: Table) -> dict[str, Choice]:
    """The tasks on the columns of a table, by name. A constant column has none."""
    found: dict[str, Choice] = {}
    names: set[str] = set()
    for column, (title, classes) in enumerate(zip(table.names, table.classes, strict=True)):
        if table.constant[column]:
            continue
        name = _identifier(title, column, names)
        names.add(name)
        labels = [table.label(column, each) for each in classes]
        if column not in table.words:
            found[f"number_{column + 1}"] = Choice(f"{title} (number)", "The number in this column.", 1, name)
        if len(classes) == 2:
            what = f"Whether this column has {labels[1]}, and not {labels[0]}."
            found[f"yes_{column + 1}"] = Choice(f"{title} (yes or no)", what, 1, name)
        elif classes:
            kind = "word" if column in table.words else "number"
            what = f"Which {kind} this column has: {listed(labels)}."
            found[f"class_{column + 1}"] = Choice(f"{title} (classes)", what, len(classes), name)
    return found


def _identifier(title: str, column: int, taken: set[str]) -> str:
    """The name of a head: the column's in lower-case ASCII with underscores, or `column_<n>` if that is not usable."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "_", plain).strip("_")[:18].strip("_")
    numbered = (f"column_{column + 1}{'x' * more}" for more in range(len(taken) + 1))
    names = (stem, f"{stem}_column", *numbered)
    return next(name for name in names if usable_name(name) and name not in taken)
