"""Sentences about measured gradients are true for degenerate measurements, too."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.questions.gradients import words as words
from tests.backend.lab.measured import gradients, measurement

AB, NAMES = (0, 1), ["A", "B", "C"]


def said(measured):
    found = gradients(measured)
    return words.answer(found), words.details(found, NAMES[: len(found.heads)])


@given(st.floats(0, 180) | st.sampled_from([0.0, 90.0, 180.0, 90.000001, 89.99, 90.04, 179.96]), st.integers(0, 8))
def test_the_words_of_an_epoch_agree_with_the_numbers_beside_them(angle, conflicting):
    turned = math.radians(angle)
    found = measurement([[1.0, 0.0], [math.cos(turned), math.sin(turned)]], 1, conflicting)
    told = words.epoch_sentences(found, AB, NAMES)
    shown = re.search(r"are ([\d.]+)° apart: they (.*?)\.", told)
    assert shown, told
    number, verdict = float(shown[1]), shown[2]
    assert (verdict == "conflict") == (number > 90)
    assert (verdict == "do not conflict") == (number <= 90)
    assert f"{conflicting} of 8 batches" in told


@given(arrays(float, (3, 2), elements=st.floats(-10, 10) | st.sampled_from([0.0, math.nan, math.inf])))
def test_every_measurement_has_sentences(rows):
    found = measurement(rows)
    answer, details = said(found)
    assert answer.endswith(".")
    assert all(each.endswith(".") for each in details)
    assert words.epoch_sentences(found, AB, NAMES).endswith(".")
