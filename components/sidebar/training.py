"""Training settings: optimizer, batches, epochs, how the head losses are combined, and initial weights."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.optimizers import OPTIMIZERS
from backend.experiment.url import bounds
from components.session import controls, state
from components.sidebar import help as helps
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown
from two_heads.weightings import METHODS, Aggregator, Weighting

OPTIMIZER, LEARNING_RATE, COMBINE = "training.optimizer", "training.learning_rate", "training.combine"

COMBINE_TITLES: dict[str, str] = {
    "sum": "sum (Keras's default)",
    "mean": "mean (as in a fused output)",
    "own": "your own loss weights",
} | {key: method.title for key, method in METHODS.items()}


def show(besides: Collection[str] = ()) -> None:
    """Draw the training settings, without those that stand elsewhere (`besides`)."""
    fields = {OPTIMIZER: optimizer, LEARNING_RATE: learning_rate, "training.epochs": _epochs, "training.batch": _batch}
    place = pairs()
    for key, draw in fields.items():
        if key not in besides:
            draw(place)
    _validation(state.experiment())
    if COMBINE not in besides:
        combine(st.container(gap="xsmall"))
    same_start({} if state.experiment().other is not None else helps.view(("training", "same_start")))
    place = pairs()
    place.number_input("Seed", **helps.number(("training", "seed")))
    place.number_input("Number of seeds", **helps.number(("training", "seeds")))


def show_folded(besides: Collection[str], *, late: bool = False) -> None:
    """Draw the training settings, without `besides`, in a fold. A `late` one draws them only while it is open."""
    elsewhere = {*besides, *(["training.weights"] if COMBINE in besides else [])}
    fold("Training", partial(show, besides), [("training",)], elsewhere, late=late)


def show_step() -> None:
    """Draw the settings that a single training step depends on: optimizer and batch size."""
    place = pairs()
    optimizer(place)
    _batch(place)


def optimizer(place: DeltaGenerator) -> None:
    """Draw the menu of optimizers."""
    place.selectbox(
        "Optimizer",
        list(OPTIMIZERS),
        format_func=lambda key: OPTIMIZERS[key].in_menu,
        **helps.view(("training", "optimizer"), list(OPTIMIZERS)),
    )


def learning_rate(place: DeltaGenerator) -> None:
    """Draw the learning rate."""
    place.number_input("Learning rate", step=0.001, format="%.5g", **helps.number(("training", "learning_rate")))


def combine(place: DeltaGenerator) -> None:
    """Draw how the head losses are combined, with what that means, and the loss weights if they are the visitor's."""
    with place:
        _combine(state.experiment())


def same_start(view: Mapping[str, Any]) -> None:
    """Draw the switch for equal initial weights. Without a `view` it is on and disabled."""
    if view:
        st.toggle("Same initial weights", **view)
    else:
        st.toggle("Same initial weights", value=True, disabled=True, help=helps.text("training.same_start.compared"))


def _epochs(place: DeltaGenerator) -> None:
    place.number_input("Epochs", **helps.number(("training", "epochs")))


def _batch(place: DeltaGenerator) -> None:
    place.number_input("Batch size", **helps.number(("training", "batch")))


def _validation(experiment: Experiment) -> None:
    st.slider("Validation share", step=0.05, **helps.number(("training", "validation")))
    samples = experiment.sequences.samples
    if experiment.training.validation and not experiment.training.split(samples)[1]:
        st.caption(
            f":material/info: This share of {samples:,} sequences rounds to 0. "
            "All sequences are used for training, and none for validation."
        )


def _combine(experiment: Experiment) -> None:
    st.selectbox(
        "Combine the head losses by",
        list(COMBINE_TITLES),
        format_func=lambda key: COMBINE_TITLES[key],
        **helps.view(("training", "combine"), list(COMBINE_TITLES)),
    )
    if experiment.training.combine != "mean" and (words := unused_sentence(experiment)):
        st.caption(f":material/info: {words}")
    if words := experiment.unsupported_method():
        st.caption(f":material/warning: {words}")
    elif method := METHODS.get(experiment.training.combine):
        st.caption(method_sentence(method, len(experiment.architecture.heads)))
    if experiment.training.combine == "own":
        for i, head in enumerate(experiment.architecture.heads[:MOST_HEADS]):
            _weight(i, head, experiment)


def method_sentence(method: Weighting, heads: int) -> str:
    """What a method does, what a step costs with it, and what its total loss is, in Markdown."""
    passes = heads if isinstance(method, Aggregator) else 1 + heads * ("gramian" in method.needs)
    cost = f"{passes} backward pass{'es' if passes > 1 else ''} a step"
    paper = f" [Paper, {method.paper.year}]({method.paper.url})." if method.paper else ""
    return f"{method.rule}{paper} It takes {cost}. The total loss that is drawn is the sum of the head losses."


def unused_sentence(experiment: Experiment) -> str:
    """Which styles are trained without the choice of how head losses are combined, and why; empty if none is."""
    architecture = experiment.architecture
    styles = [side.style for side in experiment.sides()]
    titles = dict.fromkeys(style.title for style in styles if style.one_output(architecture))
    if not titles:
        return ""
    # Several heads share an output only if the loss averages over units: softmax heads cannot share one.
    loss = "one loss, the mean over all output units" if len(architecture.heads) > 1 else "one loss"
    names = " and ".join(f"“{title}”" if len(titles) > 1 else title for title in titles)
    each, them = ("each have", "them") if len(titles) > 1 else ("has", "it")
    return f"{names} {each} {loss}. Two Heads trains {them} without this setting."


def _weight(i: int, head: Head, experiment: Experiment) -> None:
    weights = experiment.training.loss_weights(experiment.architecture)
    key = f"training.weights.{i}"
    low, high = bounds(("training", "weights", i))
    st.number_input(
        f"Loss weight of {for_markdown(head.title)}", low, high, step=0.1,
        help=helps.text("training", "weights"), **controls.widget_state(key, weights[i], partial(write_weight, i)),
    )  # fmt: skip


def write_weight(i: int, weight: float) -> None:
    """Set the loss weight of head `i`, from a callback. The others are read now: one may have just changed."""
    now = state.experiment()
    weights = list(now.training.loss_weights(now.architecture))
    weights[i] = weight
    state.change(("training", "weights"), weights)
