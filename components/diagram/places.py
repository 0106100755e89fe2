"""The positions of the neurons in the connectivity diagram, from 0 to 1 (left to right, bottom to top).

Positions depend on the architecture alone, so they are the same in every style.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from backend.experiment.architecture import Architecture
from components.diagram.plan import Plan, plan_of

#: Extra distance between two heads, as a share of the distance between two neurons of one head.
_GAP = 0.6


class Place(NamedTuple):
    """A group's drawn neurons: x of their column, y of each, and the distance kept between two of them."""

    x: float
    ys: np.ndarray
    step: float


def positions(architecture: Architecture) -> dict[str, Place]:
    """The position of each group that is drawn, by its name."""
    plan = plan_of(architecture)
    places = {}
    for visible in plan.groups.values():
        if visible.group.head is None:
            step = min(0.25, 1 / visible.shown)
            places[visible.group.name] = _place(plan, visible.group.depth, visible.shown, 0.5, step)
    slots = [max(visible.shown for visible in plan.chain(head)) for head in plan.heads]
    height = sum(slots) + _GAP * (len(slots) - 1)
    step = min(0.28, 1 / (height + 0.2))
    top = 0.5 + step * height / 2
    for head, slot in zip(plan.heads, slots, strict=True):
        for visible in plan.chain(head):
            middle = top - step * slot / 2
            places[visible.group.name] = _place(plan, visible.group.depth, visible.shown, middle, step)
        top -= step * (slot + _GAP)
    return places


def column(plan: Plan, depth: int) -> float:
    """x of a column of neurons; the edges into the heads have more room than the others."""
    wider = 0.6 if depth > plan.shared.group.depth else 0
    return (depth + wider) / (plan.columns - 0.4)


def _place(plan: Plan, depth: int, count: int, middle: float, step: float) -> Place:
    return Place(column(plan, depth), middle - step * (np.arange(count) - (count - 1) / 2), step)
