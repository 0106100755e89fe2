"""Loss curves of both styles: totals, their ratio, and each task. Pure functions from epochs to figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from backend.experiment import Experiment
from backend.experiment.architecture import Head
from backend.experiment.styles import side_titles
from backend.training.loss_ratio import finding
from backend.training.result import SIDES, Epoch, Losses
from backend.words import short
from components.charts import figure
from components.text import for_markdown
from components.theme import NEUTRAL, side_patterns, task_hue, translucent

HEIGHT = 300
Pick = Callable[[Losses], float | None]
Trace = dict[str, Any]


def total(epochs: Sequence[Epoch], styles: tuple[str, str], log: bool, before: Sequence[Epoch] = ()) -> go.Figure:
    """Both totals, training and validation; `before` is an earlier run, drawn faintly."""
    lines = _lines(before, styles, NEUTRAL, lambda losses: losses.total, None, faint=True) if before else []
    lines += _lines(epochs, styles, NEUTRAL, lambda losses: losses.total, lambda losses: losses.val_total)
    validated = any(epoch.left.val_total is not None for epoch in epochs)
    title = "Total loss (thin: validation)" if validated else "Total loss"
    return _figure(lines, epochs, _total_title(epochs, styles), title, log=log)


def ratio(epochs: Sequence[Epoch], styles: tuple[str, str], expected: float | None, title: str = "") -> go.Figure:
    """The right total divided by the left one, with the ratio `expected` for equal outputs, if there is one."""
    x, values = _matrix(epochs, lambda epoch: epoch.ratio)
    line = _line(x, _middle(values), line={"color": NEUTRAL, "width": 2.5}, showlegend=False, name="ratio")
    left, right = side_titles(*styles) if styles[0] != styles[1] else ("left", "right")
    top = float(np.nanmax([*values.ravel(), expected or 0, 1])) if values.size else 2
    return _figure(
        [*_band(x, values, NEUTRAL), line],
        epochs,
        title,
        f"{right} ÷<br>{left}",
        height=HEIGHT - 60,
        range=[0, 1.15 * top],
        **({} if expected is None else _level(expected, f"equal outputs: {short(expected, 3)}")),
    )


def ratio_title(epochs: Sequence[Epoch], experiment: Experiment) -> str:
    """The last point of the ratio's line in words: at the end of the run, or after its latest epoch."""
    x, values = _matrix(epochs, lambda epoch: epoch.ratio)
    if not x:
        return "Ratio of the total losses"
    training = experiment.training
    ended = len(epochs) == training.epochs * training.seeds
    title = finding(experiment, float(_middle(values)[-1]), None if ended else x[-1])
    if training.seeds == 1:
        return title
    reached = sum(epoch.epoch == x[-1] for epoch in epochs)
    return f"{title} (median of {'' if reached == training.seeds else f'{reached} of '}{training.seeds} seeds)"


def task(epochs: Sequence[Epoch], styles: tuple[str, str], head: Head, position: int, log: bool) -> go.Figure:
    """One head's own loss in both styles, before its weight."""
    name = head.name
    lines = _lines(
        epochs, styles, task_hue(position), lambda s: s.heads.get(name), lambda s: s.val_heads.get(name)
    )  # fmt: skip
    return _figure(lines, epochs, for_markdown(head.title), head.loss, log=log, height=230, showlegend=False)


def _lines(
    epochs: Sequence[Epoch],
    styles: tuple[str, str],
    hue: str,
    train: Pick,
    validation: Pick | None,
    faint: bool = False,
) -> list[Trace]:
    """Lines of the median over the seeds with a band from minimum to maximum; the line's pattern is the style's."""
    lines: list[Trace] = []
    for side, title, dash in zip(SIDES, side_titles(*styles), side_patterns(styles), strict=True):
        for pick, split in ((train, "training"), (validation, "validation")):
            if pick is None:
                continue
            x, values = _matrix(epochs, _of(side, pick))
            if values.size and np.isnan(values).all():
                continue  # there are no validation sequences
            weak = faint or split == "validation"
            colour = translucent(hue, 0.28 if faint else 0.6 if weak else 1)
            if not faint:
                lines += _band(x, values, hue)
            lines.append(
                _line(
                    x,
                    _middle(values),
                    name=f"{title}, before" if faint else title if split == "training" else f"{title}, {split}",
                    showlegend=split == "training",
                    line={"color": colour, "dash": dash, "width": 1.5 if weak else 2.5},
                    hovertemplate="%{y:.4g}",
                )
            )
    return lines


def _of(side: str, pick: Pick) -> Callable[[Epoch], float | None]:
    return lambda epoch: pick(getattr(epoch, side))


def _band(x: list[int], values: np.ndarray, hue: str) -> list[Trace]:
    """A band from the smallest to the largest value over the seeds, where there are several."""
    if values.shape[0] < 2:
        return []
    edges = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    how = {
        "mode": "lines",
        "line": {"width": 0},
        "fillcolor": translucent(hue, 0.13),
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [_line(x, edge, **how, **fill) for edge, fill in zip(edges, ({}, {"fill": "tonexty"}), strict=True)]


def _line(x: list[int], y: np.ndarray, **how: Any) -> Trace:
    return {"type": "scatter", "x": x, "y": y, **how}


def _level(y: float, words: str) -> dict[str, Any]:
    """A dotted line at `y` over the whole width, with `words` at its end: a part of a layout."""
    line = {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y}
    line |= {"line": {"color": NEUTRAL, "width": 1, "dash": "dot"}}
    note = {"x": 1, "y": y, "xref": "paper", "xanchor": "right", "yanchor": "bottom", "showarrow": False, "text": words}
    return {"shapes": [line], "annotations": [note]}


def _matrix(epochs: Sequence[Epoch], pick: Callable[[Epoch], float | None]) -> tuple[list[int], np.ndarray]:
    """Epoch numbers and a (seeds, epochs) array; NaN for epochs that a seed has not reached."""
    seeds = list(dict.fromkeys(epoch.seed for epoch in epochs))
    most = max((epoch.epoch for epoch in epochs), default=0)
    values = np.full((len(seeds), most), np.nan)
    for epoch in epochs:
        value = pick(epoch)
        values[seeds.index(epoch.seed), epoch.epoch - 1] = np.nan if value is None else value
    return list(range(1, most + 1)), values


def _middle(values: np.ndarray) -> np.ndarray:
    return np.nanmedian(values, axis=0) if values.shape[0] > 1 else values.reshape(-1)


def _last(epochs: Sequence[Epoch]) -> Epoch | None:
    """The latest epoch of the first seed."""
    first = [epoch for epoch in epochs if epoch.seed == epochs[0].seed]
    return first[-1] if first else None


def _total_title(epochs: Sequence[Epoch], styles: tuple[str, str]) -> str:
    last = _last(epochs)
    if last is None:
        return "Total loss of both styles"
    left, right = side_titles(*styles)
    seed = f" of seed {last.seed}" if len({epoch.seed for epoch in epochs}) > 1 else ""
    return f"After epoch {last.epoch}{seed}: {left} {short(last.left.total, 3)}, {right} {short(last.right.total, 3)}"


def _figure(
    lines: list[Trace],
    epochs: Sequence[Epoch],
    title: str,
    y_title: str,
    *,
    log: bool = False,
    range: list[float] | None = None,
    **layout: Any,
) -> go.Figure:
    """A figure over the epochs; `range` is that of the y axis."""
    most = max((epoch.epoch for epoch in epochs), default=0)
    across = figure.integer_axis(most) if most else {"rangemode": "tozero"}
    y = {"title": {"text": y_title}, "type": "log" if log else "linear", "exponentformat": "power"}
    return figure.unchecked_figure(
        lines,
        {
            "meta": title,
            "height": HEIGHT,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "hovermode": "x unified",
            # In the order of the styles: Plotly turns it round where there is a band.
            "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0, "traceorder": "normal"},
            "uirevision": "curves",
            "xaxis": {"title": {"text": "epoch"}, **across},
            "yaxis": {**y, "range": range} if range else y,
            **layout,
        },
    )
