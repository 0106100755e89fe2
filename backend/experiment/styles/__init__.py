"""The styles, one file each. A new style is a new file and one line here."""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles import functional, functional_fused, sequential, subclassing
from backend.experiment.styles.base import Style, why_not_fused

STYLES: dict[str, Style] = {
    module.STYLE.key: module.STYLE for module in (sequential, functional, functional_fused, subclassing)
}


def nearest_style(key: str, architecture: Architecture, besides: str | None = None) -> Style | None:
    """The style nearest to `key` that can express `architecture`: itself, Functional, or else the first one.

    It is never the style `besides`; None if no other style can express the architecture.
    """
    order = (STYLES[each] for each in (key, "functional", *STYLES) if each != besides)
    return next((style for style in order if not style.unsupported_reason(architecture)), None)


__all__ = ["STYLES", "Style", "nearest_style", "why_not_fused"]
