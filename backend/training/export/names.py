"""The names of the files that a visitor can download. Each says what its file is."""

from __future__ import annotations

import re

from backend.training.result import SIDES, Side


def comparison(sides: tuple[str, str]) -> str:
    """The name, without its ending, of a file about both sides: `sequential-vs-functional`, `batch-8-vs-batch-256`."""
    left, right = sides
    return f"{_safe(left)[:60]}-vs-{_safe(right)[:60]}"


def of_run(name: str) -> str:
    """The name, without its ending, of a file about the run that a visitor has named; empty if nothing is left."""
    return _safe(name)[:60].strip("-")


def source(title: str) -> str:
    """The file of a source with that title: `functional-fused.py`."""
    return f"{_safe(title)}.py"


def model(sides: tuple[str, str], side: Side) -> str:
    """The file of a trained model: `sequential.keras`. If both sides have the same name, the side is a part of it."""
    left, right = (_safe(each)[:60] for each in sides)
    return f"{(left, right)[SIDES.index(side)]}{f'-{side}' if left == right else ''}.keras"


def _safe(key: str) -> str:
    """A name in lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
