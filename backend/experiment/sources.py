"""Where sequences come from: they are generated, or they are windows of a recording or of a visitor's own table.

A task belongs to one source, so the heads of an architecture decide its source.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, FailFast, Field, PlainSerializer, ValidationInfo, WithJsonSchema

from backend.experiment.frozen import Frozen, InvalidSetting
from backend.experiment.names import usable_name
from backend.experiment.own_table import FEWEST_SEQUENCES, GONE, MOST_COLUMNS, Table
from backend.words import listed

#: The most parts into which a recording is split: one to train, one to tune or validate, and one to test.
MOST_PARTS = 3
MOST_HORIZON = 100


@dataclass(frozen=True)
class CsvFile:
    """A visitor's table as the file that scripts read."""

    table: Table
    name: str = "sequences.csv"

    def read_bytes(self) -> bytes:
        """The table in UTF-8."""
        return self.table.csv()


#: A file that scripts read from their own folder.
File = Path | CsvFile


@dataclass(frozen=True)
class Source:
    """A source of sequences: its key in links, its title in the menu, and what its sequences are called in sentences.

    `about` describes them, with placeholders for the number of `{days}` in a sequence and for its `{features}`.

    A recording has a `file`, which scripts read from their own folder, and `rows`, one for each timestep. If it has
    gaps, `stretches` are the numbers of rows between them, because no sequence touches a gap. The features
    of a sequence are the first of its `columns`, and its targets are about the row that comes `horizon` rows later.
    `read` is the call that reads the rows, as source. The columns `labels` are not standardised, and `classes` are the
    names of the classes in the last of them.
    `unit` is what a row is, `constant` and `guess` are what baselines predict, and `own` is what a visitor chose from
    their own table. Generated sequences have none of these. `tasks` are the default tasks of its heads, and `features`
    is the default number of features.
    """

    key: str
    title: str
    sequences: str
    tasks: tuple[str, ...]
    features: int
    columns: tuple[str, ...] = field(default=(), repr=False)  # they may be a visitor's, which no log may contain
    about: str = ""
    rows: int = 0
    stretches: tuple[int, ...] = ()
    file: File | None = None
    read: str = ""
    labels: range = range(0)
    classes: tuple[str, ...] = ()
    horizon: int = 0
    unit: str = ""
    constant: str = ""
    guess: str = ""
    own: OwnData | None = None

    @property
    def recorded(self) -> bool:
        """Whether the sequences are windows of a recording."""
        return self.file is not None

    def most_sequences(self, timesteps: int, parts: int = 2) -> int:
        """The most windows of so many timesteps in a recording that is split into so many parts, however large."""
        return most_windows(self.stretches or (self.rows,), timesteps + self.horizon - 1, parts)

    def most_timesteps(self, sequences: int) -> int:
        """The most timesteps with which a recording has so many sequences in `MOST_PARTS` parts."""
        return most_reach(self.stretches or (self.rows,), sequences) - self.horizon + 1

    def chosen(self, features: int) -> Sequence[int]:
        """The positions of the columns that are so many features."""
        return self.own.columns if self.own is not None else range(features)

    def class_name(self, column: int, rank: int) -> str:
        """What a class of a column stands for; empty if the column has no classes."""
        if self.own is not None:
            table = self.own.table
            return table.label(column, table.classes[column][rank]) if table.classes[column] else ""
        return self.classes[rank] if column in self.labels[-1:] else ""

    def feature(self, number: int) -> str:
        """The name of the feature with that number, from 0."""
        return self.columns[number] if self.columns else f"feature {number + 1}"


@dataclass(frozen=True)
class Choice:
    """A task on a column: its title and description with the column's name, its units, and its head's usual name."""

    title: str
    description: str
    units: int
    name: str


def _resolved(value: object, info: ValidationInfo) -> Table:
    """The table itself, or the one that a JSON text names by its id: the context has those that were found."""
    table = value if isinstance(value, Table) else (info.context or {}).get(value)
    if table is None:
        raise InvalidSetting(GONE)
    return table


class OwnData(Frozen):
    """The `columns` of a visitor's `table` that are features (from 0), and the `horizon` of the targets in rows.

    In JSON, the table is its id. Raises `InvalidSetting` if the table has no such column, or is too short for the
    horizon.
    """

    model_config = ConfigDict(
        arbitrary_types_allowed=True,
        json_schema_extra={
            "words": "the id of a stored CSV, its columns, and how many rows ahead the targets are (1 to "
            f"{MOST_HORIZON}), as in a link"
        },
    )

    table: Annotated[
        Table,
        BeforeValidator(_resolved),
        PlainSerializer(lambda table: table.id, when_used="json"),
        WithJsonSchema({"type": "string"}),
    ]
    columns: Annotated[tuple[int, ...], FailFast(), Field(min_length=1, max_length=MOST_COLUMNS)]
    horizon: Annotated[int, Field(ge=1, le=MOST_HORIZON)] = 1

    def model_post_init(self, context: Any, /) -> None:
        """Check columns and horizon."""
        table = self.table
        last = len(table.names)
        if list(self.columns) != sorted(set(self.columns)) or not 0 <= self.columns[0] <= self.columns[-1] < last:
            reason = f"its features must be different columns from 1 to {last}, in ascending order"
            raise InvalidSetting(reason, use=usual_data(table))
        if not set(self.columns) <= set(table.readable):
            raise InvalidSetting("a column of more than two words is no feature", use=usual_data(table))
        if (most := self.source.most_timesteps(FEWEST_SEQUENCES)) < 1:
            most += self.horizon - 1
            reason = f"the file has {table.size:,} rows, so its targets are at most {most} rows ahead"
            raise InvalidSetting(reason, use=self.model_copy(update={"horizon": 1}))

    @property
    def choices(self) -> dict[str, Choice]:
        """The tasks on the table's columns, by name, in the order of the menu."""
        return _choices(self.table)

    @property
    def source(self) -> Source:
        """The source of its sequences."""
        return _source(self)


def most_windows(stretches: Sequence[int], reach: int, parts: int) -> int:
    """The most windows of `reach` rows and a predicted one that so many `parts` can have together, however large.

    The stretches have so many rows without a gap. The first window of each part begins after the last target of the
    part before, so up to `reach` windows between two parts are not used.
    """
    return sum(max(rows - reach, 0) for rows in stretches) - (parts - 1) * reach


def most_reach(stretches: Sequence[int], windows: int) -> int:
    """The largest reach with which `MOST_PARTS` parts have so many windows together; -1 if there is none."""
    reaches = range(max(stretches, default=0) + 1)
    return bisect_right(reaches, -windows, key=lambda reach: -most_windows(stretches, reach, MOST_PARTS)) - 1


def usual_data(table: Table) -> OwnData:
    """All columns that vary as features, and the next row as target."""
    return OwnData(table=table, columns=tuple(column for column in table.readable if not table.constant[column]))


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
        read=_read_call(table),
        horizon=own.horizon,
        unit="rows",
        constant="the same for every row",
        guess="as in the last row",
        own=own,
    )


def _read_call(table: Table) -> str:
    """The call of `read_csv` that reads the table from its `CsvFile`, as source."""
    words = "".join(f"\n        ({column}, {list(words)!a})," for column, words in sorted(table.words.items()))
    mapping = f", words=[  # column, its words in the order of their numbers from 0{words}\n    ]" if words else ""
    return f'read_csv("{CsvFile.name}"{mapping}{", times=1" if table.time else ""})'


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


SYNTHETIC = Source("synthetic", "Synthetic waves", "synthetic sequences", ("level", "trend"), 2)

WEATHER = Source(
    "weather",
    "Seattle's weather",
    "days of Seattle's weather",
    ("temp_max", "wind"),
    10,
    columns=(
        "highest temperature", "wind", "precipitation", "lowest temperature", "rain or not",
        "type drizzle", "type fog", "type rain", "type snow", "type sun",
    ),
    about="Days in each sequence, one after another: {days}. Features of a day: {features}. The targets are about the "
    "day after the last one. 1,461 days, 2012 to 2015, public-domain data of NOAA. Those that validate are the last "
    "ones, and training sees none of them.",
    rows=1461,
    file=Path(__file__).parent / "data" / "seattle-weather.csv",
    read='read_csv("seattle-weather.csv", times=1)',
    labels=range(4, 11),
    classes=("drizzle", "fog", "rain", "snow", "sun"),
    horizon=1,
    unit="days",
    constant="the same every day",
    guess="tomorrow as today",
)  # fmt: skip

#: A visitor's own table, before one is chosen. `OwnData.source` has the columns of a table.
OWN = Source("csv", "A CSV of your own", "rows of a CSV file", SYNTHETIC.tasks, SYNTHETIC.features)

#: Every source that has sequences by itself, by its key, in the order of the menu.
SOURCES: dict[str, Source] = {source.key: source for source in (SYNTHETIC, WEATHER)}
