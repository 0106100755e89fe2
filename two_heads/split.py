"""One head becomes several layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import prod
from numbers import Integral
from typing import Any, TypeAlias

import keras
import numpy as np

from two_heads import columns
from two_heads.change import Change, Conversion
from two_heads.graph import Graph, Layer, Model, Tensor
from two_heads.heads import (
    Head,
    has_heads_inside,
    heads_of,
    split_of,
    why_called_again,
    why_fixed,
    why_mixed,
    why_no_output,
)
from two_heads.losses import LossPlan, kept_losses, parted_losses, why_not_parted
from two_heads.outputs import check_flat, with_outputs

#: For the one head of a model, or for each head that is named.
Sizes = Sequence[int] | Mapping[str, Sequence[int]]
Names = Sequence[str] | Mapping[str, Sequence[str]]
#: A head by its name, as `find_heads` writes it, with the units and names of its parts; None for what is not given.
Request: TypeAlias = tuple[str, Any, Any]


def split_heads(model: Model, units: Sizes | None = None, names: Names | None = None) -> Conversion:
    """A model in which a head is several layers, each an output of its own.

    `units` are the numbers of columns of the new heads, and `names` their names: lists if only one head can be split,
    else dictionaries by the names of the heads that are to be split, as `find_heads` writes them. Without both, each
    layer that `fuse_heads` made becomes several heads again, and the outputs stay as they are. In a model without such
    a layer, every head with more than one unit becomes heads of one unit. Without `names`, the parts of "head" are
    called "head_0", "head_1", ….

    The new outputs take the place of the old one, also in nested models: in a list, or under their names in a
    dictionary. The new model is compared with the old one, and gets its weights and the state of its optimizer, as in
    `fuse_heads`.

    Raises `ValueError` if there is no such head or it cannot be split, if the units do not add up, if a name is taken,
    if `Graph` cannot read the model, and if the outputs differ by more than round-off.
    """
    splitting = Splitting(Graph(model), model)
    splitting.add(_requests(splitting, units, names))
    return splitting.conversion()


class Splitting(Change):
    """The heads of a model that are to be split, also inside nested models, and what replaces them."""

    def __init__(self, graph: Graph, model: Model) -> None:
        super().__init__(graph, model)
        #: The heads by their names, as `find_heads` writes them, each with what splits it.
        self.heads: dict[str, tuple[Splitting, Head]] = {}
        self._inside: list[tuple[Head, Splitting]] = []
        #: The splitting of the model that this one is nested in, and what it is there.
        self._around: tuple[Splitting, Head]
        self._parted: dict[int, list[Layer]] = {}
        for head in heads_of(graph):
            name = head.layer.name
            if has_heads_inside(head):
                inside = Splitting(Graph(head.layer), head.layer)
                self._inside.append((head, inside))
                inside._around = self, head
                self.heads |= {f"{name}/{inner}": each for inner, each in inside.heads.items()}
            else:
                self.heads[name] = self, head

    def add(self, requests: Sequence[Request]) -> None:
        """Plan to split heads. Raises `ValueError` with the reason if one cannot be split."""
        for path, sizes, names in requests:
            if reason := self.obstacle(path):
                raise ValueError(f"'{path}' cannot be split. {reason}")
            splitting, head = self.heads[path]
            splitting._add(head, sizes, names)
        self._add_all_inside()

    def obstacle(self, path: str) -> str | None:
        """A sentence on why a head cannot be split; None if it can."""
        splitting, head = self.heads[path]
        reason = why_fixed(splitting.graph, head) or why_mixed(head)
        if reason or split_of(splitting.graph, head.call) is not None:
            return reason
        reason, positions = why_no_output(head), head.positions
        while reason is None and splitting is not self:
            splitting, nested = splitting._around
            positions = splitting._positions(nested, positions[0])
            reason = why_called_again(splitting.graph, nested.layer)
            if len(positions) != 1:
                reason = reason or f"It is {len(positions)} outputs of the model '{splitting.model.name}', not one."
        return reason or why_not_parted(self.model, positions[0], head.layer.name)

    def _positions(self, nested: Head, position: int) -> list[int]:
        """The outputs of this model that are the one of a nested model at `position`."""
        return [i for i, each in enumerate(self.graph.model.outputs) if each is nested.call.outputs[position]]

    def _add(self, head: Head, sizes: Sequence[int] | None, names: Sequence[str] | None) -> None:
        layer = head.layer
        self.fan_in = max(self.fan_in, prod(layer.kernel.shape[:-1]))
        if (cut := split_of(self.graph, head.call)) is None:
            self._add_output(head, sizes, names)
        elif sizes is None and names is None:
            self._add_cut(head, cut)
        else:
            raise ValueError(f"'{layer.name}' is cut into its parts already. Leave out its units and names.")

    def _add_all_inside(self) -> None:
        for nested, inside in self._inside:
            inside._taken |= self._taken
            inside._add_all_inside()
            if inside.made:
                new = self._include(nested.layer, inside)
                if inside.places:
                    self._part_inside(nested, inside, new)
            self._taken |= inside._taken

    def _part_inside(self, nested: Head, inside: Splitting, old: Model) -> None:
        """Give a nested model its new outputs. They are joined again for the layers that read the old ones."""
        new = with_outputs(old, inside.places)
        tensors = {position: [tensor for _, tensor in parts] for position, parts in inside.places.items()}
        rejoin = keras.Function(new.output, (old.output, tensors))

        def replacement(*args: Any, **kwargs: Any) -> Any:
            results, found = rejoin.call(new(*args, **kwargs))
            for position, parts in inside._parted.items():
                at = self._positions(nested, position)[0]
                self._parted[at] = parts
                self.places[at] = [(part.name, tensor) for part, tensor in zip(parts, found[position], strict=True)]
            return results

        self._replacements[id(nested.layer)] = replacement

    def plan(self) -> LossPlan:
        """The losses of the new model."""
        if not self._parted:
            return kept_losses(self.model)
        check_flat(self.graph.model)
        members = {
            position: [(layer.name, columns.units(layer)) for layer in layers]
            for position, layers in self._parted.items()
        }
        return parted_losses(self.graph.model, self.model, members)

    def _add_output(self, head: Head, sizes: Sequence[int] | None, names: Sequence[str] | None) -> None:
        layer = head.layer
        width = columns.units(layer)
        sizes = [1] * width if sizes is None else list(np.ravel(sizes))
        if len(sizes) < 2 or not all(isinstance(each, Integral) and each >= 1 for each in sizes) or sum(sizes) != width:
            raise ValueError(
                f"'{layer.name}' has {width} units. Its parts must be two or more whole numbers from 1 with this sum."
            )
        names = [f"{layer.name}_{j}" for j in range(len(sizes))] if names is None else list(names)
        if len(names) != len(sizes):
            raise ValueError(f"'{layer.name}' becomes {len(sizes)} heads, and there are {len(names)} names for them.")
        parts = self._parts(layer, [{"name": name} for name in names], [int(each) for each in sizes])
        self._taken.update(names)
        position = head.positions[0]
        self._parted[position] = parts

        def replacement(x: Tensor, **_: Any) -> Tensor:
            results = [part(x) for part in parts]
            self.places[position] = list(zip(names, results, strict=True))
            axis = columns.axis(layer, len(results[0].shape))
            return keras.layers.Concatenate(axis=axis, name=self._free(layer.name))(results)

        self._replacements[id(layer)] = replacement

    def _add_cut(self, head: Head, cut: Any) -> None:
        """Plan to split a head that `ops.split` cuts. Where possible, a new layer replaces the one after its part."""
        layer, settings = head.layer, []
        for j, tensor in enumerate(cut.outputs):
            end = self._end(layer, tensor)
            if end is None:
                settings.append({"name": self._free(f"{layer.name}_{j}")})
                continue
            self._replacements[id(end)] = lambda x, **_: x
            kept = {"name": end.name, "activation": getattr(end, "activation", None)}
            settings.append(kept | {"activity_regularizer": end.activity_regularizer})
        axis = cut.layer.axis
        parts = self._parts(layer, settings, [tensor.shape[axis] for tensor in cut.outputs])
        results: list[Tensor] = []

        def begin(x: Tensor, **_: Any) -> Tensor:
            results.extend(part(x) for part in parts)
            return x  # only `cut` reads it, and that is replaced, too

        self._replacements[id(layer)] = begin
        self._replacements[id(cut.layer)] = lambda x, **_: results

    def _end(self, layer: Layer, tensor: Tensor) -> Layer | None:
        """The layer after a part of `layer`, if a new layer can take over its name and activation; else None."""
        readers = self.graph.consumers(tensor)
        plain = columns.activation(layer) == "linear" and layer.activity_regularizer is None
        if not plain or len(readers) != 1 or self.graph.is_output(tensor):
            return None
        end = readers[0].layer
        if type(end) not in (keras.layers.Identity, keras.layers.Activation):
            return None
        return end if end.compute_dtype == layer.compute_dtype and len(self.graph.calls_of(end)) == 1 else None

    def _parts(self, layer: Layer, settings: Sequence[dict[str, Any]], sizes: Sequence[int]) -> list[Layer]:
        """New layers for the columns of `layer`. Which columns each one gets is noted in `made`."""
        word = "units" if "units" in layer.get_config() else "filters"
        stops = list(accumulate(sizes))
        parts = [
            type(layer).from_config(layer.get_config() | own | {word: size})
            for own, size in zip(settings, sizes, strict=True)
        ]
        self.made += [(part, [layer], stop - size, stop) for part, size, stop in zip(parts, sizes, stops, strict=True)]
        return parts


def _requests(splitting: Splitting, units: Sizes | None, names: Names | None) -> list[Request]:
    """The heads to be split. Raises `ValueError` if a name is unknown, or if it is not clear which head is meant."""
    heads = {name: head for name, (_, head) in splitting.heads.items()}
    cut = [name for name, head in heads.items() if head.columns_of]
    wide = cut or [name for name, head in heads.items() if head.units() > 1]
    for given in (units, names):
        if isinstance(given, Mapping):
            unknown = [name for name in given if name not in heads]
            if unknown:
                raise ValueError(f"The model has no head '{unknown[0]}'. Its heads are {', '.join(heads) or 'none'}.")
        elif given is not None and len(wide) != 1:
            raise ValueError(
                f"The model has {len(wide)} heads with more than one unit. Name those to be split: a dictionary by "
                "their names."
            )
    if not wide:
        raise ValueError("No head of the model has more than one unit.")
    named = [name for given in (units, names) if isinstance(given, Mapping) for name in given]
    return [(name, _given(units, name), _given(names, name)) for name in dict.fromkeys(named) or wide]


def _given(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else value
