"""Several heads of one tensor become one layer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import Any

import keras

from two_heads import columns
from two_heads.clone import Origins, Replacement, clone, copy_weights, free_name, of_layer
from two_heads.compare import compare
from two_heads.conversion import Conversion
from two_heads.graph import Graph, Layer, Model, Tensor, rename_source
from two_heads.heads import Group, groups_of, has_heads_inside
from two_heads.losses import fused_losses, kept_losses
from two_heads.outputs import Places, check_flat, with_outputs
from two_heads.training import recompile


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
    groups = groups_of(graph, model, keep_outputs)
    fusing = Fusing(graph, keep_outputs, heads)
    if not fusing.add(groups):
        raise ValueError(_refusal(graph, groups))
    if heads is not None and (missing := set(heads) - set(fusing.names)):
        raise ValueError(f"'{min(missing)}' cannot become one layer with the other heads that are named.")
    new, origins = fusing.converted()
    copy_weights(new, origins)
    difference = compare(graph, model, new, fusing.fan_in)
    if keep_outputs:
        plan = kept_losses(model)
    else:
        new = with_outputs(new, fusing.places)
        plan = fused_losses(graph.model, model, [members_of(group) for group in fusing.fused], fusing.places)
    notes = recompile(model, new, origins, **plan.changed)
    return Conversion(new, difference, plan.weights, plan.why, (*plan.notes, *notes))


class Fusing:
    """Plans which groups of heads become layers, also inside nested models that compute outputs.

    With `only`, names as `find_heads` writes them, these heads become one layer, and no others.
    """

    def __init__(self, graph: Graph, keep_outputs: bool, only: Sequence[str] | None = None) -> None:
        self.graph = graph
        self._only = only
        self.fused: list[Group] = []
        #: The names of the heads that become one layer, as `find_heads` writes them.
        self.names: list[str] = []
        self.fan_in = 1
        #: Without kept outputs: the new outputs by the positions of the old ones, once the model is converted.
        self.places: Places = {}
        self._keep = keep_outputs
        self._taken = {layer.name for layer in graph.layers()}
        self._replacements: dict[int, Replacement] = {}
        self._nested: dict[int, Model] = {}
        #: Each new layer with the heads that it replaces, also inside nested models.
        self.made: list[tuple[Layer, list[Layer]]] = []
        self._made: list[tuple[Layer, list[Layer]]] = []
        self._origins: Origins = []

    def add(self, groups: Sequence[Group]) -> bool:
        """Plan to fuse the groups that are fusible. Returns whether there is one."""
        for group in groups:
            if has_heads_inside(group.heads[0]) and self._keep:
                self._add_nested(group.heads[0].layer)
            elif group.reason is None:
                heads = [head for head in group.heads if self._only is None or head.layer.name in self._only]
                if len(heads) > 1:
                    self._add_group(Group(heads, None))
        return bool(self._replacements or self._nested)

    def converted(self) -> tuple[Model, Origins]:
        """The new model and the origins of all its variables."""
        new, origins = clone(self.graph, self._replacements, self._nested)
        for layer, members in self._made:
            origins += of_layer(layer, members)
        return new, origins + self._origins

    def _add_nested(self, model: Model) -> None:
        graph = Graph(model)
        begin = f"{model.name}/"
        only = self._only and [name.removeprefix(begin) for name in self._only if name.startswith(begin)]
        inside = Fusing(graph, keep_outputs=True, only=only)
        if inside.add(groups_of(graph, model, keep_outputs=True)):
            self.names += [begin + name for name in inside.names]
            self._nested[id(model)], origins = inside.converted()
            self._origins += origins
            self.made += inside.made
            self.fan_in = max(self.fan_in, inside.fan_in)

    def _add_group(self, group: Group) -> None:
        members = [head.layer for head in group.heads]
        fused = _fused_layer(members, free_name("heads", self._taken), keep_activations=self._keep)
        cut = free_name(f"{fused.name}_split", self._taken)
        self._taken |= {fused.name, cut}
        self._made.append((fused, members))
        self.made.append((fused, members))
        self.fused.append(group)
        self.names += [layer.name for layer in members]
        self.fan_in = max(self.fan_in, prod(members[0].kernel.shape[:-1]))
        parts: list[Tensor] = []

        def part(j: int, x: Tensor) -> Tensor:
            if not parts:
                result = fused(x)
                stops = [sum(map(columns.units, members[: i + 1])) for i in range(len(members) - 1)]
                pieces = keras.ops.split(result, stops, axis=columns.axis(fused, len(result.shape)))
                rename_source(pieces[0], cut)
                ends = [_end(member, self._keep) for member in members]
                parts.extend(end(piece) for end, piece in zip(ends, pieces, strict=True))
                if not self._keep:
                    first, *others = (head.positions[0] for head in group.heads)
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


def members_of(group: Group) -> list[tuple[str, int, int]]:
    """The name, the first position and the units of each head."""
    return [(head.layer.name, head.positions[0], head.units()) for head in group.heads]


def _refusal(graph: Graph, groups: Sequence[Group]) -> str:
    """Why no heads can be fused, in sentences."""
    reasons: list[Any] = [group.reason for group in groups if group.reason]
    return f"No heads of the model '{graph.model.name}' can be one layer. " + " ".join(dict.fromkeys(reasons))
