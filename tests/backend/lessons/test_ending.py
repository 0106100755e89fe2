"""The end of a lesson: the score counts only what is marked, and says why the rest does not count."""

from __future__ import annotations

import pytest

from backend.lessons.ending import Score


@pytest.mark.parametrize(
    ("marks", "title"),
    [
        (("right", "wrong", "right"), "Your score: 2 of 3"),
        (("wrong", "not seen", "not predicted"), "Your score: 0 of 1"),
        (("right", "no option"), "Your score: 1 of 1"),
        (("not predicted",), "No score yet"),
    ],
)
def test_the_score_counts_what_is_right_or_wrong_alone(marks, title):
    assert Score(marks).title == title
    assert bool(Score(marks).note) is bool({*marks} - {"right", "wrong"})
