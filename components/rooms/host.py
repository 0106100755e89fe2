"""The host's page of a room: one button that leads on, what the answers say, and everything else below."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Action, RoomView, State, parts
from backend.rooms.machine import STAGES, allowed, next_action
from backend.rooms.model import FEWEST, option_names
from backend.rooms.tally import Advice, advice, confidently_wrong, counts
from backend.services import services
from components import browser
from components import help as helps
from components.live.render_lock import render_lock
from components.rooms import crowd, leading, links, more, question, status, unfold, unready
from components.rooms.reading import read_room, show_exit
from components.text import for_markdown

#: Seconds between two polls of the answers.
_POLL = 1.0
_RESULTS, _JOIN = "room.host.results", "room.host.join"
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
}
#: What the host may choose between when answers are frozen.
_OTHERS: tuple[Action, ...] = ("discuss", "explain_first", "reveal")
_NEXT_STAGES = {1: "Reveal: what was measured", 2: "Reveal: the verdict"}


def show(id: str) -> None:
    """Draw the room for its host; for anybody else a sentence."""
    view = read_room(id, retry=True)
    if view is None:
        return
    if not _is_allowed(view):
        return
    st.title(for_markdown(view.room.lesson.title), anchor=False)

    @st.fragment(run_every=_POLL)
    def fragment() -> None:
        with render_lock():
            view = read_room(id)
            if view is not None:
                _draw(view)

    fragment()


def _is_allowed(view: RoomView) -> bool:
    if links.is_host(view.room):
        return True
    st.warning(
        "This browser is not the host of this room. Open the host's link, which you got when you opened the room.",
        icon=":material/lock:",
    )
    show_exit()
    return False


def _draw(view: RoomView) -> None:
    if not _is_allowed(view):  # the browser may have connected again without the host's cookie
        return
    room, now = view.room, view.room.state
    services().rooms.host.record_look(room.id)
    status.show(view)
    # What comes and goes has a place of its own: otherwise each notice moves the buttons, and the browser draws them
    # anew, so that a button loses the focus just before it is pressed.
    with st.container(key="room.host.notices"):
        leading.show_refusal()
        crowd.offer_undo(view)
        if now.closed:
            st.markdown(
                "The room is deleted 30 days after you closed it. Until then, participants can look at the results."
            )
        unready.show(view)
    _lead(view)
    panels = (
        (_RESULTS, "Answers so far", "H", _are_answers_shown(view)),
        (_JOIN, "How to join", "Q", _is_join_shown()),
    )
    with st.container(horizontal=True, key="room.host.toggles"):
        for key, label, shortcut, shown in panels:
            st.button(
                f"{'Hide' if shown else 'Show'}: {label}", key=f"{key}.button", shortcut=_shortcut(shortcut),
                on_click=_set_shown, args=(key, not shown, _moment(now)), type="tertiary",
            )  # fmt: skip
        _unfold_button(view)
    if _is_join_shown():
        more.show_joining(room)
    if _are_answers_shown(view):
        _private_panel(view)
    if now.phase not in ("lobby", "end") and not now.closed:
        _class_view(view)
    more.show(view)
    browser.mount("room_presses", {"keys": more.keys_on()}, key="room.presses")


def _unfold_button(view: RoomView) -> None:
    """Draw the button that shows more on the board, and less again: of a mistake's script, or of Compare's diagram."""
    room, now = view.room, view.room.state
    words = unfold.words(room.step, now)
    if words is not None:
        action: Action = "part" if now.whole else "whole"
        st.button(
            f"{words[now.whole]} on the board", key="room.host.script", type="tertiary",
            on_click=_act, args=(room.id, action, room.version),
        )  # fmt: skip


def _class_view(view: RoomView) -> None:
    """Draw what the class sees, for a host who cannot see the board: the verdict or the question. Then the notes."""
    room, now = view.room, view.room.state
    step = room.step
    if now.earlier is None and now.revealed and (now.phase == "why" or now.stage == STAGES):
        st.header(for_markdown(step.title), anchor=False)
        for words in parts.verdict(view, now.step, services().rooms.training.of_step(view)).words:
            st.markdown(words)
    else:
        question.show(step, now.step, len(room.lesson.steps))
    if step.notes:
        st.header("Notes", anchor=False)
        st.markdown(step.notes)


def _lead(view: RoomView) -> None:
    """Draw the one coloured button, which says what happens next, and Undo."""
    room, now = view.room, view.room.state
    hint = _advice(view)
    action = "resume" if now.paused else hint.action if hint else next_action(now, room.lesson)
    with st.container(horizontal=True, key="room.host.lead"):
        if action is not None and not now.closed:
            st.button(
                _label(action, now), type="primary", key="room.host.next", shortcut=_shortcut("Space"), width="stretch",
                on_click=_act, args=(room.id, action, room.version), help=helps.text("room.next"),
            )  # fmt: skip
        for other in _OTHERS:
            if other != action and action in _OTHERS and allowed(now, other, room.lesson):
                st.button(
                    _LABELS[other], key=f"room.host.{other}", on_click=_act, args=(room.id, other, room.version),
                )  # fmt: skip
        st.button(
            "Undo", icon=":material/undo:", key="room.host.undo", shortcut=_shortcut("U"), disabled=now.closed,
            on_click=_undo, args=(room.id, room.version), help=helps.text("room.undo"),
        )  # fmt: skip


def _label(action: Action, now: State) -> str:
    if action == "more":
        return _NEXT_STAGES[now.stage]
    return "Resume" if action == "resume" else _LABELS[action]


def _private_panel(view: RoomView) -> None:
    """Draw what only the host sees: the answers so far, how many are certain and wrong, and what to do next."""
    room, now = view.room, view.room.state
    if now.phase in ("lobby", "end"):
        return
    step, answers = room.step, view.of_round(now.step, now.round)
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
        certain = confidently_wrong(answers.values(), step.right)
        if certain:
            st.markdown(f"**{certain}** {'is' if certain == 1 else 'are'} certain of a wrong answer.")
        if hint := _advice(view):
            st.info(hint.reason, icon=":material/lightbulb:")


def _shortcut(name: str) -> str | None:
    """The key of a button, unless the host has switched all keys off."""
    return name if more.keys_on() else None


def _act(id: str, action: Action, version: int) -> None:
    """Callback: lead the room, if this browser is its host and the room is as it was drawn."""
    leading.attempt(id, lambda: services().rooms.host.act(id, action, version))


def _undo(id: str, version: int) -> None:
    """Callback: take back the last action."""
    leading.attempt(id, lambda: services().rooms.host.undo(id, version))


def _advice(view: RoomView) -> Advice | None:
    """What to do with the frozen answers. The coloured button does the same."""
    room, now = view.room, view.room.state
    if now.earlier is not None:
        return None
    return advice(view.of_round(now.step, now.round), room.step.right, now, room.lesson)


def _moment(now: State) -> tuple[int, str, int]:
    """The question, its phase and its round."""
    return now.step, now.phase, now.round


def _are_answers_shown(view: RoomView) -> bool:
    """Whether the host sees the answers: as they chose for this moment, else while answers are frozen or explained."""
    now = view.room.state
    at, shown = st.session_state.get(_RESULTS, (None, False))
    return bool(shown) if at == _moment(now) else now.phase in ("frozen", "explain") and not now.paused


def _is_join_shown() -> bool:
    return bool(st.session_state.get(_JOIN, (None, False))[1])


def _set_shown(key: str, shown: bool, at: tuple[int, str, int]) -> None:
    """Callback: show or hide a panel, at a moment of the lesson."""
    st.session_state[key] = at, shown
