"""The picture of an investigation as plain data, for pages without Plotly (`components/browser/room_picture.js`)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from backend.questions.pictures import Bars, Chart, Lines, Links, Spread
from backend.rooms.pictures import Axis, padded_axis
from backend.words import short
from components.charts.axes import log_axis, ratio_axis, tick
from components.investigations.colours import hue
from components.theme import NEUTRAL

#: An axis of ratios or shares is logarithmic if its largest value is more than this many times its smallest one.
_FAR_APART = 3


def picture(chart: Chart, *, finding: bool = True) -> dict[str, Any]:
    """The chart as data. Its title is above it, and is also its text for screen readers.

    Without its `finding`, the title says only what is drawn.
    """
    title, note = chart.title, ""
    if isinstance(chart, Spread):
        title, note = title if finding else chart.about or title, chart.note
    elif isinstance(chart, Bars):
        note = chart.note
    return {**_data(chart), "title": title, "alt": title, "note": note}


@singledispatch
def _data(chart: Chart) -> dict[str, Any]:
    raise TypeError(f"no plain picture for {type(chart).__name__}")


@_data.register
def _lines(chart: Lines) -> dict[str, Any]:
    values = [value for line in chart.lines for value in line.values] + ([0.0] if chart.filled else [])
    lines = [
        {"name": line.name, "colour": hue(line.colour), "dash": line.dash, "values": list(map(_rounded, line.values))}
        for line in chart.lines
    ]
    at = [x for x in chart.x if math.isfinite(x)] or [0.0, 1.0]
    return {
        "form": "lines", "x": [*map(_rounded, chart.x)], "x_name": chart.x_name, "lines": lines, "filled": chart.filled,
        "y": _logarithmic(values) if chart.log and _positive(values) else _linear(values),
        "x_axis": _plain(Axis(min(at), max(at)), tick),
    }  # fmt: skip


@_data.register
def _spread(chart: Spread) -> dict[str, Any]:
    reference = chart.reference
    values = [value for row in chart.rows for value in (*row.values, row.low, row.high) if value is not None]
    rows = [
        {
            "label": row.label, "colour": hue(row.colour), "values": [_rounded(value) for value in row.values],
            "low": _rounded(row.low), "high": _rounded(row.high), "bold": row.emphasised,
        }
        for row in chart.rows
    ]  # fmt: skip
    values.append(reference.value)
    positive = _positive(values)
    far = chart.scale in ("ratios", "shares") and bool(positive) and max(positive) > _FAR_APART * min(positive)
    if far:
        axis = _of_figure(ratio_axis(positive)) if chart.scale == "ratios" else _logarithmic(positive)
    else:
        axis = _linear(values, _percent if chart.scale in ("percent", "shares") else None)
    return {"form": "spread", "rows": rows, "axis": axis, "reference": [reference.value, reference.name]}


@_data.register
def _bars(chart: Bars) -> dict[str, Any]:
    bars = [
        {"label": bar.label, "parts": [[_rounded(value), hue(colour)] for value, colour in bar.parts], "text": bar.text}
        for bar in chart.bars
    ]
    ends = [sum(value for value, _ in bar.parts) for bar in chart.bars]
    finite = [end for end in ends if math.isfinite(end)] or [1.0]
    return {"form": "bars", "bars": bars, "low": min(0.0, *finite), "high": max(0.0, *finite)}


@_data.register
def _links(chart: Links) -> dict[str, Any]:
    sides = [
        {
            "title": side.title,
            "layers": [[[units, hue(f"task:{head}")] for units, head in layer] for layer in side.layers],
        }
        for side in chart.sides
    ]
    return {"form": "links", "neurons": chart.neurons, "sides": sides, "neutral": NEUTRAL}


def _positive(values: Iterable[float]) -> list[float]:
    return [value for value in values if 0 < value < math.inf]


def _linear(values: Iterable[float], write: Any = None) -> dict[str, Any]:
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    return _plain(padded_axis(finite), write)


def _plain(axis: Axis, write: Any = None) -> dict[str, Any]:
    ticks = [[value, write(value) if write else words] for value, words in axis.ticks]
    return {"low": axis.low, "high": axis.high, "log": False, "ticks": ticks}


def _logarithmic(values: Iterable[float]) -> dict[str, Any]:
    return _of_figure(log_axis(values))


def _of_figure(axis: Mapping[str, Any]) -> dict[str, Any]:
    """An axis of `components.charts.axes` as plain data."""
    low, high = (10.0**end if axis["type"] == "log" else end for end in axis["range"])
    ticks = [list(tick) for tick in zip(axis["tickvals"], axis["ticktext"], strict=True)]
    return {"low": low, "high": high, "log": axis["type"] == "log", "ticks": ticks}


def _percent(value: float) -> str:
    return f"{short(100 * value, 3)}%"


def _rounded(value: float | None) -> float | None:
    """Five digits are enough for a picture; None for a value that cannot be drawn."""
    return float(f"{value:.5g}") if value is not None and math.isfinite(value) else None
