"""The figures of a visitor's measured file, drawn like those of the Lab's own measurement (`gradient_charts`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import plotly.graph_objects as go

from backend.lab.measured_file.reader import Entry, MeasuredFile
from components.charts.axes import Axis, log_axis
from components.lab import gradient_charts as charts

#: Ratios above this one, or below its inverse, are not drawn.
_LARGEST = 1e30
What = Literal["cosine", "conflict_rate", "length_ratio"]


def cosines(file: MeasuredFile, entries: Sequence[Entry], pairs: Sequence[int], epoch: int) -> go.Figure:
    """The cosine between the gradients of each pair, by epoch. Below 0 they conflict."""
    return _figure(file, entries, pairs, "cosine", charts.COSINES, charts.COSINE_TITLE, epoch, level=0)


def rates(file: MeasuredFile, entries: Sequence[Entry], pairs: Sequence[int], epoch: int) -> go.Figure:
    """The share of the batches in which each pair conflicts, by epoch."""
    title = charts.share_title(file.batches)
    return _figure(file, entries, pairs, "conflict_rate", charts.SHARES, title, epoch)


def ratios(file: MeasuredFile, entries: Sequence[Entry], pairs: Sequence[int], epoch: int) -> go.Figure:
    """How many times as long the second gradient of each pair is as the first. A ratio of 0 is not drawn."""
    values = (value for position in pairs for value in _values(entries, position, "length_ratio") if value)
    title = "Length of the second head’s gradient ÷ that of the first"
    return _figure(file, entries, pairs, "length_ratio", log_axis(values), title, epoch, level=1)


def heat(file: MeasuredFile, entry: Entry) -> go.Figure:
    """The cosines of all pairs at one epoch."""
    cosine_of = {pair: figures.cosine for pair, figures in zip(file.pairs, entry.pairs, strict=True)}
    return charts.drawn_heat(lambda pair: cosine_of[min(pair), max(pair)], file.heads, entry.epoch)


def _figure(
    file: MeasuredFile, entries: Sequence[Entry], pairs: Sequence[int], what: What, axis: Axis, title: str, epoch: int,
    level: float | None = None,
) -> go.Figure:  # fmt: skip
    lines = [
        charts.line_of_pair(file.pairs[position], file.heads, _values(entries, position, what)) for position in pairs
    ]
    return charts.drawn_lines(lines, [entry.epoch for entry in entries], axis, title, epoch, level)


def _values(entries: Sequence[Entry], position: int, what: What) -> list[float | None]:
    values: list[float | None] = [getattr(entry.pairs[position], what) for entry in entries]
    if what != "length_ratio":
        return values
    return [value if value and 1 / _LARGEST <= value <= _LARGEST else None for value in values]
