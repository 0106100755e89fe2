"""Keras's layer graph as plain data, for phones and for the board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.network.layer_graph import LayerGraph
from components import layer_graph
from components.theme import task_hue

#: On a wall: the greatest height of a vertical graph; of a horizontal one, the box size and the room above for arrows.
_HIGHEST, _SMALL_BOX, _ARCH = 600, (40, 40), 50


def graph(drawn: LayerGraph, title: str, wall: bool) -> dict[str, Any]:
    """Keras's layer graph as plain data for `room_picture.js`.

    On a wall, a graph of many layers lies on its side, and a colour stands for the kind of each layer.
    """
    placed = layer_graph.data(drawn, title, "")
    boxes = [{name: box[name] for name in ("x", "y", "name", "kind", "shape")} for box in placed["boxes"]]
    data = {"form": "graph", "boxes": boxes, "arrows": placed["arrows"], "area": placed["size"], "box": placed["box"]}
    if wall and placed["size"][1] > _HIGHEST:
        data |= _on_its_side(drawn, placed)
    return {**data, "title": title, "alt": title}


def _on_its_side(drawn: LayerGraph, placed: Mapping[str, Any]) -> dict[str, Any]:
    (wide, high), (across, down) = placed["box"], _SMALL_BOX
    places = [(0.84 * across * box["y"] / high, 1.3 * down * box["x"] / wide) for box in placed["boxes"]]
    kinds = list(dict.fromkeys(box.kind for box in drawn.boxes))
    colours = {kind: task_hue(i) for i, kind in enumerate(kinds)}
    boxes = [
        {"x": x, "y": y + _ARCH, "name": box.name, "kind": box.kind, "shape": "", "colour": colours[box.kind]}
        for (x, y), box in zip(places, drawn.boxes, strict=True)
    ]
    arrows = []
    for source, target in drawn.arrows:
        (x, y), (end, height) = places[source], places[target]
        bend = _ARCH * 3 if end - x > 2 * across else 0  # over the layers between them
        middle = f"Q{(x + across + end) / 2} {(y + height + down) / 2 + _ARCH - bend}"
        arrows.append(f"M{x + across} {y + down / 2 + _ARCH}{middle} {end} {height + down / 2 + _ARCH}")
    area = [max(x for x, _ in places) + across, max(y for _, y in places) + down + _ARCH]
    return {"boxes": boxes, "arrows": arrows, "area": area, "box": list(_SMALL_BOX), "legend": list(colours.items())}
