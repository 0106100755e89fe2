"""The layers of a network with their shapes, parameter counts and formulas: arithmetic alone, no Keras.

Layers are named as Keras names them in a fresh process (`lstm`, `lstm_1`, `dense`, …; an output layer is named after
its head), so that each row can be compared with what Keras reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style


@dataclass(frozen=True)
class Layer:
    """One row of the parameter table. `head` names the head that owns the layer, if any; shapes omit the batch."""

    name: str
    kind: Literal["Input", "LSTM", "Dense"]
    output_shape: tuple[int, ...]
    parameters: int
    formula: str
    activation: str = "linear"
    head: str | None = None


def layers(architecture: Architecture, style: Style) -> tuple[Layer, ...]:
    """Every layer of `style` in order of construction, the input first."""
    t, width = architecture.timesteps, architecture.features
    rows = [Layer("input_layer", "Input", (t, width), 0, "")]
    last = len(architecture.lstm) - 1
    for i, units in enumerate(architecture.lstm):
        shape = (units,) if i == last else (t, units)
        count, formula = lstm_parameters(width, units)
        rows.append(Layer(automatic_name("lstm", i), "LSTM", shape, count, formula, "tanh"))
        width = units
    dense = 0

    def add(units: int, inputs: int, activation: str, head: str | None, name: str | None = None) -> None:
        nonlocal dense
        count, formula = dense_parameters(inputs, units)
        rows.append(Layer(name or automatic_name("dense", dense), "Dense", (units,), count, formula, activation, head))
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
    """Count and formula of a Dense layer: one weight for each edge and one bias for each unit."""
    count = units * (inputs + 1)
    return count, f"{units:,} × ({inputs:,} + 1) = {count:,}"


def automatic_name(kind: str, index: int) -> str:
    """The name that Keras gives to layer number `index` (from 0) of a kind: `lstm`, `lstm_1`, …"""
    return kind if index == 0 else f"{kind}_{index}"
