"""Medians, quartiles and ratios of the readings at a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.questions.speed.result import Point, Quantity
from backend.questions.speed.sweep import COMPARED, CONTROL, SweepStyle
from backend.statistics.intervals import Ratio, controlled_ratio, paired_ratio

#: The quantities that have a control. The control compares one network with itself. Sequential and Functional, fused
#: run the same network, but different Python code builds them, so their build and first call differ for that reason.
CONTROLLED: frozenset[Quantity] = frozenset({"train", "infer"})


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    low: float
    median: float
    high: float


def spread(values: Sequence[float]) -> Spread | None:
    """Median and quartiles of `values`; None if there are none."""
    if not values:
        return None
    low, median, high = np.percentile(values, [25, 50, 75]).tolist()
    return Spread(low, median, high)


def ratio(point: Point, quantity: Quantity = "train") -> Ratio | None:
    """The time with one layer per head divided by that with one layer for all; None if the quantity was not measured.

    If the quantity has a control and Sequential was measured too, the interval covers Functional's ratio to either.
    """
    if quantity not in CONTROLLED or not {*COMPARED, CONTROL[0]} <= set(point.styles):
        return between(point, quantity, COMPARED)
    above, below, control = (point.styles[style].seconds(quantity) for style in (*COMPARED, CONTROL[0]))
    return controlled_ratio(above, below, control)


def between(point: Point, quantity: Quantity, pair: tuple[SweepStyle, SweepStyle]) -> Ratio | None:
    """The first style's time divided by the second's, from the rounds in which both were timed."""
    if not set(pair) <= set(point.styles):
        return None
    above, below = (point.styles[style].seconds(quantity) for style in pair)
    return paired_ratio(above, below)
