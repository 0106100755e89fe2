"""Lines over the epochs of a run: the median over the seeds, with a band from the smallest to the largest value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from backend.experiment.sides import side_titles
from backend.training.comparison import SAME
from backend.training.result import SIDES, Epoch, Losses, Side
from backend.words import short
from components.theme import NEUTRAL, side_colours, side_patterns, translucent

Pick = Callable[[Losses], float]
#: A line of the compared losses, of the training losses beside them, of an earlier run, or of a loss across the figure.
Kind = Literal["main", "thin", "earlier", "level"]
#: The width and the opacity of each kind.
_LOOKS: dict[Kind, tuple[float, float]] = {"main": (2.5, 1), "thin": (1, 1), "earlier": (1.5, 0.35), "level": (1.2, 1)}
_SMALLEST = float(np.finfo(float).tiny)
_NAMES: dict[Kind, str] = {"thin": ", training", "earlier": ", earlier run"}


@dataclass(frozen=True)
class Series:
    """One line: its name, the values (seeds, epochs) from epoch 1 on, and its look.

    A value is NaN if its seed has not reached the epoch. With a `side`, the line is highlighted when the visitor points
    at a term that stands for this side (`terms.js`). A line of both sides says `within` what share they agree.
    """

    name: str
    values: np.ndarray
    colour: str
    dash: str
    kind: Kind = "main"
    side: Side | None = None
    within: str = ""

    @property
    def x(self) -> list[int]:
        """The epochs."""
        return list(range(1, self.values.shape[1] + 1))

    @cached_property
    def middle(self) -> np.ndarray:
        """The median over the seeds that have reached the epoch."""
        return median(self.values)

    def traces(self) -> list[dict[str, Any]]:
        """The band, if there are several seeds, and the line."""
        width, opacity = _LOOKS[self.kind]
        colour = translucent(self.colour, opacity)
        line = {
            "type": "scatter", "x": self.x, "y": self.middle, "name": self.name,
            "mode": "markers" if len(self.x) == 1 else "lines", "marker": {"color": colour, "size": 3 * width},
            "line": {"color": colour, "dash": self.dash, "width": width},
            "hovertemplate": "%{y}", "yhoverformat": ".4g",
        }  # fmt: skip
        if self.side:
            line["meta"] = self.side
        if len(self.values) < 2 or self.kind != "main":
            return [line]
        edge = {
            "type": "scatter", "x": self.x, "mode": "lines", "line": {"width": 0},
            "fillcolor": translucent(self.colour, 0.13), "hoverinfo": "skip",
        }  # fmt: skip
        low, high = np.fmin.reduce(self.values), np.fmax.reduce(self.values)  # they leave out NaN
        return [edge | {"y": low}, edge | {"y": high, "fill": "tonexty"}, line]


def of_sides(epochs: Sequence[Epoch], styles: tuple[str, str], pick: Pick, kind: Kind = "main") -> list[Series]:
    """A line for each side, in its colour and pattern. `styles` names the sides.

    A loss that became NaN counts as infinite, so that a median over the seeds includes it.
    """
    looks = zip(SIDES, side_titles(*styles), side_colours(styles), side_patterns(styles), strict=True)
    return [
        Series(title + _NAMES.get(kind, ""), matrix(epochs, _loss_of(side, pick)), colour, dash, kind, side)
        for side, title, colour, dash in looks
    ]


def together(sides: Sequence[Series]) -> list[Series]:
    """One line for both sides, with one label, if their losses agree in every epoch of every seed; else their own."""
    if len(sides) != len(SIDES):
        return list(sides)
    left, right = (each.values for each in sides)
    ran = ~np.isnan(left)
    if not np.isfinite(left[ran]).all() or not np.allclose(left, right, rtol=SAME, atol=0, equal_nan=True):
        return list(sides)
    largest = float(np.max(np.abs(left - right)[ran] / np.maximum(np.maximum(left, right)[ran], _SMALLEST), initial=0))
    kind = sides[0].kind
    within = f", within {short(100 * largest)}%" if largest and kind == "main" else ""
    both = "both sides" + _NAMES.get(kind, "")
    return [Series(both, left, NEUTRAL, "solid", kind, within=within)]


def _loss_of(side: Side, pick: Pick) -> Callable[[Epoch], float]:

    def value(epoch: Epoch) -> float:
        loss = pick(getattr(epoch, side))
        return math.inf if math.isnan(loss) else loss

    return value


def matrix(epochs: Sequence[Epoch], pick: Callable[[Epoch], float]) -> np.ndarray:
    """A (seeds, epochs) array; NaN for epochs that a seed has not reached."""
    rows = {seed: row for row, seed in enumerate(dict.fromkeys(epoch.seed for epoch in epochs))}
    values = np.full((len(rows), max((epoch.epoch for epoch in epochs), default=0)), np.nan)
    for epoch in epochs:
        values[rows[epoch.seed], epoch.epoch - 1] = pick(epoch)
    return values


def median(values: np.ndarray) -> np.ndarray:
    """The median over the seeds (rows) that have a value; NaN if none has."""
    columns = (column[~np.isnan(column)] for column in values.T)
    return np.array([np.median(column) if column.size else np.nan for column in columns])
