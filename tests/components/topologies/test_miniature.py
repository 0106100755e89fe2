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
    starts = re.findall(r'd="M *([0-9.-]+) ([0-9.-]+)', drawn.drawing)
    assert len(starts) == len(graph.boxes) + len(layout(graph).arrows)
    width, height = map(float, re.findall(r'viewBox="0 0 (\S+) (\S+)"', drawn.drawing)[0])
    assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in starts)
