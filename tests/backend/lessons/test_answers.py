"""Answers: one, several, a number; their order; and the keys under which predictions are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons import InvalidLesson, answers, parse
from tests.builders.lessons import ALL_KINDS, GOLDEN, KEYS, KINDS

NUMBER, SEVERAL, _ = ALL_KINDS.steps


@given(st.integers(0, 63), st.permutations(range(6)), st.sampled_from(["one", "several"]))
def test_an_answer_comes_back_from_another_order(answer, order, kind):
    back = [order.index(i) for i in range(6)]
    answer = answer if kind == "several" else answer % 6
    assert answers.moved(kind, answers.moved(kind, answer, order), back) == answer


@given(st.floats(-1e12, 1e12), st.floats(0, 100))
def test_a_range_has_its_middle_and_its_ends(middle, tolerance):
    text = f"{middle:.6f} ± {tolerance:.6f}"
    bounds = answers.range_of(text)
    assert bounds is not None
    for number in (float(f"{middle:.6f}"), *bounds):
        assert answers.within(number, bounds)
    assert not answers.within(bounds[1] + max(1.0, abs(bounds[1]) * 1e-6), bounds)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("2 ± 0.1", (1.9, 2.1)),
        ("-3 +- 1", (-4.0, -2.0)),
        ("20 ± 5 %", (19.0, 21.0)),
        ("about 2", None),
        ("2 ± -1", None),
    ],
)
def test_how_a_number_is_written(text, bounds):
    assert answers.range_of(text) == (None if bounds is None else pytest.approx(bounds))


def test_a_number_belongs_to_the_option_whose_range_has_it():
    assert [option.text for option in NUMBER.options] == ["1 ± 0.1", "2 ± 5 %", answers.OTHER_NUMBER]
    assert [NUMBER.answer_of(number) for number in (0.9, 1.1, 1.95, 2.1, 2.11, -2, 7)] == [0, 0, 1, 1, 2, 2, 2]
    assert (NUMBER.right, NUMBER.ticked, NUMBER.chosen(2)) == (1, "2 ± 5 %", (2,))


def test_an_answer_with_several_options_is_right_only_as_a_whole():
    assert (SEVERAL.right, SEVERAL.right_options) == (0b101, (0, 2))
    assert SEVERAL.words(0b101) == "the ratio is 2 and the losses are equal"
    assert [SEVERAL.takes(answer) for answer in (0, 0b001, 0b111, 0b1000, -1)] == [False, True, True, False, False]


def test_numbers_with_a_number_in_common_are_refused():
    with pytest.raises(InvalidLesson, match=r"“1 ± 0\.1” and “1\.3 ± 0\.2” have numbers in common"):
        parse(KINDS.replace("2 ± 5 %", "1.3 ± 0.2"))


def test_old_keys_stay_and_any_order_of_the_options_has_one_key():
    """`test_progress.py` finds predictions in another order again."""
    steps = parse(GOLDEN).steps
    assert [step.key(step.orders()[1]) for step in steps] == KEYS
    assert steps[0].key() == "e9995c5d2d6c4122", "that of version 0.3.0"
    swapped = parse(GOLDEN.replace("- [x] 4,762\n- [ ] more", "- [ ] more\n- [x] 4,762")).steps[1]
    assert swapped.key() == steps[1].key()
