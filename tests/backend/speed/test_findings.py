"""The sentences on a sweep follow from its points."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.speed.findings import (
    answer,
    compiler,
    control,
    count_title,
    explanation,
    headline,
    of_mode,
    time_title,
    verdict,
)
from backend.speed.ratios import ratio
from tests.backend.speed.points import point


def test_the_verdict_follows_from_the_ratio():
    assert verdict(ratio(point(times=1.3))) == "true"
    assert verdict(ratio(point(times=1.0))) == "within noise"
    assert verdict(ratio(point(times=0.7))) == "false"


def test_the_headline_names_the_least_and_the_most_heads_and_those_within_noise():
    points = [point(32, 2.4), point(1, 1.0), point(2, 1.1), point(8, 1.5), point(2, 9.0, mode="steps")]
    assert headline(points, "fit") == (
        "With one layer per head, a train step takes 1.10 times as long as with one layer for all at 2 heads and 2.40 "
        "times at 32 heads; "
        "within noise at 1 head"
    )
    assert (
        headline([point(2, 1.1)], "fit")
        == "With one layer per head, a train step takes 1.10 times as long as with one layer for all at 2 heads"
    )
    assert headline([point(1, 1.0), point(2, 1.0)], "fit") == "Train step: no difference beyond noise at 1 and 2 heads"
    assert headline([point(2, 0.8)], "fit") == "With one layer per head, a train step is faster at 2 heads"
    assert "not measured" in headline([], "fit")


def test_the_answer_begins_with_yes_or_no_and_gives_the_range():
    points = [point(1, 1.0), point(2, 1.1), point(8, 1.5), point(32, 2.4), point(2, 0.5, mode="steps")]
    assert answer(points, "fit") == (
        "Yes, from 2 to 32 heads",
        "A train step with one layer per head takes 1.10 to 2.40 times as long as with one layer for all. At 1 head, "
        "the difference is within noise.",
    )
    assert answer(points, "steps") == ("No: it is slower at 2 heads", "")
    assert answer([point(1, 1.3), point(2, 1.0), point(8, 1.3), point(32, 0.7)], "fit") == (
        "Yes, at 1 and 8 heads",
        "A train step with one layer per head takes 1.30 times as long as with one layer for all. It is slower at "
        "32 heads. At 2 heads, the difference is within noise.",
    )
    assert answer([point(1, 1.0), point(2, 1.0)], "fit") == ("No difference beyond noise", "Measured at 1 and 2 heads.")
    assert answer([], "fit") == ("Not measured yet", "")


def test_the_points_of_a_mode_are_sorted_by_heads():
    points = [point(8), point(2), point(4, mode="xla")]
    assert [each.k for each in of_mode(points, "fit")] == [2, 8]


def test_the_control_gives_the_range_of_its_ratios():
    assert "was between 1.00 and 1.04" in control([point(2), point(8, control=1.04)], "fit")
    assert control([point(2, sequential=False)], "fit") == ""


def test_the_explanation_counts_operations_and_variables():
    text = " ".join(explanation([point(2, 1.1), point(32, 2.4)], "fit"))
    assert "5,350 operations with one layer per head and 700 with one layer for all" in text
    assert "Each extra head adds 150 operations with one layer per head and none with one layer for all." in text
    assert (
        "one layer per head uses 211 variables: 69 weight tensors, 140 in the optimizer's state, and 2 that track"
        in text
    )
    assert "one layer for all uses 25 variables: 7 weight tensors" in text
    assert "0.301 µs for each extra operation" in text  # (2.4 - 1) ms for 4,650 operations
    assert "takes 7.2 s with one layer per head and 1 s with one layer for all" in text
    assert "1.33 ms for each extra operation" in text
    assert "as long as about 3,000 train steps" in text  # 7.2 s and 2.4 ms


def test_no_cost_per_operation_is_given_where_the_ratio_is_within_noise():
    text = " ".join(explanation([point(8, 1.0)], "fit"))
    assert "µs" not in text
    assert "extra head" not in text
    assert explanation([point(1, 1.0)], "fit") == [
        "With 1 head, both models have the same graph: 700 operations and 25 variables."
    ]
    assert explanation([], "fit") == []


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


def test_there_is_no_sentence_on_xla_where_it_was_not_measured():
    assert compiler([point(8, 1.3)]) == ""
    assert compiler([point(1, 1.0), point(1, 1.0, mode="xla")]) == ""


def test_the_titles_of_charts_name_both_models():
    points = [point(2), point(8, mode="steps")]
    assert time_title(points, "fit", "train").startswith("Train step at 2 heads: 1.5")
    assert time_title(points, "steps", "infer") == "Inference on one batch: not measured in this mode"
    assert time_title([], "fit", "build") == "Building the model"
    assert count_title(points, "fit", lambda figures: figures.operations, "operations") == (
        "Operations at 2 heads: 850 with one layer per head, 700 with one layer for all"
    )
