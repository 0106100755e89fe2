"""What a training compares: two styles, or two values of one setting."""

from __future__ import annotations

from typing import Any

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.activations import TRUNK
from backend.experiment.architecture import DenseLayer
from backend.experiment.styles import STYLES
from backend.experiment.training import Versus
from components.session import state
from components.session.form import menu
from components.sidebar import style
from components.sidebar.form import FORM
from components.train import run

#: What can be compared: two styles, or two values of a setting, by its field in `Versus`.
_KINDS = {
    "": "Two styles",
    "combine": "Two ways to combine the losses",
    "batch": "Two batch sizes",
    "optimizer": "Two optimizers",
    "learning_rate": "Two learning rates",
    "dense": "Two activations of the Dense layers",
}
_WIDTH = 170  # pixels of each menu of styles: two fit side by side on a phone


def choose(experiment: Experiment) -> None:
    """Draw what is compared and, of two settings, the value on the right. If it has no effect, say so."""
    own = [name for name, value in experiment.versus if value is not None]

    def change(name: str) -> None:
        now = state.experiment()
        state.replace(with_other(now, name) if name else now.of_styles())

    kinds = {name: title for name, title in _KINDS.items() if name != "dense" or experiment.architecture.dense}
    menu("Compare", kinds, "train.compare", next((name for name in kinds if name in own), ""), change)
    for name in own:
        _show_value(name, experiment)
    if own and experiment.other is None:
        why = experiment.unsupported_method() or "Both sides have this value now."
        st.caption(f":material/info: {why} So the two styles are compared.")


def show_styles(experiment: Experiment) -> None:
    """Draw the menus of both styles, or of the one style of which two settings are compared."""
    sides = {"right": "Style of both sides"}
    if not experiment.other:
        sides = {"left": "Style on the left", "right": "Style on the right"}
    for side, label in sides.items():
        with st.container(width=_WIDTH):
            style.show(side, label=label, label_visibility="collapsed")


def show_notes(experiment: Experiment) -> None:
    """Say which style cannot express the heads, and what is trained in its place."""
    if style.same_by_fallback(experiment):
        _twins(experiment)
        return
    for sentence in [] if experiment.other else experiment.unsupported_styles():
        st.caption(f":material/swap_horiz: {sentence}")


def with_other(experiment: Experiment, name: str) -> Experiment:
    """The experiment that compares its value of the setting `name`, a key of `_KINDS`, with another value."""
    training, dense = experiment.training, experiment.architecture.dense
    values: dict[str, Any] = {
        "combine": "sum" if training.combine == "gradnorm" else "gradnorm",
        "batch": 8 if training.batch > 32 else 256,
        "optimizer": "adam" if training.optimizer == "sgd" else "sgd",
        "learning_rate": min(10 * training.learning_rate, 100.0) if training.learning_rate < 1 else 0.01,
        "dense": _activated(dense, "linear" if any(layer.activation == "relu" for layer in dense) else "relu"),
    }
    return experiment.model_copy(update={"versus": Versus.model_validate({name: values[name]})})


def _show_value(name: str, experiment: Experiment) -> None:
    """Draw the value on the right."""
    if name == "dense":
        _dense(experiment)
    elif name in _KINDS:
        options = FORM.schema(f"versus.{name}").get("enum", ())
        used = {experiment.versus.combine, experiment.training.combine}
        FORM.draw(
            f"versus.{name}", options=[key for key in options if key != "own" or key in used], label="On the right"
        )


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


def _twins(experiment: Experiment) -> None:
    """Say that both sides would train one style, and offer to train it against itself."""
    left, _ = experiment.styles()
    reasons = (STYLES[key].unsupported_reason(experiment.architecture) for key in (experiment.left, experiment.right))
    why = " ".join(dict.fromkeys(filter(None, reasons)))
    st.markdown(f":material/block: {why} So both sides are {left.title}, which would train against itself.")
    both = experiment.model_copy(update={"left": left.key, "right": left.key})
    with st.container(key="train.twins"):
        st.button(
            f"Train {left.title} against itself", on_click=run.start_with, args=(both,),
            help="Choose this style on both sides and train it twice. Only rounding and, with other initial weights, "
            "chance can make the two trainings differ.",
        )  # fmt: skip
