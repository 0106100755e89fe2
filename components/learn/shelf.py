"""All lessons of the server, and the faults of those that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from backend.lessons import Lesson, LessonError
from backend.lessons.notebook import notebook
from backend.services import services
from backend.words import counted
from components import help as helps
from components.learn import choice, measured
from components.session.visitor import visitor
from components.text import for_markdown

#: The most files with faults that are named at once.
_MOST = 10


def show() -> None:
    """Draw a card for each lesson."""
    shelf = choice.shelf()
    st.markdown(
        "Each lesson asks a few questions about Keras. Say first what you expect. Then you see what was "
        "measured, whether you were right, and why."
    )
    if shelf.errors:
        _faults(shelf.errors)
    for number, lesson in enumerate(shelf.lessons, 1):
        _card(number, lesson)


def _faults(errors: Sequence[LessonError]) -> None:
    """Each file that cannot be read, with its first fault; and all faults on request."""
    files: dict[str, list[LessonError]] = {}
    for error in errors:
        files.setdefault(error.file, []).append(error)
    lines = []
    for of_file in list(files.values())[:_MOST]:
        more = f" ({len(of_file) - 1} more)" if len(of_file) > 1 else ""
        lines.append(f"{for_markdown(of_file[0].sentence, 400)}{more}")
    lines += [f"… and {counted(len(files) - _MOST, 'more file')}."] if len(files) > _MOST else []
    st.warning("\n- ".join(["Some lessons cannot be read:", *lines]), icon=":material/menu_book:")
    if len(errors) > len(files) or len(files) > _MOST:
        with st.expander(f"All {counted(len(errors), 'fault')}"):
            st.markdown("\n".join(f"- {for_markdown(error.sentence, 400)}" for error in errors))


def _card(number: int, lesson: Lesson) -> None:
    progress, me = services().progress, visitor()
    done, steps = progress.count_answered(lesson, me), len(lesson.steps)
    with st.container(border=True, key=f"learn.card.{lesson.id}", gap="xsmall"):
        st.header(f"{number}\\. {for_markdown(lesson.title)}", anchor=False)
        st.markdown(for_markdown(lesson.summary or f"It begins with: {lesson.steps[0].title}"))
        if done:
            st.progress(done / steps)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(" · ".join(_facts(lesson, done)), width="content")
            st.download_button(
                "Notebook", lambda: notebook(lesson), file_name=f"two-heads-{lesson.id}.ipynb", type="tertiary",
                mime="application/x-ipynb+json", icon=":material/download:", on_click="ignore",
                key=f"learn.notebook.{lesson.id}", help=helps.text("learn.notebook"),
            )  # fmt: skip
            helps.button(
                "learn.open", f"{choice.what_to_do(lesson)} lesson {number}", choice.go_to, lesson, at=lesson.id,
                type="primary" if 0 < done < steps else "secondary",
            )  # fmt: skip


def _facts(lesson: Lesson, done: int) -> list[str]:
    progress, me, steps = services().progress, visitor(), len(lesson.steps)
    facts = [counted(steps, "question"), f"about {counted(lesson.minutes, 'minute')} with a class"]
    if done:
        all_seen = all(
            progress.has_seen_result(lesson, each, me) == (progress.prediction(lesson, each, me) is not None)
            for each in lesson.steps
        )
        facts.append(f"**{done} of {steps} answered{f', {measured.count_right(lesson)} right' if all_seen else ''}**")
    return facts
