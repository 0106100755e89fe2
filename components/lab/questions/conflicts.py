"""The pictures of question 2: conflict rate and cosine, for each relatedness or pair of heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from backend.lab.questions.conflict.evidence import Evidence, Series, mean_of, spread
from components.charts.figure import integer_axis, unchecked_figure
from components.theme import NEUTRAL, POSITIVE, task_hue, translucent

HEIGHT = 280
#: Pairs that are drawn: those that conflict most often.
MOST = 6
_MARGIN = {"l": 84, "r": 12, "t": 8, "b": 36}
_SIZE = 12
_DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
_SHARES = {
    "range": [-0.03, 1.03], "tickvals": [0, 0.25, 0.5, 0.75, 1], "ticktext": ["0%", "25%", "50%", "75%", "100%"],
    "zeroline": False,
}  # fmt: skip
_COSINES = {
    "range": [-1.05, 1.05], "tickvals": [-1, -0.5, 0, 0.5, 1], "ticktext": ["−1", "−0.5", "0", "0.5", "1"],
    "zeroline": False,
}  # fmt: skip


def drawn(evidence: Evidence) -> list[Series]:
    """What is drawn: every relatedness in order, or the pairs that conflict most often."""
    if evidence.settings.dial:
        return sorted(evidence.series, key=lambda each: each.rho or 0.0)
    return sorted(evidence.series, key=lambda each: -_level(each.of_seeds("rates")))[:MOST]


def rates(evidence: Evidence) -> go.Figure:
    """The share of the batches in which two heads conflict."""
    return _rows(evidence, "rates", "Share of the batches in conflict", _SHARES, 0.5)


def cosines(evidence: Evidence) -> go.Figure:
    """The cosine between the gradients. Below 0 they conflict."""
    return _rows(evidence, "cosines", "Cosine between the gradients", _COSINES, 0.0)


def epochs(evidence: Evidence) -> go.Figure:
    """The share of the batches in conflict over the epochs: a line for each row, the median of its seeds."""
    shown = drawn(evidence)
    traces: list[dict[str, Any]] = []
    for row, series in enumerate(shown):
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": evidence.settings.measured,
                "y": [_median(column) for column in zip(*series.rates, strict=True)], "name": series.label,
                "line": {"color": _colour(evidence, row, len(shown)), "width": 2, "dash": _DASHES[row % len(_DASHES)]},
                "marker": {"size": 5},
                "hovertemplate": f"{series.label}: %{{y:.0%}}<extra></extra>",
            }
        )  # fmt: skip
    return unchecked_figure(
        traces,
        {
            "meta": "Share of the batches in conflict, by epoch", "height": HEIGHT, "margin": _MARGIN | {"l": 48},
            "hovermode": "closest", "yaxis": _SHARES, "showlegend": True,
            "xaxis": {"zeroline": False, **integer_axis(evidence.settings.epochs)},
            "legend": {"orientation": "h", "y": -0.12, "font": {"size": _SIZE}},
        },
    )  # fmt: skip


def _rows(
    evidence: Evidence, what: Literal["rates", "cosines"], title: str, axis: dict[str, Any], level: float
) -> go.Figure:
    """A row for each series: a ring for each seed, a bar for the interval, a diamond for the median."""
    shown = drawn(evidence)
    traces: list[dict[str, Any]] = []
    for row, series in enumerate(shown):
        values = [value if math.isfinite(value) else None for value in series.of_seeds(what)]
        traces += _marks(row, series.label, values, _colour(evidence, row, len(shown)))
    line = {
        "type": "line", "x0": level, "x1": level, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": NEUTRAL, "dash": "dash", "width": 1},
    }  # fmt: skip
    return unchecked_figure(
        traces,
        {
            "meta": title, "height": HEIGHT, "margin": _MARGIN, "showlegend": False, "hovermode": "closest",
            "xaxis": axis, "shapes": [line],
            "yaxis": {
                "range": [len(shown) - 0.4, -0.6], "tickvals": list(range(len(shown))), "zeroline": False,
                "showgrid": False, "tickfont": {"size": _SIZE}, "ticktext": [_short(each) for each in shown],
            },
        },
    )  # fmt: skip


def _marks(row: int, label: str, values: Sequence[float | None], colour: str) -> list[dict[str, Any]]:
    hover = f"{label}: %{{x:.3g}}<extra></extra>"
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "markers", "x": list(values), "y": [row] * len(values), "hovertemplate": hover,
            "marker": {"symbol": "circle-open", "size": 6, "color": translucent(colour, 0.6)},
        }
    ]  # fmt: skip
    defined = [value for value in values if value is not None]
    if len(defined) < len(values):
        return traces
    if found := spread(defined):
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [found.low, found.high], "y": [row, row], "hoverinfo": "skip",
                "line": {"color": colour, "width": 3},
            }
        )  # fmt: skip
    traces.append(
        {
            "type": "scatter", "mode": "markers", "x": [float(np.median(defined))], "y": [row], "hovertemplate": hover,
            "marker": {"symbol": "diamond", "size": 10, "color": colour},
        }
    )  # fmt: skip
    return traces


def _colour(evidence: Evidence, row: int, count: int) -> str:
    """Along the dial from grey to blue; a pair has the hue of its place in the list."""
    if not evidence.settings.dial:
        return task_hue(row)
    return _mixed(NEUTRAL, POSITIVE, row / max(count - 1, 1))


def _mixed(one: str, other: str, share: float) -> str:
    """A colour between two (#rrggbb)."""
    channels = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def _short(series: Series) -> str:
    if series.rho is not None:
        return series.label
    return ",<br>".join(name if len(name) <= 12 else name[:11] + "…" for name in series.heads)


def _level(values: list[float]) -> float:
    mean = mean_of(tuple(values))
    return mean if math.isfinite(mean) else -1.0


def _median(values: Sequence[float]) -> float | None:
    defined = [value for value in values if math.isfinite(value)]
    return float(np.median(defined)) if defined else None
