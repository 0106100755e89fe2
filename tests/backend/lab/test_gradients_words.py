"""Sentences about measured gradients are true for degenerate measurements, too."""

import math

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.questions.gradients import words as words
from tests.backend.lab.measured import gradients, measurement

NAMES = ["A", "B", "C"]


def said(measured):
    found = gradients(measured)
    return words.answer(found), words.details(found, NAMES[: len(found.heads)])


@given(arrays(float, (3, 2), elements=st.floats(-10, 10) | st.sampled_from([0.0, math.nan, math.inf])))
def test_every_measurement_has_sentences(rows):
    found = measurement(rows)
    answer, details = said(found)
    assert answer.endswith(".")
    assert all(each.endswith(".") for each in details)
