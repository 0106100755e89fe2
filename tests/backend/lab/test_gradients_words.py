"""Sentences about measured gradients are true for degenerate measurements, too."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.lab import gradients_words as words
from backend.lab.gradients import ratio_of
from tests.backend.lab.measured import gradients, measurement

AB, NAMES = (0, 1), ["A", "B", "C"]
AGREE, CLASH = [[1.0, 0.0], [1.0, 1.0]], [[1.0, 0.0], [-1.0, 2.0]]


def said(*measurements, stopped=None):
    found = gradients(*measurements, stopped=stopped)
    return words.answer(found), words.details(found, NAMES[: len(found.heads)])


def test_no_conflict():
    told = ["No pair of heads conflicts in any batch."]
    assert said(measurement(AGREE), measurement(AGREE, 4)) == ("Your heads conflict in none of the 16 batches.", told)


def test_conflict_in_every_batch():
    answer, (growth,) = said(measurement(CLASH), measurement(CLASH, 4))
    assert answer == "Your heads conflict in all 16 batches."
    assert growth.endswith("in 8 of 8 batches (100%): as often as at the start.")


@pytest.mark.parametrize(("counts", "verdict"), [((1, 3), "more often than"), ((3, 1), "less often than")])
def test_a_conflict_that_grows_or_fades(counts, verdict):
    answer, (growth,) = said(measurement(AGREE, 0, counts[0]), measurement(AGREE, 7, counts[1]))
    assert answer == "Your heads conflict in a quarter of the batches (4 of 16)."
    assert growth == (
        f"At the start, A and B conflict in {words.share(counts[0], 8, 'batch')}, after epoch 7 in "
        f"{words.share(counts[1], 8, 'batch')}: {verdict} at the start."
    )


def test_a_conflict_at_the_only_epoch_that_can_be_compared():
    answer, details = said(measurement(AGREE, 0, 5, 10), measurement([[0.0], [0.0]], 4, comparable=0))
    assert answer == "Your heads conflict in half of the batches (5 of 10)."
    assert details == [
        "At the start, A and B conflict in 5 of 10 batches (50%). They can be compared at this epoch alone."
    ]


def test_gradients_that_are_zero_in_turn_cannot_be_compared():
    answer, details = said(*(measurement(rows, comparable=0) for rows in ([[1.0], [0.0]], [[0.0], [1.0]])))
    assert answer == "This measurement cannot tell."
    assert details == ["In every batch, each pair of heads has a gradient that is zero, NaN or infinite."]


def test_a_share_that_goes_up_and_down_is_told():
    _, (growth,) = said(*(measurement(AGREE, epoch, count) for epoch, count in ((0, 2), (1, 6), (2, 1))))
    assert growth.endswith("less often than at the start. At the 3 measured epochs it is between 12% and 75%.")


def test_three_heads_name_the_pair():
    rows = [[1.0, 0.0], [1.0, 1.0], [-1.0, 0.5]]
    answer, details = said(measurement(rows))
    assert answer == "Your heads conflict in two thirds of the comparisons of two heads in a batch (16 of 24)."
    assert details[0].startswith("The heads A and C conflict most often: in 8 of 8 batches (100%)")


@pytest.mark.parametrize(
    ("rows", "answer", "told"),
    [
        (CLASH, "conflict", "they conflict. That of B is 2.24 times as long as that of A. {} conflict, too."),
        (
            AGREE,
            "do not conflict",
            "they do not conflict. That of B is 1.41 times as long as that of A. {} do not conflict.",
        ),
    ],
)
def test_a_single_batch_is_not_called_all(rows, answer, told):
    found = measurement(rows, comparable=1)
    assert said(found)[0] == f"Your heads {answer} in the only batch that was compared."
    only = "In the only batch that was compared, the gradients"
    assert words.epoch_sentences(found, AB, NAMES).endswith(told.format(only))
    assert words.share(1, 1, "batch") == "1 of 1 batch (100%)"


def test_a_dead_trunk_cannot_tell():
    answer, details = said(measurement([[0.0], [0.0]], comparable=0))
    assert answer == "This measurement cannot tell."
    assert details == [
        "The gradients of A and B are zero at every measured epoch: the losses have no effect on the trunk."
    ]
    assert "the gradient of A is zero and the gradient of B is zero, so the angle" in words.epoch_sentences(
        measurement([[0.0], [0.0]]), AB, NAMES
    )


def test_nan_is_not_compared_and_a_training_that_stopped_is_told():
    answer, details = said(measurement([[1.0], [math.nan]], comparable=0), stopped="The loss became NaN.")
    assert answer == "This measurement cannot tell."
    assert details == [
        "Some gradients became NaN or infinite. They are not compared.",
        "The training ended early. The loss became NaN.",
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([[1.0, 2.0], [1.0, 2.0]], "0° apart: they have the same direction. They are equally long."),
        ([[1.0, 0.0], [0.0, 2.0]], "90° apart: they neither help nor harm each other. That of B is 2 times as long"),
        ([[3.0, 0.0], [-1.0, 0.0]], "180° apart: they conflict. That of A is 3 times as long as that of B."),
        (AGREE, "45° apart: they do not conflict."),
    ],
)
def test_the_sentence_of_an_epoch(rows, told):
    assert told in words.epoch_sentences(measurement(rows, 3), AB, NAMES)
    assert words.epoch_sentences(measurement(rows, 3), AB, NAMES).startswith("After epoch 3, ")


@pytest.mark.parametrize(
    ("count", "whole", "said"),
    [
        (219, 672, "about a third"), (1, 2, "half"), (20, 32, "62%"), (671, 672, "over 99%"), (1, 672, "0.15%"),
        (168, 672, "a quarter"), (669, 1000, "about two thirds"),
    ],
)  # fmt: skip
def test_a_share_is_a_simple_fraction_or_a_percentage(count, whole, said):
    assert words.fraction(count, whole) == said


def test_the_gradients_over_all_sequences_and_those_of_the_batches_are_reconciled():
    """Gradients 86.6° apart do not conflict, and those of 18 of the 32 batches that follow do."""
    turned = math.radians(86.6)
    rows = [[1.0, 0.0], [math.cos(turned), math.sin(turned)]]
    told = words.epoch_sentences(measurement(rows, 4, 18, 32), AB, NAMES)
    assert "86.6° apart: they do not conflict. They are equally long. In 18 of the 32 batches, the gradients" in told
    assert "A batch has only some of the sequences, so its gradients differ from those over all sequences" in told


@given(st.floats(0, 180) | st.sampled_from([0.0, 90.0, 180.0, 90.000001, 89.99, 90.04, 179.96]), st.integers(0, 8))
def test_the_words_of_an_epoch_agree_with_the_numbers_beside_them(angle, conflicting):
    turned = math.radians(angle)
    found = measurement([[1.0, 0.0], [math.cos(turned), math.sin(turned)]], 1, conflicting)
    told = words.epoch_sentences(found, AB, NAMES)
    shown = re.search(r"are ([\d.]+)° apart: they (.*?)\.", told)
    assert shown, told
    number, verdict = float(shown[1]), shown[2]
    assert (verdict == "conflict") == (number > 90)
    assert (verdict == "do not conflict") == (0 < number < 90)
    assert ("differ from" in told) == (conflicting != (8 if number > 90 else 0))
    assert re.search(r"In (\d of the|none of the|all) 8 batches", told)


def test_a_ratio_outside_the_compass_gets_a_sentence():
    assert words.clamp_sentence(ratio_of(measurement([[1.0], [340.0]]), AB), "A", "B") == (
        "The length of B ÷ that of A is 340. The compass shows ratios from 0.01 to 100; it uses 100 in its place."
    )
    assert words.clamp_sentence(ratio_of(measurement([[1.0], [50.0]]), AB), "A", "B") == ""
    assert words.clamp_sentence(ratio_of(measurement([[1.0], [0.0]]), AB), "A", "B") == ""


@given(arrays(float, (3, 2), elements=st.floats(-10, 10) | st.sampled_from([0.0, math.nan, math.inf])))
def test_every_measurement_has_sentences(rows):
    found = measurement(rows)
    answer, details = said(found)
    assert answer.endswith(".")
    assert all(each.endswith(".") for each in details)
    assert words.epoch_sentences(found, AB, NAMES).endswith(".")
