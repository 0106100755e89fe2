"""The room on a participant's phone: join, answer, see one's own run among those of the class."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.differences import differences
from backend.experiment.url import write_query
from backend.lessons import Step
from backend.lessons.parser import attempt
from backend.rooms import Participant, Refused, RoomUnavailable, RoomView, Slowed
from backend.rooms.machine import BEATS
from backend.rooms.training import experiment_of
from backend.services import services
from backend.words import listed
from components import browser
from components.rooms import beside, own_choices, question, result, settings
from components.rooms import help as helps
from components.rooms.follow import follow, try_again
from components.session import controls, state
from components.session.visitor import visitor
from components.text import for_markdown

#: How sure a participant may be; the last one counts as certain.
SURE = ("guessing", "fairly sure", "certain")
#: What each part of a result is called.
_PARTS = {1: "The votes.", 2: "What was measured.", 3: "The result is here."}
_REASON = "The reason is below the result."


def show(code: str) -> None:
    """Draw the room with that code: join it at once, then follow it."""
    rooms = services().rooms
    known = beside.joined_rooms()
    try:
        if code not in known:
            known[code] = rooms.find(code, visitor(), st.context.ip_address or "", settings.invitation())
        if token := settings.token():
            rooms.people.adopt(known[code], token, visitor())
            settings.forget_token()
        rooms.people.join(known[code], visitor())
    except RoomUnavailable as reason:
        st.title("Join a room", anchor=False)
        try_again(reason)
        return
    except Slowed as reason:
        st.title("Join a room", anchor=False)
        try_again(reason, reason.seconds)
        return
    except Refused as reason:
        if code in known:  # the room was found, so the token is what it refuses
            settings.forget_token()
        known.pop(code, None)
        st.title("Join a room", anchor=False)
        st.warning(str(reason), icon=":material/meeting_room:")
        st.button("Another code", icon=":material/arrow_back:", key="room.another", on_click=settings.enter, args=("",))
        return
    follow(known[code], _draw)


def _draw(view: RoomView) -> bool | None:
    rooms, room, now = services().rooms, view.room, view.room.state
    who = rooms.people.find(view, visitor())
    st.title(for_markdown(room.lesson.title), anchor=False)
    status = st.container(key="room.status", gap=None)
    if who is None:
        _say(status, "The host has removed you from this room.")
        return None
    with status:
        browser.mount("room_connection", {"words": _without_connection(view, who)}, key="room.connection")
    beside.mark_present(view)
    what = "seed" if own_choices.has_seeds(view) else "number"
    st.markdown(f"You are **{for_markdown(who.alias)}**. Your {what} is **{who.number}**.")
    if refusal := st.session_state.pop(own_choices.REFUSAL, ""):
        st.warning(refusal, icon=":material/error:")
    _warn_if_too_late(view, who)
    if now.closed:
        _say(status, "The room is closed. Thank you for taking part.")
        return _past_results(view, who)
    if now.paused:
        note = (
            "Your last answer is not sent yet." if rooms.people.waiting_answer(view, who) else "Your answers are kept."
        )
        _say(status, f"The host has paused the room. {note}")
        return False
    if now.shown is not None:
        _say(status, "The host shows an earlier result.")
        return _result(view, who, now.shown, BEATS)
    if now.phase == "lobby":
        _say(status, "You are in. The first question comes when the host begins.")
        own_choices.show_in_lobby(view, who)
        return False
    if now.phase == "end":
        _say(status, "The lesson is over. Thank you for taking part.")
        return _past_results(view, who)
    if now.revealed:
        return _revealed_result(view, who, status)
    question.show(room.step, now.step, len(room.lesson.steps))
    if now.phase == "ask":
        _ask(view, who, status)
    elif now.phase == "discuss":
        _say(status, "Discuss: tell a neighbour what you chose and why. Then you answer again.")
        _own_answer(view, who, now.step)
    else:
        _say(status, "Answers are frozen. The host will show the result.")
        _own_answer(view, who, now.step)
    own_choices.show_later(view, who)
    return False


def _ask(view: RoomView, who: Participant, status: DeltaGenerator) -> None:
    """Draw the options. Each choice is stored at once, and may be changed until the host freezes the answers.

    A choice that cannot be stored now stays chosen, and the page tries again (`follow`).
    """
    room, now, people = view.room, view.room.state, services().rooms.people
    waits = people.waiting_answer(view, who)
    step, answer = room.step, waits.answer if waits else view.answer(who.number, now.step, now.round)
    key = f"{room.id}.{now.step}.{now.round}.{now.gathered}"

    def send(option: int | None = None, sure: str | None = None) -> None:
        """Change the answer, or how sure it is. The other one is read anew: another device may have changed it."""
        state.touch()
        try:
            latest = services().rooms.view(room.id)
            unsent = people.waiting_answer(latest, who) if latest else None
            known = unsent.answer if unsent else latest.answer(who.number, now.step, now.round) if latest else None
            if option is None and known is None:
                return
            chosen = option if option is not None else known.option if known else 0
            word = sure if sure is not None else known.sure if known else ""
            people.answer(room.id, who, now.step, now.round, chosen, word)
        except Refused as reason:
            st.session_state[own_choices.REFUSAL] = str(reason)

    with st.container(key="room.ask", gap="small"):
        texts = question.lettered_options(step)
        st.radio(
            "Your answer", range(len(texts)), format_func=texts.__getitem__, width="stretch",
            help=helps.text("room.answer"),
            **controls.widget_state(
                f"room.answer.{key}", answer.option if answer else None,
                lambda option: send(option=option), range(len(texts)),
            ),
        )  # fmt: skip
        if step.block.ask.confidence:
            st.segmented_control(
                "How sure are you?", SURE, disabled=answer is None, help=helps.text("room.sure"),
                **controls.button_group_state(
                    f"room.sure.{key}", answer.sure if answer and answer.sure in SURE else None,
                    lambda sure: send(sure=sure or ""),
                ),
            )  # fmt: skip
    again = "Second round. " if now.round == 2 else ""
    if answer is None:
        _say(status, f"{again}Choose an answer.")
    elif waits:
        _say(status, "Not sent yet. Trying again.")
    else:
        _say(status, f"{again}Sent. You may change it until the answers are frozen.")
    with status:
        _clock(view, who)


def _warn_if_too_late(view: RoomView, who: Participant) -> None:
    """Say that the last answer was not counted, if it could not be stored before the question closed."""
    people = services().rooms.people
    unsent = people.unsent(view, who)
    if unsent is None or people.waiting_answer(view, who):
        return
    st.warning(
        f"Your answer **{question.LETTERS[unsent.answer.option]}** came too late and was not counted.",
        icon=":material/error:",
    )


def _revealed_result(view: RoomView, who: Participant, status: DeltaGenerator) -> bool:
    room, now = view.room, view.room.state
    beat = BEATS if now.phase == "why" else now.beat
    st.header(for_markdown(room.step.title), anchor=False)
    _say(status, _REASON if now.phase == "why" and room.step.why else _PARTS[beat])
    waits = _result(view, who, now.step, beat, titled=False)
    if now.phase == "why" and room.step.why:
        st.subheader("Why", anchor=False)
        st.markdown(room.step.why)
    return waits


def _result(view: RoomView, who: Participant, position: int, beat: int, *, titled: bool = True) -> bool:
    step = view.room.lesson.steps[position]
    if titled:
        st.header(for_markdown(step.title), anchor=False)
    mine = st.container()
    waits = result.show(view, position, beat, own=who.number)
    with mine:  # after the result was read: if a run has come since, the page is drawn again
        _own_answer(view, who, position, right=beat >= BEATS and not result.is_contradicted(view, position))
    if beat >= BEATS and step.block.run == "seed":
        experiment = experiment_of(view.room, step, who.number)
        query = write_query(experiment) or {"seed": [str(experiment.training.seed)]}
        with st.container(key="room.run"):
            st.page_link("train.py", label="Open my run in Train", icon=":material/open_in_new:", query_params=query)
    if beat >= BEATS:
        _suggestion(view, who, position)
    return waits


def _suggestion(view: RoomView, who: Participant, position: int) -> None:
    """Draw a link to the experiment that the lesson suggests for the participant's wrong answer, if there is one."""
    step, rounds = view.room.lesson.steps[position], view.rounds(position)
    answer = rounds[-1].get(who.number) if rounds else None
    if answer is None or answer.option >= len(step.options):
        return
    option = step.options[answer.option]
    if option.right or not option.attempt:
        return
    label, query = _suggestion_link(step, answer.option)
    st.page_link("train.py", label=label, icon=":material/experiment:", query_params=query)


@lru_cache(maxsize=64)
def _suggestion_link(step: Step, position: int) -> tuple[str, Mapping[str, list[str]]]:
    """The label and the query of the link to the experiment that an option suggests."""
    other = attempt(step, step.options[position])
    return f"Try it with {listed(differences(other, step.experiment))}", write_query(other) or {"seed": ["0"]}


def _own_answer(view: RoomView, who: Participant, position: int, *, right: bool = False) -> None:
    """Draw what the participant has answered, and with `right` whether the last answer is right."""
    step = view.room.lesson.steps[position]
    both_rounds = [view.answer(who.number, position, round) for round in (1, 2)]
    answers = [each for each in both_rounds if each is not None]
    if not answers:
        st.markdown("You have not answered this question.")
        return
    letters = " → ".join(question.LETTERS[each.option] for each in answers if each.option < len(step.options))
    mark = ""
    if right:
        mark = ":green[**✓ Right.**] " if answers[-1].option == step.right else ":red[**✗ Not right.**] "
    st.markdown(f"{mark}You answered: **{letters}**.")


def _past_results(view: RoomView, who: Participant) -> bool:
    """Draw a menu of all past results, and the chosen one."""
    steps = view.room.lesson.steps
    positions = [i for i in range(len(steps)) if view.room.state.shows_result_of(i)]
    if not positions:
        return False
    chosen = st.selectbox(
        "Results", positions, format_func=lambda i: f"{i + 1}. {steps[i].title}", key="room.earlier",
        on_change=state.touch, help=helps.text("room.earlier"),
    )  # fmt: skip
    return _result(view, who, chosen if chosen in positions else positions[0], BEATS)


def _without_connection(view: RoomView, who: Participant) -> str:
    """What the page says while it has no connection: whether the room has the participant's answer."""
    now = view.room.state
    if now.phase != "ask" or now.shown is not None or now.paused or now.closed:
        return "No connection. This page goes on by itself when the connection is back."
    answer = view.answer(who.number, now.step, now.round)
    if answer is None:
        return "No connection. The room has no answer from you yet. It is sent when the connection is back."
    letter = question.LETTERS[answer.option]
    return f"No connection. The room has your answer {letter}. A change is sent when the connection is back."


def _clock(view: RoomView, who: Participant) -> None:
    """Draw the time that is left to think. The host closes the answers, not the clock."""
    if who.pace == "none":
        return
    seconds = view.room.step.block.ask.seconds_to_answer(view.room.state.round) * (10 if who.pace == "10" else 1)
    left = max(round(seconds - (time.time() - view.room.since)), 0)
    # The browser counts down by itself, from each new beginning.
    browser.mount("room_clock", {"left": left, "begun": f"{view.room.since}.{who.pace}"}, key="room.clock")


def _say(status: DeltaGenerator, text: str) -> None:
    """Write the status line, which a screen reader reads when it changes, always in the same place."""
    status.markdown(f'<div role="status">{text}</div>', unsafe_allow_html=True)
