"""A guess for the numbers of a visitor's table: as one period ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.experiment.own_data import OwnData
from backend.experiment.weather import split_windows
from backend.experiment.windows import standardised

#: The longest period that is looked for, in rows: a year of days, or two weeks of hours.
_LONGEST = 400


@dataclass(frozen=True)
class Period:
    """The guess for each sequence, standardised (n, 1); the period in rows; and where the row is known: bool (n,)."""

    guess: np.ndarray
    rows: int
    known: np.ndarray


def one_period_ago(own: OwnData, column: int, timesteps: int, parts: Sequence[int]) -> Period | None:
    """What a column had one period before the predicted row; where that is unknown, what it has in the last row.

    The period is longer than the horizon, and known for at least half of the training sequences. The squared error on
    these is the least of all periods. None if the last row alone is a better guess.
    """
    table = own.table
    rows, predicted = split_windows(table.whole, timesteps + own.horizon - 1, parts)
    values = standardised(table.rows, table.rows[rows][table.whole[rows]])[:, column]
    longest = max(min(_LONGEST, parts[0] // 2), own.horizon)

    def guess(period: int, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        before = np.maximum(at - period, 0)
        known = (table.ticks[at] - table.ticks[before] == period) & np.isfinite(values[before])
        return np.where(known, values[before], values[at - own.horizon]), known

    training = predicted[: parts[0]]
    periods = range(own.horizon, longest + 1)
    errors = np.full(len(periods), np.inf)
    for i, period in enumerate(periods):
        guessed, known = guess(period, training)
        if 2 * known.sum() >= len(training):
            errors[i] = ((guessed - values[training])[known] ** 2).mean()
    best = int(np.argmin(errors.round(9)))  # multiples of a period are equal up to round-off
    if best == 0:
        return None
    found, known = guess(periods[best], predicted)
    return Period(found[:, None], periods[best], known)
