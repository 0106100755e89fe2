"""The language of `expect`: what it reads, what it refuses with a reason, and when a test holds."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons.expect import parse
from backend.lessons.figure import BadExpectation
from backend.lessons.figures import FIGURES


def holds(text: str, *values: float | str) -> bool:
    (test,) = parse(text).tests
    return test.holds(values)


@pytest.mark.parametrize(
    ("text", "values", "true"),
    [
        ("ratio < 1.05", [1.0, 1.04], True),
        ("ratio < 1.05", [1.0, 1.05], False),
        ("ratio <= 1.05", [1.05], True),
        ("ratio > -1e-3", [0.0], True),
        ("ratio >= 2", [1.999], False),
        ("ratio = 2", [2.0, 2.0 + 1e-12], True),
        ("ratio in 1.9..2.1", [1.9, 2.1], True),
        ("median(ratio) in 1.9..2.1", [0.5, 2.0, 9.0], True),
        ("least(ratio) > 1", [0.5, 2.0], False),
        ("most(ratio) < 3", [0.5, 2.0], True),
        ("ratio > 0", [math.nan], False),
        ("ratio > 0", [], False),
        ("claim(parameters) = true", ["true", "true"], True),
        ("claim(parameters) = true", ["true", "undecided"], False),
        ("sharing(hard,1) = better", ["better"], True),
        ("share(dead_units(right) > 0) >= 0.6", [0.0, 0.0, 1.0, 2.0, 1.0], True),
        ("share(dead_units(right) > 0) >= 0.6", [0.0, 0.0, 0.0, 2.0, 1.0], False),
        ("share(dead_units(right) > 0) >= 0.6", [1.0, 1.0, math.nan], False),
    ],
)
def test_a_test_holds(text: str, values: list[float | str], true: bool) -> None:
    assert holds(text, *values) is true


def test_several_tests_are_joined_by_and():
    found = parse("median(ratio) in 1.9..2.1 and claim(parameters) = true and task_ratio < 3")
    assert [test.figure.name for test in found.tests] == ["ratio", "claim", "task_ratio"]
    assert found.sources == (("run", ""), ("claim", "parameters"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "cannot be read: a test is a figure"),
        ("ratio", "cannot be read"),
        ("share(ratio > 1) > 3", "a number from 0 to 1"),
        ("share(median(ratio) > 1) > 0.5", "over the seeds by itself"),
        ("gap(middle) > 1", "not “middle”."),
        ("ratio < two", "after “<” there is a number, such as 1.05 or 4762, not “two”."),
        ("ratio < 2 ratio > 1", "join two tests with “and”."),
        ("ratio in 1", "a range whose smaller number is first"),
        ("ratio in 2..1", "a range whose smaller number is first"),
        ("median(ratio < 2", "cannot be read"),
        ("mean(ratio) < 2", "there is no figure “mean”"),
        ("ratio == 2", "cannot be read"),
        ("ratio < 1,05", "cannot be read"),
        ("ratio(2) < 2", "ratio takes nothing between parentheses."),
        ("sharing(hard) = better", "sharing takes a ρ (0, 0.5, 1), not nothing."),
        ("claim(nothing) = true", "not “nothing”."),
        ("claim(parameters) = yes", "it takes only “=” and one of true, false, undecided."),
        ("median(claim(parameters)) = true", "claim is no number"),
        ("__import__('os')", "cannot be read"),
    ],
)
def test_what_cannot_be_read_has_a_reason(text: str, reason: str) -> None:
    with pytest.raises(BadExpectation) as caught:
        parse(text)
    assert reason in str(caught.value)


tokens = st.sampled_from(
    [*FIGURES, "median", "(", ")", "and", "<", "=", "in", "..", "1.5", "-2", "true", "parameters", " ", "é", "\n"]
)


@given(st.text() | st.lists(tokens, max_size=12).map(" ".join))
def test_no_text_crashes_it(text: str) -> None:
    try:
        assert parse(text).tests
    except BadExpectation:
        pass


@pytest.mark.parametrize("over", ["median", "least", "most"])
def test_no_value_over_the_seeds_is_known_if_that_of_one_is_not(over: str) -> None:
    (test,) = parse(f"{over}(ratio) in 0..2").tests
    for values in ((1.0, math.nan), (math.nan, 1.0), (1.0, 1.0, math.inf)):
        assert not test.holds(values)
