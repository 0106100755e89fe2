"""Training settings: optimizer, batches, epochs, how the head losses are combined, and initial weights."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.words import listed
from components.session import state
from components.sidebar.form import COMBINE_LABEL, FORM
from components.sidebar.heads import MOST_HEADS
from components.sidebar.sections import fold, pairs
from components.text import for_markdown
from two_heads.weightings import METHODS, Aggregator, Weighting

OPTIMIZER, LEARNING_RATE = "training.optimizer", "training.learning_rate"
BATCH, COMBINE = "training.batch", "training.combine"


def show(besides: Collection[str] = ()) -> None:
    """Draw the training settings, without those that stand elsewhere (`besides`)."""
    place, experiment = pairs(), state.experiment()
    for key in (OPTIMIZER, LEARNING_RATE, "training.epochs", BATCH):
        if key not in besides:
            FORM.draw(key, place)
    FORM.draw("training.validation", widget="slider")
    if COMBINE not in besides:
        combine(st.container(gap="xsmall"))
    if experiment.other is None:  # two settings that are compared begin with the same weights
        FORM.draw("training.same_start")
    place = pairs()
    FORM.draw("training.seed", place)
    FORM.draw("training.seeds", place)


def show_folded(besides: Collection[str]) -> None:
    """Draw the training settings, without `besides`, in a fold."""
    fold("Training", partial(show, besides), [("training",)])


def combine(place: DeltaGenerator) -> None:
    """Draw how the head losses are combined, with what that means, and the loss weights if they are the visitor's."""
    experiment = state.experiment()
    heads, training = experiment.architecture.heads, experiment.training
    FORM.draw(COMBINE, place, label=COMBINE_LABEL)
    one_output = dict.fromkeys(
        side.style.title for side in experiment.sides() if side.style.one_output(experiment.architecture)
    )
    if training.combine != "mean" and one_output:
        words = f"This has no effect on {listed(one_output)}: a model with one output has one loss."
        place.caption(f":material/info: {words}")
    if words := experiment.unsupported_method():
        place.caption(f":material/warning: {words}")
    elif method := METHODS.get(training.combine):
        place.caption(method_sentence(method, len(heads)))
    if training.combine == "own":
        for i, head in enumerate(heads[:MOST_HEADS]):
            FORM.draw(f"training.weights.{i}", place, label=f"Loss weight of {for_markdown(head.title)}")


def method_sentence(method: Weighting, heads: int) -> str:
    """What a method does, what a step costs with it, and what its total loss is, in Markdown."""
    passes = heads if isinstance(method, Aggregator) else 1 + heads * ("gramian" in method.needs)
    paper = f" [Paper, {method.paper.year}]({method.paper.url})." if method.paper else ""
    cost = f"{passes} backward pass{'es' if passes > 1 else ''} a step"
    return f"{method.rule}{paper} It takes {cost}. The total loss that is drawn is the sum of the head losses."
