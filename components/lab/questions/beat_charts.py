"""Pictures of question 5: the front of the fixed weights, or the losses of several heads, and Δm with its intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.lab.questions.beat.compare import MARGIN, Difference, changes, differences, reference, side, vertices
from backend.lab.questions.beat.evidence import Entry, Evidence
from backend.lab.questions.beat.words import percent, within
from backend.words import listed
from components.charts.axes import ratio_axis
from components.charts.figure import unchecked_figure
from components.theme import NEUTRAL, method_colour, translucent

HEIGHT = 380
_MARGIN = {"l": 52, "r": 12, "t": 8, "b": 40}
_SIZE = 12
_ROW = 46
#: By the position of the method, beside its colour.
SHAPES = ("diamond", "square", "triangle-up", "star", "cross", "triangle-down", "pentagon", "hexagram")
_FIXED = method_colour("fixed")


def short_title(entry: Entry) -> str:
    """The name of a method where there is little room."""
    title = entry.title
    return title[title.index("(") + 1 : -1] if title.endswith(")") else title


def losses_title(evidence: Evidence) -> str:
    """Which methods are clearly beyond or behind the front; with more heads, which are lower in all of them."""
    if len(evidence.settings.heads) != 2:
        lower = [short_title(each.entry) for each in differences(evidence) if all(x < 0 for x in each.heads)]
        if not lower:
            return "No method has a lower median loss in every head than the tuned fixed weights"
        verb = "has" if len(lower) == 1 else "have"
        return f"{listed(lower)} {verb} a lower median loss in every head than the tuned fixed weights"
    sides = {each: [e for e in evidence.methods if side(evidence, e) == each] for each in ("beyond", "behind")}
    parts = [
        f"{listed(map(short_title, found))} {'is' if len(found) == 1 else 'are'} {where} the front of the fixed weights"
        for where, found in sides.items()
        if found
    ]
    return "; ".join(parts) or "No method is clearly beyond or behind the front of the fixed weights"


def losses(evidence: Evidence) -> go.Figure:
    """Both losses of every entry with the front of the fixed weights; with more heads, all losses as lines."""
    return _front(evidence) if len(evidence.settings.heads) == 2 else _lines(evidence)


def _front(evidence: Evidence) -> go.Figure:
    points = {id(entry): typical(entry) for entry in (*evidence.fixed, *evidence.methods)}
    on, best = vertices(evidence), reference(evidence)
    line = [points[id(entry)] for entry in on]
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": [x for x, _ in line], "y": [y for _, y in line],
            "line": {"color": translucent(_FIXED, 0.6), "width": 2}, "hoverinfo": "skip", "showlegend": False,
        },
    ]  # fmt: skip
    for entry in evidence.fixed:
        symbol = "circle" if entry is best else "circle-open" if entry in on else "x-thin-open"
        x, y = points[id(entry)]
        traces.append(
            _mark(x, y, entry, {"symbol": symbol, "size": 11, "color": _FIXED, "line": {"width": 2}}, "fixed weights ")
            | {"mode": "markers+text", "text": [entry.title], "textposition": "top right",
               "textfont": {"size": _SIZE}, "showlegend": False, "cliponaxis": False}
        )  # fmt: skip
    for i, entry in enumerate(evidence.methods):
        x, y = points[id(entry)]
        mark = {"symbol": SHAPES[i % len(SHAPES)], "size": 11, "color": translucent(method_colour(entry.key), 0.85)}
        traces.append(_mark(x, y, entry, mark, ""))
    first, second = evidence.settings.heads
    axis = {"type": "log", "zeroline": False, "dtick": "D2", "tickangle": 0}
    return unchecked_figure(
        traces,
        {
            "meta": losses_title(evidence), "height": HEIGHT, "margin": _MARGIN | {"t": 40, "r": 44},
            "hovermode": "closest", "showlegend": True,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": _SIZE}},
            "xaxis": axis | {"title": {"text": f"test loss of {first}"}},
            "yaxis": axis | {"title": {"text": f"test loss of {second}"}},
        },
    )  # fmt: skip


def _mark(x: float, y: float, entry: Entry, marker: dict[str, Any], before: str) -> dict[str, Any]:
    known = math.isfinite(x) and math.isfinite(y)
    return {
        "type": "scatter", "mode": "markers", "name": short_title(entry), "marker": marker,
        "x": [x] if known else [None], "y": [y] if known else [None],
        "hovertemplate": f"{before}{entry.title}<br>losses %{{x:.4g}}, %{{y:.4g}}<extra></extra>",
    }  # fmt: skip


def typical(entry: Entry) -> tuple[float, ...]:
    """The geometric mean of each head's losses over the test seeds; NaN where one is 0, NaN or infinite."""
    values = np.array(entry.tested, float)
    with np.errstate(all="ignore"):
        means = np.exp(np.log(values).mean(axis=0))
    return tuple(float(mean) if math.isfinite(mean) and mean > 0 else math.nan for mean in means)


def _lines(evidence: Evidence) -> go.Figure:
    best, heads = reference(evidence), list(evidence.settings.heads)
    traces: list[dict[str, Any]] = []
    for i, entry in enumerate((*evidence.fixed, *evidence.methods)):
        changed = np.median(1 + changes(entry, best), axis=0)
        fixed = entry.key == "fixed"
        colour = NEUTRAL if fixed else method_colour(entry.key)
        name = f"fixed {entry.title}" if fixed else short_title(entry)
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": heads, "name": "fixed weights" if fixed else name,
                "y": [float(x) if math.isfinite(x) and x > 0 else None for x in changed],
                "legendgroup": "fixed" if fixed else name, "showlegend": i == 0 or not fixed,
                "line": {"color": translucent(colour, 0.5) if fixed else colour, "width": 1 if fixed else 2},
                "marker": {"size": 5 if fixed else 9, "color": colour,
                           "symbol": "circle" if fixed else SHAPES[(i - len(evidence.fixed)) % len(SHAPES)]},
                "hovertemplate": f"{name}<br>%{{x}}: %{{y:.3g}} × the tuned fixed weights<extra></extra>",
            }
        )  # fmt: skip
    return unchecked_figure(
        traces,
        {
            "meta": losses_title(evidence), "height": HEIGHT, "margin": _MARGIN | {"t": 40}, "hovermode": "closest",
            "showlegend": True,
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": _SIZE}},
            "xaxis": {"type": "category", "zeroline": False},
            "yaxis": {**ratio_axis(y for trace in traces for y in trace["y"] if y is not None), "zeroline": False,
                      "title": {"text": "median loss ÷ the tuned fixed weights’"}},
            "shapes": [_vertical(1.0, "y")],
        },
    )  # fmt: skip


def _vertical(at: float, axis: str) -> dict[str, Any]:
    across = "x" if axis == "y" else "y"
    return {
        "type": "line", f"{axis}0": at, f"{axis}1": at, f"{across}0": 0, f"{across}1": 1, f"{across}ref": "paper",
        "line": {"color": _FIXED, "width": 2},
    }  # fmt: skip


def delta_title(evidence: Evidence) -> str:
    """How many methods are better than the tuned fixed weights."""
    groups: dict[str, list[str]] = {}
    for each in differences(evidence):
        groups.setdefault(each.outcome, []).append(short_title(each.entry))
    best = reference(evidence).title
    if better := groups.get("better"):
        return f"{listed(better)} {'beats' if len(better) == 1 else 'beat'} the tuned fixed weights {best}"
    if unknown := groups.get("cannot tell"):
        return f"No method is clearly better than the tuned fixed weights {best}; open: {listed(unknown)}"
    return f"No method beats the tuned fixed weights {best}"


def delta(evidence: Evidence) -> go.Figure:
    """Δm of each method: a ring for each test seed, the interval, and the median."""
    found = differences(evidence)
    traces: list[dict[str, Any]] = []
    for row, each in enumerate(found):
        traces += _row(row, each)
    low, high = _reach(found)
    return unchecked_figure(
        traces,
        {
            "meta": delta_title(evidence), "height": max(180, 70 + _ROW * len(found)),
            "margin": _MARGIN | {"l": 104, "r": 20}, "showlegend": False, "hovermode": "closest",
            "xaxis": {"range": [low, high], "zeroline": False, "ticksuffix": " %", "nticks": 6,
                      "title": {"text": "Δm: better ← 0 → worse"}},
            "yaxis": {"range": [len(found) - 0.5, -0.5], "tickvals": list(range(len(found))), "zeroline": False,
                      "showgrid": False, "ticktext": [short_title(each.entry) for each in found]},
            "shapes": [
                {"type": "rect", "x0": -100 * MARGIN, "x1": 100 * MARGIN, "y0": 0, "y1": 1, "yref": "paper",
                 "fillcolor": translucent(NEUTRAL, 0.15), "line": {"width": 0}, "layer": "below"},
                _vertical(0.0, "x"),
            ],
        },
    )  # fmt: skip


def _row(row: int, each: Difference) -> list[dict[str, Any]]:
    """The traces of a method. What is infinite is beyond the right end, and the words say so."""
    colour, interval = method_colour(each.entry.key), each.interval
    seeds = [100 * value for value in each.seeds if math.isfinite(value)]
    hover = f"{each.entry.title}: median {percent(each.median)}, interval {within(interval)}, {each.outcome}"
    rings = {
        "type": "scatter", "mode": "markers", "x": seeds, "y": [row] * len(seeds),
        "marker": {"symbol": "circle-open", "size": 7, "color": translucent(colour, 0.8)},
        "hovertemplate": "a test seed: %{x:.3g} %<extra></extra>",
    }  # fmt: skip
    traces: list[dict[str, Any]] = []
    if interval is not None and math.isfinite(interval.low) and math.isfinite(interval.high):
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [100 * interval.low, 100 * interval.high], "y": [row, row],
                "line": {"color": translucent(colour, 0.45), "width": 8}, "hoverinfo": "skip",
            }
        )  # fmt: skip
    traces.append(rings)
    if math.isfinite(each.median):
        traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [100 * each.median], "y": [row],
                "marker": {"symbol": "diamond", "size": 13, "color": colour},
                "hovertemplate": f"{hover}<extra></extra>",
            }
        )  # fmt: skip
    return traces


def _reach(found: tuple[Difference, ...]) -> tuple[float, float]:
    """The ends of the axis, in percent: all finite values, and at least twice the margin."""
    values = [100 * value for each in found for value in each.seeds if math.isfinite(value)]
    low, high = min([*values, -200 * MARGIN]), max([*values, 200 * MARGIN])
    space = 0.05 * (high - low)
    return low - space, high + space


def alt(evidence: Evidence) -> str:
    """What the picture of Δm shows, for a screen reader."""
    parts = [f"{each.entry.title} {percent(each.median)}, {each.outcome}" for each in differences(evidence)]
    return f"Median Δm against the tuned fixed weights: {'; '.join(parts)}"
