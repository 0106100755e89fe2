"""What a host needs less often: how to join, who is here, the settings of the room, and what to take home."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Action, Participant, Room, RoomView
from backend.rooms.machine import allowed
from backend.rooms.report import revealed
from backend.services import services
from components import code_panel
from components import help as helps
from components.layout.share import show_link
from components.rooms import crowd, leading, links
from components.rooms.reading import show_exit
from components.session import controls, page_options, state
from components.text import for_markdown

_PERSON, _CHOSEN = "room.person", "room.person.chosen"
_KEYS, _CODE = "room.keys.on", "room.code.new"
_ACTIONS: dict[Action, str] = {
    "pause": "Pause all",
    "show_last": "Show the last result",
    "skip": "Skip this question",
    "reset": "Ask this question again",
    "lock": "Lock: let nobody else in",
    "unlock": "Unlock",
    "names": "Allow names",
    "aliases": "Aliases only",
    "close": "Close the room",
}
#: Actions that are refused if the room has changed since their button was drawn.
_AS_DRAWN: tuple[Action, ...] = ("show_last", "skip", "reset", "close")
_SWITCHES: dict[Action, Action] = {
    "lock": "unlock",
    "names": "aliases",
}


def keys_on() -> bool:
    """Whether keys press the host's buttons. They can be switched off."""
    return bool(st.session_state.get(_KEYS, True))


def show(view: RoomView) -> None:
    """Draw the menu below the host's button."""
    with st.expander("Everything else", key="room.more", on_change="rerun") as menu:
        if not menu.open:
            return
        show_exit()
        _actions(view)
        st.toggle(
            "Keys press the buttons",
            help=helps.text("room.keys"),
            **controls.widget_state("room.keys", keys_on(), _switch_keys),
        )
        _people(view)
        _board(view.room)
        _export(view)
        _delete(view.room)


def show_joining(room: Room) -> None:
    """Draw the address with its QR code, and the code."""
    address = links.join_address(room)
    show_link(address, "room.join.link")
    st.markdown(f"Or open this site, choose **Rooms**, and type **{room.code}**.")


def _actions(view: RoomView) -> None:
    now, lesson = view.room.state, view.room.lesson
    off = set(_SWITCHES.values())
    with st.container(horizontal=True, key="room.more.actions"):
        for action, label in _ACTIONS.items():
            opposite = _SWITCHES.get(action)
            if action in off and not allowed(now, action, lesson):
                continue
            if opposite is not None and not allowed(now, action, lesson) and allowed(now, opposite, lesson):
                continue
            st.button(
                label, key=f"room.more.{action}", disabled=not allowed(now, action, lesson),
                on_click=_act, args=(view.room.id, action, view.room.version), help=helps.text(f"room.{action}"),
            )  # fmt: skip
        if now.locked and not now.closed:
            st.button(
                "New code", key="room.more.code", on_click=_make_code, args=(view.room.id,),
                help=helps.text("room.new_code"),
            )  # fmt: skip
    if st.session_state.get(_CODE, {}).get(view.room.id) == view.room.code:
        st.success(
            f"The room has a new code: **{view.room.code}**. The earlier code and its QR code let nobody else "
            "in. Everybody inside stays. While the room is locked, nobody else can join.",
            icon=":material/key:",
        )


def _people(view: RoomView) -> None:
    st.header("Participants", anchor=False)
    if not view.participants:
        st.markdown("Nobody has joined yet.")
        return
    numbers = sorted(view.participants)
    who = view.participants.get(st.session_state.get(_CHOSEN, 0)) or view.participants[numbers[0]]
    # A name may change while it is chosen. The browser knows an option by its name alone, so the number is kept here.
    st.selectbox(
        "Participant", numbers, format_func=lambda number: _participant_label(view.participants[number]),
        **controls.widget_state(_PERSON, who.number, _choose, numbers),
    )  # fmt: skip
    st.text_input(
        "Alias", max_chars=24, help=helps.text("room.alias"),
        **controls.widget_state(
            f"room.alias.{who.number}", who.alias, lambda name: _rename(view.room.id, who.number, name)
        ),
    )  # fmt: skip
    st.button(
        "Let back in" if who.removed else "Remove", key="room.remove", on_click=_remove,
        args=(view.room.id, who.number, not who.removed), help=helps.text("room.remove"),
    )  # fmt: skip
    crowd.tools(view)


def _board(room: Room) -> None:
    st.header("Board", anchor=False)
    address = for_markdown(links.board_address().rpartition("://")[2], 80)
    st.markdown(
        "The board is for a projector. It shows no names. It shows the votes while you explain, and no other result "
        f"before you reveal it. On the projector, open **{address}** and type **{room.code}**. Or open this link."
    )
    code_panel.show_output("Link", links.board_address(room.code), key="room.board.link")
    st.header("Host", anchor=False)
    st.markdown("Lead from another device, such as your phone. Whoever has this link is the host.")
    address = links.entry_address(room.id, links.host_token(room))
    show_link(address, "room.host.link")


def _export(view: RoomView) -> None:
    st.header("Take home", anchor=False)
    if not view.answers:
        st.markdown("There are no answers yet.")
        return
    report = links.report_address(view.room)
    if revealed(view):
        st.markdown(
            f"**[Report]({report})**: a page with the answers and results of each question that was revealed, to read "
            "or to print. It lasts as long as the room."
        )
    st.link_button("Answers (CSV)", f"{report}/answers.csv")


def _delete(room: Room) -> None:
    st.header("Delete", anchor=False)
    st.markdown(
        "The room is deleted 30 days after its last change, with all answers, aliases and its report. You may also "
        "delete it now."
    )
    # No callback: after it there would be no room to draw, and the page around this fragment would stay.
    pressed = st.button(
        "Delete the room now", key="room.delete", icon=":material/delete:", help=helps.text("room.delete")
    )
    if pressed and leading.attempt(room.id, lambda: services().rooms.host.delete(room.id)):
        page_options.choose("host", "")
        state.redraw()


def _participant_label(who: Participant) -> str:
    return f"{who.number}. {who.alias}{' (removed)' if who.removed else ''}"


def _act(id: str, action: Action, drawn: int) -> None:
    def act() -> None:
        rooms = services().rooms
        rooms.host.act(id, action, drawn if action in _AS_DRAWN else rooms.existing(id).room.version)

    leading.attempt(id, act)


def _rename(id: str, number: int, name: str) -> None:
    leading.attempt(id, lambda: services().rooms.host.rename(id, number, name))


def _switch_keys(on: bool) -> None:
    st.session_state[_KEYS] = on


def _choose(number: int | None) -> None:
    st.session_state[_CHOSEN] = number


def _remove(id: str, drawn: int, removed: bool) -> None:
    # Reads the chosen participant itself: the host may have changed the choice after the button was drawn.
    entered = st.session_state[_PERSON]
    number = entered if isinstance(entered, int) else drawn
    leading.attempt(id, lambda: services().rooms.host.set_removed(id, [number], removed))


def _make_code(id: str) -> None:
    """Callback: give the room another code, which this session announces."""

    def make() -> None:
        st.session_state[_CODE] = {id: services().rooms.host.new_code(id)}

    leading.attempt(id, make)
