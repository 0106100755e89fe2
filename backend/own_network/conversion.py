"""The same network in the other style: one layer for several heads, or several heads for one layer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

from backend.own_network.graph import Call, Form, Graph, Network, Ref
from backend.own_network.head import Head, HeadLayer, layer_of
from backend.own_network.heads import HeadGroup
from backend.own_network.layers.base import Layer
from backend.own_network.layers.core import ActivationLayer, Dense, Identity
from backend.own_network.layers.operations import Split
from backend.own_network.names import cleaned
from backend.words import listed


@dataclass(frozen=True)
class Conversion:
    """A graph in the other style, `fused` or `split`.

    `layer` is the layer that has all units. `columns` has the name of each head, its first unit and the one after its
    last. With `loss_weights` for the separate heads, their total loss is that of `layer` with weight 1. With
    `layer_weight` for `layer`, its total loss is that of the heads with weight 1 each; it is None if no weight does
    that. Both hold for losses that average over units, such as "mse". With `same_outputs`, the outputs, their losses
    and their loss weights stay as they are. `path` has the names of the nested models that contain the heads, from the
    outermost.
    """

    graph: Graph
    layer: str
    columns: tuple[tuple[str, int, int], ...]
    same_outputs: bool = False
    path: tuple[str, ...] = ()

    @property
    def loss_weights(self) -> dict[str, float]:
        """The weight of each head: its share of the units."""
        total = self.columns[-1][2]
        if self.same_outputs:
            return {name: 1.0 for name, *_ in self.columns}
        return {name: (stop - start) / total for name, start, stop in self.columns}

    @property
    def layer_weight(self) -> float | None:
        """The number of heads, if all have equally many units and become one output."""
        if self.same_outputs or len({stop - start for _, start, stop in self.columns}) > 1:
            return None
        return float(len(self.columns))

    @property
    def sentence(self) -> str:
        """Which loss weights make the totals equal, and why."""
        heads = len(self.columns)
        if self.same_outputs:
            return "The outputs and their losses stay as they are, so the totals are equal with the same loss weights."
        why = (
            f"Keras averages the loss of “{self.layer}” over its {self.columns[-1][2]} units, "
            f"and adds up the losses of the {heads} heads."
        )
        if self.layer_weight is None:
            shares = listed(f"{weight:.3g}" for weight in self.loss_weights.values())
            return (
                f"{why} With the loss weights {shares} for the heads, their shares of the units, the totals are equal."
            )
        return (
            f"{why} With the loss weight 1/{heads} for each head, or {heads} for “{self.layer}”, the totals are equal."
        )


def fused(graph: Graph, heads: HeadGroup | tuple[Head, ...]) -> Conversion:
    """One layer in place of these heads, at the position of the first of them among the outputs.

    Raises ValueError with the reason if one layer cannot take the place of a group. Heads in a tuple are not checked.
    """
    if isinstance(heads, HeadGroup):
        if heads.reason:
            raise ValueError(heads.reason)
        heads = heads.heads
    name = cleaned("heads", {layer.name for layer in graph.layers})
    columns, units = [], 0
    for head in heads:
        columns.append((head.name, units, units + head.units))
        units += head.units
    layer = _with_units(layer_of(graph, heads[0]), units, name)
    return Conversion(_replaced(graph, heads, (layer,)), name, tuple(columns))


def split(graph: Graph, group: HeadGroup, units: tuple[int, ...] | None = None) -> Conversion:
    """Several layers in place of the only one of a group, with one unit each unless `units` says how many.

    Raises ValueError with the reason if the layer cannot be split, or not into these.
    """
    if group.split_reason:
        raise ValueError(group.split_reason)
    head = group.heads[0]
    units = units or (1,) * head.units
    if sum(units) != head.units or min(units) < 1:
        raise ValueError(f"“{head.name}” has {head.units} units, but the heads have {sum(units)}.")
    taken = {layer.name for layer in graph.layers}
    layers: list[HeadLayer] = []
    columns, start = [], 0
    for number, width in enumerate(units, start=1):
        name = cleaned(f"{head.name[:30]}_{number}", taken)
        taken.add(name)
        layers.append(_with_units(layer_of(graph, head), width, name))
        columns.append((name, start, start + width))
        start += width
    return Conversion(_replaced(graph, group.heads, tuple(layers)), head.name, tuple(columns))


def _with_units(layer: HeadLayer, units: int, name: str, **changes: object) -> HeadLayer:
    """The layer with so many units, or filters, and another name."""
    field = "units" if isinstance(layer, Dense) else "filters"
    return layer.model_copy(update={field: units, "name": name, **changes})


def fused_with_same_outputs(graph: Graph, heads: HeadGroup | tuple[Head, ...]) -> Conversion:
    """One layer whose columns are cut apart again: the outputs, their names and losses stay as they are.

    Raises ValueError with the reason if there is no such layer for a group. Heads in a tuple are not checked.
    """
    if isinstance(heads, HeadGroup):
        if heads.same_outputs_reason:
            raise ValueError(heads.same_outputs_reason)
        if heads.path:
            return _inside(graph, heads)
        heads = heads.heads
    rest, units = _Rest(graph, heads), [head.units for head in heads]
    taken = {layer.name for layer in rest.layers} | {head.name for head in heads}
    ends = list(accumulate(units))
    name = cleaned("heads", taken)
    whole = _with_units(layer_of(graph, heads[0]), ends[-1], name, activation="linear")
    equal = len(set(units)) == 1
    cut = Split(name=cleaned("split", taken), indices_or_sections=len(heads) if equal else tuple(ends[:-1]), axis=-1)
    layer, call = len(rest.layers), len(rest.calls)
    calls = [Call(layer=layer, inputs=(rest.ref(rest.source),)), Call(layer=layer + 1, inputs=(Ref(call),))]
    calls += [Call(layer=layer + 2 + i, inputs=(Ref(call + 1, i),)) for i in range(len(heads))]
    outputs = {head.output: Ref(call + 2 + i) for i, head in enumerate(heads)}
    changed = Graph(
        layers=(*rest.layers, whole, cut, *(_end(layer_of(graph, head)) for head in heads)),
        calls=(*rest.calls, *calls),
        inputs=rest.inputs,
        outputs=tuple(outputs[i] if i in outputs else rest.ref(old) for i, old in enumerate(graph.outputs)),
        input_form=graph.input_form,
        output_form=graph.output_form,
    )
    columns = zip((head.name for head in heads), [0, *ends], ends, strict=False)
    return Conversion(changed, name, tuple(columns), same_outputs=True)


def _inside(graph: Graph, group: HeadGroup) -> Conversion:
    """The conversion in a nested model, whose outputs stay as they are."""
    position, *path = group.path
    network = graph.layers[position]
    assert isinstance(network, Network)
    made = fused_with_same_outputs(network.graph, replace(group, path=tuple(path)))
    layers = list(graph.layers)
    layers[position] = network.model_copy(update={"graph": made.graph})
    changed = graph.model_copy(update={"layers": tuple(layers)})
    return replace(made, graph=changed, path=(network.name, *made.path))


def _end(head: HeadLayer) -> Layer:
    """The layer that follows the columns of a head: its activation, under its name."""
    if head.activation == "linear":
        return Identity(name=head.name, dtype=head.dtype)
    return ActivationLayer(name=head.name, dtype=head.dtype, activation=head.activation)


class _Rest:
    """The graph without some heads: its layers and calls, and `ref`, which finds a tensor of the graph in it."""

    def __init__(self, graph: Graph, heads: tuple[Head, ...]) -> None:
        removed = {head.call for head in heads}
        kept = [position for position in range(len(graph.calls)) if position not in removed]
        self._moved = {position: new for new, position in enumerate(kept)}
        used = {layer: new for new, layer in enumerate(dict.fromkeys(graph.calls[each].layer for each in kept))}
        self.source = graph.calls[heads[0].call].inputs[0]
        self.layers: tuple[Layer, ...] = tuple(graph.layers[layer] for layer in used)
        self.inputs = tuple(self._moved[each] for each in graph.inputs)
        self.calls = tuple(
            call.model_copy(
                update={
                    "layer": used[call.layer],
                    "inputs": tuple(map(self.ref, call.inputs)),
                    "keywords": tuple((name, tuple(map(self.ref, refs))) for name, refs in call.keywords),
                }
            )
            for call in (graph.calls[position] for position in kept)
        )

    def ref(self, old: Ref) -> Ref:
        """Where a tensor of the graph is now."""
        return Ref(self._moved[old.call], old.tensor)


def _replaced(graph: Graph, heads: tuple[Head, ...], layers: tuple[HeadLayer, ...]) -> Graph:
    """The graph with `layers` in place of the heads: calls and outputs of all of them where the first head was."""
    rest = _Rest(graph, heads)
    new = [Call(layer=len(rest.layers) + i, inputs=(rest.ref(rest.source),)) for i in range(len(layers))]
    outputs: list[Ref] = []
    keys: list[str] = []
    gone = {head.output for head in heads}
    names = graph.output_form.keys or ("",) * len(graph.outputs)
    for position, (old, key) in enumerate(zip(graph.outputs, names, strict=True)):
        if position == heads[0].output:
            outputs += [Ref(len(rest.calls) + i) for i in range(len(layers))]
            keys += [layer.name for layer in layers]
        elif position not in gone:
            outputs.append(rest.ref(old))
            keys.append(key)
    return Graph(
        layers=(*rest.layers, *layers),
        calls=(*rest.calls, *new),
        inputs=rest.inputs,
        outputs=tuple(outputs),
        input_form=graph.input_form,
        output_form=_form(graph.output_form, keys),
        sequential=graph.sequential and len(layers) == 1,
    )


def _form(form: Form, keys: list[str]) -> Form:
    if len(keys) == 1:
        return Form(kind="one")
    if form.kind != "dict":
        return Form(kind="list")
    unique: list[str] = []
    for key in keys:
        unique.append(cleaned(key, unique))
    return Form(kind="dict", keys=tuple(unique))
