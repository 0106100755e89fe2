"""The connectivity diagram of one style as a Plotly figure: a pure function of architecture, style, focus and weights.

Edges end at the border of an output's box, never inside it. Neurons are drawn above edges. Labels are placed where no
edge passes. Text has the theme's colour.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges
from components import theme
from components.charts import figure as chart
from components.diagram.labels import INK, boxes, words
from components.diagram.pens import DIM, STUB, Pen, Weights, matrix, pens
from components.diagram.places import Place, positions, wall
from components.diagram.plan import Focus, Plan, plan
from components.diagram.titles import neuron_title
from components.text import for_plotly

#: Height of the figure in pixels; constant, so that nothing on the page jumps.
HEIGHT = 430
_MARGIN = {"t": 80, "b": 48, "l": 8, "r": 92}
_PLOT = HEIGHT - _MARGIN["t"] - _MARGIN["b"]


def figure(
    architecture: Architecture,
    style: Style,
    focus: Focus | None = None,
    weights: Weights | None = None,
    scale: float = 1.0,
    turn: int = 0,
) -> go.Figure:
    """The diagram of one style: a trace for each pen, then the neurons.

    Without `weights`, edges have the hue of their head. `scale` comes from `pens.scale_of`. `turn` is stored in the
    figure's `meta`: Streamlit treats a figure with another turn as a new one, without the old selection.
    """
    picture = plan(architecture)
    places = positions(architecture)
    into_heads = sum(rows * columns for rows, columns in (picture.size(b) for b in picture.blocks(style) if b.head))
    set_of_pens = pens(into_heads, followed=focus is not None)
    traces = set_of_pens.traces(len(picture.heads) if weights is None else None)
    lines: dict[Pen, list[np.ndarray]] = {pen: [] for pen in traces}
    bright_neurons: set[Focus] = set()
    for block in picture.blocks(style):
        highlighted = picture.highlighted(block, focus)
        if weights is None:
            inked = set_of_pens.plain(block, picture.position(block.head), highlighted)
        else:
            inked = set_of_pens.weighted(block, matrix(weights, block, highlighted.shape), scale, highlighted)
        (x, ys, _), (end, yt, _) = places[block.source], places[block.target]
        meet = wall(picture, block)
        for pen, mask in inked:
            i, j = np.nonzero(mask)
            lines[pen].append(_segments(x, ys[i], meet, yt[j]))
        reached = highlighted.any(axis=0)
        if meet < end:
            bright = STUB if weights is not None else inked[-1][0]
            lines[bright].append(_segments(meet, yt[reached], end, yt[reached]))
            lines[DIM].append(_segments(meet, yt[~reached], end, yt[~reached]))
        bright_neurons |= {Focus(block.target, int(j)) for j in np.flatnonzero(reached)}
        bright_neurons |= {Focus(block.source, int(i)) for i in np.flatnonzero(highlighted.any(axis=1))}
    drawn = [_lines(pen, parts) for pen, parts in lines.items()]
    drawn += [_timesteps(places), _neurons(picture, style, places, focus, bright_neurons)]
    return chart.unchecked_figure(drawn, _layout(picture, style, places, turn))


def _segments(x0: float, y0: np.ndarray, x1: float, y1: np.ndarray) -> np.ndarray:
    """Lines as (x, y) rows of start, end and a gap: shape (3 × lines, 2)."""
    rows = np.full((len(y0), 3, 2), np.nan)
    rows[:, 0, 0], rows[:, 0, 1], rows[:, 1, 0], rows[:, 1, 1] = x0, y0, x1, y1
    return rows.reshape(-1, 2)


def _lines(pen: Pen, parts: list[np.ndarray]) -> dict[str, Any]:
    points = np.concatenate(parts) if parts else np.empty((0, 2))
    return {
        "type": "scatter",
        "mode": "lines",
        "name": pen.name,
        "x": points[:, 0],
        "y": points[:, 1],
        "line": {"color": pen.colour, "width": pen.width},
        "hoverinfo": "skip",
    }


def _timesteps(places: dict[str, Place]) -> dict[str, Any]:
    """The dots before each input feature: its timesteps enter one after the other."""
    x, ys, _ = places["inputs"]
    steps = np.linspace(0.005, x - 0.035, 4)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "timesteps",
        "x": np.tile(steps, len(ys)),
        "y": np.repeat(ys, len(steps)),
        "marker": {"size": 3.5, "color": theme.NEUTRAL, "opacity": 0.8},
        "hoverinfo": "skip",
    }


def _neurons(
    picture: Plan, style: Style, places: dict[str, Place], focus: Focus | None, highlighted: set[Focus]
) -> dict[str, Any]:
    """All neurons in one trace; a point's `customdata` is the group and the index that a click chooses."""
    rows = []
    reads = {block.target: block for block in picture.blocks(style)}
    for name, (x, ys, step) in places.items():
        group = picture.drawn[name].group
        size = float(np.clip(0.62 * step * _PLOT, 6, 15 if picture.columns < 6 else 12))
        hue = theme.task_hue(picture.position(group.head)) if group.head else theme.NEUTRAL
        for i, y in enumerate(ys):
            here = Focus(name, i)
            rows.append(
                {
                    "x": x,
                    "y": y,
                    "customdata": (name, i),
                    "hovertext": _about(picture, here, reads.get(name)),
                    "size": size + 5 * (here == focus),
                    "symbol": "square" if group.title == "LSTM" else "circle",
                    "color": hue,
                    "opacity": 1.0 if here in highlighted else 0.3,
                    "ring": 3 if here == focus else 0,
                }
            )
    columns = {key: [row[key] for row in rows] for key in rows[0]}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "neurons",
        "x": columns["x"],
        "y": columns["y"],
        "customdata": columns["customdata"],
        "hovertext": columns["hovertext"],
        "hoverinfo": "text",
        "marker": {
            "size": columns["size"],
            "symbol": columns["symbol"],
            "color": columns["color"],
            "opacity": columns["opacity"],
            "line": {"width": columns["ring"], "color": INK},
        },
        # Otherwise Plotly fades all other neurons at a click, until the new figure arrives.
        "unselected": {"marker": {"opacity": 1}},
    }


def _about(picture: Plan, neuron: Focus, block: Edges | None) -> str:
    """The hover text of a neuron; `block` are the edges into its group, None for an input."""
    group = picture.drawn[neuron.group].group
    lines = [
        f"<b>{for_plotly(neuron_title(picture, neuron))}</b>" + (f" of {group.units:,}" if group.units > 1 else "")
    ]
    if block is None:
        steps = picture.architecture.timesteps
        return "<br>".join([*lines, "one timestep" if steps == 1 else f"{steps} timesteps, one after the other"])
    before = block.count // group.units
    reads = "the only neuron" if before == 1 else f"all {before:,} neurons"
    lines.append(f"reads {reads} of the layer before")
    if group.title == "LSTM":
        lines.append(f"and all {group.units:,} units at the previous timestep,")
        lines.append("with four gate weights per edge")
    elif group.name == group.head:
        lines.append(f"is one column of the kernel of layer {block.layer}")
    if neuron in picture.focusable:
        lines.append("click to highlight its edges")
    return "<br>".join(lines)


def _layout(picture: Plan, style: Style, places: dict[str, Place], turn: int) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True}
    return {
        "height": HEIGHT,
        "margin": _MARGIN,
        "xaxis": {**axis, "range": [0, 1.006]},
        "yaxis": {**axis, "range": [-0.012, 1.012]},
        "font": {"color": INK},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {"font": {"color": INK}},
        "dragmode": False,
        "uirevision": "connectivity",
        "meta": {"turn": turn},
        "annotations": words(picture, style, places),
        "shapes": boxes(picture, style, places),
    }
