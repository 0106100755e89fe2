"""What the connectivity diagram draws and folds, and which neurons can be highlighted: arithmetic alone.

All styles have the same neurons, so one plan serves both sides of the diagram.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles import Style
from backend.network.neurons import Edges, Group, edges, groups, visible

#: The most output neurons that a diagram draws over all heads, and the most hidden neurons in one of their columns.
OUTPUTS = 16


@dataclass(frozen=True)
class Focus:
    """The highlighted neuron: the name of its `backend.network.neurons.Group`, and its index in the group from 0."""

    group: str
    index: int


@dataclass(frozen=True)
class VisibleGroup:
    """A group and how many of its neurons are drawn; the others are folded."""

    group: Group
    shown: int

    @property
    def folded(self) -> int:
        """Neurons of the group that are not drawn."""
        return self.group.units - self.shown


@dataclass(frozen=True)
class Plan:
    """The groups that are drawn, by name, the shared layer that the heads read, and how many heads are folded."""

    architecture: Architecture
    groups: dict[str, VisibleGroup]
    shared: VisibleGroup
    folded_heads: int

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads that are drawn."""
        heads = self.architecture.heads
        return heads[: len(heads) - self.folded_heads]

    @property
    def columns(self) -> int:
        """Columns of neurons, inputs and output units included."""
        return 1 + max(drawn.group.depth for drawn in self.groups.values())

    def units_at(self, depth: int) -> int:
        """Neurons of a column, drawn and folded, including those of heads that are not drawn."""
        return sum(group.units for group in groups(self.architecture) if group.depth == depth)

    def shown_at(self, depth: int) -> int:
        """Neurons of a column that are drawn."""
        return sum(drawn.shown for drawn in self.groups.values() if drawn.group.depth == depth)

    def position(self, head: str | None) -> int:
        """Place of a head among the heads, which decides its hue; 0 for the trunk."""
        return next((i for i, other in enumerate(self.heads) if other.name == head), 0)

    def first(self, head: Head) -> VisibleGroup:
        """The first group of a head's branch, whose kernel reads the shared layer."""
        return self.chain(head)[0]

    def chain(self, head: Head) -> list[VisibleGroup]:
        """The groups of a head's branch, its hidden layers first and its output units last."""
        return [drawn for drawn in self.groups.values() if drawn.group.head == head.name]

    @cached_property
    def focusable(self) -> tuple[Focus, ...]:
        """The neurons that can be highlighted: every output unit drawn, then those of the last shared layer."""
        chosen = [self.groups[head.name] for head in self.heads] + [self.shared]
        return tuple(Focus(drawn.group.name, i) for drawn in chosen for i in range(drawn.shown))

    def blocks(self, style: Style) -> list[Edges]:
        """The blocks of edges between groups that are drawn."""
        return [b for b in edges(self.architecture, style) if b.source in self.groups and b.target in self.groups]

    def size(self, block: Edges) -> tuple[int, int]:
        """Rows and columns of a block that are drawn."""
        return self.groups[block.source].shown, self.groups[block.target].shown


@lru_cache(maxsize=64)
def plan_of(architecture: Architecture) -> Plan:
    """What is drawn of an architecture: at most `neurons.VISIBLE` neurons a group and `OUTPUTS` output units in all."""
    heads = {head.name for head in architecture.heads[:OUTPUTS]}
    drawn_groups = [group for group in groups(architecture) if group.head is None or group.head in heads]
    caps = {
        depth: cap([g.units for g in drawn_groups if g.head and g.depth == depth])
        for depth in {g.depth for g in drawn_groups if g.head}
    }
    drawn = {
        group.name: VisibleGroup(
            group, visible(group.units) if group.head is None else min(group.units, caps[group.depth])
        )
        for group in drawn_groups
    }
    shared = [d for d in drawn.values() if d.group.head is None][-1]
    return Plan(architecture, drawn, shared, len(architecture.heads) - len(heads))


def drawn_of_all(plan: Plan, style: Style) -> tuple[int, int]:
    """How many edges the diagram of a style draws, and how many there are (recurrences not among them)."""
    drawn = sum(rows * columns for rows, columns in map(plan.size, plan.blocks(style)))
    return drawn, sum(block.count for block in edges(plan.architecture, style))


def cap(units: Iterable[int]) -> int:
    """The most neurons a group of one column of heads may draw so that the column keeps within `OUTPUTS`."""
    counts = list(units)
    return max(
        (most for most in range(1, visible(OUTPUTS) + 1) if sum(min(n, most) for n in counts) <= OUTPUTS), default=1
    )
