"""The card at the end of every page: one next step that fits what the visitor has just seen."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from backend.guide import next_steps
from backend.guide.next_steps import NextStep
from backend.lessons import Lesson
from backend.rooms import RoomRefused
from backend.services import services
from components.lab import settings as lab_settings
from components.layout import site
from components.learn import choice
from components.rooms import links
from components.rooms import settings as room_settings
from components.session import state
from components.session.visitor import visitor
from components.text import for_label
from components.train.run import shown_run, start_with


def show(page: str) -> None:
    """Draw the card of the page with that path, if it has one."""
    after = _STEPS.get(page)
    step = after() if after else None
    if step is None:
        return
    with st.container(border=True, key="frame.next", gap="xxsmall"):
        st.markdown(step.sentence)
        if page == step.page == "train" and step.experiment is not None:  # `page.js` scrolls to its curves
            st.button(
                for_label(step.label), icon=":material/play_arrow:", icon_position="right", type="tertiary",
                on_click=start_with, args=(step.experiment,),
            )  # fmt: skip
            return
        st.page_link(
            site.page(step.page or "compare"), label=for_label(step.label), icon=":material/arrow_forward:",
            icon_position="right", query_params=step.query(),
        )  # fmt: skip


def _train() -> NextStep:
    experiment = state.experiment()
    shown = shown_run(experiment)
    finished = not shown.differences and not shown.awaited and not shown.run.running
    return next_steps.after_train(experiment, finished)


def _lessons() -> list[tuple[Lesson, int]]:
    """The lessons, each with how many of its questions the visitor has answered."""
    return [(each, services().progress.count_answered(each, visitor())) for each in choice.shelf().lessons]


def _learn() -> NextStep | None:
    """The step below the list of lessons; None within a lesson, whose own buttons lead to the next step."""
    return None if choice.lesson() else next_steps.after_lessons(state.experiment(), _lessons())


def _room() -> NextStep:
    return next_steps.after_room(state.experiment(), _lesson_of_room(room_settings.hosted_room()))


def _lesson_of_room(id: str) -> Lesson | None:
    """The room's lesson; None unless the visitor is the host and this server has the lesson."""
    try:
        view = services().rooms.view(id) if id else None
    except RoomRefused:
        return None
    return choice.shelf().lesson(view.room.lesson_id) if view and links.is_host(view.room) else None


#: The next step of each page, by the page's path.
_STEPS: dict[str, Callable[[], NextStep | None]] = {
    "": lambda: next_steps.after_compare(state.experiment()),
    "train": _train,
    "claims": lambda: next_steps.after_claims(state.experiment(), _lessons()),
    "speed": lambda: next_steps.after_speed(state.experiment()),
    "topologies": lambda: next_steps.after_topologies(state.experiment()),
    "lab": lambda: next_steps.after_lab(state.experiment(), lab_settings.state().methods),
    "own": next_steps.after_own,
    "learn": _learn,
    "room": _room,
    "runs": lambda: next_steps.after_runs(len(services().run_store.of_visitor(visitor()))),
}
