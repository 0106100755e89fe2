"""Shapes, parameter counts with their formulas, and edges between neurons: arithmetic alone, no Keras.

Layer names are those Keras gives in a fresh process (`lstm`, `lstm_1`, `dense`, …; an output layer is named after its
head), so that what Keras reports can be held against this line by line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style

#: Neurons of one group that a diagram draws; the others fold into "… n more".
VISIBLE = 12


@dataclass(frozen=True)
class Layer:
    """One row of the parameter table. `head` is set for a layer that belongs to one head; shapes omit the batch."""

    name: str
    kind: Literal["Input", "LSTM", "Dense"]
    output_shape: tuple[int, ...]
    parameters: int
    formula: str
    activation: str = "linear"
    head: str | None = None


@dataclass(frozen=True)
class Group:
    """Neurons drawn as one column (or one head's part of it); `depth` is the column, counted from the inputs."""

    name: str
    title: str
    units: int
    depth: int
    head: str | None = None


@dataclass(frozen=True)
class Edges:
    """All pairs between two groups: `count` edges, carried by columns `start:stop` of a layer's kernel.

    One LSTM edge stands for four gate weights (input, forget, cell, output) and is drawn by their norm.
    """

    source: str
    target: str
    kind: Literal["LSTM", "Dense"]
    layer: str
    start: int
    stop: int
    count: int
    head: str | None = None

    @property
    def key(self) -> str:
        """Name of the block, the same in every style."""
        return f"{self.source}→{self.target}"


@dataclass(frozen=True)
class Recurrence:
    """The loop of an LSTM layer: each of its units feeds each of its units one timestep later."""

    group: str
    count: int


def layers(architecture: Architecture, style: Style) -> tuple[Layer, ...]:
    """Every layer of `style` in order of construction, the input first."""
    t, width = architecture.timesteps, architecture.features
    rows = [Layer("input_layer", "Input", (t, width), 0, "")]
    last = len(architecture.lstm) - 1
    for i, units in enumerate(architecture.lstm):
        shape = (units,) if i == last else (t, units)
        count, formula = lstm_parameters(width, units)
        rows.append(Layer(_auto("lstm", i), "LSTM", shape, count, formula, "tanh"))
        width = units
    dense = 0

    def add(units: int, inputs: int, activation: str, head: str | None, name: str | None = None) -> None:
        nonlocal dense
        count, formula = dense_parameters(inputs, units)
        rows.append(Layer(name or _auto("dense", dense), "Dense", (units,), count, formula, activation, head))
        dense += name is None

    for layer in architecture.dense:
        add(layer.units, width, layer.activation, None)
        width = layer.units
    if style.outputs == "fused":
        add(architecture.output_units, width, architecture.heads[0].activation, None)
        return tuple(rows)
    for head in architecture.heads:
        inputs = width
        for units in head.hidden:
            add(units, inputs, "relu", head.name)
            inputs = units
        add(head.units, inputs, head.activation, head.name, head.name)
    return tuple(rows)


def parameters(architecture: Architecture, style: Style) -> int:
    """Trainable parameters of the whole model."""
    return sum(layer.parameters for layer in layers(architecture, style))


def lstm_parameters(inputs: int, units: int) -> tuple[int, str]:
    """Count and formula of an LSTM layer: four gates, each with a kernel, a recurrent kernel and a bias."""
    count = 4 * units * (inputs + units + 1)
    return count, f"4 × {units:,} × ({inputs:,} + {units:,} + 1) = {count:,}"


def dense_parameters(inputs: int, units: int) -> tuple[int, str]:
    """Count and formula of a Dense layer: one weight an edge and one bias a unit."""
    count = units * (inputs + 1)
    return count, f"{units:,} × ({inputs:,} + 1) = {count:,}"


def groups(architecture: Architecture) -> tuple[Group, ...]:
    """The neurons, column by column. They are the same in every style: only who carries the edges differs."""
    rows = [Group("inputs", "inputs", architecture.features, 0)]
    for i, units in enumerate(architecture.lstm):
        rows.append(Group(_auto("lstm", i), "LSTM", units, len(rows)))
    for i, layer in enumerate(architecture.dense):
        rows.append(Group(_auto("dense", i), "Dense", layer.units, len(rows)))
    depth = len(rows)
    outputs = depth + max(len(head.hidden) for head in architecture.heads)
    for head in architecture.heads:
        for i, units in enumerate(head.hidden, start=1):
            rows.append(Group(f"{head.name} hidden {i}", "Dense", units, depth + i - 1, head.name))
        rows.append(Group(head.name, head.title, head.units, outputs, head.name))
    return tuple(rows)


def edges(architecture: Architecture, style: Style) -> tuple[Edges, ...]:
    """All edges of `style`, block by block, with the layer that carries them."""
    by_name = {group.name: group for group in groups(architecture)}
    trunk = [group for group in by_name.values() if group.head is None]
    table = [layer for layer in layers(architecture, style) if layer.kind != "Input"]
    blocks = [
        Edges(source.name, target.name, layer.kind, layer.name, 0, target.units, source.units * target.units)  # type: ignore[arg-type]
        for source, target, layer in zip(trunk[:-1], trunk[1:], table, strict=False)
    ]
    carriers = iter(table[len(trunk) - 1 :])
    fused = table[-1].name if style.outputs == "fused" else None
    start = 0
    for head in architecture.heads:
        source = trunk[-1]
        chain = [by_name[f"{head.name} hidden {i}"] for i in range(1, len(head.hidden) + 1)] + [by_name[head.name]]
        for target in chain:
            layer = fused or next(carriers).name
            first = start if fused else 0
            count = source.units * target.units
            blocks.append(
                Edges(source.name, target.name, "Dense", layer, first, first + target.units, count, head.name)
            )
            source = target
        start += head.units
    return tuple(blocks)


def recurrences(architecture: Architecture) -> tuple[Recurrence, ...]:
    """The loops of the LSTM layers, counted rather than drawn."""
    return tuple(Recurrence(_auto("lstm", i), units * units) for i, units in enumerate(architecture.lstm))


def head_edges(architecture: Architecture, style: Style) -> int:
    """Edges from the last shared layer into the heads (the pairs the question asks about)."""
    shared = [group.name for group in groups(architecture) if group.head is None][-1]
    return sum(block.count for block in edges(architecture, style) if block.source == shared and block.head)


def edge_weights(block: Edges, weights: Mapping[str, Sequence[np.ndarray]]) -> np.ndarray:
    """Weights of a block as a (source units, target units) matrix, from a style's weights by layer name.

    For an LSTM the norm over the four gates, which Keras keeps side by side in the kernel (inputs, 4 × units).
    """
    kernel = np.asarray(weights[block.layer][0])
    if block.kind == "LSTM":
        return np.asarray(np.linalg.norm(kernel.reshape(kernel.shape[0], 4, -1), axis=1))
    return kernel[:, block.start : block.stop]


def visible(units: int) -> int:
    """How many neurons of a group a diagram draws; `units - visible(units)` fold into one line of words."""
    return min(units, VISIBLE)


def _auto(kind: str, index: int) -> str:
    return kind if index == 0 else f"{kind}_{index}"
