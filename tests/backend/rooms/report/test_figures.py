"""What a report says of a question: exact for a small class, and consistent for every class."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons.lesson import MOST_OPTIONS
from backend.rooms.model import FEWEST
from backend.rooms.report import words
from backend.rooms.report.figures import figures
from backend.rooms.report.model import Given, Option, Question


def question(first, second=(), *, right=1, options=3, sure="", seconds=None):
    """A question with these answers: the option of each participant by number."""
    rounds = tuple(
        tuple(Given(number, option, sure, seconds) for number, option in dict(each).items()) for each in (first, second)
    )
    asked = tuple(Option(text=f"option {i}", right=i == right, misconception="a-b" * (i == 0)) for i in range(options))
    return Question(
        step=0, id="sum", title="Sum", text="How large?", options=asked, right=right,
        confidence=bool(sure), rounds=rounds, parts=(),
    )  # fmt: skip


#: Eight people answered both rounds, one only the first and two only the second. B is right.
BEFORE = {1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 1, 7: 2, 8: 2, 9: 2}
AFTER = {1: 1, 2: 1, 3: 0, 4: 1, 5: 1, 6: 0, 7: 1, 8: 2, 10: 1, 11: 1}


def test_a_small_class():
    found = figures(question(BEFORE, AFTER))
    assert (found.answered, found.both, found.once) == ((9, 10), 8, 3)
    assert found.pairs.switches == ((1, 3, 0), (1, 1, 0), (0, 1, 1))
    assert (found.pairs.before, found.pairs.after) == ((4, 2, 2), (2, 5, 1))
    assert found.gain == pytest.approx(0.5)
    assert found.counts == ((4, 2, 3), (2, 7, 1))
    assert words.columns(found) == [("before", (4, 2, 2), 8), ("after", (2, 5, 1), 8)]


def test_few_answers_have_no_distribution():
    found = figures(question(dict.fromkeys(range(FEWEST - 1), 0), {}, sure="certain", seconds=3.0))
    assert (found.counts, found.times, found.confidence) == ((None, None), (None, None), (None, None))
    assert words.columns(found) == []


@st.composite
def classes(draw):
    size = draw(st.integers(2, MOST_OPTIONS))
    rounds = st.dictionaries(st.integers(1, 30), st.integers(0, size - 1), max_size=30)
    right = draw(st.none() | st.integers(0, size - 1))
    return question(draw(rounds), draw(rounds), right=right, options=size)


@given(classes())
def test_figures_of_any_class_agree(asked):
    found, right = figures(asked), asked.right
    first, second = ({each.number: each.option for each in answers} for answers in asked.rounds)
    assert found.both <= min(found.answered)
    assert found.once == (len(first.keys() ^ second.keys()) if second else 0)
    assert (found.pairs is None) is (found.both < FEWEST)
    if isinstance(found.gain, float):
        assert math.isfinite(found.gain)
        assert found.gain <= 1
        share = [counts[right] / found.both for counts in (found.pairs.before, found.pairs.after)]
        assert found.gain == pytest.approx((share[1] - share[0]) / (1 - share[0]))
    if found.pairs is not None:
        assert found.pairs.count == found.both == sum(found.pairs.after)
        for i in range(len(asked.options)):
            before = {number for number, option in first.items() if option == i} & second.keys()
            assert sum(found.pairs.switches[i]) == found.pairs.before[i] == len(before)
    for sentence in words.pairs(found, right):
        assert "nan" not in sentence.lower()
        assert not re.search(r"−0\.0+\.? ", sentence)
    for _, counts, _ in words.columns(found):
        assert sum(counts) >= FEWEST
