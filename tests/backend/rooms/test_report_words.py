"""What a report says of a question: exact for a small class, and consistent for every class."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.experiment import Experiment
from backend.lessons.lesson import MOST_OPTIONS, Option, Step, StepBlock
from backend.rooms import Answer
from backend.rooms.model import FEWEST
from backend.rooms.report import Question


def question(first, second=(), *, right=1, options=3):
    """A question with these answers: the option of each participant by number."""
    rounds = tuple({n: Answer(option, "", 4.0) for n, option in dict(each).items()} for each in (first, second))
    block = StepBlock(page="train", show=("totals",))
    asked = tuple(Option(text=f"option {i}", right=i == (right or 0)) for i in range(options))
    step = Step(id="sum", title="Sum", block=block, text="How large?", options=asked, experiment=Experiment())
    return Question(step, 0, rounds, right)


#: Eight people answered both rounds, one only the first and two only the second. B is right.
BEFORE = {1: 0, 2: 0, 3: 0, 4: 0, 5: 1, 6: 1, 7: 2, 8: 2, 9: 2}
AFTER = {1: 1, 2: 1, 3: 0, 4: 1, 5: 1, 6: 0, 7: 1, 8: 2, 10: 1, 11: 1}


def test_a_small_class():
    asked = question(BEFORE, AFTER)
    assert asked.switches == [[1, 3, 0], [1, 1, 0], [0, 1, 1]]
    assert asked.comparison() == (
        "8 people answered both rounds, and 3 answered only one round. Of the 8, 2 (25 %) were right before, and "
        "5 (63 %) after. Normalized gain: g = 0.50."
    )
    assert asked.columns == [("before", [4, 2, 2], 8), ("after", [2, 5, 1], 8)]


def test_few_answers_have_no_distribution():
    few = question(dict.fromkeys(range(FEWEST - 1), 0), {})
    assert (few.switches, few.columns) == ([], [])


@st.composite
def classes(draw):
    size = draw(st.integers(2, MOST_OPTIONS))
    rounds = st.dictionaries(st.integers(1, 30), st.integers(0, size - 1), max_size=30)
    right = draw(st.none() | st.integers(0, size - 1))
    return question(draw(rounds), draw(rounds), right=right, options=size)


@given(classes())
def test_figures_of_any_class_agree(asked):
    first, second = ({number: each.option for number, each in answers.items()} for answers in asked.rounds)
    both = first.keys() & second.keys()
    assert bool(asked.switches) is (len(both) >= FEWEST)
    for i, row in enumerate(asked.switches):
        assert sum(row) == sum(first[number] == i for number in both)
    said = asked.comparison()
    assert "nan" not in said.lower()
    assert "−0.00" not in said
    if found := re.search(r"g = (.+)\.$", said):
        share = [sum(each[number] == asked.right for number in both) / len(both) for each in (first, second)]
        gain = (share[1] - share[0]) / (1 - share[0])
        assert float(found[1].replace("−", "-")) == pytest.approx(gain, abs=0.0051)
    for _, counts, people in asked.columns:
        assert sum(counts) == people >= FEWEST
