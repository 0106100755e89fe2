"""What every figure of an investigation has: height, margins, a legend, and a line for each reference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from backend.questions.pictures import Reference
from components.charts.figure import unchecked_figure
from components.text import for_plotly
from components.theme import NEUTRAL

HEIGHT = 140
_MARGIN = {"l": 4, "r": 8, "t": 6, "b": 4}


def finish(
    traces: list[dict[str, Any]],
    layout: dict[str, Any],
    title: str,
    height: int,
    references: Sequence[Reference] = (),
) -> go.Figure:
    """A figure of `height` pixels with a named vertical line for each reference."""
    log = layout["xaxis"].get("type") == "log"
    ends = {"yref": "paper", "y0": 0, "y1": 1}
    dash = {"color": NEUTRAL, "dash": "dash", "width": 1.5}
    shapes = [{"type": "line", "x0": line.value, "x1": line.value, "line": dash} | ends for line in references]
    top = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False}
    notes = [
        {"x": math.log10(line.value) if log else line.value, "text": for_plotly(line.name)} | top for line in references
    ]
    has_legend = any("name" in trace for trace in traces)
    common = {
        "meta": title,
        "height": height,
        "margin": _MARGIN | ({"t": 20} if references and not has_legend else {}),
        "showlegend": has_legend,
        "shapes": [*layout.get("shapes", []), *shapes],
        "annotations": [*layout.get("annotations", []), *notes],
    }
    return unchecked_figure(traces, layout | common)
