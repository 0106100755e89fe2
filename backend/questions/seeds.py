"""One number for each seed of a measurement: the median and its interval, in words and as a row of a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backend.questions.pictures import Readings
from backend.statistics.intervals import CONFIDENCE, Interval, interval


@dataclass(frozen=True)
class Seeds:
    """The `values` of the seeds, and the least confidence of the interval of their median."""

    values: tuple[float, ...]
    confidence: float = CONFIDENCE

    @property
    def median(self) -> float:
        """The median; NaN if a value is NaN."""
        with np.errstate(invalid="ignore"):
            return float(np.median(self.values))

    @property
    def interval(self) -> Interval | None:
        """The interval of the median; None if a value is NaN, or if there are too few seeds."""
        return None if np.isnan(self.values).any() else interval(self.values, self.confidence)

    def text(self, write: Callable[[float], str]) -> str:
        """The median with its interval: `−12 % (−15 % to −3 %)`."""
        bounds = self.interval
        return write(self.median) + (f" ({write(bounds.low)} to {write(bounds.high)})" if bounds else "")

    def row(self, label: str, write: Callable[[float], str], colour: str = "", **facts: str) -> Readings:
        """The seeds as a row of a picture. `facts` are what else its table says of the row, by column."""
        bounds = self.interval
        low, high = (bounds.low, bounds.high) if bounds else (None, None)
        return Readings(label, self.values, colour, low, high, text=self.text(write), facts=facts)
