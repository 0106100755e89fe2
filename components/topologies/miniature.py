"""A topology's layer graph in small, for the gallery."""

from __future__ import annotations

from functools import cache

from backend.questions.topologies import Topology
from backend.questions.topologies.graphs import recorded
from components.gallery import Picture, drawing
from components.layer_graph import small


@cache
def picture(topology: Topology) -> Picture:
    """The topology as an option of the gallery."""
    drawn, title = small(recorded()[topology.key]), f"{topology.number}. {topology.title}"
    return Picture(topology.key, title, drawing(drawn.width, drawn.height, drawn.marks), topology.summary)
