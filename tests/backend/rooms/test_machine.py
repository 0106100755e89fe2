"""The phases of a room: the whole way, every wrong order, and that no way leads round the reveal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.rooms.machine import STAGES, State, WrongOrder, act, allowed, next_action
from tests.builders.lessons import LESSON as GOLDEN

FIRST, SECOND = GOLDEN.steps
#: Two rounds with a reason, one round without, one round with.
LESSON = GOLDEN.model_copy(update={"steps": (FIRST, SECOND, SECOND.model_copy(update={"why": FIRST.why}))})
ACTIONS = (
    "begin", "freeze", "discuss", "explain_first", "ask_again", "reveal", "more", "explain", "next", "skip", "finish",
    "pause", "resume", "show_last", "go_on", "reset", "lock", "unlock", "names", "aliases",
    "close",
)  # fmt: skip


def lead(*actions, state=None):
    state = state or State()
    for action in actions:
        state = act(state, action, LESSON)
    return state


def test_what_leads_on_leads_through_the_whole_lesson():
    state, way = State(), []
    while (action := next_action(state, LESSON)) is not None:
        way.append(action)
        state = act(state, action, LESSON)
    reveal = ["freeze", "reveal", "more", "more"]
    assert way == [
        "begin", "freeze", "discuss", "ask_again", *reveal, "explain", "next", *reveal, "next", *reveal, "explain",
        "finish",
    ]  # fmt: skip
    assert (state.phase, state.step, state.closed) == ("end", 2, False)
    assert [state.shows_result_of(step) for step in range(3)] == [True, True, True]
    assert not allowed(state, "finish", LESSON), "it has ended"


#: What is not allowed at some point.
WRONG = (
    ((), "freeze"),
    ((), "reveal"),
    ((), "next"),
    (("begin",), "begin"),
    (("begin",), "reveal"),
    (("begin",), "ask_again"),
    (("begin",), "more"),
    (("begin", "freeze", "discuss"), "reveal"),
    (("begin", "freeze", "discuss", "ask_again", "freeze"), "discuss"),
    (("begin", "freeze", "reveal"), "finish"),
    (("begin", "freeze", "reveal", "more", "more"), "more"),
    (("begin", "skip", "freeze"), "discuss"),
    (("begin", "freeze", "explain_first"), "reveal"),
    (("begin", "freeze", "explain_first", "ask_again", "freeze"), "explain_first"),
    (("begin", "skip", "freeze", "reveal"), "explain"),
    ((), "skip"),
    (("begin", "freeze", "reveal", "next", "skip", "skip"), "show_last"),
    (("begin", "freeze", "reveal", "reset"), "show_last"),
    ((), "reset"),
    (("lock",), "lock"),
    (("begin", "pause"), "freeze"),
    (("close",), "begin"),
)


@pytest.mark.parametrize(("way", "action"), WRONG)
def test_a_wrong_order_is_refused_with_a_sentence(way, action):
    state = lead(*way)
    with pytest.raises(WrongOrder, match=r"^[A-Z].*\.$"):
        act(state, action, LESSON)
    assert not allowed(state, action, LESSON)


def test_a_pause_stops_everything_and_changes_nothing():
    state = lead("begin", "pause")
    assert not allowed(state, "freeze", LESSON)
    assert lead("resume", state=state) == lead("begin")


def test_a_question_that_is_asked_anew_and_skipped_shows_no_result():
    revealed = lead("begin", "freeze", "reveal")
    assert revealed.seen == (0,)
    assert not lead("begin", "freeze", "reveal", "reset", "skip").shows_result_of(0)


def test_an_open_question_shows_no_result_whatever_a_stored_state_says():
    state = State(step=1, phase="ask", seen=(0, 1))
    assert [state.shows_result_of(step) for step in range(3)] == [True, False, False]


@given(st.lists(st.sampled_from(ACTIONS), max_size=40))
def test_no_way_leads_to_a_result_but_through_frozen_answers(actions):
    state, frozen, sentences = State(), False, []
    for action in actions:
        try:
            after = act(state, action, LESSON)
        except WrongOrder as refused:
            sentences.append(str(refused))
            continue
        if after.revealed and not state.revealed:
            assert (state.phase, action) == ("frozen", "reveal")
            assert frozen
        if after.phase == "ask" and not state.closed:
            frozen = False
        frozen |= action == "freeze"
        assert 0 <= after.step <= 2
        assert 1 <= after.stage <= STAGES
        assert after.round <= LESSON.steps[after.step].block.ask.rounds
        assert not (after.phase == "ask" and after.revealed)
        next_action(after, LESSON)
        state = after
    assert all(sentence.endswith(".") for sentence in sentences)
