"""The screens of the story. Each shows parts of the app on the thread's network, so its figures are computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from backend.experiment.presets import PRESETS, THREAD, THREAD_SGD
from backend.network.neurons import head_edges
from backend.questions.compare.answer import answer, choice
from backend.training.loss_ratio import explanation
from components import diagram
from components.compare import models
from components.investigations.prediction import marked
from components.layout import page
from components.session import controls
from components.story import training
from components.train.run import RunView

#: The experiment of the story, and the same with plain SGD.
NETWORK, WITH_SGD = PRESETS[THREAD], PRESETS[THREAD_SGD]
#: The answers to the first question, and which total loss can be the lower one.
SAME, TWO = "Yes, the same network", "No, two networks"
LOWER = ("Sequential's", "Functional's", "They are equal")
_GIVEN = "story.predictions"


@dataclass(frozen=True)
class Beat:
    """A screen: its title, and what draws it."""

    title: str
    draw: Callable[[], None]


def _ask(key: str, question: str, options: Sequence[str]) -> str | None:
    """Draw a question with its options, and return what the visitor predicts; None before that."""
    given: dict[str, str] = st.session_state.setdefault(_GIVEN, {})

    def choose(chosen: str | None) -> None:
        if chosen:
            given[key] = chosen

    st.segmented_control(
        question, options,
        **controls.button_group_state(f"story.prediction.{key}", given.get(key), choose),
    )  # fmt: skip
    return given.get(key)


def _prediction_outcome(key: str, answer: str) -> str:
    """Whether the visitor's prediction is right, in Markdown; without one, the answer."""
    predicted = st.session_state.get(_GIVEN, {}).get(key)
    if predicted is None:
        return f"**{answer}.**"
    return marked(predicted, predicted == answer, f"The answer: “{answer}”.")


def _programs() -> None:
    st.markdown(
        "Two Keras programs read a sequence and predict two numbers: the level of its values, which is their mean, and "
        "their trend, the slope over time. Both begin alike, with an LSTM and a Dense layer. Sequential ends in **one "
        "layer with two units**, Functional in **two layers with one unit each**."
    )
    models.sources(NETWORK)
    _ask("same", "Are these the same neurons, joined by the same edges?", (SAME, TWO))


def _box() -> None:
    found = answer(NETWORK)
    st.markdown(_prediction_outcome("same", SAME if found.verdict == "same" else TWO))
    left, right = NETWORK.styles()
    edges = head_edges(NETWORK.architecture, left)
    st.markdown(
        f"Every neuron of the shared layer is connected to every head: **{edges} edges on each side**. The box "
        f"around the heads changes none of them. Pull {left.title}'s box apart and it is {right.title}'s drawing, "
        "while no line moves."
    )
    diagram.show(NETWORK, key="story.diagram", play=True)
    training.prepare(NETWORK)  # for the next screen


def _train() -> None:
    page.workers()
    st.markdown("Both models start from copies of the same weights, and see the same sequences in the same order.")
    asked = f"Which total loss is lower after {NETWORK.training.epochs} epochs?"
    given = _ask("lower", asked, LOWER)
    if given is None:
        training.prepare(NETWORK)
    else:
        training.show(NETWORK, _outcome)


def _outcome(run: RunView) -> str | None:
    words = training.lower_words(run, LOWER)
    return _prediction_outcome("lower", words) if words else None


def _totals() -> None:
    st.markdown(explanation(NETWORK))
    st.markdown("So compare each task's own loss, before the losses are combined.")
    training.show_tasks(NETWORK)


def _sgd() -> None:
    st.markdown(
        "That was Adam, which divides each gradient by its running size. So a loss that is twice as large changes "
        "almost nothing. Plain SGD does not divide: there, a loss that is twice as large works like a learning rate "
        f"that is twice as large. Here it trains both, with a learning rate of {WITH_SGD.training.learning_rate:g}:"
    )
    training.show_tasks(WITH_SGD)


def _choose() -> None:
    parts = choice(NETWORK)
    st.markdown("".join(f"**{part.words}**" if part.strong else part.words for part in parts))


BEATS = (
    Beat("Is it the same network?", _programs),
    Beat("Pull the box apart", _box),
    Beat("Will they train the same?", _train),
    Beat("What do the totals say?", _totals),
    Beat("And with plain SGD?", _sgd),
    Beat("Which one should you choose?", _choose),
)
