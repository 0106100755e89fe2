"""Situations that show one thing each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backend.lab.situation import Situation


@dataclass(frozen=True)
class Preset:
    """A situation, its name, and what it shows."""

    title: str
    shows: str
    situation: Situation


#: By key, in the order of the page.
PRESETS: dict[str, Preset] = {
    "conflict": Preset("Conflict", "The longer gradient decides for the mean: one loss rises.", Situation()),
    "agree": Preset("Agree", "No conflict: every method lowers both losses.", Situation(angle=40, ratio=1)),
    "orthogonal": Preset("Orthogonal", "Neither head helps or harms the other.", Situation(angle=90, ratio=1)),
    "drowned": Preset("Drowned by scale", "B's gradient is 50 times as long as A's.", Situation(angle=100, ratio=50)),
    "opposite": Preset("Opposite", "No step lowers both losses.", Situation(angle=180, ratio=2)),
    "pcgrad": Preset(
        "The conflict that PCGrad leaves",
        "Three heads: after PCGrad's projections in the order A, B, C, two losses still rise.",
        # (1, 0, 0), (-0.8, 1, 0) and (-0.3, -0.9, 0.2): each pair conflicts, and PCGrad leaves one of the conflicts.
        Situation(
            angle=128.6598, ratio=1.280625, third=True, angle_ac=108.0247, angle_bc=122.1114, ratio_c=0.969536
        ),
    ),
}  # fmt: skip


def preset_of(situation: Situation) -> str | None:
    """The key of the preset that has this situation; None if none has it."""
    found = situation.gradients()
    return next((key for key, preset in PRESETS.items() if np.array_equal(preset.situation.gradients(), found)), None)
