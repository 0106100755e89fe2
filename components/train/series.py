"""Lines over the epochs of a run: the median over the seeds, with a band from the smallest to the largest value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backend.experiment.sides import side_titles
from backend.training.result import SIDES, Epoch, Losses, Side
from components.charts import figure
from components.theme import side_colours, side_patterns, translucent

Pick = Callable[[Losses], float | None]
Trace = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """One line: its name, the epochs `x`, the values (seeds, epochs) and its look.

    A value is NaN if its seed has not reached the epoch. With a `side`, the line is highlighted when the visitor points
    at a term that stands for this side (`terms.js`).
    """

    name: str
    x: list[int]
    values: np.ndarray
    colour: str
    dash: str
    width: float
    opacity: float = 1.0
    banded: bool = True
    side: Side | None = None

    @property
    def middle(self) -> np.ndarray:
        """The median over the seeds that have reached the epoch."""
        return median(self.values)

    def traces(self) -> list[Trace]:
        """The band, if there are several seeds, and the line."""
        edges = band(self.x, self.values, self.colour) if self.banded else []
        colour = translucent(self.colour, self.opacity)
        how: dict[str, Any] = {
            "name": self.name,
            "showlegend": False,
            "mode": "markers" if len(self.x) == 1 else "lines",
            "line": {"color": colour, "dash": self.dash, "width": self.width},
            "marker": {"color": colour, "size": 3 * self.width},
            "hovertemplate": "%{y}",
            "yhoverformat": ".4g",
        }
        if self.side:
            how["meta"] = self.side
        return [*edges, line(self.x, self.middle, **how)]


def loss_lines(
    epochs: Sequence[Epoch], styles: tuple[str, str], pick: Pick, split: str = "training", faint: bool = False
) -> list[Series]:
    """A line for each side, in its colour and pattern; empty if there are no such losses. `styles` names the sides.

    The lines of the `split` "validation" are thin, and those of an earlier run `faint`. A loss that became NaN counts
    as infinite, so that a median over the seeds includes it.
    """
    lines = []
    looks = zip(SIDES, side_titles(*styles), side_colours(styles), side_patterns(styles), strict=True)
    for side, title, colour, dash in looks:
        x, values = matrix(epochs, loss_of(side, pick))
        if values.size and np.isnan(values).all():
            continue  # there are no validation sequences
        name = title if split == "training" else f"{title}, {split}"
        thin = split == "validation"
        look = {"width": 1.5, "opacity": 0.35} if faint else {"width": 1.7 if thin else 2.5}
        name = f"{name}, earlier run" if faint else name
        lines.append(Series(name, x, values, colour, dash, banded=not faint, side=side, **look))
    return lines


def matrix(epochs: Sequence[Epoch], pick: Callable[[Epoch], float | None]) -> tuple[list[int], np.ndarray]:
    """Epoch numbers and a (seeds, epochs) array; NaN for epochs that a seed has not reached."""
    rows = {seed: row for row, seed in enumerate(dict.fromkeys(epoch.seed for epoch in epochs))}
    most = max((epoch.epoch for epoch in epochs), default=0)
    values = np.full((len(rows), most), np.nan)
    for epoch in epochs:
        value = pick(epoch)
        values[rows[epoch.seed], epoch.epoch - 1] = np.nan if value is None else value
    return list(range(1, most + 1)), values


def median(values: np.ndarray) -> np.ndarray:
    """The median over the seeds (rows) that have a value; NaN if none has."""
    return _over_seeds(np.median, values)


def line(x: list[int], y: np.ndarray, **how: Any) -> Trace:
    """A line's trace."""
    return {"type": "scatter", "x": x, "y": y, **how}


def x_range(last: int) -> list[float]:
    """The range of the axis of epochs 1 to `last`. It is linear and fixed from the start, so that nothing jumps."""
    pad = 0.015 * (last - 1) or 0.5
    return [1 - pad, last + pad]


def epoch_axis(last: int) -> dict[str, Any]:
    """Options of the axis of epochs 1 to `last`. A figure's `layout.xaxis.range` tells where an epoch is drawn."""
    options = {"title": {"text": "epoch", "standoff": 4}, "automargin": False}
    return options | ({"range": x_range(last), **figure.integer_axis(last)} if last else {"tickvals": []})


def loss_of(side: str, pick: Pick) -> Callable[[Epoch], float | None]:
    """Picks a loss of one side from an epoch. A loss that became NaN counts as infinite."""

    def value(epoch: Epoch) -> float | None:
        loss = pick(getattr(epoch, side))
        return math.inf if loss is not None and math.isnan(loss) else loss

    return value


def band(x: list[int], values: np.ndarray, colour: str) -> list[Trace]:
    """A band from the smallest to the largest value over the seeds, if there are several."""
    if values.shape[0] < 2:
        return []
    edges = _over_seeds(np.min, values), _over_seeds(np.max, values)
    how = {
        "mode": "lines",
        "line": {"width": 0},
        "fillcolor": translucent(colour, 0.13),
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [line(x, edge, **how, **fill) for edge, fill in zip(edges, ({}, {"fill": "tonexty"}), strict=True)]


def _over_seeds(statistic: Callable[..., Any], values: np.ndarray) -> np.ndarray:
    """`statistic` of each epoch's values without NaN; NumPy's own functions warn if there are none."""
    if len(values) == 1:
        return np.asarray(values[0])
    columns = (column[~np.isnan(column)] for column in values.T)
    return np.array([statistic(column) if column.size else np.nan for column in columns])
