"""A lesson with shuffled options is a lesson like any other: its text is read again as it was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from backend.lessons import parse
from backend.lessons.library import SHIPPED, load
from backend.lessons.parser import attempt, shuffled

LESSONS = load(SHIPPED).lessons


@given(st.sampled_from(LESSONS), st.one_of(st.none(), st.integers(0, 2**30)))
def test_a_lesson_is_read_again_whatever_the_order_of_its_options(original, seed):
    lesson = original if seed is None else shuffled(original, seed)
    again = parse(lesson.source, "room.md")
    assert again.model_dump() == lesson.model_dump()
    assert [step.id for step in again.steps] == [step.id for step in original.steps]
    for step, before in zip(again.steps, original.steps, strict=True):
        assert step.experiment == before.experiment
        assert step.options[step.right].text == before.options[before.right].text
        assert sorted(option.text for option in step.options) == sorted(option.text for option in before.options)
        assert (step.text.strip(), step.why.strip()) == (before.text.strip(), before.why.strip())
        tries = {option.text: attempt(step, option) for option in step.options if option.attempt}
        assert tries == {option.text: attempt(before, option) for option in before.options if option.attempt}


def test_the_options_of_a_room_are_shuffled_by_its_seed_alone():
    one, same, other = (shuffled(LESSONS[1], seed) for seed in (1, 1, 2))
    assert one == same
    assert [step.right for step in one.steps] != [step.right for step in other.steps]
