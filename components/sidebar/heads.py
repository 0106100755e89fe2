"""The heads: how many, and an editor for the one that the visitor chooses."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from backend.experiment.architecture import Head
from backend.experiment.styles import why_not_fused
from backend.experiment.tasks import OUTPUTS, description_of, tasks_of, title_of
from components import help as helps
from components.session import state
from components.session.controls import kept_choice
from components.session.form import menu
from components.sidebar.form import FORM, new_head
from components.sidebar.sections import pairs
from components.text import for_markdown

#: Heads that can be edited on a page. An experiment can have 64.
MOST_HEADS = 16
COUNT = "architecture.heads.count"
_CHOSEN = "heads.chosen"


def show(besides: Collection[str] = ()) -> None:
    """Draw the number of heads, a button for each head, and the editor of the head whose button is pressed.

    The editor has a place of its own below the buttons, so it stays open when its head gets another title. The number
    may stand elsewhere (`besides`).
    """
    architecture = state.experiment().architecture
    heads = architecture.heads[:MOST_HEADS]
    if COUNT not in besides:
        FORM.draw(COUNT)
    if len(architecture.heads) > MOST_HEADS:
        st.caption(f"This experiment has {len(architecture.heads)} heads. Only the first {MOST_HEADS} can be edited.")
    if (st.session_state.get(_CHOSEN) or 0) >= len(heads):
        st.session_state[_CHOSEN] = None
    chosen = st.pills(
        "Edit a head", range(len(heads)), key=_CHOSEN, help=helps.text(_CHOSEN), default=kept_choice(_CHOSEN, None),
        format_func=lambda i: f"{i + 1} · {for_markdown(heads[i].title)}",
    )  # fmt: skip
    if chosen is not None:
        _editor(chosen, heads[chosen])
    if reason := why_not_fused(architecture):
        st.caption(f":material/info: A fused output is not available for these heads: {reason}.")


def _editor(i: int, head: Head) -> None:
    _task(i, head)
    st.caption(for_markdown(description_of(state.experiment().architecture.source, head.task), 1_000))
    activations, losses = OUTPUTS[head.spec.kind]
    low, high = head.spec.units
    place, key = pairs(), f"architecture.heads.{i}"
    FORM.draw(f"{key}.name", place, label="Name in code", max_chars=31)
    FORM.draw(f"{key}.label", place, placeholder=head.name)
    FORM.draw(f"{key}.units", place, min_value=low, max_value=high)
    FORM.draw(f"{key}.hidden.count", place)
    for j in range(len(head.hidden)):
        FORM.draw(f"{key}.hidden.{j}", place)
    place = pairs()
    FORM.draw(f"{key}.activation", place, options=activations)
    FORM.draw(f"{key}.loss", place, options=losses)


def _task(i: int, head: Head) -> None:
    """The menu of tasks. A new task brings its usual name, units, activation and loss; the label stays."""

    def change_task(task: str) -> None:
        names = [other.name for j, other in enumerate(state.experiment().architecture.heads) if j != i]
        state.change(("architecture", "heads", i), new_head(source, task, names).model_dump() | {"label": head.label})

    source = state.experiment().architecture.source
    titles = {task: title_of(source, task) for task in tasks_of(source)}
    menu("Task", titles, f"head.{i}.task", head.task, change_task)
