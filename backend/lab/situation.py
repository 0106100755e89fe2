"""A situation of the compass: the lengths of two or three gradients and the angles between them.

A method that combines gradients sees only their Gramian, so a situation can stand for the trunk of any network.
"""

from __future__ import annotations

import math
from typing import Annotated, Self, TypeAlias

import numpy as np
from pydantic import AfterValidator, Field

from backend.experiment.frozen import Frozen

#: The ratio of two lengths lies between 1 ÷ this number and this number.
LARGEST_RATIO = 100.0
#: The heads, in the order of the gradients.
HEADS = ("A", "B", "C")
Vectors: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float64]]"


def _short(value: float) -> float:
    """A number that a link writes with at most seven digits and twelve decimals."""
    return float(f"{round(value, 12):.7g}")


Angle = Annotated[float, Field(ge=0, le=180), AfterValidator(_short)]
Ratio = Annotated[float, Field(ge=1 / LARGEST_RATIO, le=LARGEST_RATIO), AfterValidator(_short)]


class Situation(Frozen):
    """Gradients of the head losses with respect to the trunk: angles in degrees, lengths in units of A's.

    `angle` and `ratio` are those of head B to head A. The others are those of head C, and count with `third` only.
    """

    angle: Angle = 130.0
    ratio: Ratio = 2.0
    third: bool = False
    angle_ac: Angle = 110.0
    angle_bc: Angle = 110.0
    ratio_c: Ratio = 1.0

    @property
    def heads(self) -> tuple[str, ...]:
        """The names of the heads."""
        return HEADS if self.third else HEADS[:2]

    def possible_bc(self) -> tuple[float, float]:
        """The smallest and the largest angle between B and C that the other two angles leave."""
        one, other = self.angle, self.angle_ac
        return abs(one - other), min(one + other, 360 - one - other)

    def possible(self) -> Self:
        """This situation, with the possible angle between B and C that is nearest to the given one.

        Three directions exist in space exactly if no angle is greater than the other two together and all three are at
        most 360° together. So the Gramian is positive semidefinite.
        """
        low, high = self.possible_bc()
        possible = min(max(self.angle_bc, low), high)
        return self.model_copy(update={"angle_bc": possible}) if self.third else self

    def gradients(self) -> Vectors:
        """The gradients as rows, (2, 2) or (3, 3).

        A lies on the first axis, B in the upper half of the plane of the first two, and C on or above this plane.
        """
        (cos_b, sin_b), ratio = _cos_sin(self.angle), self.ratio
        if not self.third:
            return np.array([[1.0, 0.0], [ratio * cos_b, ratio * sin_b]])
        (cos_c, sin_c), (cos_bc, _) = _cos_sin(self.angle_ac), _cos_sin(self.possible().angle_bc)
        across = (cos_bc - cos_b * cos_c) / sin_b if sin_b > 1e-9 else sin_c
        across = min(max(across, -sin_c), sin_c)
        up = math.sqrt(max(sin_c**2 - across**2, 0.0))
        c = self.ratio_c * np.array([cos_c, across, up])
        return np.array([[1.0, 0.0, 0.0], [ratio * cos_b, ratio * sin_b, 0.0], c])


def of_cosine(cosine: float, ratio: float) -> Situation:
    """The situation of two gradients with this cosine, the second one `ratio` times as long.

    `ratio` is clipped to 1/LARGEST_RATIO … LARGEST_RATIO. Raises ValueError for a cosine beyond ±1.
    """
    angle = math.degrees(math.acos(cosine))
    ratio = min(max(ratio, 1 / LARGEST_RATIO), LARGEST_RATIO)
    return Situation(angle=round(angle, 4), ratio=float(f"{ratio:.4g}"))


def _cos_sin(degrees: float) -> tuple[float, float]:
    """Cosine and sine, exact for right angles: orthogonal gradients have the product 0, not 6e-17."""
    if degrees % 90 == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(degrees // 90) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
