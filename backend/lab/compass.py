"""The step of each method in a situation, and what it does to each head's loss.

A method gives weights w for the gradients, the rows of J (K, P). With learning rate 1 the trunk moves by -d, d = Jᵀw.
To first order the loss of head i then falls by ⟨gᵢ, d⟩; it rises if this product is negative.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from backend.lab.situation import Situation, Vectors
from two_heads.weightings import AGGREGATORS, SCALARIZERS

#: The methods that the page shows at first.
DEFAULT_METHODS = ("mean", "mgda", "pcgrad", "upgrad")
#: What counts as 0. A step shorter than this share of the shortest gradient counts as none. A fall below this share of
#: |gᵢ||d|, the largest that a step of this length can bring, counts as no change. Directions closer than this angle (in
#: radians; 0.06°) count as one. UPGrad's and DualProj's regularisation of 1e-4 makes errors of this size.
SMALL = 1e-3
#: A step below this share of the longest gradient counts as none, too: the methods' rounding errors are of this size.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class Step:
    """The step of a method: `direction` is d, in the frame of `Situation.gradients`, and `falls` are ⟨gᵢ, d⟩.

    `most` are |gᵢ||d|. `still` says that the step is too short to count.
    """

    key: str
    direction: tuple[float, ...]
    falls: tuple[float, ...]
    most: tuple[float, ...]
    still: bool

    @property
    def title(self) -> str:
        """The method's name."""
        return AGGREGATORS[self.key].title

    @property
    def length(self) -> float:
        """The length of the step at learning rate 1."""
        return float(np.linalg.norm(self.direction))

    @property
    def smallest(self) -> float:
        """The smallest ⟨gᵢ, d⟩: negative if the step conflicts with a head."""
        return min(self.falls)

    @property
    def passes(self) -> int:
        """Backward passes for a step: one if the step is the gradient of a single loss, else one for each head."""
        return 1 if self.key in SCALARIZERS else len(self.falls)

    def signs(self) -> tuple[int, ...]:
        """For each head: 1 if its loss falls, -1 if it rises, 0 if it does neither."""
        return tuple(
            0 if self.still or abs(fall) <= SMALL * most else int(np.sign(fall))
            for fall, most in zip(self.falls, self.most, strict=True)
        )


@lru_cache(maxsize=4096)
def direction(situation: Situation, key: str) -> tuple[float, ...]:
    """The d = Jᵀw of the method `key`."""
    gradients = situation.gradients()
    return tuple((gradients.T @ AGGREGATORS[key].weights(gradients @ gradients.T)).tolist())


def steps(situation: Situation, keys: Iterable[str], *, same_length: bool = False) -> list[Step]:
    """The steps of the methods `keys`; with `same_length` each is as long as the mean's.

    Steps that are too short to count keep their length. If the mean's step is one of them, all steps keep theirs.
    """
    gradients = situation.gradients()
    mean, *found = (_step(gradients, key, np.array(direction(situation, key))) for key in ("mean", *keys))
    if not same_length or mean.still:
        return found
    return [
        step if step.still else _step(gradients, step.key, np.array(step.direction) * (mean.length / step.length))
        for step in found
    ]


def _step(gradients: Vectors, key: str, along: np.ndarray) -> Step:
    lengths = np.linalg.norm(gradients, axis=1)
    length = np.linalg.norm(along)
    return Step(
        key, tuple(along.tolist()), tuple((gradients @ along).tolist()), tuple((lengths * length).tolist()),
        bool(length <= max(SMALL * lengths.min(), _ROUNDING * lengths.max())),
    )  # fmt: skip
