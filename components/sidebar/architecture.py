"""Input, trunk and heads."""

from __future__ import annotations

from backend.experiment.activations import TRUNK
from backend.experiment.architecture import DenseLayer
from components.session import state
from components.sidebar import heads
from components.sidebar import help as helps
from components.sidebar.length import length_input
from components.sidebar.sections import pair, section


def show() -> None:
    """Draw input, trunk and heads."""
    show_trunk()
    section("Heads (one per task)", heads.show)


def show_trunk() -> None:
    """Draw input and trunk."""
    section("Input and shared trunk", _trunk)


def _trunk() -> None:
    """Each kind of layer has its number beside the units of its first layer; the others follow two to a row."""
    steps, features = pair()
    steps.number_input("Timesteps", **helps.number(("architecture", "timesteps")))
    features.number_input("Features", **helps.number(("architecture", "features")))
    current = state.experiment().architecture
    places = [place for _ in range(1 + len(current.lstm) // 2) for place in pair()]
    length_input(places[0], "LSTM layers", ("architecture", "lstm"), 32)
    for i in range(len(current.lstm)):
        places[i + 1].number_input(f"LSTM {i + 1} units", **helps.number(("architecture", "lstm", i)))
    first, _ = pair()
    length_input(first, "Dense layers", ("architecture", "dense"), DenseLayer().model_dump())
    for i in range(len(current.dense)):
        path = ("architecture", "dense", i)
        units, activation = pair()
        units.number_input(f"Dense {i + 1} units", **helps.number((*path, "units")))
        activation.selectbox("Activation", TRUNK, **helps.view((*path, "activation"), TRUNK))
