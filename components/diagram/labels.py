"""The labels and boxes of the connectivity diagram, as Plotly annotations and shapes. Text has the theme's colour."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Any

from backend.experiment.architecture import Head
from backend.experiment.styles.base import Style
from backend.network.neurons import recurrences
from components import theme
from components.diagram.places import Place, column, half_box
from components.diagram.plan import Plan
from components.diagram.titles import output_layers
from components.text import for_plotly

#: Streamlit replaces this colour by its theme's strong text colour; elsewhere it is near black.
INK = "#000037"
#: Columns from which words below a column are shortened.
_MANY_COLUMNS = 6
#: Distance of two outputs below which a head's label is one line.
_ROOMY = 0.12


def words(picture: Plan, style: Style, places: dict[str, Place]) -> list[dict[str, Any]]:
    """Title, column heads, names of the outputs, folded neurons and recurrences."""
    return [
        _word(f"<b>{style.title}</b>  {output_layers(picture.architecture, style)}", 0, 1, 58, size=14, anchor="left"),
        *_column_heads(picture, style, places),
        *_output_names(picture, style, places),
        *_below(picture),
    ]


def boxes(picture: Plan, style: Style, places: dict[str, Place]) -> list[dict[str, Any]]:
    """A box around each output layer: one for a fused layer, otherwise one per head."""
    if style.outputs == "fused":
        outputs = [places[head.name] for head in picture.heads]
        bottom = _bottom(outputs[-1]) if not picture.folded_heads else -0.02
        return [_box(picture, _top(outputs[0]), bottom, theme.NEUTRAL)]
    return [
        _box(picture, _top(places[head.name]), _bottom(places[head.name]), theme.task_hue(i))
        for i, head in enumerate(picture.heads)
    ]


def _column_heads(picture: Plan, style: Style, places: dict[str, Place]) -> list[dict[str, Any]]:
    """The kind of the columns, once for adjacent columns of one kind, and each column's number of neurons."""
    columns: dict[int, tuple[float, str, int]] = {}
    for drawn in picture.drawn.values():
        group = drawn.group
        kind = group.title if group.head is None else "outputs" if group.name == group.head else "hidden"
        columns[group.depth] = (places[group.name].x, kind, picture.units_at(group.depth))
    left = 1 - 2 * half_box(picture)
    found = []
    for kind, run in groupby((columns[depth] for depth in sorted(columns)), key=lambda column: column[1]):
        same = list(run)
        xs = [x for x, _, _ in same]
        out = kind == "outputs"
        found.append(_word(kind, left if out else sum(xs) / len(xs), 1, 32, anchor="left" if out else "center"))
        for x, _, count in same:
            text = f"{count:,}"
            layers = output_layers(picture.architecture, style).removeprefix("one ")
            if out and "Dense(" in layers and not _labelled(picture, style, places):
                text = layers
            found.append(_word(text, left if out else x, 1, 16, anchor="left" if out else "center"))
    return found


def _output_names(picture: Plan, style: Style, places: dict[str, Place]) -> list[dict[str, Any]]:
    """The heads' names beside their outputs, each with its layer; the name of a fused layer is above its box."""
    found = []
    if style.outputs == "fused" and _labelled(picture, style, places):
        top = _top(places[picture.heads[0].name])
        text = f"Dense({picture.architecture.output_units})"
        found.append(_word(text, 1 - 2 * half_box(picture), top, 2, anchor="left", yanchor="bottom"))
    for head in picture.heads:
        place = places[head.name]
        text = _output_name(picture, style, head, _roomy(picture, places))
        found.append(_word(text, 1, float(place.ys.mean()), 0, anchor="left", yanchor="middle", xshift=6))
    return found


def _output_name(picture: Plan, style: Style, head: Head, roomy: bool) -> str:
    drawn = picture.drawn[head.name]
    more = f"… {drawn.folded} more" if drawn.folded else ""
    if not roomy:
        return f"{for_plotly(head.title, 13 - len(more) // 2)} {more}".rstrip()
    lines = [f"<b>{for_plotly(head.title, 12)}</b>"]
    if style.outputs != "fused":
        lines.append(f"Dense({head.units})")
    return "<br>".join([*lines, *([more] if more else [])])


def _below(picture: Plan) -> list[dict[str, Any]]:
    """Below the columns: folded neurons, the timesteps of the input, and the recurrences of the LSTM layers."""
    many = picture.columns >= _MANY_COLUMNS
    found = []
    below = dict.fromkeys(range(picture.columns), -4)
    for depth in range(picture.columns - 1):
        folded = picture.units_at(depth) - picture.shown_at(depth)
        if folded:
            text = f"+{folded:,}" if many else f"… {folded:,} more"
            found.append(_word(text, column(picture, depth), 0, below[depth], size=10))
            below[depth] -= 14
    steps = picture.architecture.timesteps
    when = f"t = 1 … {steps}" if steps > 1 else "t = 1"
    # Below the recurrence of the first LSTM layer, so that the two never overlap.
    found.append(_word(when, 0, 0, -31 if many else min(below[0], below[1] - 15), size=10, anchor="left"))
    if picture.folded_heads:
        more = f"… {picture.folded_heads} more head" + ("s" if picture.folded_heads > 1 else "")
        found.append(_word(more, 1 - 2 * half_box(picture), 0, -6, size=11, anchor="left"))
    for i, loop in enumerate(recurrences(picture.architecture)):
        group = picture.drawn[loop.group].group
        units = group.units
        # Many of them side by side alternate between two lines.
        y = below[group.depth] - (13 * (i % 2) if many else 0)
        text = f"↻ {units}²" if many else f"<span style='font-size:14px'>↻</span> {units} × {units}"
        feeds = f"each of the {units} units feeds all {units}" if units > 1 else "the unit feeds itself"
        edges = "1 edge" if loop.count == 1 else f"{loop.count:,} edges"
        about = f"Recurrence: {feeds}<br>at the next timestep: {edges} of four gate weights each"
        found.append(_word(text, column(picture, group.depth), 0, y, size=10) | {"hovertext": about})
    return found


def _roomy(picture: Plan, places: dict[str, Place]) -> bool:
    middles = [float(places[head.name].ys.mean()) for head in picture.heads]
    return all(a - b >= _ROOMY for a, b in pairwise(middles))


def _labelled(picture: Plan, style: Style, places: dict[str, Place]) -> bool:
    """Whether there is room for each layer's name at its box: above a fused box, beside the others."""
    if style.outputs == "fused":
        return _top(places[picture.heads[0].name]) < 0.92
    return _roomy(picture, places)


def _top(place: Place) -> float:
    return float(place.ys[0]) + min(0.06, 0.55 * place.step)


def _bottom(place: Place) -> float:
    return float(place.ys[-1]) - min(0.06, 0.55 * place.step)


def _box(picture: Plan, top: float, bottom: float, hue: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "x0": 1 - 2 * half_box(picture),
        "x1": 1,
        "y0": bottom,
        "y1": top,
        "line": {"color": hue, "width": 1.5},
        "fillcolor": theme.translucent(hue, 0.1),
    }


def _word(
    text: str,
    x: float,
    y: float,
    yshift: int,
    *,
    size: int = 12,
    anchor: str = "center",
    yanchor: str | None = None,
    xshift: int = 0,
) -> dict[str, Any]:
    """Text at (x, y), moved up by `yshift` pixels, with its top there if the shift is negative."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "xref": "x",
        "yref": "y",
        "xshift": xshift,
        "yshift": yshift,
        "xanchor": anchor,
        "yanchor": yanchor or ("top" if yshift < 0 else "middle"),
        "align": anchor,
        "showarrow": False,
        "font": {"size": size},
    }
