"""Input, trunk and heads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from backend.experiment.activations import TRUNK
from backend.experiment.architecture import DenseLayer
from components.session import state
from components.sidebar import heads
from components.sidebar import help as helps
from components.sidebar.length import length_input
from components.sidebar.sections import fold, pairs

TIMESTEPS, LSTM_UNITS = "architecture.timesteps", "architecture.lstm.0"
_TRUNK = (
    ("architecture", "timesteps"),
    ("architecture", "features"),
    ("architecture", "lstm"),
    ("architecture", "dense"),
)


def show() -> None:
    """Draw input, trunk and heads, each under its title."""
    st.subheader("Input and shared layers", anchor=False)
    _trunk()
    st.subheader("Heads (one per task)", anchor=False)
    heads.show()


def show_folded(besides: Collection[str]) -> None:
    """Draw input, trunk and heads in folds, without the settings that stand elsewhere (`besides`)."""
    show_trunk_folded(besides)
    fold("Heads", partial(heads.show, besides), [("architecture", "heads")])


def show_trunk_folded(besides: Collection[str]) -> None:
    """Draw input and trunk in a fold, without the settings that stand elsewhere (`besides`)."""
    fold("Input and shared layers", partial(_trunk, besides), _TRUNK, besides)


def timesteps(place: DeltaGenerator) -> None:
    """Draw the length of the sequences."""
    place.number_input("Timesteps", **helps.number(("architecture", "timesteps")))


def lstm_units(place: DeltaGenerator, i: int = 0) -> None:
    """Draw the units of one LSTM layer."""
    place.number_input(f"LSTM {i + 1} units", **helps.number(("architecture", "lstm", i)))


def _trunk(besides: Collection[str] = ()) -> None:
    """The settings of input and LSTM layers, and how many Dense layers there are; then each Dense layer in a row."""
    current = state.experiment().architecture
    fields: dict[str, Callable[[DeltaGenerator], None]] = {
        TIMESTEPS: timesteps,
        "architecture.features": _features,
        "architecture.lstm.count": lambda place: length_input(place, "LSTM layers", ("architecture", "lstm"), 32),
    } | {f"architecture.lstm.{i}": partial(lstm_units, i=i) for i in range(len(current.lstm))}
    if current.own is not None:
        del fields["architecture.features"]  # the columns decide it
    place = pairs()
    for key, draw in fields.items():
        if key not in besides:
            draw(place)
    length_input(place, "Dense layers", ("architecture", "dense"), DenseLayer().model_dump())
    layers = pairs()
    for i in range(len(current.dense)):
        path = ("architecture", "dense", i)
        layers.number_input(f"Dense {i + 1} units", **helps.number((*path, "units")))
        layers.selectbox("Activation", list(TRUNK), **helps.view((*path, "activation"), list(TRUNK)))


def _features(place: DeltaGenerator) -> None:
    place.number_input("Features", **helps.number(("architecture", "features")))
