"""The positions of the neurons in the connectivity diagram, from 0 to 1 (left to right, bottom to top).

Positions depend on the architecture alone, so they are the same in every style.
"""

from __future__ import annotations

from collections.abc import Sequence
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
            places[visible.group.name] = of_layer(column(plan, visible.group.depth), visible.shown)
    slots = [max(visible.shown for visible in plan.chain(head)) for head in plan.heads]
    for head, (middle, step) in zip(plan.heads, stacked(slots), strict=True):
        for visible in plan.chain(head):
            places[visible.group.name] = place(column(plan, visible.group.depth), visible.shown, middle, step)
    return places


def column(plan: Plan, depth: int) -> float:
    """x of a column of neurons; the edges into the heads have more room than the others."""
    wider = 0.6 if depth > plan.shared.group.depth else 0
    return (depth + wider) / (plan.columns - 0.4)


def of_layer(x: float, count: int) -> Place:
    """The place of a shared layer of which `count` neurons are drawn."""
    return place(x, count, 0.5, min(0.25, 1 / count))


def stacked(slots: Sequence[int]) -> list[tuple[float, float]]:
    """The middle and step of each head's neurons. Heads stand one below the other, head i with room for `slots[i]`."""
    height = sum(slots) + _GAP * (len(slots) - 1)
    step = min(0.28, 1 / (height + 0.2))
    top, middles = 0.5 + step * height / 2, []
    for slot in slots:
        middles.append((top - step * slot / 2, step))
        top -= step * (slot + _GAP)
    return middles


def place(x: float, count: int, middle: float, step: float) -> Place:
    """`count` neurons around `middle`."""
    return Place(x, middle - step * (np.arange(count) - (count - 1) / 2), step)
