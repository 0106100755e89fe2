"""Pictures of evidence as data, without any drawing library. A title states what the picture shows.

A colour names what a mark belongs to: `of_style(key)`, `of_task(position of the head)`, `of_method(key)`,
`of_run(position)`, or "" for none of them. `on_dial(share)` lies between the two ends of a setting. A number that is
NaN or infinite is not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.statistics.intervals import CONFIDENCE, Interval, interval


def of_style(key: str) -> str:
    """The colour of a style."""
    return f"style:{key}"


def of_task(position: int) -> str:
    """The colour of the task whose head stands at `position`."""
    return f"task:{position}"


def of_method(key: str) -> str:
    """The colour of a way of combining losses."""
    return f"method:{key}"


def of_run(position: int) -> str:
    """The colour of one of several runs."""
    return f"run:{position}"


def on_dial(share: float) -> str:
    """A colour between two, at a share from 0 to 1."""
    return f"dial:{share:g}"


#: How numbers are written on the axis. It is logarithmic for ratios and shares if they are far apart. The axis of the
#: shares of a whole has 0 % and 100 %.
Scale = Literal["ratios", "shares", "percent", "whole", "linear"]


@dataclass(frozen=True)
class Reference:
    """A value to which a picture compares its own, with its name."""

    value: float
    name: str


@dataclass(frozen=True)
class Bar:
    """A bar from 0, made of `parts` (value, colour). `text` stands beside it, `texts` within the parts.

    The parts of a `split` bar have gaps between them.
    """

    label: str
    parts: Sequence[tuple[float, str]]
    text: str = ""
    texts: Sequence[str] = ()
    split: bool = False


@dataclass(frozen=True)
class Bars:
    """Horizontal bars from a zero line. `note` explains symbols, in plain words."""

    title: str
    bars: Sequence[Bar]
    note: str = ""


@dataclass(frozen=True)
class Readings:
    """One row of dots: the `values`, and the interval from `low` to `high` if there is one.

    `text` is the row in figures.
    """

    label: str
    values: Sequence[float]
    colour: str = ""
    low: float | None = None
    high: float | None = None
    emphasised: bool = False
    text: str = ""


@dataclass(frozen=True)
class Seeds:
    """One number for each seed: the `values`, and the least confidence of the interval of their median."""

    values: tuple[float, ...]
    confidence: float = CONFIDENCE

    @property
    def median(self) -> float:
        """The median; NaN if a value is NaN."""
        with np.errstate(invalid="ignore"):
            return float(np.median(self.values))

    @property
    def interval(self) -> Interval | None:
        """The interval of the median; None if a value is NaN, or if there are too few seeds."""
        return None if np.isnan(self.values).any() else interval(self.values, self.confidence)

    def text(self, write: Callable[[float], str]) -> str:
        """The median with its interval: `−12 % (−15 % to −3 %)`."""
        bounds = self.interval
        return write(self.median) + (f" ({write(bounds.low)} to {write(bounds.high)})" if bounds else "")

    def row(self, label: str, write: Callable[[float], str], colour: str = "") -> Readings:
        """The seeds as a row of a picture."""
        bounds = self.interval
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return Readings(label, self.values, colour, low, high, text=self.text(write))


@dataclass(frozen=True)
class Spread:
    """Rows of readings beside a reference value.

    If the title says what was found, `about` says only what is drawn, for a visitor who has not predicted yet. `note`
    explains marks and symbols, in plain words.
    """

    title: str
    rows: Sequence[Readings]
    reference: Reference
    scale: Scale = "ratios"
    about: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A named line; `values` has a number for each x of its picture."""

    name: str
    values: Sequence[float]
    colour: str = ""
    dash: str = "solid"


@dataclass(frozen=True)
class Lines:
    """Lines over `x`, which `x_name` names. With `log`, the axis of their values is logarithmic.

    With `filled`, each value holds up to the next x, and the area to the zero line is filled.
    """

    title: str
    x: Sequence[float]
    lines: Sequence[Line]
    filled: bool = False
    log: bool = False
    x_name: str = ""


@dataclass(frozen=True)
class Side:
    """How output units are grouped into layers in a style: those of each layer, as (number, position of the head)."""

    title: str
    layers: Sequence[Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Links:
    """Every connection from `neurons` neurons to each output unit, for each side. All of them were found."""

    title: str
    neurons: int
    sides: Sequence[Side]


@dataclass(frozen=True)
class Table:
    """A few rows of cells. A cell that begins with a mark of `backend.questions.claims.base` is coloured by it."""

    rows: Sequence[Mapping[str, str]]


Chart = Bars | Spread | Lines | Links
Picture = Chart | Table


def in_figures(rows: Sequence[Readings | Bar], what: str) -> list[dict[str, str]]:
    """The rows of a picture as a table; `what` is the title of the column of their figures."""
    return [{"what": row.label, what: row.text} for row in rows]
