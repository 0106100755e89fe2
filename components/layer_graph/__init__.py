"""Keras's layer graph as one SVG, for pages, phones and the board: the same boxes at the same scale in every graph."""

from __future__ import annotations

import re
from html import escape

import streamlit as st

from backend.network.layer_graph import LayerGraph
from backend.words import listed
from components.charts.svg import HAND, WALL, Drawn, document, shape, tag
from components.layer_graph.layout import HEIGHT, WIDTH, layout
from components.text import one_line
from components.theme import NEUTRAL, TOPOLOGY, task_hue

#: On a wall: the greatest height of a vertical graph, and the size of its words.
_HIGHEST, _WALL = 600, 30
#: x and y of a point of a path, which are exchanged in a graph that lies on its side.
_POINT = re.compile(r"(-?\d+) (-?\d+)")
#: Classes of layers that join several tensors. A plain list of layers has none of them.
_JOINING = {"Add", "Concatenate", "Dot", "CrossStitch"}
_FIT = '<label class="fit"><input type="checkbox" /> Fit the whole graph</label>'


def show(graph: LayerGraph, *, key: str, alt: str) -> None:
    """Draw `graph` on a page; `alt` names it for a screen reader."""
    with st.container(key=key):
        st.markdown(drawn(graph, alt), unsafe_allow_html=True)


def drawn(graph: LayerGraph, title: str, wall: bool = False) -> str:
    """The graph as HTML. Its reader scrolls it, or fits it into its place.

    On a wall, a graph of many layers lies on its side, without words.
    """
    placed = layout(graph)
    if wall and placed.height > _HIGHEST:
        return document(small(graph), WALL, title, title)
    marks = []
    for path in placed.arrows:
        x, y = map(int, _POINT.findall(path)[-1])
        marks.append(tag("path", d=path, class_="arrow"))
        marks.append(tag("path", d=f"M{x - 5} {y - 9}L{x} {y}L{x + 5} {y - 9}Z", class_="tip"))
    for i, (x, y) in enumerate(placed.boxes):
        marks += _kind(graph, i, x, y) if wall else _box(graph, i, x, y)
    picture = Drawn(placed.width, placed.height, marks, scrolled=not wall)
    spoken = "; ".join(_spoken(graph, i) for i in range(len(graph.boxes)))
    if wall:
        return document(picture, WALL, f"{title}: {spoken}", title)
    return tag("div", _FIT + document(picture, HAND, f"{title}: {spoken}", title), class_="graph")


def _box(graph: LayerGraph, position: int, x: int, y: int) -> list[str]:
    """A layer with its name, kind and shape; one that is called several times has a second edge behind it."""
    box, calls = graph.boxes[position], graph.calls(position)
    size = {"x": x, "y": y, "width": WIDTH, "height": HEIGHT, "rx": 6}
    kind, shape = one_line(box.kind, 18), _shape(graph, position)
    called = f"called {calls} ×" if calls > 1 else ""
    return [
        tag("rect", **size | {"x": x + 5, "y": y + 5}, class_="box shared") if called else "",
        tag("rect", **size, class_="box shared" if called else "box" if box.inputs else "box input"),
        _text(one_line(box.name, max(4, 23 - len(kind))), x + 9, y + 21, 12, "start", font_weight=650),
        _text(kind, x + WIDTH - 9, y + 21, 11, "end"),
        _text(one_line(shape, 24 - len(called)), x + 9, y + 39, 12, "start", class_="code"),
        _text(called, x + WIDTH - 9, y + 39, 11, "end"),
    ]


def _kind(graph: LayerGraph, position: int, x: int, y: int) -> list[str]:
    """A layer on a wall."""
    words = _text(graph.boxes[position].kind, x + WIDTH / 2, y + HEIGHT / 2 + 0.35 * _WALL, _WALL, "middle")
    return [tag("rect", x=x, y=y, width=WIDTH, height=HEIGHT, rx=6, class_="box"), words]


def _text(words: str, x: float, y: float, size: float, anchor: str, **more: object) -> str:
    return tag("text", escape(words), x=x, y=y, font_size=size, text_anchor=anchor, **more)


def small(graph: LayerGraph) -> Drawn:
    """The graph from left to right, without words.

    Inputs are empty, outputs have the hues of tasks, and what joins tensors has the hue of topologies.
    """
    placed, sources = layout(graph), {source for source, _ in graph.arrows}
    outputs = [i for i in range(len(graph.boxes)) if i not in sources]
    marks = [shape(_POINT.sub(r"\2 \1", path), NEUTRAL, 1.25) for path in placed.arrows]
    for i, ((x, y), box) in enumerate(zip(placed.boxes, graph.boxes, strict=True)):
        colour = task_hue(outputs.index(i)) if i in outputs else TOPOLOGY if box.kind in _JOINING else NEUTRAL
        dash, filled = ("", 0.4) if box.inputs else ("3 2", 0.0)
        marks.append(shape(f"M{y} {x}h{HEIGHT}v{WIDTH}h{-HEIGHT}z", colour, 1.5, dash, filled))
    return Drawn(placed.height, placed.width, marks)


def _shape(graph: LayerGraph, position: int) -> str:
    """The output shape in a line: several equal ones as a product."""
    outputs = graph.boxes[position].outputs
    if len(outputs) > 1 and len(set(outputs)) == 1:
        return f"{len(outputs)} × {outputs[0]}"
    return ", ".join(outputs)


def _spoken(graph: LayerGraph, position: int) -> str:
    """A layer with its output and what reads it, for a screen reader."""
    box = graph.boxes[position]
    readers = [graph.boxes[target].name for source, target in graph.arrows if source == position]
    feeds = f"feeds {listed(readers)}" if readers else "is an output"
    return f"{box.name} ({box.kind}), output {_shape(graph, position)}, {feeds}"
