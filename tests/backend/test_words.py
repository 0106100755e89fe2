"""Numbers, lists and durations read as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.words import fixed, ratio_words, short


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0074, 2, "0.0074"),
        (3.04e-8, 2, "3.0 × 10⁻⁸"),
        (-4762, 4, "−4,762"),
        (1.849, 3, "1.85"),
        (0, 2, "0"),
        (math.nan, 2, "NaN or infinite"),
        (math.inf, 2, "NaN or infinite"),
    ],
)
def test_a_number_has_so_many_digits_and_no_programmer_s_exponent(value, digits, text):
    assert short(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_a_number_is_never_written_with_an_e_or_with_a_hyphen(value, digits):
    assert not {"e", "-"} & set(short(value, digits) + fixed(value, digits))


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2.000"), (-0.0001, "0.000"), (-math.inf, "NaN or infinite"), (1e300, "1.00 × 10³⁰⁰")],
)
def test_a_number_has_a_fixed_number_of_digits_unless_it_has_none(value, text):
    assert fixed(value, 3) == text


def test_a_ratio_has_as_many_digits_as_tell_it_from_1():
    assert [ratio_words(ratio, 2) for ratio in (1.08, 1.04, 0.996, 2.0)] == ["1.1", "1.04", "0.996", "2"]
