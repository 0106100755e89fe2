"""The end of a lesson: the score counts only what is marked, and says why the rest does not count."""

from __future__ import annotations

import pytest

from backend.lessons.ending import Score


@pytest.mark.parametrize(
    ("marks", "title", "note"),
    [
        (("right", "wrong", "right"), "Your score: 2 of 3", ""),
        (("wrong",), "Your score: 0 of 1", ""),
        (("not predicted",), "No score yet", "1 question has no prediction of yours."),
        (
            ("right", "not predicted", "not predicted"),
            "Your score: 1 of 1",
            "2 questions have no prediction of yours. They do not count.",
        ),
        (
            ("right", "no option"),
            "Your score: 1 of 1",
            "1 question has no option that matches the measurement. It does not count.",
        ),
        (
            ("wrong", "not seen", "not predicted"),
            "Your score: 0 of 1",
            "1 question has no prediction of yours. 1 question has a prediction and no result yet. They do not count.",
        ),
    ],
)
def test_the_score_counts_what_is_right_or_wrong_and_names_the_rest(marks, title, note):
    assert (Score(marks).title, Score(marks).note) == (title, note)
