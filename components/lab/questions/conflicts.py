"""The pictures of question 2: conflict rate and cosine, for each relatedness or pair of heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.questions.lab import pictures
from backend.questions.lab.conflict.evidence import Evidence
from backend.questions.pictures import Spread
from components.charts.figure import integer_axis, unchecked_figure
from components.investigations.colours import hue
from components.lab.questions import rows

HEIGHT = 280
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


def rates(evidence: Evidence) -> go.Figure:
    """The share of the batches in which two heads conflict."""
    return rows.figure(_labelled(pictures.conflict(evidence)), _SHARES, HEIGHT, _MARGIN)


def cosines(evidence: Evidence) -> go.Figure:
    """The cosine between the gradients. Below 0 they conflict."""
    return rows.figure(_labelled(pictures.cosines(evidence)), _COSINES, HEIGHT, _MARGIN)


def epochs(evidence: Evidence) -> go.Figure:
    """The share of the batches in conflict over the epochs: a line for each row, the median of its seeds."""
    drawn_series = pictures.drawn_series(evidence)
    traces: list[dict[str, Any]] = []
    for row, series in enumerate(drawn_series):
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": evidence.settings.measured_epochs,
                "y": [_median(column) for column in zip(*series.rates, strict=True)], "name": series.label,
                "line": {"color": hue(pictures.colour(evidence, row)), "width": 2, "dash": _DASHES[row % len(_DASHES)]},
                "marker": {"size": 5},
                "hovertemplate": f"{series.label}: %{{y}}<extra></extra>",
                "yhoverformat": ".0%",
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


def _labelled(picture: Spread) -> Spread:
    """The picture with labels in two lines, one for each head of a pair."""
    return replace(picture, rows=[replace(row, label=row.label.replace(", ", ",<br>")) for row in picture.rows])


def _median(values: Sequence[float]) -> float | None:
    defined = [value for value in values if math.isfinite(value)]
    return float(np.median(defined)) if defined else None
