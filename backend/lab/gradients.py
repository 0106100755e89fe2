"""The gradients of a network's head losses with respect to its trunk, measured while the network trains.

A measurement is the Gramian of the K heads' gradients. Lengths, cosines and angles follow from it. A figure that
is not defined is None: a gradient of zero has no direction, and one that is NaN or infinite has no length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from pydantic import BaseModel

from backend.experiment.names import present_name
from backend.lab.situation import Situation, of_cosine

Pair = tuple[int, int]
#: The most epochs after which a training is measured, the start among them.
MOST_EPOCHS = 21
_PAIR = re.compile(r"[a-z][a-z0-9_]{0,30},[a-z][a-z0-9_]{0,30}")


class Measurement(BaseModel, frozen=True, extra="forbid"):
    """The gradients with the weights after an epoch; epoch 0 is the start.

    `gramian` (K, K) is that of the mean gradients over all training sequences. Its entries may be NaN or infinite.
    The counts (K, K) are of the batches of the following epoch, all with these weights. In a `comparable` batch, both
    gradients are finite and not zero. In a `conflicting` one, their cosine is negative, too.
    """

    epoch: int
    gramian: list[list[float]]
    comparable: list[list[int]]
    conflicting: list[list[int]]

    def length(self, head: int) -> float | None:
        """The length of a head's gradient."""
        square = self.gramian[head][head]
        return math.sqrt(square) if math.isfinite(square) and square >= 0 else None

    def cosine(self, pair: Pair) -> float | None:
        """The cosine between the gradients of two heads."""
        one, other = (self.length(head) for head in pair)
        product = self.gramian[pair[0]][pair[1]]
        if not one or not other or not math.isfinite(product):
            return None
        return min(max(product / one / other, -1.0), 1.0)

    def angle(self, pair: Pair) -> float | None:
        """The angle between the gradients of two heads, in degrees."""
        cosine = self.cosine(pair)
        return None if cosine is None else math.degrees(math.acos(cosine))

    def similarity(self, pair: Pair) -> float | None:
        """The magnitude similarity 2|g₁||g₂| / (|g₁|² + |g₂|²): 1 for equal lengths, near 0 for unlike ones."""
        one, other = (self.length(head) for head in pair)
        if one is None or other is None or not max(one, other):
            return None
        ratio = min(one, other) / max(one, other)
        return 2 * ratio / (1 + ratio**2)

    def conflict_rate(self, pair: Pair) -> float | None:
        """The share of the comparable batches in which the gradients of two heads conflict."""
        comparable = self.comparable[pair[0]][pair[1]]
        return self.conflicting[pair[0]][pair[1]] / comparable if comparable else None


class Gradients(BaseModel, frozen=True, extra="forbid"):
    """The result of a `gradients` job: measurements over a training, in the order of the epochs, at least one.

    `style` is the key of the style that was trained, `trunk` the number of parameters that all heads share, and
    `batches` the number of batches in an epoch. `stopped` says why the training ended early; None if it did not.
    """

    heads: list[str]
    style: str
    trunk: int
    batches: int
    measurements: list[Measurement]
    stopped: str | None
    versions: dict[str, str]
    seconds: float

    def pairs(self) -> list[Pair]:
        """All pairs of heads."""
        return list(combinations(range(len(self.heads)), 2))

    def epochs(self) -> list[int]:
        """The measured epochs."""
        return [each.epoch for each in self.measurements]

    def at(self, epoch: int | None) -> Measurement:
        """The measurement nearest to `epoch`, the earlier of two; the last one for None."""
        if epoch is None:
            return self.measurements[-1]
        return min(self.measurements, key=lambda each: (abs(each.epoch - epoch), each.epoch))

    def counts(self, pairs: Iterable[Pair]) -> tuple[int, int]:
        """Over all epochs and these pairs: batches in which two heads conflict, and those that can be compared."""
        chosen = list(pairs)
        conflicting = sum(each.conflicting[i][j] for each in self.measurements for i, j in chosen)
        comparable = sum(each.comparable[i][j] for each in self.measurements for i, j in chosen)
        return conflicting, comparable

    def most_conflicting(self) -> list[Pair]:
        """All pairs. Those that conflict in the largest share of their comparable batches, over all epochs, come first.

        Of pairs with equal shares, the one with the smallest mean cosine comes first. Incomparable ones are last.
        """

        def order(pair: Pair) -> tuple[float, float, Pair]:
            conflicting, comparable = self.counts([pair])
            cosines = [c for each in self.measurements if (c := each.cosine(pair)) is not None]
            return -conflicting / comparable if comparable else 1, float(np.mean(cosines)) if cosines else 1, pair

        return sorted(self.pairs(), key=order)


def measured_epochs(epochs: int) -> list[int]:
    """The epochs of a training after which it is measured: evenly spread, with the start and the end."""
    return sorted(set(np.linspace(0, epochs, min(epochs + 1, MOST_EPOCHS)).round().astype(int).tolist()))


def situation_of(measurement: Measurement, pair: Pair) -> Situation | None:
    """The situation of two gradients, the first as A, with the ratio clipped; None if no angle is defined."""
    cosine, ratio = measurement.cosine(pair), ratio_of(measurement, pair)
    return None if cosine is None or ratio is None else of_cosine(cosine, ratio)


def ratio_of(measurement: Measurement, pair: Pair) -> float | None:
    """How many times as long the second gradient is as the first."""
    one, other = (measurement.length(head) for head in pair)
    return other / one if one and other else None


def refuse_pair(text: str) -> str | None:
    """Why a link's `text` is refused as a pair of heads; None if it is empty or names two heads."""
    fits = not text or (_PAIR.fullmatch(text) and len(set(text.split(","))) == 2)
    return None if fits else "it takes the names of two heads, separated by a comma"


def read_pair(text: str, heads: list[str]) -> Pair | None:
    """The pair that a link names, in the order of the heads; None if they are not two of `heads`."""
    names = [present_name(name, heads) for name in text.split(",")]
    if len(set(names)) != 2 or not set(names) <= set(heads):
        return None
    first, second = sorted(heads.index(name) for name in names)
    return first, second
