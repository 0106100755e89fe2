"""The diagram of a visitor's heads: folded, complete and the same edges in both styles, for heads of any number."""

from hypothesis import given
from hypothesis import strategies as st

from components.diagram.picture import OUTPUTS
from components.own_model.heads_picture import picture_of, picture_of_one_style
from tests.builders.found import group_of, rewriting_of

_windows = st.sampled_from([(), (1,), (3,), (1, 1), (3, 5)])
_units = st.lists(st.integers(1, 40), min_size=1, max_size=64)


def is_whole(picture, width, units):
    """Asserts that what is drawn and what is folded are all values and units, and that all can be highlighted."""
    values, *outputs = picture.groups
    assert values.count == min(width, 12)
    drawn = sum(group.count for group in outputs)
    assert drawn <= OUTPUTS
    assert (f"… {sum(units) - drawn:,} more" in picture.columns[1].notes) == (drawn < sum(units))
    assert [group.source for group in picture.groups] == [None] + [0] * len(outputs)
    assert all(0 <= group.y <= 1 and group.y - group.step * (group.count - 1) >= -1e-3 for group in picture.groups)
    assert all(len(set(group.findings)) == group.count for group in picture.groups)
    assert len({group.name for group in picture.groups}) == len(picture.groups)
    assert f"{width * sum(units):,} edge" in picture.finding
    assert not picture.timed


@given(st.integers(1, 9_000), _units, _windows)
def test_heads_without_another_style_are_one_side_with_the_reason(channels, units, window):
    group = group_of(channels, units, window)
    picture = picture_of_one_style(group)
    is_whole(picture, group.width, units)
    assert len(picture.sides) == 1
    assert picture.morph.side is None
    assert picture.morph.before == group.why


@given(st.integers(1, 9_000), st.lists(st.integers(1, 40), min_size=2, max_size=64) | st.tuples(st.integers(2, 64)))
def test_both_styles_have_the_same_edges_and_a_box_that_comes_apart(width, units):
    rewriting = rewriting_of(width, units)
    picture = picture_of(rewriting)
    is_whole(picture, width, list(rewriting.units))
    assert [bool(side.box) for side in picture.sides] == [not rewriting.fuses, rewriting.fuses]
    assert picture.morph.side == int(rewriting.fuses)
    assert picture.sides[picture.morph.side].box == f"Dense({sum(units)})"
