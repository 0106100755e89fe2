"""The frames and labels of the kernel matrices, as Plotly shapes and annotations."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from backend.words import short
from components import theme
from components.diagram.kernel_side import MIN_COLUMNS, Side, shape_words
from components.text import for_plotly

#: The smallest share of a matrix's width at which a head's columns show its name; narrower ones show only its hue.
_NAMED = 0.2
_CLEAR = "rgba(0,0,0,0)"


def frames(side: Side) -> list[dict[str, Any]]:
    """A strip of the head's hue above its columns, and a frame around each kernel."""
    hues = [theme.task_hue(side.picture.position(block.head)) for block in side.blocks]
    strips = [
        _rectangle(side.axis, start + 0.06, end - 0.06, (0.12, 0.36), _CLEAR, hue)
        for (start, end), hue in zip(side.spans, hues, strict=True)
    ]
    kernels = list(zip(side.spans, hues, strict=True))
    if side.style.outputs == "fused":
        kernels = [((side.spans[0][0], side.spans[-1][1]), theme.NEUTRAL)]
    bottom = -float(side.picture.shared.shown)
    return strips + [_rectangle(side.axis, *span, (bottom, 0.0), hue, _CLEAR) for span, hue in kernels]


def _rectangle(axis: str, x0: float, x1: float, ys: tuple[float, float], line: str, fill: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": axis,
        "yref": "y",
        "x0": x0,
        "x1": x1,
        "y0": ys[0],
        "y1": ys[1],
        "line": {"color": line, "width": 1.2},
        "fillcolor": fill,
    }


def words(side: Side, scale: float | None) -> list[dict[str, Any]]:
    """Above a matrix its style and heads; below it the shape, how much is drawn, and the ends of the colour scale."""
    picture = side.picture
    lines = wrap(shape_words(picture.architecture, side.style), 20)
    if picture.shared.folded or side.columns < side.all_columns:
        lines.append(f"{picture.shared.shown} × {side.columns} drawn")
    if scale is not None:
        lines.append(f"colour: ±{short(scale)}")
    title = side.style.title.replace(", ", ",<br>")
    words = [
        _word(side.axis, f"<b>{title}</b>", 0, 0.4, size=12, yshift=66),
        _word(side.axis, "<br>".join(lines), 0, -picture.shared.shown, size=11, yshift=-6, yanchor="top"),
    ]
    width = max(side.spans[-1][1], MIN_COLUMNS)
    for block, (start, end) in zip(side.blocks, side.spans, strict=True):
        if (end - start) / width >= _NAMED:
            name = for_plotly(picture.heads[picture.position(block.head)].title, 10)
            middle = (start + end) / 2
            words.append(_word(side.axis, name, middle, 0.38, size=10, yshift=2, textangle=-90, xanchor="center"))
    return words


def _word(axis: str, text: str, x: float, y: float, *, size: int, **more: Any) -> dict[str, Any]:
    place = {"xref": axis, "yref": "y", "x": x, "y": y, "xanchor": "left", "yanchor": "bottom", "align": "left"}
    return {**place, "text": text, "showarrow": False, "font": {"size": size}, **more}
