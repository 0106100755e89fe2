"""Models to try the page with, as `model.to_json()` wrote them: by what their buttons say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILES = {
    "Try it with a forecast of 16 hours": "sixteen_horizons",
    "A U-Net with mask and depth": "mask_and_depth",
    "Heads that differ": "different_heads",
}


@cache
def examples() -> dict[str, str]:
    """The configuration of each example by its title."""
    folder = Path(__file__).parent
    return {title: (folder / f"{name}.json").read_text() for title, name in _FILES.items()}
