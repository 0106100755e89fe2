"""The styles, one file each. A new style is a new file and one line here."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles import functional, functional_fused, sequential, subclassing
from backend.experiment.styles.base import Style, why_not_fused

STYLES: dict[str, Style] = {
    module.STYLE.key: module.STYLE for module in (sequential, functional, functional_fused, subclassing)
}


def nearest_style(key: str, architecture: Architecture) -> Style:
    """The style nearest to `key` that can express `architecture`: itself, or Functional, which can express each."""
    style = STYLES[key]
    return STYLES["functional"] if style.unsupported_reason(architecture) else style


__all__ = ["STYLES", "Style", "nearest_style", "why_not_fused"]
