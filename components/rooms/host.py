"""The host's page of a room: one button that leads on, what the answers say, and everything else below."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.lessons import Step
from backend.lessons.scripts import bundled
from backend.rooms import Action, RoomView, parts
from backend.rooms.machine import STAGES, allowed, next_action
from backend.rooms.model import FEWEST, option_names
from backend.rooms.tally import Advice, advice, confidently_wrong, counts
from backend.services import services
from components import browser
from components.live.render_lock import render_lock
from components.rooms import leading, links, more, status
from components.rooms.reading import read_room, show_exit
from components.text import for_markdown

#: Seconds between two polls of the answers.
_POLL = 1.0
#: What each action is called on the host's one coloured button.
_LABELS: dict[Action, str] = {
    "begin": "Begin: ask the first question",
    "freeze": "Freeze the answers",
    "discuss": "Let them discuss",
    "explain_first": "Explain, then ask again",
    "ask_again": "Ask again",
    "reveal": "Reveal: the votes",
    "explain": "Show why",
    "next": "Next question",
    "finish": "End the lesson",
    "go_on": "Back to the question",
    "resume": "Resume",
}
#: What the host may choose between when answers are frozen.
_OTHERS: tuple[Action, ...] = ("discuss", "explain_first", "reveal")
_NEXT_STAGES = {1: "Reveal: what was measured", 2: "Reveal: the verdict"}


def show(id: str) -> None:
    """Draw the room for its host; for anybody else a sentence."""

    @st.fragment(run_every=_POLL)
    def fragment() -> None:
        with render_lock():
            view = read_room(id)
            if view is None:
                return
            if links.is_host(view.room):  # the browser may have connected again without the host's cookie
                _draw(view)
                return
            st.warning(
                "This browser is not the host of this room. Open the host's link, which you got when you opened it.",
                icon=":material/lock:",
            )
            show_exit()

    fragment()


def _draw(view: RoomView) -> None:
    room, now = view.room, view.room.state
    services().rooms.host.record_look(room.id)
    st.title(for_markdown(room.lesson.title), anchor=False)
    status.show(view)
    # What comes and goes has a place of its own: otherwise each notice moves the buttons, and the browser draws them
    # anew, so that a button loses the focus just before it is pressed.
    with st.container(key="room.host.notices"):
        if now.closed:
            st.markdown(
                "The room is deleted 30 days after you closed it. Until then, participants can look at the results."
            )
    _lead(view)
    with st.container(horizontal=True, key="room.host.toggles"):
        frozen = now.phase in ("frozen", "explain") and not now.paused
        answers = _toggle("results", "Answers so far", "H", (now.step, now.phase, now.round), frozen)
        joining = _toggle("join", "How to join", "Q", "always")
    if joining:
        more.show_joining(room)
    if answers and now.phase not in ("lobby", "end"):
        _private_panel(view)
    if now.phase not in ("lobby", "end") and not now.closed:
        _class_view(view)
    more.show(view)
    browser.mount("room_presses", {"keys": more.keys_on()}, key="room.presses")


def _lead(view: RoomView) -> None:
    """Draw the one coloured button, which says what happens next, and Undo."""
    room, now = view.room, view.room.state
    hint = _advice(view)
    action = "resume" if now.paused else hint.action if hint else next_action(now, room.lesson)
    with st.container(horizontal=True, key="room.host.lead"):
        if action is not None and not now.closed:
            words = _NEXT_STAGES[now.stage] if action == "more" else _LABELS[action]
            leading.button(
                room, "next", words, leading.act(room, action), type="primary", width="stretch",
                shortcut=_shortcut("Space"),
            )  # fmt: skip
        for other in _OTHERS:
            if other != action and action in _OTHERS and allowed(now, other, room.lesson):
                st.button(
                    _LABELS[other], key=f"room.host.{other}", on_click=leading.attempt,
                    args=(room.id, leading.act(room, other)),
                )  # fmt: skip
        leading.button(
            room, "undo", "Undo", lambda: services().rooms.host.undo(room.id, room.version), icon=":material/undo:",
            shortcut=_shortcut("U"), disabled=now.closed,
        )  # fmt: skip


def _toggle(name: str, label: str, shortcut: str, moment: Any, usual: bool = False) -> bool:
    """Draw the button that shows or hides a panel. A press holds for its moment. Returns whether the panel is shown."""
    key = f"room.host.{name}"
    shown = usual is not (st.session_state.get(key) == moment)
    st.button(
        f"{'Hide' if shown else 'Show'}: {label}", key=f"{key}.button", shortcut=_shortcut(shortcut), type="tertiary",
        on_click=_flip, args=(key, moment),
    )  # fmt: skip
    return shown


def _flip(key: str, moment: Any) -> None:
    st.session_state[key] = None if st.session_state.get(key) == moment else moment


def _private_panel(view: RoomView) -> None:
    """Draw what only the host sees: the answers so far, how many are certain and wrong, and what to do next."""
    step, now = view.room.step, view.room.state
    answers = view.of_round(now.step, now.round)
    option_counts = counts(answers, step)
    with st.container(border=True, key="room.host.private"):
        if option_counts is None:
            st.markdown(f"With fewer than {FEWEST} answers, the page shows no distribution: it could name a person.")
            return
        for i, (name, option, count) in enumerate(zip(option_names(step), step.options, option_counts, strict=True)):
            mark = " ✓" if i in step.right_options else ""
            thought = option.misconception.replace("-", " ")
            wrong = f"  \n:small[Misconception: {thought}]" if thought else ""
            text = "" if name == option.text else f" · {option.text}"
            st.markdown(f"**{name}{mark}** · **{count}**{text}{wrong}")
        if step.kind == "several":
            right = sum(answer.option == step.right for answer in answers.values())
            st.markdown(f"**{right} of {len(answers)}** chose exactly the right options.")
        if certain := confidently_wrong(answers.values(), step.right):
            st.markdown(f"Certain of a wrong answer: **{certain}**.")
        if hint := _advice(view):
            st.info(hint.reason, icon=":material/lightbulb:")


def _class_view(view: RoomView) -> None:
    """Draw what the class sees, for a host who cannot see the board: the verdict or the question. Then the notes."""
    now, step = view.room.state, view.room.step
    st.header(for_markdown(step.title), anchor=False)
    if now.earlier is None and now.revealed and (now.phase == "why" or now.stage == STAGES):
        for words in parts.verdict(view, now.step, services().rooms.training.of_step(view)).words:
            st.markdown(words)
    else:
        _question(step)
    if step.notes:
        st.header("Notes", anchor=False)
        st.markdown(step.notes)


def _question(step: Step) -> None:
    """Draw text and options. Options of a question for a number would tell which are expected."""
    st.markdown(step.text)
    if (mistake := bundled(step)) is not None:
        st.markdown(f"**{mistake.question}**")
    if step.kind == "number":
        st.markdown("Answer with a number.")
        return
    for name, option in zip(option_names(step), step.options, strict=True):
        st.markdown(f"**{name}**  {option.text}")


def _shortcut(name: str) -> str | None:
    """The key of a button, unless the host has switched all keys off."""
    return name if more.keys_on() else None


def _advice(view: RoomView) -> Advice | None:
    """What to do with the frozen answers. The coloured button does the same."""
    room, now = view.room, view.room.state
    if now.earlier is not None:
        return None
    return advice(view.of_round(now.step, now.round), room.step.right, now, room.lesson)
