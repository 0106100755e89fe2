"""What may make results on a visitor's own data worthless, in sentences that name column and rows.

The sentences contain column names from the file, so a page must not show them as Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from backend.experiment import Experiment
from backend.experiment.architecture import Architecture
from backend.experiment.sources import OwnData
from backend.experiment.windows import split_windows
from backend.own_csv.gaps import number_of_gaps, windows_left
from backend.words import counted, listed, short

#: A feature tells a target in advance if it explains at least this share of the target's variance, and leaves less than
#: a tenth of what the target's own past leaves unexplained. A slow target is close to its own past: that is no leak.
_EXPLAINED, _BETTER = 0.998, 10.0
#: The most sentences that a page shows. One more says how many others there are.
_MOST = 6


def traps(experiment: Experiment) -> tuple[str, ...]:
    """The sentences about an experiment; none if its data are not a visitor's own."""
    architecture = experiment.architecture
    if architecture.own is None:
        return ()
    shape = architecture.unlabelled().model_copy(update={"lstm": (1,), "dense": ()})
    return _cached(shape, experiment.parts)


@lru_cache(maxsize=256)
def _cached(architecture: Architecture, parts: tuple[int, int]) -> tuple[str, ...]:
    own = architecture.own
    assert own is not None
    reach = architecture.timesteps + own.horizon - 1
    known, predicted = split_windows(own.table.whole, reach, parts)
    found = [
        *_unused(own, reach, known.start),
        *_constant_features(own, known),
        *_targets(architecture, own, predicted, parts[0]),
        *_leaks(architecture, own, predicted),
    ]
    found = list(dict.fromkeys(found))
    more = len(found) - _MOST
    return (*found[:_MOST], *([f"There are {more} more such notes."] if more > 0 else []))


def _unused(own: OwnData, reach: int, start: int) -> Iterator[str]:
    table = own.table
    if gap := number_of_gaps(table):
        left, possible = windows_left(table, reach)
        yield (
            f"The file has {counted(gap, 'gap')}. No sequence touches one, up to the row that it predicts: of "
            f"{possible:,} possible sequences, {left:,} are left."
        )
    if start > 0:
        before = int((~table.absent[:start]).sum())
        last = table.size - before
        yield f"The sequences are made of the last {last:,} rows. The {before:,} rows before them are not used."


def _constant_features(own: OwnData, known: slice) -> Iterator[str]:
    rows = own.table.rows[known][own.table.whole[known]]
    for column in own.columns:
        if (rows[:, column] == rows[0, column]).all():
            training = f"{own.table.place(known.start, known.stop - 1)}, the rows for training"
            where = "all rows" if own.table.constant[column] else training
            name = own.table.names[column]
            yield f"The feature “{name}” has the same number in {where}. The network learns nothing from it."


def _targets(architecture: Architecture, own: OwnData, predicted: np.ndarray, training: int) -> Iterator[str]:
    """Targets that do not vary in the training sequences, and classes that do not occur in them."""
    for column, kind in dict.fromkeys((head.spec.column, head.spec.kind) for head in architecture.heads):
        name, values = own.table.names[column], own.table.rows[predicted, column]
        seen = np.unique(values[:training])
        where = own.table.place(predicted[0], predicted[training - 1])
        if len(seen) == 1:
            same = own.table.label(column, seen[0]) if column in own.table.words else short(seen[0], 6)
            yield (
                f"The target “{name}” is {same} in all of {where}, the training targets. A head that "
                "always predicts this number has no error on the training sequences."
            )
        elif kind != "regression" and (unseen := [each for each in own.table.classes[column] if each not in seen]):
            labels = listed([own.table.label(column, each) for each in unseen])
            what = f"class{'es' * (len(unseen) > 1)} {labels}"
            yield f"The target “{name}” has {what} in none of {where}, the training targets."


def _leaks(architecture: Architecture, own: OwnData, predicted: np.ndarray) -> Iterator[str]:
    """Features that tell a target in advance, such as a column that was computed from later rows."""
    back = np.arange(own.horizon, own.horizon + architecture.timesteps)
    names, columns = own.table.names, [column for column in own.columns if not own.table.constant[column]]
    earlier = {column: _standard(own.table.rows[predicted - back[:, None], column]) for column in columns}
    for column, kind in dict.fromkeys((head.spec.column, head.spec.kind) for head in architecture.heads):
        y = own.table.rows[predicted, column]
        basis = _basis(y, kind)
        past = _explained(_standard(own.table.rows[predicted - back[:, None], column]), basis).max()
        for feature in columns:
            shares = _explained(earlier[feature], basis)
            best = int(np.argmax(shares))
            if feature != column and shares[best] >= _EXPLAINED and 1 - past > max(_BETTER * (1 - shares[best]), 1e-6):
                yield (
                    f"The feature “{names[feature]}” tells the target “{names[column]}” in advance: "
                    f"{_explains(kind, int(back[best]), shares[best])}. If it was made with later rows, leave it out."
                )


def _explains(kind: str, rows: int, share: float) -> str:
    """What the feature's value so many rows earlier explains, or which share of it the target's classes explain."""
    earlier, percent = f"{counted(rows, 'row')} earlier", f"{100 * min(share, 0.9999):.2f} %"
    if kind == "multiclass":
        return (
            f"the target's class explains {percent} of the variance of the feature's value {earlier}, much more than "
            "of the target's own earlier values"
        )
    return f"its value {earlier} explains {percent} of the target's variance, much more than the target's own past does"


def _standard(values: np.ndarray) -> np.ndarray:
    """Each row of values with mean 0 and variance 1; a constant row is 0."""
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = centred.std(axis=-1, keepdims=True)
    divided: np.ndarray = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return divided


def _basis(y: np.ndarray, kind: str) -> np.ndarray:
    """Orthonormal columns (n, k) from the target `y` (n,): `y` itself, or the indicators of its classes."""
    if kind != "multiclass":
        return np.asarray(_standard(y)[:, None] / np.sqrt(len(y)))
    indicators = (y[:, None] == np.unique(y)).astype(float)
    return np.asarray(indicators / np.sqrt(indicators.sum(axis=0)))


def _explained(features: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """The share of the variance of each standardised row of features that the basis explains."""
    explained: np.ndarray = ((features @ basis) ** 2).sum(axis=-1) / features.shape[-1]
    return explained
