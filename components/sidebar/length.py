"""A number input for the length of a tuple: the LSTM layers, the Dense layers, the hidden layers of a head."""

from __future__ import annotations

from typing import Any

from streamlit.delta_generator import DeltaGenerator

from backend.experiment.url import Path, at, bounds
from components.session import controls, state
from components.sidebar import help as helps


def length_input(place: DeltaGenerator, label: str, path: Path, new: Any) -> None:
    """Draw the number input of the tuple at `path`. More items are copies of `new`; fewer are cut at the end."""
    low, high = bounds(path)
    key = ".".join(map(str, path)) + ".count"

    def resize(wanted: int) -> None:
        items = list(at(state.experiment().model_dump(), path))
        state.change(path, (items + [new] * high)[:wanted])

    place.number_input(
        label, low, high, help=helps.text(*path, "count"), **controls.widget_state(key, len(state.value(path)), resize)
    )
