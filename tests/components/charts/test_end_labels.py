"""Labels at the ends of lines: none covers another."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from components.charts.end_labels import spread


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(10, 60)), max_size=6))
def test_boxes_do_not_overlap_and_stay_inside_where_there_is_room(boxes):
    wanted = sorted(at for at, _ in boxes)
    heights = [tall for _, tall in boxes]
    given_ = spread(wanted, heights, 200)
    ends = [(at - tall / 2, at + tall / 2) for at, tall in zip(given_, heights, strict=True)]
    assert all(top <= bottom + 1e-6 for (_, top), (bottom, _) in pairwise(ends))
    if ends:
        assert ends[0][0] >= -1e-6
        assert ends[-1][1] <= max(200, sum(heights)) + 1e-6
