"""Several heads of one tensor become one layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

import keras

from two_heads import columns
from two_heads.change import Change, Conversion
from two_heads.graph import Graph, Layer, Model, Tensor, rename_source
from two_heads.heads import Head, find_heads, groups_of, has_heads_inside
from two_heads.losses import LossPlan, fused_losses, kept_losses
from two_heads.outputs import check_flat


def fuse_heads(model: Model, keep_outputs: bool = True, heads: Sequence[str] | None = None) -> Conversion:
    """A model in which each group of heads that `find_heads` calls fusible is one layer, with all of their weights.

    With `heads`, the names of heads of one group as `find_heads` writes them, only these become one layer.

    With `keep_outputs`, the new model has the outputs of the old one under the same names, in the same order and
    structure: they are parts of the one layer's result, each with its own activation. Without, each group is one output
    of shape (batch, …, sum of the units), named "heads", in the place of its first head.

    The new model is compared with the old one on random inputs, and shares no layer with it. If the old one is
    compiled, so is the new one, with the state of the optimizer. Then training continues as it would have, up to
    round-off and what `Conversion.notes` say.

    Raises `ValueError` if no group is fusible (with the reason for each), if `Graph` cannot read the model, and if the
    outputs differ by more than round-off. Without `keep_outputs`, it also refuses outputs in nested structures.
    """
    graph = Graph(model)
    if not keep_outputs:
        check_flat(graph.model)
    fusing = Fusing(graph, model, keep_outputs, heads)
    if not fusing.names:
        reasons = [each.reason for each in find_heads(model, keep_outputs) if each.reason]
        raise ValueError(f"No heads of the model '{model.name}' can be one layer. {' '.join(dict.fromkeys(reasons))}")
    if heads is not None and (missing := set(heads) - set(fusing.names)):
        raise ValueError(f"'{min(missing)}' cannot become one layer with the other heads that are named.")
    return fusing.conversion()


class Fusing(Change):
    """The groups of heads that become layers. With `only`, these heads, as `find_heads` names them, and no others."""

    def __init__(self, graph: Graph, model: Model, keep_outputs: bool, only: Sequence[str] | None = None) -> None:
        super().__init__(graph, model)
        self.fused: list[list[Head]] = []
        #: The names of the heads that become one layer, as `find_heads` writes them.
        self.names: list[str] = []
        self._keep = keep_outputs
        for group in groups_of(graph, model, keep_outputs):
            if has_heads_inside(group.heads[0]) and keep_outputs:
                self._add_nested(group.heads[0].layer, only)
            elif group.reason is None:
                heads = [head for head in group.heads if only is None or head.layer.name in only]
                if len(heads) > 1:
                    self._add_group(heads)

    def plan(self) -> LossPlan:
        """The losses of the new model."""
        if self._keep:
            return kept_losses(self.model)
        members = [[(head.layer.name, head.positions[0], head.units()) for head in heads] for heads in self.fused]
        return fused_losses(self.graph.model, self.model, members, self.places)

    def _add_nested(self, model: Model, only: Sequence[str] | None) -> None:
        begin = f"{model.name}/"
        only = only and [name.removeprefix(begin) for name in only if name.startswith(begin)]
        inside = Fusing(Graph(model), model, keep_outputs=True, only=only)
        if inside.names:
            self.names += [begin + name for name in inside.names]
            self._include(model, inside)

    def _add_group(self, heads: list[Head]) -> None:
        members = [head.layer for head in heads]
        fused = _fused_layer(members, self._free("heads"), keep_activations=self._keep)
        cut = self._free(f"{fused.name}_split")
        self.made.append((fused, members, 0, None))
        self.fused.append(heads)
        self.names += [layer.name for layer in members]
        self.fan_in = max(self.fan_in, prod(members[0].kernel.shape[:-1]))
        parts: list[Tensor] = []

        def part(j: int, x: Tensor, **_: Any) -> Tensor:
            if not parts:
                result = fused(x)
                stops = [sum(map(columns.units, members[: i + 1])) for i in range(len(members) - 1)]
                pieces = keras.ops.split(result, stops, axis=columns.axis(fused, len(result.shape)))
                rename_source(pieces[0], cut)
                ends = [_end(member, self._keep) for member in members]
                parts.extend(end(piece) for end, piece in zip(ends, pieces, strict=True))
                if not self._keep:
                    first, *others = (head.positions[0] for head in heads)
                    self.places |= {first: [(fused.name, result)]} | {position: [] for position in others}
            return parts[j]

        for j, member in enumerate(members):
            self._replacements[id(member)] = partial(part, j)


def _fused_layer(members: Sequence[Layer], name: str, keep_activations: bool) -> Layer:
    """A layer with the columns of all members. With `keep_activations`, it is linear: their activations follow it."""
    config = members[0].get_config() | {"name": name}
    config["units" if "units" in config else "filters"] = sum(map(columns.units, members))
    if keep_activations:
        config |= {"activation": "linear", "activity_regularizer": None}
    return type(members[0]).from_config(config)


def _end(head: Layer, keep_activation: bool) -> Layer:
    """The layer that follows the columns of a head. It has the head's name and, with `keep_activation`, its activation.

    Keras cannot save an Identity that has a dtype policy, so without an activation it is a linear Activation.
    """
    settings: dict[str, Any] = {"name": head.name, "dtype": head.dtype_policy}
    if keep_activation:
        settings |= {"activity_regularizer": head.activity_regularizer}
    return keras.layers.Activation(head.activation if keep_activation else "linear", **settings)
