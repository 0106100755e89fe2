"""A question before the result: which total will be lower? The page computes the answer and what it means."""

from __future__ import annotations

import streamlit as st

from backend.experiment import Experiment
from backend.experiment.sides import titles_of
from backend.training.finding import Lower, LowerTotal, lower_total
from components.layout import share_card
from components.session import controls
from components.sidebar import style
from components.train.run import ShownRun

_GUESSES, _CHOICE = "train.guesses", "train.guess"
_HELP = (
    "`fit` reports the total as `loss`, which training minimizes unless a method sets the step, and as `val_loss` on "
    "the validation sequences. Here, `val_loss` is compared if there are any. Two totals within 0.5% of each other "
    "are equal. "
    "[`compile`](https://keras.io/api/models/model_training_apis/#compile-method) says how Keras combines the losses."
)
_OPTIONS: tuple[Lower, ...] = ("left", "right", "equal")


def show(experiment: Experiment, shown: ShownRun) -> None:
    """Draw the question before there is a result of these settings, and after a choice whether it is right."""
    if style.same_by_fallback(experiment):  # there is nothing to train yet
        return
    key = experiment.key()
    ended = not shown.differences and not shown.run.running
    comparison = lower_total(shown.run.experiment, shown.run.epochs) if ended else None
    guesses: dict[str, Lower] = st.session_state.setdefault(_GUESSES, {})
    if ended and key not in guesses:  # the answer already stands above
        return
    titles = _titles(experiment)
    epochs = experiment.training.epochs

    def choose(chosen: Lower | None) -> None:
        if chosen:
            guesses[key] = chosen

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        after = f"{epochs} epochs" if epochs > 1 else "1 epoch"
        st.markdown(f"Which total loss is lower after {after}?", width="content", help=_HELP)
        st.segmented_control(
            "Which total loss is lower?", _OPTIONS, format_func=titles.__getitem__, label_visibility="collapsed",
            disabled=comparison is not None and key in guesses,
            **controls.button_group_state(_CHOICE, guesses.get(key), choose),
        )  # fmt: skip
    if key in guesses:
        st.markdown(_outcome_sentence(guesses[key], comparison, ended))


def prediction(experiment: Experiment, shown: ShownRun) -> share_card.Prediction | None:
    """What the visitor predicted of this run, for a card that they share; None if they have predicted nothing."""
    guess: Lower | None = st.session_state.get(_GUESSES, {}).get(experiment.key())
    if guess is None:
        return None
    comparison = lower_total(shown.run.experiment, shown.run.epochs)
    text = "equal totals" if guess == "equal" else f"a lower total for {_titles(experiment)[guess]}"
    return share_card.Prediction(f"I predicted {text}.", None if comparison is None else guess == comparison.lower)


def _titles(experiment: Experiment) -> dict[Lower, str]:
    """The name of each answer."""
    titles = titles_of(experiment)
    return dict(zip(_OPTIONS, (*titles, "equal"), strict=True))


def _outcome_sentence(guess: Lower, comparison: LowerTotal | None, ended: bool) -> str:
    """Whether the guess is right, in Markdown."""
    if comparison is None:
        return "There is no total to compare." if ended else "Train to see whether you are right."
    mark = ":green[**✓ Right.**]" if guess == comparison.lower else ":red[**✗ Not right.**]"
    return f"{mark} {comparison.words}"
