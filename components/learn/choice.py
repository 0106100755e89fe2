"""Which lesson and which step the page shows: in its link, and kept with the visitor."""

from __future__ import annotations

from functools import partial

import streamlit as st

from backend.experiment.url import Query
from backend.lessons import Lesson, Shelf, Step
from backend.services import services
from components import help as helps
from components.learn import measured, settings
from components.session import controls, page_options
from components.session.form import menu
from components.session.page_options import PageOption
from components.session.visitor import visitor
from components.text import for_markdown, one_line

_LESSON, _STEP = "lesson", "step"
#: Stands for the end of the lesson in place of a step's id, which begins with a letter.
END = "_end"


def shelf() -> Shelf:
    """The lessons of this server, as their files are now."""
    return services().lessons()


def _refuse_lesson(text: str) -> str | None:
    known = [lesson.id for lesson in shelf().lessons]
    return None if not text or text in known else f"it takes one of {', '.join(known)}"


def _refuse_step(text: str) -> str | None:
    known = text in ("", END) or any(lesson.step(text) for lesson in shelf().lessons)
    return None if known else "no lesson here has this step"


#: The options of the page's link.
OPTIONS = {
    _LESSON: PageOption("", _refuse_lesson),
    _STEP: PageOption("", _refuse_step),
}


def lesson() -> Lesson | None:
    """The lesson that the page shows; None if it shows all.

    A step that has moved leads to the one lesson that has it now.
    """
    named, wanted = shelf().lesson(page_options.chosen(_LESSON)), page_options.chosen(_STEP)
    if named is None or at_end() or not wanted or named.step(wanted):
        return named
    others = [each for each in shelf().lessons if each.step(wanted)]
    return others[0] if len(others) == 1 else named


def at_end() -> bool:
    """Whether the page shows the end of the lesson in place of a step."""
    return page_options.chosen(_STEP) == END


def step(of: Lesson) -> Step:
    """The step that the page shows: the link's, or the one at which the visitor left the lesson.

    It becomes the one at which they left, and is written to the URL. A notice says if the lesson has no such step.
    """
    wanted, current = page_options.chosen(_STEP), _current_step(of)
    if wanted and current.id != wanted:
        st.info(
            f"This lesson has no step “{wanted}”. You see “{for_markdown(current.title)}”.", icon=":material/link_off:"
        )
    services().progress.set_current_step(of, current, visitor())
    page_options.choose(_LESSON, of.id)
    page_options.choose(_STEP, current.id)
    return current


def _current_step(of: Lesson) -> Step:
    return of.step(page_options.chosen(_STEP)) or services().progress.current_step(of, visitor())


def go_to(to: Lesson | None, at: str = "") -> None:
    """Callback: show a step or `END`, or without one the step at which the visitor left. Without a lesson, show all."""
    page_options.choose(_LESSON, to.id if to else "")
    page_options.choose(_STEP, at)


def query(to: Lesson, at: Step) -> Query:
    """The query of a link to a step."""
    return {_LESSON: [to.id], _STEP: [at.id]}


def what_to_do(lesson: Lesson) -> str:
    """What the button that opens a lesson begins with, by how many of its questions the visitor has answered."""
    done = services().progress.count_answered(lesson, visitor())
    return "Start" if not done else "Continue" if done < len(lesson.steps) else "Look again at"


def show_sidebar() -> None:
    """Draw the menu of lessons, and the steps of the chosen one."""
    lessons = shelf().lessons
    names = {"": "All lessons", **{each.id: for_markdown(one_line(each.title, 80)) for each in lessons}}
    of = lesson()
    menu("Lesson", names, "learn.lesson", of.id if of else "", lambda id: go_to(shelf().lesson(id)), st.radio)
    if of is None:
        return
    titles = {each.id: f"{i}\\. {for_markdown(one_line(each.title, 80))}" for i, each in enumerate(of.steps, 1)}
    titles[END] = "Your score"
    # A mark in the option itself would change its label, and a browser selects nothing that has another label.
    st.radio(
        "Step", list(titles), format_func=lambda key: titles.get(key, key), help=helps.text("learn.step"),
        captions=[*(measured.MARKS[measured.mark(of, each)] for each in of.steps), ""],
        **controls.widget_state(
            f"learn.step.{of.id}", END if at_end() else _current_step(of).id, partial(page_options.choose, _STEP),
            list(titles),
        ),
    )  # fmt: skip


def show_restart(of: Lesson) -> None:
    """Draw the button that starts the lesson again, if there is something to forget."""
    if services().progress.count_answered(of, visitor()):
        helps.button(
            "learn.restart", "Start the lesson again", _start_again, of, icon=":material/restart_alt:", type="tertiary"
        )


def _start_again(of: Lesson) -> None:
    """Callback: forget the visitor's predictions in this lesson, and show its first step."""
    services().progress.forget(of, visitor())
    for each in of.steps:
        settings.change(of, each, None)
    go_to(of, of.steps[0].id)
