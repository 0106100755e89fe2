"""Keras's layer graph: every graph has the same boxes at the same scale, and the visitor zooms and pans."""

from __future__ import annotations

from typing import Any

from backend.network.layer_graph import LayerBox, LayerGraph
from backend.words import listed
from components import browser
from components.layer_graph.layout import HEIGHT, WIDTH, layout


def show(graph: LayerGraph, *, key: str, alt: str, group: str = "", height: int | None = None) -> None:
    """Draw `graph`; `alt` names it for a screen reader.

    The graphs of a page with the same `group` have one height and one scale: a zoom moves all of them. `height` (in
    pixels) is that of the window; without it, the window is as high as the highest graph of the group, up to a limit.
    """
    browser.mount("layer_graph", data(graph, alt, group or key, height), key=key)


def data(graph: LayerGraph, alt: str, group: str, height: int | None = None) -> dict[str, Any]:
    """What the renderer draws: boxes with texts and places, and arrows. It draws text as text nodes, not as HTML."""
    placed = layout(graph)
    boxes = [
        {
            "x": x,
            "y": y,
            "name": box.name,
            "kind": box.kind,
            "shape": _shape(box),
            "calls": graph.calls(i),
            "input": not box.inputs,
            "feeds": _feeds(graph, i),
        }
        for i, (box, (x, y)) in enumerate(zip(graph.boxes, placed.boxes, strict=True))
    ]
    return {
        "alt": alt,
        "group": group,
        "height": height,
        "size": [placed.width, placed.height],
        "box": [WIDTH, HEIGHT],
        "boxes": boxes,
        "arrows": list(placed.arrows),
    }


def _shape(box: LayerBox) -> str:
    """The output shape in a line: several equal ones as a product."""
    if len(box.outputs) > 1 and len(set(box.outputs)) == 1:
        return f"{len(box.outputs)} × {box.outputs[0]}"
    return ", ".join(box.outputs)


def _feeds(graph: LayerGraph, position: int) -> str:
    """Which layers read this one, for a screen reader."""
    readers = [graph.boxes[target].name for source, target in graph.arrows if source == position]
    return f"feeds {listed(readers)}" if readers else "is an output"
