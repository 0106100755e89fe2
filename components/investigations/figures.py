"""The picture of an investigation as a Plotly figure, from data alone."""

from __future__ import annotations

import math
from functools import singledispatch
from typing import Any

import plotly.graph_objects as go

from backend.questions.pictures import Bars, Chart, Lines, Links, Spread
from backend.words import short
from components.charts.axes import log_axis, ratio_axis
from components.investigations.colours import hue
from components.investigations.frame import HEIGHT, finish
from components.investigations.links import links
from components.text import for_plotly
from components.theme import NEUTRAL, text_on, translucent

_ROW = 24
#: The largest tick of an axis.
_LARGEST = 1e300
_LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}


@singledispatch
def figure(picture: Chart) -> go.Figure:
    """The figure of a picture; its title is in `layout.meta`. Raises TypeError for an unknown kind of picture."""
    raise TypeError(f"no figure for {type(picture).__name__}")


@figure.register
def _bars(picture: Bars) -> go.Figure:
    labels = [for_plotly(bar.label) for bar in picture.bars]
    ends = [sum(value for value, _ in bar.parts) for bar in picture.bars]
    gap = 0.006 * max(map(abs, ends), default=0.0)
    traces: list[dict[str, Any]] = []
    for bar, label in zip(picture.bars, labels, strict=True):
        start, own = 0.0, gap if bar.split else 0.0
        for j, (value, colour) in enumerate(bar.parts):
            text = bar.texts[j] if j < len(bar.texts) else ""
            traces.append(_part(label, start + own, value - 2 * own, hue(colour), text))
            start += value
    traces.append(
        {
            "type": "scatter",
            "mode": "text",
            "x": [max(end, 0.0) for end in ends],  # beside the bar; right of the zero line if the bar is left of it
            "y": labels,
            "text": [f" <b>{bar.text}</b>" for bar in picture.bars],
            "textposition": "middle right",
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    )
    finite = [end for end in ends if math.isfinite(end)] or [1.0]
    low, high = min(0.0, *finite), max(0.0, *finite)
    axis = {
        "range": [1.05 * low, high + 0.3 * ((high - low) or 1.0)],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": True,
        "zerolinewidth": 2,
        "zerolinecolor": NEUTRAL,
    }
    layout = {"barmode": "overlay", "bargap": 0.3, "xaxis": axis, "yaxis": {"autorange": "reversed"}}
    return finish(traces, layout, picture.title, 26 + 30 * len(labels))


def _part(label: str, start: float, length: float, colour: str, text: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "base": [start],
        "x": [length],
        "y": [label],
        "text": [text],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": text_on(colour)},
        "marker": {"color": colour},
        "hoverinfo": "skip",
    }


@figure.register
def _spread(picture: Spread) -> go.Figure:
    traces: list[dict[str, Any]] = []
    for row in picture.rows:
        label = f"<b>{for_plotly(row.label)}</b>" if row.emphasised else for_plotly(row.label)
        colour = hue(row.colour)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": list(row.values),
                "y": [label] * len(row.values),
                "marker": {"color": colour, "size": 9, "opacity": 0.9 if row.low is None else 0.35},
                "hovertemplate": "%{x}<extra></extra>",
                "xhoverformat": ".3g",
            }
        )
        if row.low is not None and row.high is not None:
            ends = {"x": [row.low, row.high], "y": [label, label], "hoverinfo": "skip"}
            caps = {"symbol": "line-ns-open", "size": 14, "color": colour, "line": {"width": 3}}
            bar = {"type": "scatter", "mode": "lines+markers", "line": {"color": colour, "width": 3}, "marker": caps}
            traces.append(bar | ends)
    layout = {"xaxis": _ratio_axis(picture), "yaxis": {"autorange": "reversed", "type": "category"}}
    return finish(traces, layout, picture.title, 66 + _ROW * len(picture.rows), [picture.reference])


def _ratio_axis(picture: Spread) -> dict[str, Any]:
    """The axis of the values. It is linear for the scales "percent" and "linear", and for values within a factor of 3.

    Otherwise it is logarithmic. An axis of ratios has a tick at 1.
    """
    if picture.scale in ("percent", "linear"):
        return {"zeroline": False} | ({"tickformat": ".0%"} if picture.scale == "percent" else {})
    ends = [end for row in picture.rows for end in (row.low, row.high) if end is not None]
    values = [value for row in picture.rows for value in row.values] + ends + [picture.reference.value]
    values = [min(max(value, 1 / _LARGEST), _LARGEST) for value in values if 0 < value < math.inf]
    if max(values) <= 3 * min(values):
        return {}
    if picture.scale == "shares":
        axis = log_axis(values)
        axis["ticktext"] = [f"{short(100 * tick, 1)}%" for tick in axis["tickvals"]]
    else:
        axis = ratio_axis(values)
    del axis["range"]  # Plotly's own range has room for marks at an end, and for the name of the reference
    return axis | {"tickangle": 0}


@figure.register
def _lines(picture: Lines) -> go.Figure:
    traces: list[dict[str, Any]] = []
    for line in picture.lines:
        colour = hue(line.colour)
        style = {"color": colour, "dash": line.dash, "width": 2.5}
        trace: dict[str, Any] = {"type": "scatter", "mode": "lines", "name": for_plotly(line.name), "line": style}
        if picture.filled:  # from the zero line up, and down again
            trace |= {"x": [picture.x[0], *picture.x], "y": [0, *line.values], "fill": "tozeroy"}
            trace |= {"line": style | {"shape": "hv"}, "fillcolor": translucent(colour, 0.18)}
        else:
            trace |= {"x": list(picture.x), "y": list(line.values)}
        traces.append(trace)
    layout = {
        "xaxis": {},
        "yaxis": {"rangemode": "tozero" if picture.filled else "normal", "nticks": 4},
        "legend": _LEGEND,
    }
    return finish(traces, layout, picture.title, HEIGHT)


@figure.register
def _links(picture: Links) -> go.Figure:
    return links(picture)
