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


def test_a_stack_is_a_straight_line_and_a_way_around_it_bends():
    stack = layout(graph(4, [(0, 1), (1, 2), (2, 3)]))
    assert len({x for x, _ in stack.boxes}) == 1
    residual = layout(graph(4, [(0, 1), (1, 2), (0, 2), (2, 3)]))
    assert len({x for x, _ in residual.boxes}) == 1
    around = residual.arrows[1]
    assert max(x for x, _ in points(around)) >= residual.boxes[1][0] + WIDTH + GAP - 1


def test_an_input_stands_above_the_first_layer_that_reads_it():
    placed = layout(graph(5, [(0, 1), (1, 2), (2, 4), (3, 4)]))
    assert placed.boxes[3][1] == placed.boxes[2][1]


def test_a_layer_that_is_called_twice_sends_two_tensors():
    shared = graph(4, [(0, 2), (1, 2), (2, 3)], inputs={2: 1, 3: 2})
    assert shared.calls(2) == 2
    placed = layout(shared)
    assert len(placed.arrows) == 4
    assert len({points(arrow)[0] for arrow in placed.arrows[2:]}) == 2


def test_the_children_of_a_layer_keep_their_order():
    placed = layout(graph(65, [(0, i) for i in range(1, 65)]))
    assert [x for x, _ in placed.boxes[1:]] == sorted(x for x, _ in placed.boxes[1:])
    middle = (placed.boxes[1][0] + placed.boxes[64][0]) / 2
    assert abs(placed.boxes[0][0] - middle) <= 2
