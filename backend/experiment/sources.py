"""Where sequences come from: they are generated, or they are windows of a recording or of a visitor's own table.

A task belongs to one source, so the heads of an architecture decide its source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from backend.experiment.own_data import OwnData


#: The most parts into which a recording is split: one to train, one to tune or validate, and one to test.
MOST_PARTS = 3


class File(Protocol):
    """A file that scripts read from their own folder."""

    @property
    def name(self) -> str:
        """Its name in that folder."""

    def read_bytes(self) -> bytes:
        """What is in it."""


@dataclass(frozen=True)
class Source:
    """A source of sequences: its key in links, its title in the menu, and what its sequences are called in sentences.

    `about` describes them, with placeholders for the number of `{days}` in a sequence and for its `{features}`.

    A recording has a `file`, which scripts read from their own folder, and `rows`, one for each timestep. If it has
    gaps, `stretches` are the numbers of rows between them, because no sequence touches a gap. The features
    of a sequence are the first of its `columns`, and its targets are about the row that comes `horizon` rows later.
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

    def feature(self, number: int) -> str:
        """The name of the feature with that number, from 0."""
        return self.columns[number] if self.columns else f"feature {number + 1}"


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
    horizon=1,
    unit="days",
    constant="the same every day",
    guess="tomorrow as today",
)  # fmt: skip

#: A visitor's own table, before one is chosen. `OwnData.source` has the columns of a table.
OWN = Source("csv", "A CSV of your own", "rows of a CSV file", SYNTHETIC.tasks, SYNTHETIC.features)

#: Every source that has sequences by itself, by its key, in the order of the menu.
SOURCES: dict[str, Source] = {source.key: source for source in (SYNTHETIC, WEATHER)}
