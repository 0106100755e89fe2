"""What a training compares: two styles, or two values of one setting."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.activations import TRUNK
from backend.experiment.architecture import DenseLayer
from backend.experiment.sides import titles_of
from backend.experiment.training import Versus
from backend.training.loss_ratio import trained_alike
from components import help as helps
from components.session import controls, state
from components.session.form import menu
from components.sidebar import style
from components.sidebar.form import FORM

Kind = Literal["styles", "settings"]
_KINDS: dict[Kind, str] = {"styles": "Two styles", "settings": "Two settings"}
_SETTINGS = {
    "combine": "How the head losses are combined",
    "batch": "Batch size",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "dense": "Activation of the Dense layers",
}


def kind(experiment: Experiment) -> Kind:
    """What the visitor has chosen to compare."""
    return "settings" if _own(experiment) else "styles"


def show_kind(experiment: Experiment) -> None:
    """Draw the choice between two styles and two settings."""

    def choose(chosen: Kind | None) -> None:
        now = state.experiment()
        if chosen is not None and chosen != kind(now):
            state.replace(with_other(now, "combine") if chosen == "settings" else now.of_styles())

    st.segmented_control(
        "Compare", list(_KINDS), format_func=_KINDS.__getitem__, help=helps.text("train.compare"), required=True,
        **controls.button_group_state("train.compare", kind(experiment), choose),
    )  # fmt: skip


def show_settings(experiment: Experiment) -> None:
    """Draw the setting that is compared, its value on the right, and the style of both sides."""
    own = _own(experiment)
    names = [name for name in _SETTINGS if name != "dense" or experiment.architecture.dense]
    chosen = next((name for name in names if name in own), names[0])

    def choose(name: str | None) -> None:
        if name:
            state.replace(with_other(state.experiment(), name))

    with st.grid(2, min_column_width=240, gap="small"):
        menu("Setting", {name: _SETTINGS[name] for name in names}, "train.setting", chosen, choose)
        for name in own:
            _show_value(name, experiment)
        if experiment.other is not None:  # otherwise two styles are compared, each with a menu of its own
            style.show("right", label="Style of both sides")
    if words := _note(experiment):
        st.caption(f":material/info: {words}")


def with_other(experiment: Experiment, name: str) -> Experiment:
    """The experiment that compares its value of the setting `name`, a key of `_SETTINGS`, with another value."""
    training, dense = experiment.training, experiment.architecture.dense
    values: dict[str, Any] = {
        "combine": "sum" if training.combine == "gradnorm" else "gradnorm",
        "batch": 8 if training.batch > 32 else 256,
        "optimizer": "adam" if training.optimizer == "sgd" else "sgd",
        "learning_rate": min(10 * training.learning_rate, 100.0) if training.learning_rate < 1 else 0.01,
        "dense": _activated(dense, "linear" if any(layer.activation == "relu" for layer in dense) else "relu"),
    }
    return experiment.model_copy(update={"versus": Versus.model_validate({name: values[name]})})


def _own(experiment: Experiment) -> list[str]:
    return [name for name, value in experiment.versus if value is not None]


def _note(experiment: Experiment) -> str:
    """What the visitor has to know about the comparison, in a sentence or two."""
    if experiment.other is None and (sentence := experiment.unsupported_method()):
        return f"{sentence} So both sides have the same settings, and the two styles are compared."
    if experiment.other is None:
        return "Both sides have this value now, so the two styles are compared. Choose another value."
    left, right = titles_of(experiment)
    both = (
        f"{left} on the left, {right} on the right. Both start from the same weights, on the same sequences in the "
        "same order."
    )
    return f"{both} {trained_alike(experiment)}".strip()


def _show_value(name: str, experiment: Experiment) -> None:
    """Draw the value on the right."""
    if name == "dense":
        _dense(experiment)
    elif options := FORM.schema(f"versus.{name}").get("enum"):
        used = {experiment.versus.combine, experiment.training.combine}
        options = [key for key in options if key != "own" or key in used]
        FORM.draw(f"versus.{name}", options=options, label="On the right")
    elif name in _SETTINGS:
        FORM.draw(f"versus.{name}", label=f"{_SETTINGS[name]} on the right")


def _dense(experiment: Experiment) -> None:
    layers = experiment.versus.dense or ()
    used = {layer.activation for layer in layers}

    def choose(activation: str | None) -> None:
        now = state.experiment()
        dense = [layer.model_dump() for layer in _activated(now.architecture.dense, activation or "relu")]
        state.change(("versus", "dense"), dense)

    activation = used.pop() if len(used) == 1 else None
    menu("On the right", {name: name for name in TRUNK}, "versus.dense", activation, choose, placeholder="Several")


def _activated(layers: tuple[DenseLayer, ...], activation: str) -> tuple[DenseLayer, ...]:
    return tuple(layer.model_copy(update={"activation": activation}) for layer in layers)
