"""The sentences on a sweep follow from its points."""

import re

from hypothesis import given
from hypothesis import strategies as st

from backend.questions.speed.findings import compiler, explanation
from backend.questions.speed.verdict import OPTIONS, judge
from tests.backend.questions.speed.points import point


def test_the_verdict_follows_from_the_ratio():
    assert [judge([point(times=times)]).answer for times in (1.3, 1.0, 0.7)] == [*OPTIONS]


@given(
    st.lists(st.sampled_from([1, 2, 8]), min_size=1, unique=True), st.floats(0.5, 3), st.sampled_from(["fit", "steps"])
)
def test_with_xla_no_time_is_explained_by_operations_that_it_fuses(ks, times, plain):
    for mode in (plain, "xla"):
        points = [point(k, times, mode=mode) for k in ks]
        text, slower = explanation(points, mode), max(points, key=lambda each: each.k).ratio.verdict == "slower"
        assert ("µs on average" in text) == (mode != "xla" and max(ks) > 1 and slower)
        assert ("may fuse several operations" in text) == (mode == "xla" and max(ks) > 1)


def test_the_sentence_on_xla_has_both_ratios():
    text = compiler([point(8, 1.3), point(8, 1.1, mode="xla")])
    assert re.search(
        r"takes 1\.\d+ times \(.*\) as long .* if XLA compiles it .* and 1\.\d\d times \(.*\) if not", text
    )
    assert compiler([point(8, 1.3)]) == ""
