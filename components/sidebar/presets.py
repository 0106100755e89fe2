"""The presets: ready-made experiments."""

from __future__ import annotations

from backend.experiment.presets import PRESETS, THREAD
from components.session import state
from components.session.form import menu


def show() -> None:
    """Draw the menu of presets."""
    current = next((name for name, preset in PRESETS.items() if preset == state.experiment()), None)

    def load(name: str | None) -> None:
        state.replace(PRESETS[name or THREAD])

    names = {name: name for name in PRESETS}
    menu("Start from", names, "preset", current, load, placeholder="your own settings")
