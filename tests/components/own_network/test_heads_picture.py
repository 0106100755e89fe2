"""The diagram of a visitor's heads: folded, complete and the same edges in both styles, for heads of any number."""

from hypothesis import given
from hypothesis import strategies as st

from backend.own_network.conversion import fused, split
from backend.own_network.examination import Rewriting
from backend.own_network.graph import Ref
from backend.own_network.head import Head
from backend.own_network.heads import HeadGroup
from components.diagram.plan import OUTPUTS
from components.own_network.heads_picture import picture_of, picture_of_one_style
from tests.components.own_network.graphs import heads_on

_windows = st.sampled_from([(), (1,), (3,), (1, 1), (3, 5)])


@st.composite
def groups(draw):
    """Groups of 1 to 64 heads that read up to thousands of values, and have no other style."""
    window = draw(_windows)
    kind = f"Conv{len(window)}D" if window else "Dense"
    units = draw(st.lists(st.integers(1, 40), min_size=1, max_size=64))
    heads = tuple(Head(i, i, f"h{i}", count, kind, window) for i, count in enumerate(units))
    return HeadGroup(
        Ref(0), draw(st.integers(1, 9_000)), bool(window), heads, "They differ.", "They differ.", "It is one."
    )


def is_whole(picture, width, units):
    """Asserts that what is drawn and what is folded are all values and units, and that all can be highlighted."""
    values, *outputs = picture.groups
    assert values.count + values.more == width
    assert values.count <= 12
    assert [group.count + group.more for group in outputs] == units[: len(outputs)]
    assert sum(group.count for group in outputs) <= OUTPUTS
    assert picture.blocks == [(0, i + 1) for i in range(len(outputs))]
    assert all(0 <= group.y <= 1 and group.y - group.step * (group.count - 1) >= -1e-3 for group in picture.groups)
    assert len(picture.findings) == len(picture.focusable) == len(set(picture.focusable))
    assert len(picture.focusable) == sum(group.count for group in picture.groups)
    assert len({group.name for group in picture.groups}) == len(picture.groups)
    assert bool(picture.more_heads) == (len(outputs) < len(units))
    assert f"{width * sum(units):,} edge" in picture.finding
    assert not picture.timed


@given(groups())
def test_heads_without_another_style_are_one_side_with_the_reason(group):
    picture = picture_of_one_style(group)
    is_whole(picture, group.width, list(group.units))
    assert len(picture.sides) == 1
    assert picture.morph.side is None
    assert picture.morph.before == ("They differ." if len(group.heads) > 1 else "It is one.")
    assert [group.layers for group in picture.groups[1:]] == [[head.title] for head in picture.heads]


@given(st.integers(1, 9_000), st.lists(st.integers(1, 40), min_size=2, max_size=64))
def test_heads_in_both_styles_have_the_same_edges_and_a_box_that_comes_apart(width, units):
    graph, group = heads_on(width, units)
    picture = picture_of(rewriting(graph, group, fused(graph, group), fuses=True))
    is_whole(picture, width, units)
    assert [side.fused for side in picture.sides] == [False, True]
    assert picture.morph.side == 1
    assert picture.sides[1].box == f"Dense({sum(units)})"
    assert picture.groups[1].layers == ["h0", "heads"]


@given(st.integers(1, 9_000), st.integers(2, 64))
def test_a_layer_is_drawn_apart_as_its_units(width, units):
    graph, group = heads_on(width, [units])
    picture = picture_of(rewriting(graph, group, split(graph, group), fuses=False))
    is_whole(picture, width, [1] * units)
    assert [side.fused for side in picture.sides] == [True, False]
    assert picture.morph.side == 0


def rewriting(graph, group, conversion, *, fuses):
    return Rewriting(group.heads, group, fuses, conversion, 0, "", "", (), True)
