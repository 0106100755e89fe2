"""Which question is open, and the settings of each. The link keeps all of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from backend.questions.lab import QUESTIONS, Question, url
from backend.questions.lab.base import QuestionSettings
from backend.words import about
from components import help as helps
from components.lab.questions.panels import PANELS, TITLES
from components.session import page_options, state
from components.session.form import menu, of_options

#: For `page_options.synchronise`.
CHOICES = {
    url.OPEN: replace(page_options.one_of(*QUESTIONS), default=url.FIRST),
    **{key: option for fields in url.FIELDS.values() for key, option in page_options.of_fields(fields).items()},
}


def question() -> Question[Any, Any]:
    """The open question."""
    return QUESTIONS[page_options.chosen(url.OPEN)]


def settings(of: Question[Any, Any]) -> QuestionSettings:
    """The visitor's settings of a question, with what it reads of their experiment; always valid."""
    return _entered(of).on(state.experiment())


def _entered(of: Question[Any, Any]) -> QuestionSettings:
    fields = url.FIELDS[of.key]
    return fields.read({key: page_options.chosen(key) for key in fields.keys})


def show_menu() -> None:
    """Draw the choice of a question."""
    titles = {key: each.title for key, each in QUESTIONS.items()}
    menu(
        "Question", titles, "lab.question", page_options.chosen(url.OPEN), partial(page_options.choose, url.OPEN),
        st.radio, horizontal=True, label_visibility="collapsed",
    )  # fmt: skip


def show(of: Question[Any, Any]) -> None:
    """Draw the settings of the question, folded, below a line that says what they are."""
    chosen, panel, fields = settings(of), PANELS[of.key], url.FIELDS[of.key]
    source, problem = state.experiment().architecture.source, getattr(chosen, "problem", "")
    if source.recorded and problem != "own":
        st.caption(f"This is measured on a problem of its own, so it says nothing about {source.title}.")
    form = of_options(fields, chosen, "lab.", TITLES)
    unused = panel.unused(chosen)
    used = {key: field for key, field in fields.keys.items() if field not in unused}
    lists = [key for key in used if form.schema(key)["type"] == "array"]
    others = [key for key in used if key not in lists]
    summary = ", ".join(map(form.words, used))
    with st.expander(f"Settings: {summary}", key=f"lab.{of.key}.settings", type="compact"):
        with st.grid(min(len(others), 5), min_column_width=150):
            for key in others:
                form.draw(key, write=partial(_choose_problem, of) if used[key] == "problem" else None)
        if problem in panel.notes:
            st.caption(panel.notes[problem])
        for key in lists:
            form.draw(key, options=panel.offered.get(used[key], ()))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Recorded settings", icon=":material/restart_alt:", key=f"lab.{of.key}.published",
                on_click=_load, args=(of, of.settings()), disabled=chosen in of.published,
                help=helps.text("lab.published"),
            )  # fmt: skip
            st.caption(f":material/timer: {about(of.seconds(chosen))} expected on an idle core", width="content")


def _choose_problem(of: Question[Any, Any], problem: str) -> None:
    """Load the published settings of the problem; if it has none, it keeps those of the other one."""
    published = [each for each in of.published if each.problem == problem]
    _load(of, published[0] if published else _entered(of).model_copy(update={"problem": problem}))


def _load(of: Question[Any, Any], chosen: QuestionSettings) -> None:
    for key, text in url.FIELDS[of.key].write(chosen).items():
        page_options.choose(key, text)
