"""Numbers, lists and durations read as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.words import about, ago, fixed, listed, short, shortened


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.0074, 2, "0.0074"),
        (3.04e-8, 2, "3.0 × 10⁻⁸"),
        (-3.04e-8, 2, "−3.0 × 10⁻⁸"),
        (-0.87, 2, "−0.87"),
        (-4762, 4, "−4,762"),
        (4762, 4, "4,762"),
        (4762, 2, "4,800"),
        (1.849, 3, "1.85"),
        (0, 2, "0"),
        (math.nan, 2, "NaN or infinite"),
        (math.inf, 2, "NaN or infinite"),
        (2.5e9, 2, "2.5 × 10⁹"),
    ],
)
def test_a_number_has_so_many_digits_and_no_programmer_s_exponent(value, digits, text):
    assert short(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 6))
def test_a_number_is_never_written_with_an_e_or_with_a_hyphen(value, digits):
    assert not {"e", "-"} & set(short(value, digits) + fixed(value, digits))


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", 3], "a, b and 3")]
)
def test_a_list_reads_as_in_a_sentence(words, text):
    assert listed(words) == text


@pytest.mark.parametrize(("most", "text"), [(2, "a, b, …"), (3, "a, b, c"), (4, "a, b, c")])
def test_a_long_list_is_shortened_with_an_ellipsis(most, text):
    assert shortened("abc", most) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "about a second"), (1.4, "about a second"), (45.2, "about 45 seconds"), (150, "about 2 minutes")],
)
def test_an_estimated_duration_is_rounded(seconds, text):
    assert about(seconds) == text


def test_a_moment_of_less_than_a_minute_ago_is_just_now(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1000.0)
    assert ago(970) == "just now"
    assert ago(1000 - 16 * 60) == "16 minutes ago"


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2.000"), (-0.1234, "−0.123"), (-0.0001, "0.000"), (math.nan, "NaN or infinite"),
     (-math.inf, "NaN or infinite"), (1e300, "1.00 × 10³⁰⁰")],
)  # fmt: skip
def test_a_number_has_a_fixed_number_of_digits_unless_it_has_none(value, text):
    assert fixed(value, 3) == text
