"""A topology in small: every layer, every tensor, from left to right."""

import re

import pytest

from backend.topologies import TOPOLOGIES
from backend.topologies.graphs import recorded
from components.layer_graph.layout import layout
from components.topologies.miniature import picture


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_it_has_a_box_for_each_layer_and_a_line_for_each_tensor_inside_its_window(key):
    graph, drawn = recorded()[key], picture(TOPOLOGIES[key])
    assert len(drawn.shapes) == len(graph.boxes) + len(layout(graph).arrows)
    _, _, width, height = drawn.view
    starts = [re.match(r"M *([0-9.-]+) ([0-9.-]+)", shape.d) for shape in drawn.shapes]
    assert all(start and 0 <= float(start[1]) <= width and 0 <= float(start[2]) <= height for start in starts)


def test_layers_stand_to_the_right_of_what_they_read():
    graph, drawn = recorded()["residual"], picture(TOPOLOGIES["residual"])
    boxes = drawn.shapes[-len(graph.boxes) :]
    left = [float(re.match(r"M *([0-9.-]+)", box.d)[1]) for box in boxes]
    assert all(left[source] < left[target] for source, target in graph.arrows)
