"""Where sequences come from: they are generated, or they are windows of a recording.

A task belongs to one source, so the heads of an architecture say which one it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """A source of sequences: its key in links, its title in the menu, and what its sequences are called in sentences.

    `about` says what they are, with the number of `{days}` in one and its `{features}`.

    A recording has a `file`, which scripts read from their own folder, and `rows`, one for each timestep. The features
    of a sequence are the first of its `columns`. Generated sequences have none of these. `tasks` are the tasks that
    its heads have by default, with so many `features`.
    """

    key: str
    title: str
    sequences: str
    tasks: tuple[str, ...]
    features: int
    columns: tuple[str, ...] = ()
    about: str = ""
    rows: int = 0
    file: Path | None = None

    @property
    def recorded(self) -> bool:
        """Whether the sequences are windows of a recording."""
        return self.file is not None

    def most_sequences(self, timesteps: int, parts: int = 2) -> int:
        """The most windows of so many timesteps in a recording that is split into so many parts.

        The first window of each part begins after the last target of the part before.
        """
        return self.rows - parts * timesteps

    def feature(self, number: int) -> str:
        """The name of the feature with that number, from 0."""
        return self.columns[number] if self.columns else f"feature {number + 1}"


SYNTHETIC = Source("synthetic", "Synthetic waves", "synthetic sequences", ("mean", "trend"), 2)

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
    about="Each sequence is {days} days in a row: {features}. The targets are about the day after them. 1,461 days, "
    "2012 to 2015, public-domain data of NOAA. Those that validate are the last ones, "
    "and training sees none of them.",
    rows=1461,
    file=Path(__file__).parent / "data" / "seattle-weather.csv",
)  # fmt: skip

#: Every source by its key, in the order of the menu.
SOURCES: dict[str, Source] = {source.key: source for source in (SYNTHETIC, WEATHER)}
