"""The report of a room on its host's page: the link, how long it is kept, and homework."""

from __future__ import annotations

import streamlit as st

from backend.rooms import Refused, RoomView
from backend.rooms.phone import Panels
from backend.rooms.report import words
from backend.rooms.report.build import revealed
from backend.rooms.report.model import Report
from backend.rooms.report.reports import DAY
from backend.rooms.report.store import Kept
from backend.services import services
from backend.web.reports import make
from components import browser
from components.learn.homework import zone
from components.learn.step import page_query
from components.rooms import asked, homework, leading, links, measured
from components.rooms import help as helps
from components.session import state

#: The days for which a report is kept, by the words of the menu; 0 is as long as the room exists.
_PERIODS = {"with the room": 0, "30 days": 30, "half a year": 182, "a year": 365}
PANELS = Panels(asked.of_question, measured.of_room, page_query, measured.before_question)


def show(view: RoomView) -> None:
    """Draw the link to the report and the menu for how long it is kept; before the first result, a sentence."""
    st.header("Report", anchor=False)
    if not revealed(view):
        st.markdown("There is a report once the result of a question is revealed.")
        return
    st.markdown(
        f"**[Report]({links.report_address(view.room)})**: a page with the answers and results of each question that "
        "was revealed, to read or to print. It lasts as long as the room."
    )
    try:
        kept = services().rooms.reports.of_room(view.room.id)
    except Refused as reason:
        st.markdown(str(reason))
        return
    _keep(view, kept)
    if kept is not None:
        _kept(view, kept)
    homework.show(view, kept)


def _keep(view: RoomView, kept: Kept | None) -> None:
    """Draw the menu for how long the report is kept, and the button that keeps it."""
    period_key, names_key = _keys(view.room.id)
    if kept is not None and period_key not in st.session_state:  # what another session of the host chose
        st.session_state[period_key], st.session_state[names_key] = _period_of(kept), kept.names
    with st.container(horizontal=True, vertical_alignment="bottom", key="room.report"):
        period = st.selectbox(
            "Keep the report", list(_PERIODS), key=period_key, on_change=state.touch, width=200,
            help=helps.text("room.report.period"),
        )  # fmt: skip
        days = _PERIODS[period]
        if days:
            st.toggle("With names", key=names_key, on_change=state.touch, help=helps.text("room.report.names"))
        label = "Keep the report" if kept is None else "Renew the kept report" if days else "Delete the kept report"
        st.button(
            label, key="room.report.keep", disabled=not (days or kept), on_click=_press, args=(view.room.id,),
            help=helps.text("room.report.keep"),
        )  # fmt: skip


def _kept(view: RoomView, kept: Kept) -> None:
    names = "with names" if kept.names else "without names"
    more = ", close the room, rename or remove somebody, or choose **Aliases only**"
    renewed = more if kept.names else " or close the room"
    st.markdown(
        f"A report **{names}** is kept until {words.minute(kept.expires, zone())}. It shows the room as it was on "
        f"{words.minute(kept.made, zone())}, and is renewed when you press **Renew the kept "
        f"report**{renewed}. This link opens it, also after the room is deleted. Whoever has the link can read and "
        "delete the report."
    )
    token = services().rooms.reports.token(view.room, kept)
    browser.mount("share", {"link": links.kept_report_address(kept.id, token), "code": None}, key="room.report.link")


def _keys(id: str) -> tuple[str, str]:
    """The keys of the two choices in a room: how long, and whether with names."""
    return f"room.report.period.{id}", f"room.report.names.{id}"


def _period_of(kept: Kept) -> str:
    """The words of the period for which the report is kept."""
    days = (kept.expires - kept.made) / DAY
    return min(filter(_PERIODS.get, _PERIODS), key=lambda period: abs(_PERIODS[period] - days))


def renew(id: str) -> None:
    """Renew the kept report of a room that was just closed, if it has one. Raises Refused."""
    kept = services().rooms.reports.of_room(id)
    view = services().rooms.view(id)
    if kept is not None and view is not None and revealed(view):
        services().rooms.reports.renew(view.room, _report(view, names=kept.names))


def renew_names(id: str) -> None:
    """Renew the kept report of a room if it has names. Call this when names were removed. Raises Refused."""
    kept, view = services().rooms.reports.of_room(id), services().rooms.view(id)
    if kept is None or view is None or not kept.names:
        return
    if not revealed(view):
        raise Refused(
            "The kept report still has the earlier names, because no result is revealed now. You may delete it."
        )
    renew(id)


def _press(id: str) -> None:
    """Callback: keep, renew or delete the report, as the menu says now."""
    period_key, names_key = _keys(id)
    days, names = _PERIODS[st.session_state[period_key]], bool(st.session_state.get(names_key))

    def do() -> None:
        reports, view = services().rooms.reports, services().rooms.view(id)
        if view is None:
            raise Refused("This room does not exist any more.")
        if days:
            reports.keep(view.room, _report(view, names=names), days)
        else:
            reports.delete_of_room(id)

    leading.attempt(id, do)


def _report(view: RoomView, *, names: bool) -> Report:
    return make(services().rooms, view, PANELS, names=names)
