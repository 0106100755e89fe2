"""The styles, one file each. A new style is a new file and one line here."""

from __future__ import annotations

from backend.experiment.styles import functional, functional_fused, sequential, subclassing
from backend.experiment.styles.base import Style, why_not_fused

STYLES: dict[str, Style] = {
    module.STYLE.key: module.STYLE for module in (sequential, functional, functional_fused, subclassing)
}


def side_titles(left: str, right: str) -> tuple[str, str]:
    """The titles of the styles on both sides; where both sides have one style, each title names its side."""
    twin = left == right
    return STYLES[left].title + twin * " (left)", STYLES[right].title + twin * " (right)"


__all__ = ["STYLES", "Style", "side_titles", "why_not_fused"]
