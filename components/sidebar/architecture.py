"""Input, trunk and heads."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from components.session import state
from components.sidebar import heads
from components.sidebar.form import FORM
from components.sidebar.sections import fold, pairs

TIMESTEPS, LSTM_UNITS = "architecture.timesteps", "architecture.lstm.0"
_TRUNK = (
    ("architecture", "timesteps"),
    ("architecture", "features"),
    ("architecture", "lstm"),
    ("architecture", "dense"),
)


def show_folded(besides: Collection[str] = ()) -> None:
    """Draw input, trunk and heads in folds, without the settings that stand elsewhere (`besides`)."""
    show_trunk_folded(besides)
    fold("Heads", partial(heads.show, besides), [("architecture", "heads")])


def show_trunk_folded(besides: Collection[str]) -> None:
    """Draw input and trunk in a fold, without the settings that stand elsewhere (`besides`)."""
    fold("Input and shared layers", partial(_trunk, besides), _TRUNK)


def _trunk(besides: Collection[str] = ()) -> None:
    """The settings of input and LSTM layers, and how many Dense layers there are; then each Dense layer in a row."""
    current = state.experiment().architecture
    features = ["architecture.features"] if current.own is None else []  # otherwise the columns decide it
    lstm = [f"architecture.lstm.{i}" for i in range(len(current.lstm))]
    place = pairs()
    for key in (TIMESTEPS, *features, "architecture.lstm.count", *lstm):
        if key not in besides:
            FORM.draw(key, place)
    FORM.draw("architecture.dense.count")
    place = pairs()
    for i in range(len(current.dense)):
        FORM.draw(f"architecture.dense.{i}.units", place)
        FORM.draw(f"architecture.dense.{i}.activation", place)
