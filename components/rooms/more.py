"""What a host needs less often: how to join, who is here, the settings of the room, and what to take home."""

from __future__ import annotations

import time

import streamlit as st

from backend.rooms import Action, Participant, Room, RoomView
from backend.rooms.machine import allowed
from backend.rooms.report import revealed
from backend.services import services
from components import code_panel
from components import help as helps
from components.layout.share import show_link
from components.rooms import leading, links
from components.rooms.reading import show_exit
from components.session import controls, page_options, state

_PERSON, _CHOSEN = "room.person", "room.person.chosen"
_KEYS, _CODE = "room.keys.on", "room.code.new"
#: Minutes in which those joined whom the host can remove together.
_LATE = 2
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
#: Actions of which the page shows only those that the room allows now.
_SWITCHES: tuple[Action, ...] = ("lock", "unlock", "names", "aliases")


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
            **controls.widget_state("room.keys", keys_on(), lambda on: st.session_state.update({_KEYS: on})),
        )
        _people(view)
        _links(view.room)
        _take_home(view)
        _delete(view.room)


def show_joining(room: Room) -> None:
    """Draw the address with its QR code, and the code."""
    address = links.join_address(room)
    show_link(address, "room.join.link")
    st.markdown(f"Or open this site, choose **Rooms**, and type **{room.code}**.")


def _actions(view: RoomView) -> None:
    room, now = view.room, view.room.state
    with st.container(horizontal=True, key="room.more.actions"):
        for action, label in _ACTIONS.items():
            possible = allowed(now, action, room.lesson)
            if possible or action not in _SWITCHES:
                leading.button(room, action, label, leading.act(room, action), disabled=not possible)
        if now.locked and not now.closed:
            new_code = services().rooms.host.new_code
            leading.button(room, "new_code", "New code", lambda: st.session_state.update({_CODE: new_code(room.id)}))
    if st.session_state.get(_CODE) == room.code:
        st.success(
            f"The room has a new code: **{room.code}**. The earlier code and its QR code let nobody else "
            "in. Everybody inside stays. While the room is locked, nobody else can join.",
            icon=":material/key:",
        )


def _people(view: RoomView) -> None:
    st.header("Participants", anchor=False)
    if not view.participants:
        st.markdown("Nobody has joined yet.")
        return
    room, host, numbers = view.room, services().rooms.host, sorted(view.participants)
    who = view.participants.get(st.session_state.get(_CHOSEN, 0)) or view.participants[numbers[0]]
    # A name may change while it is chosen. The browser knows an option by its name alone, so the number is kept here.
    st.selectbox(
        "Participant", numbers, format_func=lambda number: _participant_label(view.participants[number]),
        **controls.widget_state(
            _PERSON, who.number, lambda number: st.session_state.update({_CHOSEN: number}), numbers
        ),
    )  # fmt: skip
    st.text_input(
        "Alias", max_chars=24, help=helps.text("room.alias"),
        **controls.widget_state(
            f"room.alias.{who.number}", who.alias,
            lambda name: leading.attempt(room.id, lambda: host.rename(room.id, who.number, name)),
        ),
    )  # fmt: skip
    leading.button(
        room, "remove", "Let back in" if who.removed else "Remove",
        # The host may have changed the choice after the button was drawn.
        lambda: host.set_removed(room.id, [st.session_state[_PERSON] or who.number], not who.removed),
    )  # fmt: skip
    _many(view)


def _many(view: RoomView) -> None:
    """Draw the buttons that remove many, and that let them back in. Each says how many."""
    room, host, here = view.room, services().rooms.host, view.present
    removed = [who.number for who in view.participants.values() if who.removed]
    late = sum(who.joined >= time.time() - 60 * _LATE for who in here)
    leading.button(
        room, "silent", f"Remove all who have not answered ({len(view.silent)})", lambda: host.remove_joined(room.id),
        disabled=not view.silent or room.state.phase == "lobby",
    )  # fmt: skip
    leading.button(
        room, "since", f"Remove all who joined in the last {_LATE} minutes ({late})",
        lambda: host.remove_joined(room.id, time.time() - 60 * _LATE, silent=False), disabled=not late,
    )  # fmt: skip
    leading.button(
        room, "back", f"Let back in all who were removed ({len(removed)})",
        lambda: host.set_removed(room.id, removed, False), disabled=not removed,
    )  # fmt: skip


def _links(room: Room) -> None:
    st.header("Board", anchor=False)
    st.markdown(
        "The board is for a projector. It shows no names. It shows the votes while you explain, and no other result "
        f"before you reveal it. On the projector, open **{links.shown_board_address()}** and type **{room.code}**. Or "
        "open this link."
    )
    code_panel.show_output("Link", links.board_address(room.code), key="room.board.link")
    st.header("Host", anchor=False)
    st.markdown("Lead from another device, such as your phone. Whoever has this link is the host.")
    address = links.entry_address(room.id, links.host_token(room))
    show_link(address, "room.host.link")


def _take_home(view: RoomView) -> None:
    st.header("Take home", anchor=False)
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

    def delete() -> None:
        services().rooms.host.delete(room.id)
        page_options.choose("host", "")
        state.redraw()

    if pressed:
        leading.attempt(room.id, delete)


def _participant_label(who: Participant) -> str:
    return f"{who.number}. {who.alias}{' (removed)' if who.removed else ''}"
