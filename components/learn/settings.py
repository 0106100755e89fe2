"""The step's experiment in the visitor's session, and the controls that the step allows.

It is not the visitor's own experiment, which stays as it is. A changed value is checked like one from a link.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.url import PARAMETERS, at, put, repair
from backend.lessons import Lesson, Step
from components import help as helps
from components.session.form import Form
from components.sidebar.form import COMBINE_LABEL, FORM

_CHANGED = "learn.changed"
#: Widths in pixels.
_MENU, _NUMBER = 260, 180
Key = tuple[str, str]


def experiment(lesson: Lesson, step: Step) -> Experiment:
    """The experiment that the step shows: its own, or what the visitor has made of it."""
    return _changed().get(_key(lesson, step), step.experiment)


def is_changed(lesson: Lesson, step: Step) -> bool:
    """Whether the visitor sees the step with other settings than its own."""
    return experiment(lesson, step).key() != step.experiment.key()


def change(lesson: Lesson, step: Step, new: Experiment | None) -> None:
    """Show the step with other settings, from a callback; None restores its own."""
    _changed()[_key(lesson, step)] = new or step.experiment


def show(lesson: Lesson, step: Step) -> None:
    """Draw the controls that the step allows, if any. A change trains at once."""
    form = _form(lesson, step)
    with st.container(horizontal=True, vertical_alignment="bottom", key="learn.controls"):
        for name in step.block.allow:
            more: dict[str, Any] = {"width": _MENU if "enum" in form.schema(name) else _NUMBER}
            if name == "combine":
                # Custom weights need fields that the step does not have, so only a lesson can choose them.
                used = {each.training.combine for each in (step.experiment, experiment(lesson, step))}
                options = [key for key in form.schema(name)["enum"] if key != "own" or key in used]
                more |= {"options": options, "label": COMBINE_LABEL}
            form.draw(name, **more)


def _form(lesson: Lesson, step: Step) -> Form:
    """The controls, by their names in links. Each is a view of one setting of the experiment."""

    def write(name: str, entered: Any) -> None:
        raw = experiment(lesson, step).model_dump()  # another change may have come with this one
        put(raw, PARAMETERS[name], entered)
        change(lesson, step, repair(raw)[0])

    return Form(
        lambda name: FORM.schema(_in_experiment(name)),
        lambda name: at(experiment(lesson, step).model_dump(), PARAMETERS[name]),
        write, lambda name: helps.text(_in_experiment(name)), f"learn.{lesson.id}.{step.id}.", FORM.titles,
    )  # fmt: skip


def _in_experiment(name: str) -> str:
    """The key of a control in the form of an experiment."""
    return ".".join(map(str, PARAMETERS[name]))


def _changed() -> dict[Key, Experiment]:
    changed: dict[Key, Experiment] = st.session_state.setdefault(_CHANGED, {})
    return changed


def _key(lesson: Lesson, step: Step) -> Key:
    return lesson.id, f"{step.id}.{step.key()}"
