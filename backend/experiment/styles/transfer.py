"""Keras source that gives one style the weights of another, so that both compute the same function.

The exported script and the claims show this text. The worker moves arrays between styles without a model
(`backend.worker.build.transfer_weights`); a test executes this text and compares the weights.
"""

from __future__ import annotations

from backend.experiment.architecture import Architecture
from backend.experiment.styles.base import Style


def transfer_source(architecture: Architecture, left: Style, right: Style, names: tuple[str, str]) -> list[str]:
    """Lines that give the model called `names[1]`, of style `right`, the weights of the one called `names[0]`.

    Between one fused output layer and a layer for each head, the shared layers are matched by their order. Otherwise
    all layers are matched by name, so each model must have been built with Keras's name counters reset.
    """
    one, other = names
    columns, start = [], 0
    for head in architecture.heads:
        columns.append((head.name, start, start + head.units))
        start += head.units
    if (left.outputs == "fused") == (right.outputs == "fused"):
        return [
            f"for layer in {other}.layers:",
            "    if layer.weights:",
            f"        layer.set_weights({one}.get_layer(layer.name).get_weights())",
        ]
    depth = len(architecture.lstm) + len(architecture.dense)
    shared = [
        f"shared = [[layer for layer in model.layers if layer.weights][:{depth}] for model in ({one}, {other})]",
        "for source, target in zip(*shared):",
        "    target.set_weights(source.get_weights())",
    ]
    if left.outputs == "fused":
        return [
            *shared,
            f"kernel, bias = {one}.layers[-1].get_weights()",
            f"for name, start, stop in {columns!r}:",
            f"    {other}.get_layer(name).set_weights([kernel[:, start:stop], bias[start:stop]])",
        ]
    return [
        *shared,
        f"heads = [{one}.get_layer(name).get_weights() for name in {[head.name for head in architecture.heads]!r}]",
        "kernels, biases = zip(*heads)",
        f"{other}.layers[-1].set_weights([np.concatenate(kernels, axis=1), np.concatenate(biases)])",
    ]
