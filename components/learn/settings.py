"""The step's experiment in the visitor's session, and the controls that the step allows.

It is not the visitor's own experiment, which stays as it is. A changed value is checked like one from a link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import PARAMETERS, at, bounds, put, repair
from backend.lessons import Lesson, Step
from components.learn import help as helps
from components.session import controls
from components.sidebar import help as sidebar_help
from components.sidebar.training import COMBINE_TITLES, same_start

_CHANGED, _DRAFT = "learn.changed", "learn.draft"
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
    draft = _draft(lesson, step)
    with st.container(horizontal=True, vertical_alignment="bottom", key="learn.controls"):
        for name in step.block.allow:
            _CONTROLS[name](lesson, step, name, draft)
        st.button(
            "Train with these settings", icon=":material/play_arrow:", key="learn.train",
            help=helps.text("learn.train"), disabled=draft.key() == experiment(lesson, step).key(), on_click=_train,
            args=(lesson, step),
        )  # fmt: skip


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


def _widget_state(lesson: Lesson, step: Step, name: str, draft: Experiment, options: Any = None) -> dict[str, Any]:
    """Arguments that make a widget a view of one setting of the draft, with its help."""
    path = PARAMETERS[name]

    def write(entered: Any) -> None:
        raw = _draft(lesson, step).model_dump()  # another change may have come with this one
        put(raw, path, entered)
        _stored(_DRAFT)[_key(lesson, step)] = repair(raw)[0]

    key = f"learn.{lesson.id}.{step.id}.{name}"
    value = at(draft.model_dump(), path)
    return controls.widget_state(key, value, write, options) | {"help": sidebar_help.text(*path)}


Control = Callable[[Lesson, Step, str, Experiment], None]


def _menu(label: str, titles: Mapping[str, str]) -> Control:
    def draw(lesson: Lesson, step: Step, name: str, draft: Experiment) -> None:
        st.selectbox(
            label, list(titles), format_func=titles.__getitem__, width=260,
            **_widget_state(lesson, step, name, draft, list(titles)),
        )  # fmt: skip

    return draw


def _number(label: str, **options: Any) -> Control:
    def draw(lesson: Lesson, step: Step, name: str, draft: Experiment) -> None:
        low, high = bounds(PARAMETERS[name])
        st.number_input(label, low, high, width=180, **options, **_widget_state(lesson, step, name, draft))

    return draw


def _same_start(lesson: Lesson, step: Step, name: str, draft: Experiment) -> None:
    same_start({} if draft.other is not None else _widget_state(lesson, step, name, draft))


def _combine(lesson: Lesson, step: Step, name: str, draft: Experiment) -> None:
    # Custom weights need fields that the step does not have, so only a lesson can choose them.
    own = "own" in {each.training.combine for each in (step.experiment, experiment(lesson, step), draft)}
    titles = {key: title for key, title in COMBINE_TITLES.items() if own or key != "own"}
    _menu("Combine the head losses by", titles)(lesson, step, name, draft)


#: A widget for each control of `backend/lessons/vocabulary.py`.
_CONTROLS: Mapping[str, Control] = {
    "optimizer": _menu("Optimizer", {key: each.in_menu for key, each in OPTIMIZERS.items()}),
    "learning_rate": _number("Learning rate", step=0.001, format="%.5g"),
    "batch": _number("Batch size"),
    "epochs": _number("Epochs"),
    "combine": _combine,
    "same_start": _same_start,
    "seed": _number("Seed"),
}
CONTROLS = tuple(_CONTROLS)
