"""The neurons of a network and the edges between them: arithmetic alone, no Keras."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style
from backend.network.parameters import automatic_name, layers

#: The most neurons of one group that a diagram draws. A line "… n more" counts the others.
VISIBLE = 12


@dataclass(frozen=True)
class Group:
    """Neurons drawn as one column, or as one head's part of it. `depth` counts the columns from the inputs."""

    name: str
    title: str
    units: int
    depth: int
    head: str | None = None


@dataclass(frozen=True)
class Edges:
    """All edges between two groups. Their weights are the columns `start:stop` of the kernel of `layer`.

    An LSTM edge stands for four weights, one for each gate (input, forget, cell, output). Diagrams show their norm.
    """

    source: str
    target: str
    kind: Literal["Input", "LSTM", "Dense"]
    layer: str
    start: int
    stop: int
    count: int
    head: str | None = None

    @property
    def key(self) -> str:
        """The name of the block. It is the same in every style."""
        return f"{self.source}→{self.target}"


def groups(architecture: Architecture) -> tuple[Group, ...]:
    """The neurons, column by column. Every style has the same; styles differ in which layers hold the edges."""
    rows = [Group("inputs", "inputs", architecture.features, 0)]
    for i, units in enumerate(architecture.lstm):
        rows.append(Group(automatic_name("lstm", i), "LSTM", units, len(rows)))
    for i, layer in enumerate(architecture.dense):
        rows.append(Group(automatic_name("dense", i), "Dense", layer.units, len(rows)))
    depth = len(rows)
    outputs = depth + max(len(head.hidden) for head in architecture.heads)
    for head in architecture.heads:
        for i, units in enumerate(head.hidden, start=1):
            rows.append(Group(f"{head.name} hidden {i}", "Dense", units, depth + i - 1, head.name))
        rows.append(Group(head.name, head.title, head.units, outputs, head.name))
    return tuple(rows)


def edges(architecture: Architecture, style: Style) -> tuple[Edges, ...]:
    """All edges of `style`, block by block, with the layer that holds their weights."""
    shown, table = groups(architecture), layers(architecture, style)[1:]
    shared = [group for group in shown if group.head is None][-1]
    blocks, start = [], 0
    for position, (before, target) in enumerate(pairwise(shown)):
        source = before if before.head == target.head else shared
        layer = table[min(position, len(table) - 1)]  # a fused layer has all heads
        stop = start + target.units
        count = source.units * target.units
        blocks.append(Edges(source.name, target.name, layer.kind, layer.name, start, stop, count, target.head))
        start = stop if target.head and style.outputs == "fused" else 0
    return tuple(blocks)


def head_edges(architecture: Architecture, style: Style) -> int:
    """How many edges lead from the last shared layer into the heads: the connections that the question is about."""
    shared = [group.name for group in groups(architecture) if group.head is None][-1]
    return sum(block.count for block in edges(architecture, style) if block.source == shared and block.head)


def edge_weights(block: Edges, weights: Mapping[str, Sequence[np.ndarray]]) -> np.ndarray:
    """The weights of a block, (source units, target units), from a style's weights by layer name.

    For an LSTM it is the norm over the four gates. Keras stores the gates side by side in a kernel (inputs, 4 × units).
    """
    kernel = np.asarray(weights[block.layer][0])
    if block.kind == "LSTM":
        return np.asarray(np.linalg.norm(kernel.reshape(kernel.shape[0], 4, -1), axis=1))
    return kernel[:, block.start : block.stop]


def visible_weights(
    architecture: Architecture, style: Style, weights: Mapping[str, Sequence[np.ndarray]]
) -> dict[str, np.ndarray]:
    """The weights between the visible neurons: a matrix for each block of `edges`, in their order, by its key."""
    units = {group.name: visible(group.units) for group in groups(architecture)}
    return {
        block.key: edge_weights(block, weights)[: units[block.source], : units[block.target]]
        for block in edges(architecture, style)
    }


def visible(units: int) -> int:
    """How many neurons of a group a diagram draws. It counts the other `units - visible(units)` in a line of text."""
    return min(units, VISIBLE)
