"""Homework: the questions of a room, which anybody with the link answers alone until a date."""

from __future__ import annotations

import re
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from backend.lessons import HomeworkLesson, Lesson, Step
from backend.rooms import Refused
from backend.rooms.report import words
from backend.rooms.report.reports import HOMEWORK_ID, lesson_of
from backend.rooms.report.store import Homework, Predicted
from backend.services import services
from components.learn import help as helps
from components.session import page_options, state
from components.session.visitor import visitor
from components.text import for_markdown

KEY = "homework"
OPTION = page_options.matching(HOMEWORK_ID, "the end of a homework's link")
_COUNTS = (
    "Your first prediction of each question counts, without your name. Whoever gave the homework sees how many gave "
    "each answer."
)
_SCRIPTS = " A question about a script does not count if this browser has predicted it before."


def lesson() -> Lesson | None:
    """The lesson with the questions of the page's homework; None if there is none, or if it has ended."""
    return _lesson(page_options.chosen(KEY))


def has_step(step: str) -> bool:
    """Whether the homework of the link, which may not be read yet, has that step."""
    named = st.query_params.get(KEY, "")
    found = _lesson(named) if re.fullmatch(HOMEWORK_ID, named) else None
    return found is not None and found.step(step) is not None


def id_of(lesson: Lesson | None) -> str:
    """The id of the homework whose lesson this is; empty for any other lesson."""
    return lesson.homework if isinstance(lesson, HomeworkLesson) else ""


def record(lesson: Lesson, step: Step, option: int, number: float | None = None) -> None:
    """Count a prediction for the homework, if the lesson is one."""
    if id := id_of(lesson):
        given = Predicted(lesson.steps.index(step), option, number)
        services().rooms.reports.answer(id, visitor(), _address(), given)


def show_notice() -> None:
    """Say until when predictions count for the homework of the page's link, or why they do not.

    After its end, the lesson is offered in its place.
    """
    id = page_options.chosen(KEY)
    if not id:
        return
    reports = services().rooms.reports
    try:
        given = reports.homework(id)
        full = reports.refusal(given, visitor(), _address()) if given is not None else None
        asked = lesson_of(given).steps if given is not None else ()
    except Refused as reason:
        st.warning(str(reason), icon=":material/error:")
        return
    if given is None:
        st.warning(
            "This homework does not exist any more, or its link is incomplete. The lessons are below.",
            icon=":material/link_off:",
        )
    elif reports.has_ended(given):
        _ended(given)
    else:
        scripts = any(step.shows_our_mistake for step in asked)
        st.info(
            f"**Homework until {words.minute(given.until, zone())}.** {full or _COUNTS}"
            f"{_SCRIPTS if scripts and not full else ''}",
            icon=":material/home_work:",
        )


def _address() -> str:
    return st.context.ip_address or ""


def zone() -> tzinfo | None:
    """The time zone of the browser; None if it is not known."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the name of a folder of zones raises OSError
        return None


def _ended(given: Homework) -> None:
    st.info(
        f"This homework ended on {words.minute(given.until, zone())}. New predictions do not count.",
        icon=":material/event_busy:",
    )
    found = services().lessons.shelf().lesson(given.lesson_id)
    if found is None:
        st.markdown("Its questions came from a workshop, or from a lesson that this server no longer has.")
        return

    def go() -> None:
        state.touch()
        page_options.choose(KEY, "")
        page_options.choose("lesson", found.id)

    st.button(
        f"Open the lesson: {for_markdown(found.title)}", key="learn.homework.lesson", on_click=go,
        help=helps.text("learn.open"),
    )  # fmt: skip


def _lesson(id: str) -> Lesson | None:
    reports = services().rooms.reports
    try:
        given = reports.homework(id) if id else None
        return None if given is None or reports.has_ended(given) else lesson_of(given)
    except Refused:
        return None
