"""The colours of every page: one hue per task, one line pattern per style, one diverging scale for weights.

The colours are legible on light and on dark; text keeps the theme's colour.
"""

from __future__ import annotations

from typing import Any

from backend.experiment.styles import STYLES

#: One hue per task, by the position of its head; `.streamlit/config.toml` has the same list.
TASK_HUES = ("#0d9488", "#8b5cf6", "#db2777", "#5f8f1f", "#b8860b", "#a16e4b", "#64748b", "#c026d3")
NEGATIVE = "#e8730c"
POSITIVE = "#3b82f6"
#: Colour of what belongs to no task: trunk neurons, totals, frames.
NEUTRAL = "#7c8798"
DIVERGING = [[0.0, NEGATIVE], [0.5, "rgba(124,135,152,0.12)"], [1.0, POSITIVE]]

_PATTERNS = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

#: Shared by every figure; `chart.config` adds the format in which it is saved.
PLOTLY_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
}


def task_hue(position: int) -> str:
    """Hue of the task whose head stands at `position`."""
    return TASK_HUES[position % len(TASK_HUES)]


def pattern(style: str) -> str:
    """Plotly's dash pattern of a style; it is legible in print and to the colour-blind."""
    return _PATTERNS[list(STYLES).index(style) % len(_PATTERNS)]


def translucent(hue: str, alpha: float) -> str:
    """`hue` (#rrggbb) as rgba with opacity `alpha`."""
    red, green, blue = (int(hue[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def side_patterns(styles: tuple[str, str]) -> tuple[str, str]:
    """The patterns of the left and the right line. Where both sides have one style, the right one is dotted."""
    left, right = (pattern(style) for style in styles)
    return left, "dot" if left == right else right
