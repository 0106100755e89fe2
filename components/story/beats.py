"""The screens of the story. Each shows parts of the app on the thread's network, so its figures are computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from backend.compare.answer import answer
from backend.compare.choice import choice
from backend.experiment.presets import PRESETS, THREAD, THREAD_SGD
from backend.network.neurons import head_edges
from backend.training.loss_ratio import explanation
from components import diagram
from components.compare import models
from components.layout import page
from components.story import prediction, training

#: The experiment of the story, and the same with plain SGD.
NETWORK, WITH_SGD = PRESETS[THREAD], PRESETS[THREAD_SGD]
#: Which total loss can be the lower one.
LOWER = ("Sequential's", "Functional's", "They are equal")


@dataclass(frozen=True)
class Beat:
    """A screen: its title, and what draws it."""

    title: str
    draw: Callable[[], None]


def _programs() -> None:
    st.markdown(
        "Two Keras programs for two tasks: the mean and the trend of a sequence. Sequential ends in **one layer with "
        "two outputs**, Functional in **two layers with one output each**. Keras counts the same parameters, but draws "
        "different pictures."
    )
    prediction.ask("same", "What do you think?", ("Yes, the same network", "No, two networks"))
    models.sources(NETWORK)


def _box() -> None:
    found = answer(NETWORK)
    prediction.show_outcome("same", "Yes, the same network" if found.verdict == "same" else "No, two networks")
    left, _ = NETWORK.styles()
    edges = head_edges(NETWORK.architecture, left)
    st.markdown(
        f"Every neuron of the shared layer is connected to every output: **{edges} lines on both sides**. "
        "The box around the outputs is only a way to write it down. Pull it apart: no line moves."
    )
    diagram.show(NETWORK, key="story.diagram", play=True)


def _train() -> None:
    page.workers()
    st.markdown("Both start from the same weights and see the same sequences, in the same order.")
    asked = f"Which total loss is lower after {NETWORK.training.epochs} epochs?"
    given = prediction.ask("lower", asked, LOWER)
    if given is None:
        training.prepare(NETWORK)
        return
    run = training.show(NETWORK, live=True)
    prediction.show_outcome("lower", training.lower_words(run, LOWER))


def _why() -> None:
    st.markdown(explanation(NETWORK, with_steps=False))
    training.show_tasks(NETWORK)


def _sgd() -> None:
    st.markdown(
        "Adam divides each gradient by its size, so a loss that is twice as large changes almost nothing. Plain SGD "
        "does not: its steps grow with the gradient."
    )
    training.show(WITH_SGD, live=False)


def _choose() -> None:
    parts = choice(NETWORK)
    st.markdown("".join(f"**{part.words}**" if part.strong else part.words for part in parts))


BEATS = (
    Beat("Is it the same network?", _programs),
    Beat("Pull the box apart", _box),
    Beat("Will they train the same?", _train),
    Beat("Why is one total larger?", _why),
    Beat("With plain SGD, it matters", _sgd),
    Beat("Which one should you choose?", _choose),
)
