"""The end of a lesson: the score, what each question has shown, and the next lesson."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from backend.lessons import Lesson, Step
from backend.lessons.ending import Mark, Score, next_lesson
from backend.services import services
from backend.words import counted
from components import help as helps
from components.browser.announcement import announce
from components.learn import choice, measured, shared
from components.learn.panels import panel_of
from components.learn.step import heading_container
from components.live.polling import Watch
from components.session.visitor import visitor
from components.text import for_markdown

#: The words of a mark, which stand before the title of the question.
_MARKS: dict[Mark, str] = {
    "right": ":green[**✓ Right.**]",
    "wrong": ":red[**✗ Not right.**]",
    "no option": "No option matches.",
    "not seen": "No result yet.",
    "not predicted": "No prediction.",
}
#: Stands in place of a result that the visitor has not seen, because the result would give the answer away.
_SEALED: dict[Mark, str] = {
    "not seen": "You have submitted a prediction. The step shows its result.",
    "not predicted": "The step shows its result after your prediction.",
}


def show(lesson: Lesson) -> None:
    """Draw the score, a line for each question, and the buttons that lead on."""
    marks = {step.id: measured.mark(lesson, step) for step in lesson.steps}
    score = Score(tuple(marks.values()))
    after = next_lesson(lesson, choice.shelf())
    st.caption("The end of the lesson")
    with heading_container(f"{lesson.id}.{choice.END}"):
        st.header(score.title, anchor=False)
    if score.note:
        st.markdown(score.note)
    seen = [step for step in lesson.steps if marks[step.id] not in _SEALED]
    views = Watch(lambda: next(filter(None, map(measured.pending, seen)), None))
    views.draw(lambda: _lines(lesson, marks))
    _open_question(lesson, marks)
    if not any(mark in _SEALED for mark in marks.values()):
        shared.show(lesson)
    following = f"Next lesson: {after.title}" if after else "This was the last lesson."
    with st.container(border=True, key="learn.following", gap="small"):
        st.subheader(for_markdown(following), anchor=False)
        if after is not None:
            _next(after)
        else:
            _after_the_last()
    _leave(lesson, after)
    announce("learn", f"{lesson.id}.{score.title}.{score.note}", f"The lesson is over. {score.note} {following}")


def _lines(lesson: Lesson, marks: dict[str, Mark]) -> None:
    """Draw a list with the title of each question, its mark, and what was measured."""
    lines = []
    for number, step in enumerate(lesson.steps, 1):
        mark = marks[step.id]
        said = _SEALED.get(mark) or ("Keras measures …" if measured.pending(step) else _finding(step))
        lines.append(f"{number}. {_MARKS[mark]} **{for_markdown(step.title)}**  \n   {' '.join(said.split())}")
    with st.container(key="learn.lines"):
        st.markdown("\n".join(lines))


def _finding(step: Step) -> str:
    """One sentence on what was measured. If no measurement is at hand, the answer that the lesson gives."""
    return panel_of(step).finding(step) or f"The lesson’s answer: {step.ticked}."


def _open_question(lesson: Lesson, marks: dict[str, Mark]) -> None:
    """Draw a button that leads to the first question whose result the visitor has not seen."""
    number, step = next(((n, s) for n, s in enumerate(lesson.steps, 1) if marks[s.id] in _SEALED), (0, None))
    if step is not None:
        words = f"Go to question {number}"
        helps.button("learn.open_question", words, choice.go_to, lesson, step, icon="arrow_back")


def _next(after: Lesson) -> None:
    """Draw the next lesson of the shelf."""
    st.markdown(for_markdown(after.summary or f"It begins with: {after.steps[0].title}"))
    words = f"{choice.what_to_do(after)} the next lesson"
    helps.button("learn.open", words, choice.go_to, after, icon="arrow_forward", type="primary")


def _after_the_last() -> None:
    """Draw how far the visitor is, and the ways to the shelf and to a room."""
    lessons = choice.shelf().lessons
    done = sum(services().progress.count_answered(each, visitor()) == len(each.steps) for each in lessons)
    st.markdown(
        f"You have answered all questions of {done:,} of {counted(len(lessons), 'lesson')}. In a room, a whole class "
        "answers the questions of a lesson."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _all_lessons("primary")
        st.page_link("room.py", label="Rooms", icon=":material/meeting_room:")


def _all_lessons(type: Literal["primary", "tertiary"]) -> None:
    helps.button("learn.all", "All lessons", choice.go_to, None, icon="menu_book", type=type)


def _leave(lesson: Lesson, after: Lesson | None) -> None:
    with st.container(horizontal=True, key="learn.leave"):
        helps.button("learn.previous", "Previous step", choice.go_to, lesson, lesson.steps[-1], icon="arrow_back")
        if after is not None:
            _all_lessons("tertiary")
        choice.show_restart(lesson)
