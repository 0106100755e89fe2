"""What a class shows together: the verdict of its runs, and what the votes advise."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.lessons.expect import parse
from backend.rooms import Answer, State, pictures
from backend.rooms.class_result import SeedRun, compares_sides, judge, regions_of
from backend.rooms.model import FEWEST
from backend.rooms.tally import advice, counts
from backend.statistics.intervals import FEWEST_PAIRS
from tests.builders.lessons import LESSON

#: It expects median(ratio) in 1.9..2.1.
STEP = LESSON.steps[0]
ratios = st.floats(0.5, 4)


def runs(values):
    return tuple(SeedRun(n + 1, n, (1.0,), (value,), (value,)) for n, value in enumerate(values))


MEDIAN = "median(ratio) in 1.9..2.1"
#: An expectation, the values at which the runs end, the verdict, and how many would have been misled by their own run.
JUDGED = [
    (MEDIAN, [2.0] * 10 + [1.95, 2.05, 2.5], "yes", 1),
    (MEDIAN, [1.0] * 20 + [2.0, 2.0], "no", 2),
    (MEDIAN, [2.0] * (FEWEST_PAIRS - 1), "too few", None),
    (MEDIAN, [1.5] * 6 + [2.5] * 6, "too different", None),
    (MEDIAN, [2.0] * 20 + [math.inf], "no number", None),
    (MEDIAN, [math.nan] * 9, "no number", None),
    ("share(ratio > 1.5) >= 0.6", [2.0] * 11 + [1.0], "too different", None),
    ("share(ratio > 1.5) >= 0.3", [2.0] * 11 + [1.0], "yes", None),
    ("share(ratio > 1.5) <= 0.2", [2.0] * 11 + [1.0], "no", None),
    ("share(ratio > 1.5) >= 0.3", [2.0] * 4, "too few", None),
    ("share(ratio > 1.5) >= 0.3", [2.0] * 11 + [math.nan], "no number", None),
]
ENDS = {"yes": "So the answer is: twice.", "no": "So the answer is not: twice."}


@pytest.mark.parametrize(("expectation", "values", "kind", "misled"), JUDGED)
def test_a_class_is_judged_and_says_why(expectation, values, kind, misled):
    found = judge(STEP.model_copy(update={"expected": parse(expectation)}), runs(values))
    assert found is not None
    assert (found.kind, found.decided) == (kind, kind in ENDS)
    assert found.sentence("twice", "12 runs").endswith(ENDS.get(kind, "The lesson expects: twice."))
    if expectation == MEDIAN:
        assert found.alone_sentence().startswith("" if misled is None else f"{misled} of {len(values)} people")
    assert found.median_interval is None or all(map(math.isfinite, values))


def of_shares():
    """A question about the share of the runs whose ratio is above 1.5. Its first option is about another share."""
    tests = ("share(ratio > 3) < 0.2", "share(ratio > 1.5) >= 0.6", "share(ratio > 1.5) < 0.6")
    options = [
        each.model_copy(update={"expected": parse(test)}) for each, test in zip(STEP.options, tests, strict=True)
    ]
    return STEP.model_copy(update={"options": tuple(options), "expected": parse(tests[1])})


def test_options_about_a_share_say_which_shares_they_predict():
    step = of_shares()
    assert regions_of(step) == {1: (0.6, math.inf), 2: (-math.inf, 0.6)}
    result = judge(step, runs([2.0] * 11 + [1.0]))
    assert result is not None
    regions = [pictures.Region("BC"[i], *ends) for i, ends in enumerate(regions_of(step).values())]
    picture = pictures.shares(result, regions, "B")
    assert [(row.label, row.low, row.high) for row in picture.rows[:2]] == [("✓ B", 0.6, 1.0), ("C", 0.0, 0.6)]
    assert picture.rows[2].values == (11 / 12,) == (picture.reference.value,)
    assert picture.rows[2].low < 11 / 12 < picture.rows[2].high


@pytest.mark.parametrize(
    ("bounds", "words"),
    [("> 1.5", "above 1.5"), (">= 1", "at least 1"), ("< 1", "below 1"), ("<= 1", "at most 1"), ("= 2", "2"),
     ("in 1.9 .. 2.1", "between 1.9 and 2.1")],
)  # fmt: skip
def test_the_verdict_about_a_share_says_in_words_what_counts(bounds, words):
    found = judge(STEP.model_copy(update={"expected": parse(f"share(ratio {bounds}) >= 0.6")}), runs([2.0] * 8))
    assert found is not None
    assert f"Functional's total validation loss divided by Sequential's is {words}. " in found.sentence("B", "8 runs")
    assert not re.search("[<>=]", found.sentence("B", "8 runs"))


@pytest.mark.parametrize(
    ("expectation", "compares"),
    [
        ("ratio < 1", True), ("left_total > 1 and right_total < 1", True),
        ("baseline_ratio(right, level) < 1 and gap(right, trend) > 1", False), ("right_total < 1", False),
        ("training(left, level) < 1 and training(right, level) > 1", True), ("gap(right) > 1 and ratio > 1", True),
    ],
)  # fmt: skip
def test_a_question_about_one_side_compares_none(expectation, compares):
    assert compares_sides(STEP.model_copy(update={"expected": parse(expectation)})) is compares


@given(st.lists(ratios | st.just(math.nan), min_size=1, max_size=60))
def test_the_verdict_agrees_with_the_interval(values):
    found = judge(STEP, runs(values))
    assert found is not None
    right = sum(1.9 <= value <= 2.1 for value in values)
    if not found.decided:
        return
    assert found.median_interval is not None
    inside = found.median_interval.low >= 1.9 and found.median_interval.high <= 2.1
    outside = found.median_interval.high < 1.9 or found.median_interval.low > 2.1
    assert (inside, outside) == (found.kind == "yes", found.kind == "no")
    assert found.wrong_alone == (right if found.kind == "no" else len(values) - right)


def answers(*options, sure="certain"):
    return {n + 1: Answer(option, sure, 0.0) for n, option in enumerate(options)}


@given(st.lists(st.integers(-1, 4), max_size=40))
@example([0, 1, 2, 3, -1] * FEWEST)
@example([0] * FEWEST)
@example([0] * (FEWEST - 1))
def test_fewer_than_five_answers_show_no_distribution(options):
    found = counts(answers(*options), STEP)
    if len(options) < FEWEST:
        assert found is None
    else:
        assert found == [options.count(i) for i in range(len(STEP.options))]


FROZEN = State(phase="frozen")


@pytest.mark.parametrize(
    ("right", "of", "action"),
    [
        (0, 20, "explain_first"), (6, 20, "explain_first"), (7, 20, "discuss"), (14, 20, "discuss"),
        (15, 20, "reveal"), (20, 20, "reveal"),
    ],
)  # fmt: skip
def test_the_share_of_right_answers_decides_what_is_advised(right, of, action):
    found = advice(answers(*[1] * right, *[0] * (of - right)), 1, FROZEN, LESSON)
    assert found is not None
    assert found.action == action
    assert f"{right / of:.0%} chose the right answer" in found.reason
