"""What the page shows of each question. A new question is a new module and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.experiment.optimizers import RULES
from backend.lab.sharing.models import MODELS
from backend.questions.lab.base import QuestionSettings
from components.lab.questions import beat, conflict, scale, share, trade_offs, unstuck
from two_heads.weightings import METHODS

#: The titles of options in menus. Those of problems are short enough for a phone.
TITLES = {
    **{"kendall": "Kendall’s toy", "related": "Related pair", "own": "Your network"},
    **{"famo_toy": "FAMO’s valleys", "cagrad_toy": "CAGrad’s valleys"},
    **RULES,
    **{key: each.title for key, each in (*METHODS.items(), *MODELS.items())},
}


def _other_problem(settings: QuestionSettings, problem: str) -> QuestionSettings:
    return settings.model_copy(update={"problem": problem})


@dataclass(frozen=True)
class Panel:
    """What the page shows of a question. Settings and evidence have the question's own types.

    `show(evidence, moment)` draws the pictures of evidence that was recorded at `moment`, in seconds since the epoch.
    `unused(settings)` are the fields that have no effect, `note(settings)` is what else to know, and
    `with_problem(settings, problem)` are the settings after the visitor has chosen another problem. `offered` are the
    usual values of lists, by field; a link may have others.
    """

    show: Callable[[Any, float], None]
    offered: Mapping[str, Sequence[float]] = field(default_factory=dict)
    unused: Callable[[Any], Collection[str]] = lambda settings: ()
    note: Callable[[Any], str] = lambda settings: ""
    with_problem: Callable[[Any, str], QuestionSettings] = _other_problem


#: By the keys of the questions.
PANELS: dict[str, Panel] = {
    "scale": Panel(scale.show, note=scale.note, with_problem=scale.with_problem),
    "conflict": Panel(conflict.show, {"rhos": (-1.0, -0.5, 0.0, 0.25, 0.5, 0.75, 1.0)}, conflict.unused, conflict.note),
    "unstuck": Panel(unstuck.show, with_problem=unstuck.with_problem),
    "trade_offs": Panel(trade_offs.show, {"smoothings": (0.01, 0.03, 0.1, 0.3, 1.0)}),
    "beat": Panel(
        beat.show, {"rates": (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)}, beat.unused, beat.note, beat.with_problem
    ),
    "share": Panel(share.show, {"relatedness": (0.0, 0.25, 0.5, 0.75, 1.0), "rates": (0.001, 0.003, 0.01, 0.03)}),
}
