"""The style of one side. One that cannot express the heads says so; the pages show the nearest one in its place."""

from __future__ import annotations

from typing import Any

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from components.session import state
from components.sidebar.form import FORM


def show(side: str, **look: Any) -> None:
    """Draw the menu of styles for one side (`left` or `right`), with this `look`."""
    architecture = state.experiment().architecture

    def title(key: str) -> str:
        return STYLES[key].title + " · not with these heads" * bool(STYLES[key].unsupported_reason(architecture))

    FORM.draw(side, options=list(STYLES), format_func=title, **look)


def same_by_fallback(experiment: Experiment) -> bool:
    """Whether both sides have the same style because a chosen style cannot express the heads."""
    left, right = experiment.styles()
    if experiment.other is not None:
        return False
    return left is right and not experiment.left == experiment.right == left.key
