"""The parts of the sentences at the top of Compare, and the places that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: Where a part of the answer is shown: a view of Compare, its diagram, or another page (with the claim to look at).
Place = Literal["parameters", "code", "diagram", "shapes", "initial_weights", "train", "speed", "optimizers", "advisor"]


@dataclass(frozen=True)
class Part:
    """A part of the answer in a few words, the place that shows it if there is one, and whether it stands out."""

    words: str
    place: Place | None = None
    strong: bool = False
