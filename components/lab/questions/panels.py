"""What the page shows of each question. A new question is one entry here, and a function in `pictures.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.experiment.optimizers import RULES
from backend.lab.sharing.models import MODELS
from backend.questions.lab import beat, conflict, scale
from backend.questions.lab.base import MARGIN
from backend.questions.pictures import Picture
from components.charts.plane import Plane
from components.lab.questions import pictures
from two_heads.weightings import METHODS

#: The titles of options in menus. Those of problems are short enough for a phone.
TITLES = {
    **{"kendall": "Kendall’s toy", "related": "Related pair", "own": "Your network"},
    **{"famo_toy": "FAMO’s valleys", "cagrad_toy": "CAGrad’s valleys"},
    **RULES,
    **{key: each.title for key, each in (*METHODS.items(), *MODELS.items())},
}


@dataclass(frozen=True)
class Panel:
    """What the page shows of a question. Settings and evidence have the question's own types.

    `pictures(evidence)` stand above the `caption`. `offered` are the usual values of lists, by field; a
    link may have others. `unused(settings)` are the fields that have no effect, and `notes` what else to know of a
    problem, by its key.
    """

    pictures: Callable[[Any], list[Picture | Plane]]
    caption: str = ""
    offered: Mapping[str, Sequence[float]] = field(default_factory=dict)
    unused: Callable[[Any], Collection[str]] = lambda settings: ()
    notes: Mapping[str, str] = field(default_factory=dict)


def _unused_in_beat(settings: beat.BeatSettings) -> Collection[str]:
    """The settings of the related pair have no effect on a visitor's network, nor has a sweep of two weights."""
    of_pair = () if settings.problem == "related" else ("relatedness", "scale", "optimizer")
    return of_pair if len(settings.heads) == 2 else (*of_pair, "levels")


#: By the keys of the questions.
PANELS: dict[str, Panel] = {
    "scale": Panel(
        pictures.of_scale,
        caption=f"{scale.DROWNED} At most {scale.MOST_DRAWN} heads are drawn.",
        notes={
            "kendall": "The toy: 100 points x from N(0, 1). Head a learns 2x + 8 with noise of standard deviation 10, "
            "head b learns 3x + 3 with noise of standard deviation 1. Both read one layer of 1,024 ReLU neurons."
        },
    ),
    "conflict": Panel(
        pictures.of_conflict,
        caption="A value is the mean over the measured epochs after the start. By epoch, a line is the median of the "
        "seeds.",
        offered={"rhos": (-1.0, -0.5, 0.0, 0.25, 0.5, 0.75, 1.0)},
        unused=lambda settings: () if settings.dial else ("rhos",),
        notes={
            "own": "In a network without both tasks of the related pair, each pair of heads is measured, and at most "
            f"{conflict.MOST_PAIRS} are drawn: those that conflict most often."
        },
    ),
    "unstuck": Panel(
        pictures.of_unstuck,
        caption="x₁ is to the right, x₂ upwards. The mean loss is lower where the ground is darker. A ring with a "
        "number is a start. A run ends in ● on the front, which is the thick line, or in ✕ elsewhere.",
    ),
    "trade_offs": Panel(pictures.of_trade_offs, offered={"smoothings": (0.01, 0.03, 0.1, 0.3, 1.0)}),
    "beat": Panel(
        pictures.of_beat,
        caption=f"{beat.DEFINITION} A difference within {100 * MARGIN:.0f} % counts as none.",
        offered={"rates": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)},
        unused=_unused_in_beat,
        notes={
            "own": "The first third of the sequences trains, the next one tunes, the last one tests. Those of a "
            "recording are in the order of time."
        },
    ),
    "share": Panel(
        pictures.of_share,
        caption="The change is Δm: in each seed, the mean over both heads of the relative change of the loss. A table "
        "shows how much each head takes from each part: MMoE’s experts have no order, so it has one seed, and the "
        "others have the mean. α is that after the first layer (1) and after the second (2) of the towers a and b.",
        offered={"relatedness": (0.0, 0.25, 0.5, 0.75, 1.0), "rates": (0.001, 0.003, 0.01, 0.03)},
    ),
}  # fmt: skip
