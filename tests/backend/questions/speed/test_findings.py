"""The sentences on a sweep follow from its points."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.questions.speed.findings import (
    compiler,
    explanation,
    verdict,
)
from backend.questions.speed.ratios import ratio
from tests.backend.questions.speed.points import point


def test_the_verdict_follows_from_the_ratio():
    assert verdict(ratio(point(times=1.3))) == "true"
    assert verdict(ratio(point(times=1.0))) == "within noise"
    assert verdict(ratio(point(times=0.7))) == "false"


@given(
    st.lists(st.sampled_from([1, 2, 8]), min_size=1, unique=True), st.floats(0.5, 3), st.sampled_from(["fit", "steps"])
)
def test_with_xla_no_time_is_explained_by_operations_that_it_fuses(ks, times, plain):
    for mode in (plain, "xla"):
        text = " ".join(explanation([point(k, times, mode=mode) for k in ks], mode))
        costs = re.findall(r"µs|ms for each|Python creates|spends time on every operation", text)
        assert bool(costs) == (mode != "xla" and max(ks) > 1)
        assert ("may fuse several operations" in text) == (mode == "xla" and max(ks) > 1)


@pytest.mark.parametrize(
    ("without", "with_xla", "words"),
    [
        (1.3, 1.4, "XLA does not close the gap"),
        (1.3, 1.0, "The difference with XLA is within noise, so no gap can be seen."),
        (1.3, 0.7, "XLA reverses the difference."),
        (0.7, 0.7, "XLA does not close the gap"),
        (1.0, 1.0, "there is no gap to close"),
        (1.0, 1.4, "there is no gap to close"),
    ],
)
def test_the_sentence_on_xla_compares_both_verdicts(without, with_xla, words):
    assert words in compiler([point(8, without), point(8, with_xla, mode="xla")])
