"""Loss curves of both styles: totals, and each task. Pure functions from epochs to figures.

A line has its style's colour and pattern and is named at its end; a task is named in the title, with a chip of its hue.
The lines are the losses that pages compare (`Losses.compared_total`). Training losses beside them are thin.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment.architecture import Head
from backend.training.result import Epoch
from backend.words import short
from components.charts import end_labels, figure
from components.charts.axes import Axis, linear_axis, log_axis
from components.charts.end_labels import EndLabel
from components.text import for_markdown, for_plotly
from components.theme import NEUTRAL, chip, run_colour
from components.train.series import Pick, Series, of_sides, together

HEIGHT, SMALL = 300, 230
#: Pixels around the plotting area.
MARGIN = {"l": 52, "r": end_labels.ROOM, "t": 32, "b": 40}
#: The most characters in a row of a label.
_NARROW = 16
#: Losses that are drawn as level lines: (name, loss, colour; "" is neutral) each.
Levels = Sequence[tuple[str, float, str]]


def total(
    epochs: Sequence[Epoch],
    styles: tuple[str, str],
    log: bool,
    before: Sequence[Epoch] = (),
    last: int = 0,
    levels: Levels = (),
    styles_before: tuple[str, str] | None = None,
    changed: str = "",
) -> go.Figure:
    """Both totals of a run of `last` epochs; `before` is an earlier run, drawn faintly.

    `styles` names the sides of the run, and `styles_before` those of the earlier one, if they have other names.
    `changed` are the settings of the earlier run that are not those of this one. `levels` are drawn across the figure.
    The title has the last values.
    """
    sides = styles_before or styles
    earlier = of_sides(before, sides, lambda losses: losses.compared_total, "earlier") if before else []
    faint = f"; faint: with {for_plotly(changed, 60)}" if earlier and changed else ""
    lines = _lines(epochs, styles, lambda losses: losses.compared_total, lambda losses: losses.total)
    title = f"Total {_compared(epochs)} loss{_values(lines)}"
    thin = "; thin: training" if any(each.kind == "thin" for each in lines) else ""
    what = _what(f"total loss{thin}{faint}", lines)
    return _figure([*together(earlier), *lines], title, what, HEIGHT, log, last, levels)


def task(
    epochs: Sequence[Epoch],
    styles: tuple[str, str],
    head: Head,
    position: int,
    log: bool,
    last: int = 0,
    levels: Levels = (),
) -> go.Figure:
    """One head's own loss in both styles, before its weight, in a run of `last` epochs, and `levels` across it."""
    lines = _lines(epochs, styles, lambda losses: losses.compared(head.name), lambda losses: losses.heads[head.name])
    title = f"{chip(position)} {for_markdown(head.title)}, {_compared(epochs)} loss{_values(lines)}"
    return _figure(lines, title, _what(head.loss.replace("_", " "), lines), SMALL, log, last, levels)


def captions(epochs: Sequence[Epoch], styles: tuple[str, str], frames: Sequence[int], last: int) -> list[str]:
    """What a player says at each of the epochs `frames` (0 is before training) of `last`: the totals of both sides."""
    lines = of_sides(epochs, styles, lambda losses: losses.compared_total)
    return [f"After epoch {at} of {last}: {_numbers(lines, at)}" if at else "Before training" for at in frames]


def overlay(runs: Sequence[tuple[tuple[str, str], Sequence[Epoch]]], title: str) -> go.Figure:
    """The total losses of several runs, each with the names of its sides, in a colour: the right side is dashed."""
    lines = [
        replace(each, name=str(number + 1), colour=run_colour(number), dash="dash" if each.side == "right" else "solid")
        for number, (styles, epochs) in enumerate(runs)
        for each in of_sides(epochs, styles, lambda losses: losses.compared_total)
    ]
    return _figure(lines, title, "total loss; dashed: right side", HEIGHT, True, 0)


def epoch_axis(last: int) -> dict[str, Any]:
    """Options of the axis of epochs 1 to `last`. It is linear and fixed from the start, so that nothing jumps."""
    options = {"title": {"text": "epoch", "standoff": 4}, "automargin": False}
    pad = 0.015 * (last - 1) or 0.5
    return options | ({"range": [1 - pad, last + pad], **figure.integer_axis(last)} if last else {"tickvals": []})


def _lines(epochs: Sequence[Epoch], styles: tuple[str, str], compared: Pick, trained: Pick) -> list[Series]:
    """The compared losses of both sides and, if those are on validation sequences, before them the training losses.

    Losses that agree are one line.
    """
    if not epochs:
        return []
    thin = of_sides(epochs, styles, trained, "thin") if _compared(epochs) == "validation" else []
    return [*together(thin), *together(of_sides(epochs, styles, compared))]


def _compared(epochs: Sequence[Epoch]) -> str:
    return "validation" if epochs and epochs[0].left.val_total is not None else "training"


def _values(lines: Sequence[Series]) -> str:
    """The latest epoch and its values: " after epoch 20: Sequential 0.333, Functional 0.667"."""
    if not lines:
        return ""
    values = lines[-1].values
    seeds = int((~np.isnan(values[:, -1])).sum())
    which = f", median of {seeds} seeds" if seeds > 1 else " of the first seed" if len(values) > 1 else ""
    return f" after epoch {values.shape[1]}{which}: {_numbers(lines)}"


def _numbers(lines: Sequence[Series], epoch: int = 0) -> str:
    return ", ".join(f"{each.name} {short(float(each.middle[epoch - 1]), 3)}" for each in lines if each.kind == "main")


def _what(loss: str, lines: Sequence[Series]) -> str:
    """What the lines are, for a note above them: the `loss`, and the band if there is one."""
    seeds = len(lines[0].values) if lines else 1
    band = f"<br>band: smallest to largest of {seeds} seeds" if seeds > 1 else ""
    return f"{loss}{band}"


def _figure(
    lines: Sequence[Series], title: str, what: str, height: int, log: bool, last: int, levels: Levels = ()
) -> go.Figure:
    """A figure over the epochs 1 to `last`."""
    last = max([last, *(each.values.shape[1] for each in lines)])
    across = [
        Series(name, np.full((1, max(last, 1)), loss), colour or NEUTRAL, "dot", "level")
        for name, loss, colour in levels
        if math.isfinite(loss)
    ]
    lines = [*lines, *across]
    y = (log_axis if log else linear_axis)(float(value) for each in lines for value in each.values.flat)
    margin = MARGIN | {"t": MARGIN["t"] + 14 * what.count("<br>")}
    labels = [_label(each, y) for each in lines if each.kind != "thin"]
    note = {
        "text": what, "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "xshift": 8 - margin["l"], "yshift": 8, "showarrow": False, "align": "left",
    }  # fmt: skip
    drawn = end_labels.label_annotations([each for each in labels if each], y, height - margin["t"] - margin["b"])
    return figure.unchecked_figure(
        [trace for each in lines for trace in each.traces()],
        {
            "meta": title,
            "height": height,
            "margin": margin,
            "hovermode": "x unified",
            "showlegend": False,
            "uirevision": "curves",
            "xaxis": epoch_axis(last),
            "yaxis": {"automargin": False, **y},
            "annotations": [note, *drawn],
        },
    )


def _label(each: Series, y: Axis) -> EndLabel | None:
    """The name of a line at its last point; None if none is drawn."""
    values = [float(value) for value in each.middle]
    drawn = [at for at, value in enumerate(values) if math.isfinite(value) and (value > 0 or y["type"] == "linear")]
    if not drawn:
        return None
    rows = [textwrap.fill(part, _NARROW) for part in f"{each.name}{each.within}".split(", ")]
    return EndLabel(drawn[-1] + 1, values[drawn[-1]], ",\n".join(rows).replace("\n", "<br>"), each.colour)
