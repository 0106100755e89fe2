"""The colours of every page. Each colour has one meaning:

- A style: in a chart that compares styles, a line's colour and pattern are its style's (`style_colour`, `pattern`), and
  a chip in the title names the task.
- A task: in the diagram and on the sequences, a hue is a task's (`task_hue`).
- A weight: orange is negative, blue is positive.
- A method of combining gradients: on the Lab, where heads have the hues of tasks (`method_colour`).
- A topology: on Topologies, beside its baseline, which is grey (`TOPOLOGY`).
- The accent (`.streamlit/config.toml`): what can be pressed and what is chosen, also in the pictures of a room.
- A run: on Runs, where lines of one style and several runs are drawn (`run_colour`). Two settings that are compared
  have the colours of two runs (`side_colours`).

No colour has a contrast of 4.5 : 1 with both a white and a dark page, so no text has one of these colours. They are
for lines, marks and areas, with at least 3 : 1 on both pages. Text has the page's colour (in figures by
`layout/document.css`). Text on a coloured area has the colour of `text_on`.
"""

from __future__ import annotations

from typing import Any

from backend.experiment.sides import is_style
from backend.experiment.styles import STYLES
from two_heads.weightings import AGGREGATORS

#: One hue per task, by the position of its head; `.streamlit/config.toml` has the same list. After 16 heads it repeats.
TASK_HUES = (
    "#0d9488", "#8b5cf6", "#e820d8", "#a86058", "#009830", "#8058a8", "#307050", "#e82008",
    "#706038", "#c860f8", "#f83860", "#187810", "#8030e8", "#e858b0", "#a048c8", "#c820f8",
)  # fmt: skip
NEGATIVE = "#e8730c"
POSITIVE = "#3b82f6"
#: Colour of what belongs to no task and to no style: trunk neurons, features, frames.
NEUTRAL = "#7c8798"
TOPOLOGY = "#a818c0"
DIVERGING = [[0.0, NEGATIVE], [0.5, "rgba(124,135,152,0.12)"], [1.0, POSITIVE]]
#: Features of a sequence, which belong to no task.
FEATURE_GREYS = ("#5b6675", "#8a94a3", "#717d8e")

#: By the position of the style in `STYLES`; also distinct to people who see no red or no green.
STYLE_COLOURS = ("#a08800", "#d81070", "#0868a8", "#b880b8")
_PATTERNS = ("solid", "dash", "dot", "dashdot")

#: By the position of the method in `AGGREGATORS`. The mean, the yardstick, is grey. The first four, which the Lab shows
#: at first, differ most. Each method has a pattern of its own and its name at the arrow, too.
METHOD_COLOURS = (
    NEUTRAL, "#9048a8", "#d80000", "#187848", "#0060f0", "#c07800", "#f04890", "#a878d8", "#c01878", "#0090c0",
)  # fmt: skip

#: Methods of combining losses, which questions of lessons show beside those of combining gradients.
LOSS_METHOD_COLOURS = {
    "famo": "#6a8a00", "stch": "#008a8a", "fixed": "#906048",
    "uw": "#1878a8", "rlw": "#607080", "gls": "#4068c8", "dwa": "#a04870", "gradnorm": "#508028",
}  # fmt: skip

#: By the order in which the visitor chose the runs. Each line has its run's number at its end, too.
RUN_COLOURS = ("#2058e8", "#d85860", "#1098a0", "#787008", "#b810b8", "#9880e0")

#: The luminance that contrasts as much with black as with white: √(1.05 × 0.05) − 0.05.
_HALFWAY = 0.179

#: Shared by every figure; `chart.config` adds the format in which it is saved.
PLOTLY_CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
}


def task_hue(position: int) -> str:
    """Hue of the task whose head stands at `position`."""
    return TASK_HUES[position % len(TASK_HUES)]


def chip(position: int) -> str:
    """A small square in the hue of the task at `position`, as Streamlit's Markdown."""
    return glyph("■", task_hue(position))


def glyph(character: str, colour: str) -> str:
    """One character in a colour, as Streamlit's Markdown."""
    return f':color[{character}]{{foreground="{colour}"}}'


def style_colour(style: str) -> str:
    """Colour of a style, on every page."""
    return STYLE_COLOURS[_position(style)]


def method_colour(key: str) -> str:
    """Colour of a method of combining gradients, or of one of combining losses that the Lab shows."""
    return LOSS_METHOD_COLOURS.get(key) or METHOD_COLOURS[list(AGGREGATORS).index(key)]


def run_colour(position: int) -> str:
    """Colour of the run that was chosen at `position` for the overlay."""
    return RUN_COLOURS[position % len(RUN_COLOURS)]


def text_on(colour: str) -> str:
    """Black or white: the one with the higher contrast on `colour` (#rrggbb), at least 4.5 : 1 (√21 for any colour)."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > _HALFWAY else "#ffffff"


def _linear(encoded: float) -> float:
    """A channel of sRGB as light; the formula of WCAG 2."""
    return encoded / 12.92 if encoded <= 0.04045 else float(((encoded + 0.055) / 1.055) ** 2.4)


def pattern(style: str) -> str:
    """Plotly's dash pattern of a style; it is legible in print and to the colour-blind."""
    return _PATTERNS[_position(style)]


def _position(style: str) -> int:
    return list(STYLES).index(style)


def translucent(hue: str, alpha: float) -> str:
    """`hue` (#rrggbb) as rgba with opacity `alpha`."""
    red, green, blue = (int(hue[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def side_colours(sides: tuple[str, str]) -> tuple[str, str]:
    """The colours of the left and the right side, by their names (`side_keys`)."""
    left, right = sides
    return (style_colour(left), style_colour(right)) if is_style(left) else (run_colour(0), run_colour(1))


def side_patterns(sides: tuple[str, str]) -> tuple[str, str]:
    """The dash patterns of the left and the right line, by the names of the sides. Two settings: solid and dashed.

    If both sides have one style, the right line is dotted or, if the style's own line is, dashed.
    """
    if not is_style(sides[0]):
        return "solid", "dash"
    left, right = (pattern(style) for style in sides)
    if left != right:
        return left, right
    return left, "dot" if left != "dot" else "dash"
