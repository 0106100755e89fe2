"""Training settings: optimizer, batches, epochs, how the head losses are combined, and initial weights."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment import Experiment
from components import help as helps
from components.session import state
from components.session.form import Form
from components.sidebar.form import COMBINE_LABEL, FORM
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown
from two_heads.weightings import METHODS, Aggregator, Weighting

OPTIMIZER, LEARNING_RATE, COMBINE = "training.optimizer", "training.learning_rate", "training.combine"
_EPOCHS, _BATCH = "training.epochs", "training.batch"


def show(besides: Collection[str] = ()) -> None:
    """Draw the training settings, without those that stand elsewhere (`besides`)."""
    place, experiment = pairs(), state.experiment()
    for key in (OPTIMIZER, LEARNING_RATE, _EPOCHS, _BATCH):
        if key not in besides:
            FORM.draw(key, place)
    FORM.draw("training.validation", widget="slider")
    samples = experiment.sequences.samples
    if experiment.training.validation and not experiment.training.split(samples)[1]:
        st.caption(
            f":material/info: This share of {samples:,} sequences rounds to 0. "
            "All sequences are used for training, and none for validation."
        )
    if COMBINE not in besides:
        combine(st.container(gap="xsmall"))
    same_start(FORM, "training.same_start", experiment)
    place = pairs()
    FORM.draw("training.seed", place)
    FORM.draw("training.seeds", place)


def show_folded(besides: Collection[str], *, late: bool = False) -> None:
    """Draw the training settings, without `besides`, in a fold. A `late` one draws them only while it is open."""
    elsewhere = {*besides, *(["training.weights"] if COMBINE in besides else [])}
    fold("Training", partial(show, besides), [("training",)], elsewhere, late=late)


def show_step() -> None:
    """Draw the settings that a single training step depends on: optimizer and batch size."""
    place = pairs()
    FORM.draw(OPTIMIZER, place)
    FORM.draw(_BATCH, place)


def same_start(form: Form, key: str, experiment: Experiment) -> None:
    """Draw the switch for equal initial weights. It is on and disabled while two settings are compared."""
    if experiment.other is None:
        form.draw(key)
        return
    words = helps.text("training.same_start.compared")
    st.toggle("Same initial weights", value=True, disabled=True, help=words)


def combine(place: DeltaGenerator) -> None:
    """Draw how the head losses are combined, with what that means, and the loss weights if they are the visitor's."""
    with place:
        _combine(state.experiment())


def _combine(experiment: Experiment) -> None:
    FORM.draw(COMBINE, label=COMBINE_LABEL)
    if experiment.training.combine != "mean" and (words := unused_sentence(experiment)):
        st.caption(f":material/info: {words}")
    if words := experiment.unsupported_method():
        st.caption(f":material/warning: {words}")
    elif method := METHODS.get(experiment.training.combine):
        st.caption(method_sentence(method, len(experiment.architecture.heads)))
    if experiment.training.combine == "own":
        for i, head in enumerate(experiment.architecture.heads[:MOST_HEADS]):
            FORM.draw(f"training.weights.{i}", label=f"Loss weight of {for_markdown(head.title)}")


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
