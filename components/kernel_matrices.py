"""The kernels that read the last shared layer, as matrices: one of a fused output layer, or one a head, joined."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.architecture import Architecture
from backend.layers import Edges, edges
from backend.styles.base import Style
from components import theme
from components.connectivity_labels import INK
from components.connectivity_pens import Weights, matrix
from components.connectivity_plan import Focus, Plan, neuron_title, plan
from components.text import for_plotly

#: Height of the figure in pixels, that of the diagram beside it.
HEIGHT = 430
#: Rows and columns that the smallest kernel is given room for, so that its cells stay near square.
_ROWS, _COLUMNS = 12, 4
#: Room between the kernels of two heads, in cells.
_GAP = 0.4
#: Share of a matrix's width from which a head's columns carry its name; narrower ones have its hue alone.
_NAMED = 0.11
_HUES = [
    [(i + end) / len(theme.TASK_HUES), theme.translucent(hue, 0.75)]
    for i, hue in enumerate(theme.TASK_HUES)
    for end in (0, 1)
]


def shape_words(architecture: Architecture, style: Style) -> str:
    """The shapes of the kernels that read the last shared layer: “kernel (8, 2)”, “2 × kernel (8, 1)”."""
    rows = architecture.trunk_units
    if style.outputs == "fused":
        return f"kernel ({rows}, {architecture.output_units})"
    shapes = [f"({rows}, {head.hidden[0] if head.hidden else head.units})" for head in architecture.heads]
    if len(set(shapes)) == 1:
        return ("" if len(shapes) == 1 else f"{len(shapes)} × ") + f"kernel {shapes[0]}"
    listed = ", ".join(shapes[:4]) + (", …" if len(shapes) > 4 else "")
    return f"{len(shapes)} kernels: {listed}"


def figure(
    architecture: Architecture,
    styles: tuple[Style, Style],
    focus: Focus | None = None,
    weights: tuple[Weights, Weights] | None = None,
    scale: float = 1.0,
) -> go.Figure:
    """The matrices of both styles, one scale for both: rows are the shared layer's neurons, columns the heads' units.

    Without `weights` a cell has the hue of its head. A focus keeps its row or column bright and fades the others.
    """
    picture = plan(architecture)
    traces, shapes, words = [], [], []
    for side, style in enumerate(styles):
        axes = {"xaxis": "x" if side == 0 else "x2", "yaxis": "y"}
        blocks = [b for b in picture.blocks(style) if b.head and b.source == picture.shared.group.name]
        starts = _starts(picture, blocks, 0 if style.outputs == "fused" else _GAP)
        traces += _cells(picture, blocks, starts, focus, weights[side] if weights else None, scale, axes)
        shapes += _frames(picture, blocks, starts, style, axes["xaxis"])
        words += _words(picture, blocks, starts, style, axes["xaxis"])
    return go.Figure(traces, _layout(picture, shapes, words))


def _starts(picture: Plan, blocks: list[Edges], gap: float) -> list[float]:
    """Where each head's columns start, in cells from the left."""
    widths = [picture.size(block)[1] + gap for block in blocks]
    return [float(start) for start in np.cumsum([0, *widths[:-1]])]


def _cells(
    picture: Plan,
    blocks: list[Edges],
    starts: list[float],
    focus: Focus | None,
    weights: Weights | None,
    scale: float,
    axes: dict[str, str],
) -> list[dict[str, Any]]:
    """Two heatmaps over each other: all cells faint, and above them those that are lit."""
    rows = picture.shared.shown
    edges_x: list[float] = []
    columns, lit, about = [], [], []
    for block, start in zip(blocks, starts, strict=True):
        size = picture.size(block)
        if edges_x and start > edges_x[-1]:
            columns.append(np.full((rows, 1), np.nan))
            lit.append(np.zeros((rows, 1), dtype=bool))
            about.append(np.full((rows, 1), "", dtype=object))
            edges_x.append(start)
        edges_x += [start + i for i in range(0 if not edges_x else 1, size[1] + 1)]
        hue = picture.position(block.head) % len(theme.TASK_HUES)
        values = matrix(weights, block, size) if weights is not None else np.full(size, float(hue))
        columns.append(values)
        lit.append(picture.lit(block, focus) if focus else np.ones(size, dtype=bool))
        about.append(_about(picture, block, values if weights is not None else None))
    z, bright = np.hstack(columns), np.hstack(lit)
    colours = (
        {"colorscale": theme.DIVERGING, "zmin": -scale, "zmax": scale}
        if weights is not None
        else {"colorscale": _HUES, "zmin": -0.5, "zmax": len(theme.TASK_HUES) - 0.5}
    )
    common = {
        "type": "heatmap",
        "x": edges_x,
        "y": [-float(row) for row in range(rows + 1)],
        "xgap": 1,
        "ygap": 1,
        "showscale": False,
        **colours,
        **axes,
    }
    faint = {**common, "z": z, "opacity": 0.2, "hoverinfo": "skip", "hoverongaps": False}
    strong = {**common, "z": np.where(bright, z, np.nan), "text": np.hstack(about), "hoverinfo": "text"}
    return [faint, {**strong, "hoverongaps": False}]


def _about(picture: Plan, block: Edges, values: np.ndarray | None) -> np.ndarray:
    """What a pointer on a cell reads: from where to where, and the weight."""
    rows, columns = picture.size(block)
    texts = np.empty((rows, columns), dtype=object)
    target = picture.drawn[block.target].group
    for i in range(rows):
        for j in range(columns):
            source = neuron_title(picture, Focus(block.source, i))
            unit = (
                neuron_title(picture, Focus(target.name, j))
                if target.name == target.head
                else f"{target.name}, {j + 1}"
            )
            weight = "" if values is None else f"<br>{values[i, j]:+.3f}"
            texts[i, j] = for_plotly(f"{source} → {unit}", 90) + weight
    return texts


def _frames(picture: Plan, blocks: list[Edges], starts: list[float], style: Style, axis: str) -> list[dict[str, Any]]:
    """A frame round each kernel, and above each head's columns a strip of its hue."""
    bottom = -picture.shared.shown
    ends = [start + picture.size(block)[1] for block, start in zip(blocks, starts, strict=True)]
    spans = [(starts[0], ends[-1], theme.NEUTRAL)] if style.outputs == "fused" else []
    strips = []
    for block, start, end in zip(blocks, starts, ends, strict=True):
        hue = theme.task_hue(picture.position(block.head))
        strips.append(_rectangle(axis, start + 0.06, end - 0.06, 0.12, 0.36, "rgba(0,0,0,0)", hue))
        if style.outputs != "fused":
            spans.append((start, end, hue))
    return strips + [_rectangle(axis, start, end, bottom, 0, hue, None) for start, end, hue in spans]


def _rectangle(axis: str, x0: float, x1: float, y0: float, y1: float, line: str, fill: str | None) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": axis,
        "yref": "y",
        "x0": x0,
        "x1": x1,
        "y0": y0,
        "y1": y1,
        "line": {"color": line, "width": 1.5},
        "fillcolor": fill or "rgba(0,0,0,0)",
    }


def _words(picture: Plan, blocks: list[Edges], starts: list[float], style: Style, axis: str) -> list[dict[str, Any]]:
    """Above the matrix the style and the heads, below it the shape and what of it is drawn."""
    bottom = -picture.shared.shown
    lines = wrap(shape_words(picture.architecture, style), 20)
    columns = sum(picture.size(block)[1] for block in blocks)
    starts_end = max(starts[-1] + 1, _COLUMNS)
    all_columns = sum(
        block.count // picture.shared.group.units
        for block in edges(picture.architecture, style)
        if block.head and block.source == picture.shared.group.name
    )
    if picture.shared.folded or columns < all_columns:
        lines.append(f"{picture.shared.shown} × {columns} drawn")
    words = [
        _word(axis, f"<b>{style.title.replace(', ', ',<br>')}</b>", 0, 0.4, size=12, yshift=78),
        _word(axis, "<br>".join(lines), 0, bottom, size=11, yshift=-6, yanchor="top"),
    ]
    for block, start in zip(blocks, starts, strict=True):
        head = picture.heads[picture.position(block.head)]
        width = picture.size(block)[1]
        if width / starts_end < _NAMED:
            continue
        middle = start + width / 2
        words.append(
            _word(axis, for_plotly(head.title, 11), middle, 0.38, size=10, textangle=-90, xanchor="center", yshift=2)
        )
    return words


def _word(axis: str, text: str, x: float, y: float, *, size: int, **more: Any) -> dict[str, Any]:
    return {
        "text": text,
        "xref": axis,
        "yref": "y",
        "x": x,
        "y": y,
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": size},
        **more,
    }


def _layout(picture: Plan, shapes: list[dict[str, Any]], words: list[dict[str, Any]]) -> dict[str, Any]:
    heads = len(picture.heads)
    columns = sum(picture.first(head).shown for head in picture.heads)
    width = max(_COLUMNS, columns + _GAP * (heads - 1)) + 0.1
    rows = max(_ROWS, picture.shared.shown)
    axis = {"visible": False, "fixedrange": True, "range": [-0.1, width]}
    numbers = list(range(picture.shared.shown))
    return {
        "height": HEIGHT,
        "margin": {"t": 104, "b": 64, "l": 30, "r": 4},
        "xaxis": {**axis, "domain": [0, 0.47]},
        "xaxis2": {**axis, "domain": [0.53, 1], "anchor": "y"},
        "yaxis": {
            "range": [-rows, 0.4],
            "fixedrange": True,
            "tickvals": [-row - 0.5 for row in numbers],
            "ticktext": [str(row + 1) for row in numbers],
            "tickfont": {"size": 10, "color": INK},
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
        "font": {"color": INK},
        "hoverlabel": {"font": {"color": INK}},
        "showlegend": False,
        "dragmode": False,
        "uirevision": "kernels",
        "annotations": words,
        "shapes": shapes,
    }
