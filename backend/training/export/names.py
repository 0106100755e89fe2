"""The names of the files that a visitor can download. Each says what its file is."""

from __future__ import annotations

import re

from backend.experiment.styles import Style
from backend.training.result import SIDES, Side


def comparison(styles: tuple[Style, Style]) -> str:
    """The name, without its ending, of a file about both styles: `sequential-vs-functional`."""
    left, right = styles
    return f"{_safe(left.key)}-vs-{_safe(right.key)}"


def of_run(name: str) -> str:
    """The name, without its ending, of a file about the run that a visitor has named; empty if nothing is left."""
    return _safe(name)[:60].strip("-")


def source(style: Style) -> str:
    """The file of a style's source: `functional-fused.py`."""
    return f"{_safe(style.key)}.py"


def model(styles: tuple[Style, Style], side: Side) -> str:
    """The file of a trained model: `sequential.keras`. If both sides have one style, the side is a part of it."""
    left, right = styles
    style = styles[SIDES.index(side)]
    return f"{_safe(style.key)}{f'-{side}' if left.key == right.key else ''}.keras"


def _safe(key: str) -> str:
    """A style's key in lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
