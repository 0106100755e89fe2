"""The sentences of a sweep say what its points say."""

import pytest

from backend.experiment import Experiment
from backend.speed.findings import (
    compiler,
    control,
    explanation,
    grown,
    headline,
    heads_listed,
    lasts,
    of_mode,
    seconds,
    trunk,
    verdict,
)
from backend.speed.sweep import ratio
from tests.backend.speed.points import point


def test_the_verdict_on_the_sentence():
    assert verdict(ratio(point(times=1.3))) == "true"
    assert verdict(ratio(point(times=1.0))) == "within noise"
    assert verdict(ratio(point(times=0.7))) == "false"


def test_the_headline_names_first_and_last_and_what_is_noise():
    points = [point(32, 2.4), point(1, 1.0), point(2, 1.1), point(8, 1.5), point(2, 9.0, mode="steps")]
    assert headline(points, "fit") == (
        "Functional takes 1.10 times as long as fused at 2 heads and 2.40 times at 32; within noise at k = 1"
    )
    assert headline([point(2, 1.1)], "fit") == "Functional takes 1.10 times as long as fused at 2 heads"
    assert headline([point(1, 1.0), point(2, 1.0)], "fit") == "No difference above noise at k = 1 and 2"
    assert headline([point(2, 0.8)], "fit") == "Functional is quicker at k = 2"
    assert "not measured" in headline([], "fit")


def test_points_of_a_mode_come_by_heads():
    points = [point(8), point(2), point(4, mode="xla")]
    assert [each.k for each in of_mode(points, "fit")] == [2, 8]


def test_the_control_is_told():
    assert "1.00 to 1.04" in control([point(2), point(8, control=1.04)], "fit")
    assert control([point(2, sequential=False)], "fit") == ""


def test_the_explanation_counts_operations_and_variables():
    text = " ".join(explanation([point(2, 1.1), point(32, 2.4)], "fit"))
    assert "5,350 operations in Functional and 700 in fused" in text
    assert "one more head adds 150" in text
    assert "69 weights against 7" in text
    assert "0.30 µs for each one more" in text  # (2.4 - 1) ms for 4,650 operations
    assert "1.3 ms for each one more, 7.2 s against 1 s" in text


def test_no_cost_is_made_up_where_nothing_is_decided():
    text = " ".join(explanation([point(8, 1.0)], "fit"))
    assert "µs" not in text
    assert "one more head" not in text
    assert explanation([point(1, 1.0)], "fit") == [
        "With one head both are the same graph: 700 operations, 25 variables."
    ]
    assert explanation([], "fit") == []


@pytest.mark.parametrize(
    ("without", "with_xla", "words"),
    [
        (1.3, 1.4, "so XLA does not close the gap"),
        (1.3, 1.0, "with it the difference is within noise: no gap is left to see"),
        (1.3, 0.7, "so XLA turns the difference round"),
        (0.7, 0.7, "so XLA does not close the gap"),
        (1.0, 1.0, "there is no gap to close"),
        (1.0, 1.4, "there is no gap to close"),
    ],
)
def test_what_the_compiler_does(without, with_xla, words):
    assert words in compiler([point(8, without), point(8, with_xla, mode="xla")])


def test_the_compiler_is_told_of_only_where_it_was_measured():
    assert compiler([point(8, 1.3)]) == ""
    assert compiler([point(1, 1.0), point(1, 1.0, mode="xla")]) == ""


def test_titles_of_charts():
    points = [point(2), point(8, mode="steps")]
    assert lasts(points, "fit", "train").startswith("Train step at 2 heads: 1.5")
    assert lasts(points, "steps", "infer") == "Inference on one batch: not measured in this mode"
    assert lasts([], "fit", "build") == "Build"
    assert grown(points, "fit", lambda figures: figures.operations, "operations") == (
        "2 heads: 850 operations in Functional, 700 in fused"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(4.3e-4, "430 µs"), (9.999e-4, "1 ms"), (3.851e-3, "3.85 ms"), (0.14, "140 ms"), (0.797, "0.8 s"), (12.3, "12 s")],
)
def test_seconds_in_the_unit_that_reads_best(value, text):
    assert seconds(value) == text


def test_small_words():
    assert heads_listed([1]) == "k = 1"
    assert heads_listed([1, 2, 8]) == "k = 1, 2 and 8"
    assert trunk(Experiment()) == "10 × 2 → LSTM(32) → Dense(8), adam, batches of 32"
