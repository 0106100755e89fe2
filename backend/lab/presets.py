"""Situations that show one thing each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from backend.lab.situation import Situation, of_gradients


@dataclass(frozen=True)
class Preset:
    """A situation, its name, and what it shows."""

    title: str
    shows: str
    situation: Situation


#: Three gradients of which each pair conflicts. PCGrad removes the conflicts one after the other and leaves one.
_LEFT_BY_PCGRAD = np.array([[1, 0, 0], [-0.8, 1, 0], [-0.3, -0.9, 0.2]])


def _rounded(situation: Situation) -> Situation:
    """The situation with as many digits as a link has."""
    names = ("angle", "ratio", "angle_ac", "angle_bc", "ratio_c")
    digits: dict[str, Any] = {name: float(f"{getattr(situation, name):.7g}") for name in names}
    return replace(situation, **digits)


#: By key, in the order of the page.
PRESETS: dict[str, Preset] = {
    "conflict": Preset("Conflict", "The longer gradient decides for the mean: one loss rises.", Situation()),
    "agree": Preset("Agree", "No conflict: every method lowers both losses.", Situation(40, 1)),
    "orthogonal": Preset("Orthogonal", "Neither head helps or harms the other.", Situation(90, 1)),
    "drowned": Preset("Drowned by scale", "B's gradient is 50 times as long as A's.", Situation(100, 50)),
    "opposite": Preset("Opposite", "No step lowers both losses.", Situation(180, 2)),
    "pcgrad": Preset(
        "The conflict that PCGrad leaves",
        "Three heads: after PCGrad's projections in the order A, B, C, two losses still rise.",
        _rounded(of_gradients(_LEFT_BY_PCGRAD)),
    ),
}


def preset_of(situation: Situation) -> str | None:
    """The key of the preset that has this situation; None if none has it."""
    return next((key for key, preset in PRESETS.items() if _same(preset.situation, situation)), None)


def _same(one: Situation, other: Situation) -> bool:
    if one.third or other.third:
        return one == other
    return (one.angle, one.ratio) == (other.angle, other.ratio)
