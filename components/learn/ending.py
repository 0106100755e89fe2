"""The end of a lesson: the score, what each question has shown, and the next lesson."""

from __future__ import annotations

import streamlit as st

from backend.lessons import Lesson, Step
from backend.lessons.ending import Mark, Score, next_lesson
from components import help as helps
from components.browser.announcement import announce
from components.learn import choice, measured
from components.learn.panels import panel_of
from components.learn.step import heading_container
from components.live.polling import Watch
from components.text import for_markdown

#: Stands in place of a result that the visitor has not seen, because the result would give the answer away.
_SEALED: dict[Mark, str] = {
    "not seen": "The step shows it.",
    "not predicted": "The step shows its result after your prediction.",
}


def show(lesson: Lesson) -> None:
    """Draw the score, a line for each question, and the buttons that lead on."""
    marks = {step.id: measured.mark(lesson, step) for step in lesson.steps}
    score, after = Score(tuple(marks.values())), next_lesson(lesson, choice.shelf())
    st.caption("The end of the lesson")
    with heading_container(f"{lesson.id}.{choice.END}"):
        st.header(score.title, anchor=False)
    if score.note:
        st.markdown(score.note)
    seen = [step for step in lesson.steps if marks[step.id] not in _SEALED]
    Watch(lambda: next(filter(None, map(measured.pending, seen)), None)).draw(lambda: _lines(lesson, marks))
    with st.container(border=True, key="learn.following", gap="small"):
        following = f"Next lesson: {after.title}" if after else "This was the last lesson."
        st.subheader(for_markdown(following), anchor=False)
        if after:
            st.markdown(for_markdown(after.summary or f"It begins with: {after.steps[0].title}"))
            words = f"{choice.what_to_do(after)} the next lesson"
            helps.button("learn.open", words, choice.go_to, after, icon=":material/arrow_forward:", type="primary")
        else:
            st.page_link("room.py", label="Answer with a whole class in a room", icon=":material/meeting_room:")
    with st.container(horizontal=True, key="learn.leave"):
        helps.button(
            "learn.previous", "Previous step", choice.go_to, lesson, lesson.steps[-1].id, icon=":material/arrow_back:"
        )
        helps.button("learn.all", "All lessons", choice.go_to, None, icon=":material/menu_book:", type="tertiary")
        choice.show_restart(lesson)
    announce("learn", f"{lesson.id}.{score.title}.{score.note}", f"The lesson is over. {score.note} {following}")


def _lines(lesson: Lesson, marks: dict[str, Mark]) -> None:
    """Draw a list with the title of each question, its mark, and what was measured."""
    lines = []
    for number, step in enumerate(lesson.steps, 1):
        mark = marks[step.id]
        said = _SEALED.get(mark) or ("Keras measures …" if measured.pending(step) else _finding(step))
        title = f"{measured.MARKS[mark]} **{for_markdown(step.title)}**".strip()
        lines.append(f"{number}. {title}  \n   {' '.join(said.split())}")
    with st.container(key="learn.lines"):
        st.markdown("\n".join(lines))


def _finding(step: Step) -> str:
    """One sentence on what was measured. If no measurement is at hand, the answer that the lesson gives."""
    return panel_of(step).finding(step) or f"The lesson’s answer: {step.ticked}."
