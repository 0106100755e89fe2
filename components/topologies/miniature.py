"""A topology's layer graph in small: the places of the large graph, from left to right, without words."""

from __future__ import annotations

import re
from functools import cache

from backend.network.layer_graph import LayerGraph
from backend.questions.topologies import Topology
from backend.questions.topologies.graphs import recorded
from components.gallery import Picture, drawing, path
from components.layer_graph.layout import HEIGHT, WIDTH, layout
from components.theme import NEUTRAL, TOPOLOGY, task_hue

#: Classes of layers that join several tensors. A plain list of layers has none of them.
_JOINING = {"Add", "Concatenate", "Dot", "CrossStitch"}

#: x and y of a point of a path, which are exchanged in a graph that lies on its side.
_POINT = re.compile(r"(-?\d+) (-?\d+)")


@cache
def picture(topology: Topology) -> Picture:
    """The picture: inputs empty, outputs in the hues of tasks, what joins tensors in the hue of topologies."""
    graph = recorded()[topology.key]
    placed = layout(graph)
    arrows = [path(_POINT.sub(r"\2 \1", each), NEUTRAL, 1.25) for each in placed.arrows]
    boxes = [_box(graph, i, x, y) for i, (x, y) in enumerate(placed.boxes)]
    title = f"{topology.number}. {topology.title}"
    drawn = drawing(placed.height, placed.width, (*arrows, *boxes))
    return Picture(topology.key, title, drawn, topology.summary)


def _box(graph: LayerGraph, position: int, x: int, y: int) -> str:
    """A box on its side: as wide as the large one is high."""
    d = f"M{y} {x}h{HEIGHT}v{WIDTH}h{-HEIGHT}z"
    box = graph.boxes[position]
    sources = {source for source, _ in graph.arrows}
    outputs = [i for i in range(len(graph.boxes)) if i not in sources]
    if position in outputs:
        return path(d, task_hue(outputs.index(position)), filled=0.55)
    if not box.inputs:
        return path(d, NEUTRAL, dash="3 2")
    return path(d, TOPOLOGY, filled=0.35) if box.kind in _JOINING else path(d, NEUTRAL, filled=0.3)
