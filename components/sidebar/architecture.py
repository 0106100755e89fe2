"""Input, trunk and heads."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from backend.experiment.architecture import Activation, DenseLayer
from components.session import state
from components.sidebar import heads
from components.sidebar.length import length_input
from components.sidebar.sections import section


def show() -> None:
    """Draw input, trunk and heads."""
    show_trunk()
    section("Heads (one per task)", heads.show)


def show_trunk() -> None:
    """Draw input and trunk."""
    section("Input", _input)
    section("Trunk (shared by all heads)", _trunk)


def _input() -> None:
    steps, features = st.columns(2)
    steps.number_input("Timesteps", 1, 64, **state.view(("architecture", "timesteps")))
    features.number_input("Features", 1, 16, **state.view(("architecture", "features")))


def _trunk() -> None:
    current = state.experiment().architecture
    left, right = st.columns(2)
    length_input(left, "LSTM layers", 1, 3, ("architecture", "lstm"), 32)
    length_input(right, "Dense layers", 0, 3, ("architecture", "dense"), DenseLayer().model_dump())
    for i in range(len(current.lstm)):
        st.number_input(f"LSTM {i + 1} units", 1, 256, **state.view(("architecture", "lstm", i)))
    for i in range(len(current.dense)):
        units, activation = st.columns(2)
        units.number_input(f"Dense {i + 1} units", 1, 256, **state.view(("architecture", "dense", i, "units")))
        activation.selectbox(
            "Activation", get_args(Activation), **state.view(("architecture", "dense", i, "activation"))
        )
