"""Baselines: the losses of predictions that need no network.

The first is a network that outputs the same numbers for every sequence. A dead network does that, and a network that
has not learned yet does no better. Two such networks agree easily. Tasks of a recording may have a better guess: that
tomorrow is as today. Numbers of a visitor's table may have one more: that the row is as one period ago.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.dataset import Sequences, generate
from backend.experiment.losses import LOSSES
from backend.experiment.sources import Source
from backend.experiment.windows import split_windows, standardised

#: The fewest validation sequences for a comparison with a baseline. With as many, the losses of two networks that
#: output constants differ little.
FEWEST = 50
_FREQUENCIES = "class frequencies"
#: The longest period that is looked for, in rows: a year of days, or two weeks of hours.
_LONGEST = 400


@dataclass(frozen=True)
class Baseline:
    """The loss of a prediction without a network, and what it predicts, in a few words.

    A network must end below `least` to be better than it, and than any constant predictions. These can be better than
    the baseline by chance, because they fit the validation sequences. None has a lower loss than `least`.
    """

    loss: float
    words: str
    least: float


def baselines(experiment: Experiment) -> Mapping[str, Baseline]:
    """The baseline of each head, by name: its best constant predictions, or a guess if that loss is lower.

    The constants are the best on the training sequences, as a network that predicts constants learns them.
    The loss is that on the validation sequences, or without any on the training sequences.
    """
    bare = experiment.unlabelled()
    shape = bare.architecture.model_copy(update={"lstm": (1,), "dense": ()})  # the trunk does not affect the data
    return _cached(shape, bare.sequences, *bare.parts)


def comparable(experiment: Experiment) -> bool:
    """Whether a loss after the last epoch can be compared with that of a baseline.

    It can if there are enough validation sequences. A training loss cannot: it is a mean over the epoch, which began
    with higher losses.
    """
    return experiment.parts[1] >= FEWEST


@lru_cache(maxsize=256)
def _cached(architecture: Architecture, sequences: Sequences, train: int, validating: int) -> Mapping[str, Baseline]:
    """The baseline of each head."""
    dataset = generate(architecture, sequences, (train, validating))
    rows = slice(train, train + validating) if validating else slice(train)
    found = {}
    source = architecture.source
    for position, head in enumerate(architecture.heads):
        same = source.constant if head.spec.kind == "regression" else _FREQUENCIES
        y, loss = dataset.y[head.name].astype(np.float64), LOSSES[head.loss]
        known = [(loss.of(y[rows], loss.best(y[:train])), same)]
        guesses = []
        if head.spec.guess:
            guesses = [(head.spec.guess(dataset.factors), source.guess)]
            guesses += _one_period_ago(source, head.spec.column, architecture.timesteps, (train, validating))
        for guess, words in guesses:
            known.append((loss.of(y[rows], sequences.scale_of(position) * guess[rows]), words))
        lowest, words = min(known, key=lambda each: each[0])
        found[head.name] = Baseline(lowest, words, min(lowest, loss.of(y[rows], loss.best(y[rows]))))
    return found


def _one_period_ago(source: Source, column: int, timesteps: int, parts: Sequence[int]) -> list[tuple[np.ndarray, str]]:
    """What a visitor's column had one period before the predicted row, standardised (n, 1), and the words for it.

    Where that is unknown, it is what the column has in the last row. The period is longer than the horizon, and known
    for at least half of the training sequences. The squared error on these is the least of all periods. There is none
    for other sources, or if the last row alone is a better guess.
    """
    if source.own is None:
        return []
    table, horizon = source.own.table, source.horizon
    rows, predicted = split_windows(table.whole, timesteps + horizon - 1, parts)
    values = standardised(table.rows, table.rows[rows][table.whole[rows]])[:, column]
    training, errors = predicted[: parts[0]], {}

    def one_period_before(period: int, at: np.ndarray) -> np.ndarray:
        return np.where(at >= period, values[at - period], np.nan)

    for period in range(horizon, max(min(_LONGEST, parts[0] // 2), horizon) + 1):
        error = (one_period_before(period, training) - values[training]) ** 2
        if 2 * np.isfinite(error).sum() >= len(training):  # multiples of a period are equal up to round-off
            errors[period] = round(float(np.nanmean(error)), 9)
    best = min(errors, key=errors.__getitem__, default=horizon)
    words = f"as one period of {best} rows ago, or, where that is unknown, {source.guess}"
    guess = one_period_before(best, predicted)
    return [] if best == horizon else [(np.where(np.isnan(guess), values[predicted - horizon], guess)[:, None], words)]
