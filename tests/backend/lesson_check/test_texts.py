"""Numbers in texts: which are read, and when they agree with a measurement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lesson_check.texts import beside, number_of
from backend.lessons.figure import POSITIVE
from backend.lessons.figures import FIGURES

NAMES = ["ratio", "head ratio", "head_ratio(level)", "gap", "parameters"]


@pytest.mark.parametrize(
    ("option", "figure", "agrees", "differs"),
    [
        ("0.5", "ratio", 0.52, 2.0),
        ("About *twice* as large", "ratio", 2.15, 2.3),
        ("Still 2: the weights change nothing", "ratio", 1.95, 2.3),
        ("It is 4,762", "parameters", 4762.0, 4763.0),
        ("In 3 of 5 batches", "conflict_share", 0.6, 0.4),
        ("It is 5 % lower", "task_ratio", 0.952, 0.8),
        ("1/2", "ratio", 0.5, 2.0),
        ("60 % of the batches", "conflict_share", 0.602, 0.7),
        ("Lower, by more than 5 %", "sharing_change", -0.12, -0.01),
        ("Their losses are equal within 1 %", "task_ratio", 0.9986, 1.02),
        ("A fifth or more", "step_ratio", 1.4, 1.1),
        ("Between 1.9 and 2.1", "ratio", 2.0, 2.3),
    ],
)
def test_the_number_of_an_option_is_read(option: str, figure: str, agrees: float, differs: float) -> None:
    number, domain = number_of(option), FIGURES[figure].domain("")
    assert number
    assert number.agrees(agrees, domain)
    assert not number.agrees(differs, domain)


@pytest.mark.parametrize(
    "option", ["Functional", "16 weights and 2 biases", "16 heads", "The `Dense(2)`", "It is 1.9, or 3.5"]
)
def test_an_option_may_have_no_number_of_its_own(option: str) -> None:
    assert number_of(option) is None


def test_a_number_belongs_to_the_name_beside_it():
    text = (
        "1. A list\n2. The **ratio** is 3, `head_ratio(level)` is 0.5, and a gap of about 1.2. It has 4,762 parameters."
    )
    found, others = beside(text, NAMES)
    assert [(name, number.text) for name, number in found] == [
        ("ratio", "3"), ("head_ratio(level)", "0.5"), ("gap", "about 1.2"), ("parameters", "4,762"),
    ]  # fmt: skip
    assert not others


@pytest.mark.parametrize("text", ["If the ratio is 3, stop.", "The ratio is 1 + 2 = 3.", "A ratio of `scale=3`.", ""])
def test_what_is_supposed_computed_or_code_is_not_compared(text: str) -> None:
    assert not beside(text, NAMES)[0]


@given(
    st.text() | st.lists(st.sampled_from([*NAMES, "1.5", "-2", "±", "%", "`", "about", "."]), max_size=9).map(" ".join)
)
def test_no_text_crashes_it(text: str) -> None:
    number = number_of(text)
    assert number is None or isinstance(number.agrees(1.0, POSITIVE), bool)
    found, others = beside(text, NAMES)
    assert all(name in NAMES for name, _ in found)
    assert all(number.text for number in others)
