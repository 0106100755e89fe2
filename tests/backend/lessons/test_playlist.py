"""A playlist is a lesson like any other: it is read again as it was written, with the same experiments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.lessons import parse
from backend.lessons.library import SHIPPED, load
from backend.lessons.parser import attempt
from backend.lessons.playlist import MOST_STEPS, Part, Unfit, compose
from backend.lessons.writer import write

LESSONS = load(SHIPPED).lessons
EVERY = [Part(lesson, i) for lesson in LESSONS for i in (None, *range(len(lesson.steps)))]


@given(st.lists(st.sampled_from(EVERY), min_size=1, max_size=6), st.one_of(st.none(), st.integers(0, 2**30)))
def test_a_playlist_is_read_as_it_was_written(chosen, shuffle):
    made = compose(chosen, shuffle)
    again = parse(write(made), "room.md")
    wanted = list(dict.fromkeys((part.lesson.id, step.id) for part in chosen for step in part.steps))
    originals = [next(each for each in LESSONS if each.id == lesson).step(step) for lesson, step in wanted]
    assert len(again.steps) == len(originals)
    assert len({step.id for step in again.steps}) == len(originals)
    for step, original in zip(again.steps, originals, strict=True):
        assert step.experiment == original.experiment
        assert step.options[step.right].text == original.options[original.right].text
        assert sorted(option.text for option in step.options) == sorted(option.text for option in original.options)
        assert (step.title, step.text.strip(), step.why.strip()) == (
            original.title, original.text.strip(), original.why.strip(),
        )  # fmt: skip
        assert step.block.expect == original.block.expect
        tries = {option.text: attempt(step, option) for option in step.options if option.attempt}
        assert tries == {option.text: attempt(original, option) for option in original.options if option.attempt}


def test_the_options_of_a_room_are_shuffled_by_its_seed_alone():
    one, same, other = (compose([Part(LESSONS[1])], seed) for seed in (1, 1, 2))
    assert one == same
    assert [step.right for step in one.steps] != [step.right for step in other.steps]


def test_too_many_questions_are_refused_in_a_sentence():
    step = LESSONS[0].steps[0]
    steps = tuple(step.model_copy(update={"id": f"s{i}"}) for i in range(MOST_STEPS + 1))
    with pytest.raises(Unfit, match=f"place for {MOST_STEPS} questions"):
        compose([Part(LESSONS[0].model_copy(update={"steps": steps}))])
