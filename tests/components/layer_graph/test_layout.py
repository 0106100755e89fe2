"""Where boxes and arrows stand: rows follow the arrows, nothing overlaps, and no arrow crosses a box."""

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from backend.network.layer_graph import LayerBox, LayerGraph
from components.layer_graph.layout import GAP, HEIGHT, MARGIN, ROW, WIDTH, layout


def graph(size, arrows, inputs=None):
    arrows = tuple(sorted(set(arrows)))
    arriving = [sum(target == box for _, target in arrows) for box in range(size)]
    return LayerGraph(
        boxes=tuple(
            LayerBox(
                name=f"dense_{i}",
                kind="Dense",
                inputs=("(None, 8)",) * (inputs or {}).get(i, count),
                outputs=("(None, 8)",),
            )
            for i, count in enumerate(arriving)
        ),
        arrows=arrows,
    )


@st.composite
def graphs(draw):
    """Arrows from earlier boxes to later ones, so that there is no cycle."""
    size = draw(st.integers(1, 14))
    pairs = list(combinations(range(size), 2))
    return graph(size, draw(st.lists(st.sampled_from(pairs), max_size=24)) if pairs else [])


def points(path):
    """The points of a path through which its line runs: start, then the end of each curve and line."""
    numbers = [tuple(map(int, pair)) for pair in re.findall(r"(-?\d+) (-?\d+)", path)]
    kinds = re.findall("[MCL]", path)
    at, found = 0, []
    for kind in kinds:
        at += 3 if kind == "C" else 1
        found.append(numbers[at - 1])
    return found


@given(graphs())
def test_boxes_do_not_overlap_and_each_stands_below_those_that_feed_it(drawn):
    placed = layout(drawn)
    for (x, y), (other_x, other_y) in combinations(placed.boxes, 2):
        assert y != other_y or abs(x - other_x) >= WIDTH + GAP - 1
        assert (y - other_y) % ROW == 0
    for source, target in drawn.arrows:
        assert placed.boxes[source][1] < placed.boxes[target][1]
    for x, y in placed.boxes:
        assert MARGIN - 1 <= x <= placed.width - WIDTH - MARGIN + 1
        assert MARGIN <= y <= placed.height - HEIGHT - MARGIN


@given(graphs())
def test_an_arrow_leaves_and_arrives_at_its_boxes_and_passes_between_others(drawn):
    placed = layout(drawn)
    assert len(placed.arrows) == sum(map(drawn.tensors, drawn.arrows))
    for (source, target), path in zip(drawn.arrows, placed.arrows, strict=True):
        start, *passed, end = points(path)
        for (x, y), box, edge in ((start, source, HEIGHT), (end, target, 0)):
            left, top = placed.boxes[box]
            assert left < x < left + WIDTH
            assert y == top + edge
        for x, y in passed:
            for left, top in placed.boxes:
                assert not (top <= y <= top + HEIGHT and left - 1 < x < left + WIDTH + 1)
