"""The kernels that read the last shared layer, as matrices: one for a fused output layer, or one per head."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges
from backend.words import short
from components import theme
from components.charts import figure as chart
from components.diagram.kernel_labels import frames, words
from components.diagram.kernel_side import GAP, MIN_COLUMNS, Side, side_of
from components.diagram.labels import INK
from components.diagram.pens import Weights, matrix, scale_of
from components.diagram.plan import Focus, Plan, plan
from components.diagram.titles import neuron_title
from components.text import for_plotly

#: Height of the figure in pixels, that of the diagram beside it.
HEIGHT = 430
#: The smallest kernel gets room for this many rows, so that its cells are nearly square.
_ROWS = 12
#: One colour step per hue; a cell's value is the index of its hue.
_HUES = [
    [(place + end) / len(theme.TASK_HUES), theme.translucent(hue, 0.75)]
    for place, hue in enumerate(theme.TASK_HUES)
    for end in (0, 1)
]


def figure(
    architecture: Architecture,
    styles: tuple[Style, Style],
    focus: Focus | None = None,
    weights: tuple[Weights, Weights] | None = None,
) -> go.Figure:
    """The matrices of both styles, one scale for both: rows are the shared layer's neurons, columns the heads' units.

    Without `weights`, a cell has the hue of its head. A focus keeps its row or column bright and fades the others.
    """
    sides = [side_of(plan(architecture), style, axis) for style, axis in zip(styles, ("x", "x2"), strict=True)]
    scale = scale_of(sides[0].blocks, *(weights or ()))
    traces, shapes, labels = [], [], []
    for i, side in enumerate(sides):
        traces += _cells(side, focus, weights[i] if weights else None, scale)
        shapes += frames(side)
        labels += words(side, scale if weights else None)
    return chart.unchecked_figure(traces, _layout(plan(architecture), shapes, labels))


def _cells(side: Side, focus: Focus | None, weights: Weights | None, scale: float) -> list[dict[str, Any]]:
    """Two heatmaps, one above the other: all cells faint, and above them the highlighted cells."""
    picture, rows = side.picture, side.picture.shared.shown
    walls: list[float] = [0.0]
    values, highlighted, about = [], [], []
    for block, (start, _) in zip(side.blocks, side.spans, strict=True):
        size = picture.size(block)
        if start > walls[-1]:
            walls.append(start)
            values.append(np.full((rows, 1), np.nan))
            highlighted.append(np.zeros((rows, 1), dtype=bool))
            about.append(np.full((rows, 1), "", dtype=object))
        walls += [start + i for i in range(1, size[1] + 1)]
        hue = picture.position(block.head) % len(theme.TASK_HUES)
        values.append(np.full(size, float(hue)) if weights is None else matrix(weights, block, size))
        highlighted.append(picture.highlighted(block, focus))
        about.append(_about(picture, block, None if weights is None else values[-1]))
    cells = np.hstack(values)
    common = {
        "type": "heatmap",
        "x": walls,
        "y": [-float(row) for row in range(rows + 1)],
        "xaxis": side.axis,
        "xgap": 1,
        "ygap": 1,
        "colorscale": _HUES if weights is None else theme.DIVERGING,
        "zmin": -0.5 if weights is None else -scale,
        "zmax": len(theme.TASK_HUES) - 0.5 if weights is None else scale,
        "showscale": False,
        "hoverongaps": False,
    }
    bright = np.where(np.hstack(highlighted), cells, np.nan)
    return [
        {**common, "z": cells, "opacity": 0.2, "text": np.hstack(about), "hoverinfo": "text"},
        {**common, "z": bright, "text": np.hstack(about), "hoverinfo": "text"},
    ]


def _about(picture: Plan, block: Edges, values: np.ndarray | None) -> np.ndarray:
    """The hover text of each cell: its two neurons, and the weight."""
    rows, columns = picture.size(block)
    sources = [neuron_title(picture, Focus(block.source, i)) for i in range(rows)]
    targets = [neuron_title(picture, Focus(block.target, j)) for j in range(columns)]
    texts = np.empty((rows, columns), dtype=object)
    for i, source in enumerate(sources):
        for j, target in enumerate(targets):
            weight = "" if values is None else f"<br>weight {short(float(values[i, j]), 3)}"
            texts[i, j] = for_plotly(f"{source} → {target}", 90) + weight
    return texts


def _layout(picture: Plan, shapes: list[dict[str, Any]], words: list[dict[str, Any]]) -> dict[str, Any]:
    columns = sum(picture.first(head).shown for head in picture.heads)
    width = max(MIN_COLUMNS, columns + GAP * (len(picture.heads) - 1)) + 0.1
    rows = range(picture.shared.shown)
    axis = {"visible": False, "fixedrange": True, "range": [-0.1, width]}
    return {
        "height": HEIGHT,
        "margin": {"t": 104, "b": 64, "l": 30, "r": 4},
        "xaxis": {**axis, "domain": [0, 0.47]},
        "xaxis2": {**axis, "domain": [0.53, 1], "anchor": "y"},
        "yaxis": {
            "range": [-_ROWS, 0.4],
            "fixedrange": True,
            "tickvals": [-row - 0.5 for row in rows],
            "ticktext": [str(row + 1) for row in rows],
            "tickfont": {"size": 10, "color": INK},
            "ticks": "",
            "showgrid": False,
            "zeroline": False,
        },
        "font": {"color": INK},
        "hoverlabel": {"font": {"color": INK}},
        "showlegend": False,
        "dragmode": False,
        "uirevision": "kernels",
        "annotations": words,
        "shapes": shapes,
    }
