"""The heads: how many, and each one's task, names and layers."""

from __future__ import annotations

import streamlit as st

from backend.experiment.architecture import Head
from backend.experiment.styles import why_not_fused
from backend.experiment.tasks import TASKS
from backend.experiment.tasks.base import OUTPUTS
from backend.experiment.url import repair
from components.session import state
from components.sidebar.length import length_input
from components.text import for_markdown

#: Heads that can be edited on a page. An experiment can have 64.
MOST_HEADS = 16


def show() -> None:
    """Draw the number of heads, then each head in an expander."""
    architecture = state.experiment().architecture
    heads = architecture.heads
    st.session_state["heads.count"] = min(len(heads), MOST_HEADS)
    st.number_input("Number of heads", 1, MOST_HEADS, key="heads.count", on_change=_resize)
    if len(heads) > MOST_HEADS:
        st.caption(f"This experiment has {len(heads)} heads. Only the first {MOST_HEADS} can be edited.")
    for i, head in enumerate(heads[:MOST_HEADS]):
        expander = st.expander(f"{i + 1} · {for_markdown(head.title)}", key=f"head.{i}.open", on_change=state.touch)
        if expander.open:
            with expander:
                _head(i, head)
    if reason := why_not_fused(architecture):
        st.caption(f":material/info: A fused output is not available for these heads: {reason}.")


def _resize() -> None:
    settings = state.experiment().model_dump()
    heads = list(settings["architecture"]["heads"])
    wanted = min(int(st.session_state["heads.count"]), MOST_HEADS)  # a browser may send more than the widget allows
    tasks = list(TASKS)
    while len(heads) < wanted:
        used = [head["task"] for head in heads]
        free = [task for task in tasks if task not in used and TASKS[task].kind == "regression"] or ["mean"]
        heads.append(Head.for_task(free[0], name=_unused(free[0], [head["name"] for head in heads])).model_dump())
    settings["architecture"]["heads"] = heads[:wanted]
    state.replace(*repair(settings))


def _head(i: int, head: Head) -> None:
    path: state.Path = ("architecture", "heads", i)
    _task(i, head, path)
    steps, features = head.spec.smallest_input(head.units)
    st.caption(f"{head.spec.description} Needs an input of at least {steps} × {features} (timesteps × features).")
    activations, losses = OUTPUTS[head.spec.kind]
    low, high = head.spec.units
    name, label = st.columns(2)
    name.text_input("Name in code", max_chars=31, **state.view((*path, "name")))
    label.text_input("Label", max_chars=60, **state.view((*path, "label")), placeholder=head.name)
    units, hidden = st.columns(2)
    units.number_input("Units", low, high, **state.view((*path, "units")))
    length_input(hidden, "Hidden layers", 0, 2, (*path, "hidden"), 8)
    for j in range(len(head.hidden)):
        st.number_input(f"Hidden {j + 1} units (ReLU)", 1, 256, **state.view((*path, "hidden", j)))
    activation, loss = st.columns(2)
    activation.selectbox("Activation", activations, **state.view((*path, "activation")))
    loss.selectbox("Loss", losses, **state.view((*path, "loss")))


def _task(i: int, head: Head, path: state.Path) -> None:
    """The menu of tasks. A new task brings its usual name, units, activation and loss; the label stays."""
    key = f"head.{i}.task"
    st.session_state[key] = head.task

    def change_task() -> None:
        task = st.session_state[key]
        names = [other.name for j, other in enumerate(state.experiment().architecture.heads) if j != i]
        name = _unused(task, names) if task in TASKS else head.name
        usual = Head.for_task(task, name=name, label=head.label).model_dump() if task in TASKS else {"task": task}
        state.change(path, head.model_dump() | usual)

    st.selectbox("Task", list(TASKS), key=key, on_change=change_task, format_func=lambda task: TASKS[task].title)


def _unused(stem: str, names: list[str]) -> str:
    return next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 100))) if name not in names)
