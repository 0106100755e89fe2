"""What is said of a prediction beside what was measured."""

import pytest

from backend.investigations.base import Verdict
from components.investigations.prediction import mark_sentence


@pytest.mark.parametrize(
    ("prediction", "answer", "words"),
    [
        ("a", "a", ":green[**✓ Right:** you predicted “a”.]"),
        ("b", "a", ":red[**✗ Not right:** you predicted “b”.] Measured: “a”."),
        ("b", None, "You predicted “b”. The measurement gives no answer, so it does not count."),
        (None, "a", "Measured: “a”."),
        (None, None, "The measurement gives no answer."),
    ],
)
def test_a_prediction_is_marked_in_words(prediction, answer, words):
    assert mark_sentence(Verdict(answer, "", ""), prediction) == words


def test_what_gave_the_answer_is_named():
    assert mark_sentence(Verdict("a", "", ""), "b", "our advice").endswith(" Our advice: “a”.")
