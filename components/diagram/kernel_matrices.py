"""The kernels that read the last shared layer, as matrices: one for a fused output layer, or one per head."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges, edges
from backend.words import short, shortened
from components import theme
from components.charts import figure as chart
from components.diagram.labels import INK
from components.diagram.pens import Weights, matrix, scale_of
from components.diagram.plan import Focus, Plan, plan
from components.diagram.titles import neuron_title
from components.text import for_plotly

#: Height of the figure in pixels, that of the diagram beside it.
HEIGHT = 430
#: The smallest kernel gets room for this many rows and columns, so that its cells are nearly square.
_ROWS, _COLUMNS = 12, 4
#: Room between the kernels of two heads, in cells.
_GAP = 0.4
#: The smallest share of a matrix's width at which a head's columns show its name; narrower ones show only its hue.
_NAMED = 0.2
_CLEAR = "rgba(0,0,0,0)"
#: One colour step per hue; a cell's value is the index of its hue.
_HUES = [
    [(place + end) / len(theme.TASK_HUES), theme.translucent(hue, 0.75)]
    for place, hue in enumerate(theme.TASK_HUES)
    for end in (0, 1)
]


@dataclass(frozen=True)
class _Side:
    """One style's matrix: the blocks it consists of, and where the columns of each start, in cells from the left."""

    picture: Plan
    style: Style
    axis: str
    blocks: list[Edges]
    starts: list[float]

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Start and end of each block's columns."""
        return [(start, start + self.picture.size(b)[1]) for start, b in zip(self.starts, self.blocks, strict=True)]

    @property
    def columns(self) -> int:
        """Columns drawn."""
        return sum(self.picture.size(block)[1] for block in self.blocks)

    @property
    def all_columns(self) -> int:
        """Columns of all kernels, drawn or folded."""
        shared = self.picture.shared.group
        all_blocks = edges(self.picture.architecture, self.style)
        return sum(b.count for b in all_blocks if b.head and b.source == shared.name) // shared.units


def shape_words(architecture: Architecture, style: Style) -> str:
    """The shapes of the kernels that read the last shared layer: “kernel (8, 2)”, “2 × kernel (8, 1)”."""
    rows = architecture.trunk_units
    if style.outputs == "fused":
        return f"kernel ({rows}, {architecture.output_units})"
    shapes = [f"({rows}, {head.hidden[0] if head.hidden else head.units})" for head in architecture.heads]
    if len(set(shapes)) == 1:
        return ("" if len(shapes) == 1 else f"{len(shapes)} × ") + f"kernel {shapes[0]}"
    return f"{len(shapes)} kernels: {shortened(shapes, 4)}"


def figure(
    architecture: Architecture,
    styles: tuple[Style, Style],
    focus: Focus | None = None,
    weights: tuple[Weights, Weights] | None = None,
) -> go.Figure:
    """The matrices of both styles, one scale for both: rows are the shared layer's neurons, columns the heads' units.

    Without `weights`, a cell has the hue of its head. A focus keeps its row or column bright and fades the others.
    """
    sides = [_side(plan(architecture), style, axis) for style, axis in zip(styles, ("x", "x2"), strict=True)]
    scale = scale_of(sides[0].blocks, *(weights or ()))
    traces, shapes, words = [], [], []
    for i, side in enumerate(sides):
        traces += _cells(side, focus, weights[i] if weights else None, scale)
        shapes += _frames(side)
        words += _words(side, scale if weights else None)
    return chart.unchecked_figure(traces, _layout(plan(architecture), shapes, words))


def _side(picture: Plan, style: Style, axis: str) -> _Side:
    blocks = [b for b in picture.blocks(style) if b.head and b.source == picture.shared.group.name]
    gap = 0 if style.outputs == "fused" else _GAP
    starts = np.cumsum([0, *(picture.size(block)[1] + gap for block in blocks[:-1])])
    return _Side(picture, style, axis, blocks, [float(start) for start in starts])


def _cells(side: _Side, focus: Focus | None, weights: Weights | None, scale: float) -> list[dict[str, Any]]:
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


def _frames(side: _Side) -> list[dict[str, Any]]:
    """A strip of the head's hue above its columns, and a frame around each kernel."""
    hues = [theme.task_hue(side.picture.position(block.head)) for block in side.blocks]
    strips = [
        _rectangle(side.axis, start + 0.06, end - 0.06, (0.12, 0.36), _CLEAR, hue)
        for (start, end), hue in zip(side.spans, hues, strict=True)
    ]
    kernels = list(zip(side.spans, hues, strict=True))
    if side.style.outputs == "fused":
        kernels = [((side.spans[0][0], side.spans[-1][1]), theme.NEUTRAL)]
    bottom = -float(side.picture.shared.shown)
    return strips + [_rectangle(side.axis, *span, (bottom, 0.0), hue, _CLEAR) for span, hue in kernels]


def _rectangle(axis: str, x0: float, x1: float, ys: tuple[float, float], line: str, fill: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": axis,
        "yref": "y",
        "x0": x0,
        "x1": x1,
        "y0": ys[0],
        "y1": ys[1],
        "line": {"color": line, "width": 1.2},
        "fillcolor": fill,
    }


def _words(side: _Side, scale: float | None) -> list[dict[str, Any]]:
    """Above a matrix its style and heads; below it the shape, how much is drawn, and the ends of the colour scale."""
    picture = side.picture
    lines = wrap(shape_words(picture.architecture, side.style), 20)
    if picture.shared.folded or side.columns < side.all_columns:
        lines.append(f"{picture.shared.shown} × {side.columns} drawn")
    if scale is not None:
        lines.append(f"colour: ±{short(scale)}")
    title = side.style.title.replace(", ", ",<br>")
    words = [
        _word(side.axis, f"<b>{title}</b>", 0, 0.4, size=12, yshift=66),
        _word(side.axis, "<br>".join(lines), 0, -picture.shared.shown, size=11, yshift=-6, yanchor="top"),
    ]
    width = max(side.spans[-1][1], _COLUMNS)
    for block, (start, end) in zip(side.blocks, side.spans, strict=True):
        if (end - start) / width >= _NAMED:
            name = for_plotly(picture.heads[picture.position(block.head)].title, 10)
            middle = (start + end) / 2
            words.append(_word(side.axis, name, middle, 0.38, size=10, yshift=2, textangle=-90, xanchor="center"))
    return words


def _word(axis: str, text: str, x: float, y: float, *, size: int, **more: Any) -> dict[str, Any]:
    place = {"xref": axis, "yref": "y", "x": x, "y": y, "xanchor": "left", "yanchor": "bottom", "align": "left"}
    return {**place, "text": text, "showarrow": False, "font": {"size": size}, **more}


def _layout(picture: Plan, shapes: list[dict[str, Any]], words: list[dict[str, Any]]) -> dict[str, Any]:
    columns = sum(picture.first(head).shown for head in picture.heads)
    width = max(_COLUMNS, columns + _GAP * (len(picture.heads) - 1)) + 0.1
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
