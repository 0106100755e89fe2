"""A topology in small: every layer and every tensor."""

import re

import pytest

from backend.questions.topologies import TOPOLOGIES
from backend.questions.topologies.graphs import recorded
from components.layer_graph.layout import layout
from components.topologies.miniature import picture


@pytest.mark.parametrize("key", TOPOLOGIES)
def test_it_has_a_box_for_each_layer_and_a_line_for_each_tensor_inside_its_window(key):
    graph, drawn = recorded()[key], picture(TOPOLOGIES[key])
    assert len(drawn.shapes) == len(graph.boxes) + len(layout(graph).arrows)
    _, _, width, height = drawn.view
    starts = [re.match(r"M *([0-9.-]+) ([0-9.-]+)", shape.d) for shape in drawn.shapes]
    assert all(start and 0 <= float(start[1]) <= width and 0 <= float(start[2]) <= height for start in starts)
