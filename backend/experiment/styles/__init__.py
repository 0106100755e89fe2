"""The styles, one file each. A new style is a new file and one line here."""

from __future__ import annotations

from backend.experiment.styles import functional, functional_fused, sequential, subclassing
from backend.experiment.styles.base import Style, why_not_fused

STYLES: dict[str, Style] = {
    module.STYLE.key: module.STYLE for module in (sequential, functional, functional_fused, subclassing)
}

__all__ = ["STYLES", "Style", "why_not_fused"]
