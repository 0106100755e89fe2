"""Loss curves of both styles: totals, and each task. Pure functions from epochs to figures.

A line has its style's colour and pattern and is named at its end; a task is named in the title, with a chip of its hue.
The ratio of the totals is in `components.train.ratio`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment.architecture import Head
from backend.experiment.sides import side_titles
from backend.training.result import SIDES, Epoch, Side
from backend.words import short
from components.charts import end_labels, figure
from components.charts.axes import Axis, linear_axis, log_axis, place
from components.charts.end_labels import EndLabel
from components.text import for_markdown
from components.theme import NEUTRAL, chip
from components.train.series import Pick, Series, epoch_axis, loss_lines, loss_of, matrix, x_range

__all__ = ["HEIGHT", "MARGIN", "overlay", "task", "total", "x_range"]

HEIGHT, SMALL = 300, 230
#: Pixels around the plotting area. They are fixed, so an epoch's place follows from `x_range` and the figure's width.
MARGIN = {"l": 52, "r": end_labels.ROOM, "t": 32, "b": 40}
#: Losses that are drawn as level lines: (name, loss, colour; "" is neutral) each.
Levels = Sequence[tuple[str, float, str]]
#: The total loss of each split.
_TOTALS: dict[str, Pick] = {"training": lambda losses: losses.total, "validation": lambda losses: losses.val_total}
#: Two lines that are nowhere farther apart than this, in pixels, share one label.
_HIDDEN = 1.5


def total(
    epochs: Sequence[Epoch],
    styles: tuple[str, str],
    log: bool,
    before: Sequence[Epoch] = (),
    last: int = 0,
    ended: bool = False,
    levels: Levels = (),
    styles_before: tuple[str, str] | None = None,
) -> go.Figure:
    """Both totals, training and validation, of a run of `last` epochs; `before` is an earlier run, drawn faintly.

    `styles` names the sides of the run, and `styles_before` those of the earlier one, if they have other names.
    `levels` are drawn across the figure. The title has the last values, and says whether the run has `ended`.
    """
    earlier = loss_lines(before, styles_before or styles, lambda losses: losses.total, faint=True) if before else []
    lines = _total_lines(epochs, styles)
    title = _total_title(lines, styles, ended)
    seeds = len({epoch.seed for epoch in epochs})
    band = f"<br>band: smallest to largest of {seeds} seeds" if seeds > 1 else ""
    return _figure([earlier, *lines], title, f"total loss{band}", HEIGHT, log, last, levels=levels)


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
    lines = _task_lines(epochs, styles, head)
    numbers = _title(lines, styles)
    title = f"{chip(position)} {for_markdown(head.title)}{f' · {numbers}' if numbers else ''}"
    return _figure(lines, title, head.loss.replace("_", " "), SMALL, log, last, levels=levels)


def captions(
    epochs: Sequence[Epoch], styles: tuple[str, str], heads: Sequence[Head], frames: Sequence[int]
) -> list[list[str]]:
    """What the titles say at each of the epochs `frames`, for a player (0 is before training).

    Of each epoch: the title of the totals, and for each of the `heads` what follows its name.
    """
    of_frames = []
    for frame in frames:
        if frame == 0:
            of_frames.append(["Before training", *("before training" for _ in heads)])
            continue
        here = [epoch for epoch in epochs if epoch.epoch == frame]
        of_heads = [_title(_task_lines(here, styles, head), styles) for head in heads]
        of_frames.append([_total_title(_total_lines(here, styles), styles), *of_heads])
    return of_frames


def _total_lines(epochs: Sequence[Epoch], styles: tuple[str, str]) -> list[list[Series]]:
    return [
        loss_lines(epochs, styles, lambda losses: losses.total),
        loss_lines(epochs, styles, lambda losses: losses.val_total, "validation"),
    ]


def _task_lines(epochs: Sequence[Epoch], styles: tuple[str, str], head: Head) -> list[list[Series]]:
    return [
        loss_lines(epochs, styles, lambda losses: losses.heads.get(head.name)),
        loss_lines(epochs, styles, lambda losses: losses.val_heads.get(head.name), "validation"),
    ]


def overlay(
    runs: Sequence[tuple[str, Sequence[Epoch], str]], side: Side, pattern: str, split: str, log: bool, title: str
) -> go.Figure:
    """The total losses of one side in several runs: (name, epochs, colour) each, training or validation.

    The axis holds those of the other side, too, so that two such figures can be compared.
    """
    lines, both = [], []
    for name, epochs, colour in runs:
        for each in SIDES:
            x, values = matrix(epochs, loss_of(each, _TOTALS[split]))
            both += [float(value) for value in values.flat]
            if each == side and values.size and not np.isnan(values).all():
                lines.append(Series(name, x, values, colour, pattern, 2.2))
    return _figure([[line] for line in lines], title, f"total {split} loss", HEIGHT, log, 0, both)


def _total_title(lines: Sequence[Sequence[Series]], styles: tuple[str, str], ended: bool = False) -> str:
    """The latest epoch of the `lines`, and their values (`_title`)."""
    title = _title(lines, styles)
    return f"{_when(lines[0], ended)}, {title}" if title else "Total loss of both sides"


def _title(lines: Sequence[Sequence[Series]], styles: tuple[str, str]) -> str:
    """The last values of both styles: "validation loss: Sequential 0.333, Functional 0.667".

    `lines` are those of the training and of the validation. The values are the losses that pages compare
    (`Losses.compared_total`). The title is empty before the first epoch.
    """
    training, validation = lines
    shown = validation or training
    if len(shown) < 2 or not shown[0].x:
        return ""
    ends = (short(float(each.middle[-1]), 3) for each in shown)
    numbers = ", ".join(f"{title} {end}" for title, end in zip(side_titles(*styles), ends, strict=True))
    return f"{'validation' if validation else 'training'} loss{_which(shown)}: {numbers}"


def _which(lines: Sequence[Series]) -> str:
    """The seeds whose latest values are drawn, in words."""
    seeds = int((~np.isnan(lines[0].values[:, -1])).sum())
    several = lines[0].values.shape[0] > 1
    return f", median of {seeds} seeds" if seeds > 1 else " of the first seed" if several else ""


def _when(lines: Sequence[Series], ended: bool) -> str:
    """Words that name the latest epoch."""
    return f"{'At the end, after' if ended else 'After'} epoch {lines[0].x[-1]}"


def _figure(
    groups: Sequence[Sequence[Series]],
    title: str,
    what: str,
    height: int,
    log: bool,
    last: int,
    beside: Iterable[float] = (),
    levels: Levels = (),
) -> go.Figure:
    """A figure over the epochs 1 to `last`. Each of `groups` holds the same losses of both styles.

    The axis of the losses holds the values `beside`, too.
    """  # fmt: skip
    lines = list(chain(*groups))
    last = max([last, *(each.x[-1] for each in lines if each.x)])
    across = [
        Series(name, [1, max(last, 1)], np.array([[loss, loss]]), colour or NEUTRAL, "dot", 1.2, banded=False)
        for name, loss, colour in levels
        if math.isfinite(loss)
    ]
    groups, lines = [*groups, *([each] for each in across)], [*lines, *across]
    y = (log_axis if log else linear_axis)([*beside, *(float(value) for each in lines for value in each.values.flat)])
    margin = MARGIN | {"t": MARGIN["t"] + 14 * what.count("<br>")}
    labels = [label for group in groups for label in _labels(group, y, height - margin["t"] - margin["b"])]
    notes = [
        _note(what, x=0, y=1, xanchor="left", yanchor="bottom", xshift=8 - margin["l"], yshift=8),
        *([_note(unseen, x=1, y=0, xanchor="right", yanchor="bottom")] if (unseen := _unseen(lines, log)) else []),
        *end_labels.label_annotations(labels, y, height - margin["t"] - margin["b"]),
    ]
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
            "annotations": notes,
        },
    )


def _labels(group: Sequence[Series], y: Axis, height: float) -> list[EndLabel]:
    """The names of the lines at their ends: one for both styles if one line hides the other."""
    hidden = _identical(group, y, height) if len(group) == 2 else None
    if hidden is not None:
        rest = group[0].name.partition(", ")[2] if "," in group[0].name else ""
        kind = next((k for k in ("validation", "earlier run") if rest.endswith(k)), "")
        words = ["both sides", *([kind] if kind else []), hidden]
        return _label(group[1], ",<br>".join(words), y)
    return [label for each in group for label in _label(each, each.name.replace(", ", ",<br>"), y)]


def _label(each: Series, text: str, y: Axis) -> list[EndLabel]:
    drawn = [at for at, value in enumerate(each.middle) if _drawable(float(value), y)]
    if not drawn:
        return []
    end = drawn[-1]
    after = each.middle[end + 1 :]
    if after.size and not np.isfinite(after).any():
        text += f"<br>(epoch {each.x[end + 1]}:<br>NaN or infinite)"
    return [EndLabel(each.x[end], float(each.middle[end]), text, each.colour)]


def _drawable(value: float, y: Axis) -> bool:
    return math.isfinite(value) and (value > 0 or y["type"] == "linear")


def _identical(group: Sequence[Series], y: Axis, height: float) -> str | None:
    """How closely two lines agree, in words, if one hides the other everywhere; else None."""
    one, other = (each.middle for each in group)
    pairs = [(float(a), float(b)) for a, b in zip(one, other, strict=True) if np.isfinite(a) or np.isfinite(b)]
    if not pairs or not all(_drawable(a, y) and _drawable(b, y) for a, b in pairs):
        return None
    if max(abs(place(y, a) - place(y, b)) for a, b in pairs) * height > _HIDDEN:
        return None
    if all(a == b for a, b in pairs):
        return "identical"
    if y["type"] == "log":
        return f"identical<br>within {_at_most(100 * max(abs(a - b) / min(a, b) for a, b in pairs))}%"
    return f"identical<br>within {_at_most(max(abs(a - b) for a, b in pairs))}"


def _at_most(value: float) -> str:
    """`value` with one digit, rounded up."""
    power = 10.0 ** math.floor(math.log10(value))
    return short(math.ceil(value / power - 1e-6) * power, 1)


def _unseen(lines: Sequence[Series], log: bool) -> str:
    """Which lines have no place on a logarithmic axis, because they are 0."""
    zero = [each.name for each in lines if log and each.x and not each.middle.any()]
    return f"{' and '.join(zero)}: 0, not on a logarithmic axis" if zero else ""


def _note(text: str, **where: Any) -> dict[str, Any]:
    return {"text": text, "xref": "paper", "yref": "paper", "showarrow": False, "align": "left"} | where
