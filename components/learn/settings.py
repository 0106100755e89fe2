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

_CHANGED, _DRAFT = "learn.changed", "learn.draft"
#: Widths in pixels.
_MENU, _NUMBER = 260, 180
Key = tuple[str, str]


def experiment(lesson: Lesson, step: Step) -> Experiment:
    """The experiment that the step shows: its own, or what the visitor has made of it."""
    stored: Experiment | None = _stored(_CHANGED).get(_key(lesson, step))
    return stored or step.experiment


def is_changed(lesson: Lesson, step: Step) -> bool:
    """Whether the visitor sees the step with other settings than its own."""
    return experiment(lesson, step).key() != step.experiment.key()


def change(lesson: Lesson, step: Step, new: Experiment | None) -> None:
    """Show the step with other settings, from a callback; None restores its own."""
    _stored(_DRAFT).pop(_key(lesson, step), None)
    if new is None:
        _stored(_CHANGED).pop(_key(lesson, step), None)
    else:
        _stored(_CHANGED)[_key(lesson, step)] = new


def show(lesson: Lesson, step: Step) -> None:
    """Draw the controls that the step allows, and the button that trains with them."""
    if not step.block.allow:
        return
    draft, form = _draft(lesson, step), _form(lesson, step)
    with st.container(horizontal=True, vertical_alignment="bottom", key="learn.controls"):
        for name in step.block.allow:
            if name == "same_start":
                if draft.other is None:  # two settings that are compared begin with the same weights
                    form.draw(name)
            elif name == "combine":
                # Custom weights need fields that the step does not have, so only a lesson can choose them.
                used = {each.training.combine for each in (step.experiment, experiment(lesson, step), draft)}
                options = [key for key in form.schema(name)["enum"] if key != "own" or key in used]
                form.draw(name, options=options, label=COMBINE_LABEL, width=_MENU)
            else:
                form.draw(name, width=_MENU if "enum" in form.schema(name) else _NUMBER)
        st.button(
            "Train with these settings", icon=":material/play_arrow:", key="learn.train",
            help=helps.text("learn.train"), disabled=draft.key() == experiment(lesson, step).key(), on_click=_train,
            args=(lesson, step),
        )  # fmt: skip


def _form(lesson: Lesson, step: Step) -> Form:
    """The controls, by their names in links. Each is a view of one setting of the draft."""

    def write(name: str, entered: Any) -> None:
        raw = _draft(lesson, step).model_dump()  # another change may have come with this one
        put(raw, PARAMETERS[name], entered)
        _stored(_DRAFT)[_key(lesson, step)] = repair(raw)[0]

    return Form(
        lambda name: FORM.schema(_in_experiment(name)),
        lambda name: at(_draft(lesson, step).model_dump(), PARAMETERS[name]),
        write, lambda name: helps.text(_in_experiment(name)), f"learn.{lesson.id}.{step.id}.", FORM.titles,
    )  # fmt: skip


def _in_experiment(name: str) -> str:
    """The key of a control in the form of an experiment."""
    return ".".join(map(str, PARAMETERS[name]))


def _train(lesson: Lesson, step: Step) -> None:
    """Callback. It reads the draft itself: a change may come with the press, after the button was drawn."""
    change(lesson, step, _draft(lesson, step))


def _draft(lesson: Lesson, step: Step) -> Experiment:
    stored: Experiment | None = _stored(_DRAFT).get(_key(lesson, step))
    return stored or experiment(lesson, step)


def _stored(name: str) -> dict[Key, Any]:
    stored: dict[Key, Any] = st.session_state.setdefault(name, {})
    return stored


def _key(lesson: Lesson, step: Step) -> Key:
    return lesson.id, f"{step.id}.{step.key()}"
