"""Heads, times and the trunk in words."""

import pytest

from backend.experiment import Experiment
from backend.speed.wording import heads, heads_listed, seconds, trunk


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.3e-4, "430 µs"),
        (9.999e-4, "1 ms"),
        (3.851e-3, "3.85 ms"),
        (0.14, "140 ms"),
        (0.797, "0.797 s"),
        (12.34, "12.3 s"),
        (203.4, "203 s"),
    ],
)
def test_a_time_has_three_digits_in_the_unit_that_reads_best(value, text):
    assert seconds(value) == text


def test_numbers_of_heads_in_words():
    assert (heads(1), heads(8)) == ("1 head", "8 heads")
    assert heads_listed([1]) == "1 head"
    assert heads_listed([1, 2, 8]) == "1, 2 and 8 heads"


def test_the_trunk_is_named_with_optimizer_and_batch_size():
    assert trunk(Experiment()) == "10 × 2 → LSTM(32) → Dense(8), adam, batches of 32"
