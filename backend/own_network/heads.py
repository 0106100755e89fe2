"""The heads of a graph: output Dense layers that read one tensor, and whether one Dense layer can take their place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from backend.own_network.graph import Graph, Ref
from backend.own_network.layers.base import Limit
from backend.own_network.layers.core import Dense
from backend.own_network.size import measured
from backend.words import counted, listed, shortened

#: Activations that compute each number from all units of their layer.
_ACROSS_UNITS = ("softmax", "log_softmax")
#: What the layers must have in common, and how a sentence names it.
_COMMON = {
    "activation": "activations",
    "use_bias": "biases: some have one and some have none",
    "dtype": "dtypes",
    "trainable": "trainable: some are frozen",
    "kernel_regularizer": "kernel regularizers",
    "bias_regularizer": "bias regularizers",
    "activity_regularizer": "activity regularizers",
    "kernel_constraint": "kernel constraints",
    "bias_constraint": "bias constraints",
}
#: The most heads into which one layer is split.
MOST_HEADS = 64


@dataclass(frozen=True)
class Head:
    """An output Dense layer: its position among the outputs, the call that computes it, its name and units."""

    output: int
    call: int
    name: str
    units: int


@dataclass(frozen=True)
class HeadGroup:
    """Output Dense layers that read the same tensor of `width` numbers.

    `reason` is why one Dense layer cannot take their place, in a sentence; None if it can. `same_outputs_reason` is why
    not even one layer can whose columns are cut apart again, each with an activation of its own. `subsets` are those of
    several heads that one layer each could replace, if not all can be replaced by one. `split_reason` is why the only
    layer of a group cannot become several; None if it can.
    """

    source: Ref
    width: int
    heads: tuple[Head, ...]
    reason: str | None
    same_outputs_reason: str | None
    split_reason: str | None
    subsets: tuple[tuple[Head, ...], ...] = ()

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers."""
        return tuple(head.name for head in self.heads)

    @property
    def units(self) -> tuple[int, ...]:
        """The units of each layer."""
        return tuple(head.units for head in self.heads)

    @property
    def fusible(self) -> bool:
        """Whether one Dense layer can take the place of all."""
        return self.reason is None

    @property
    def connections(self) -> int:
        """The connections from the shared tensor to all heads. They are as many in either style."""
        return self.width * sum(self.units)


def find_heads(graph: Graph) -> tuple[HeadGroup, ...]:
    """The groups of output Dense layers, in the order of the outputs. Raises `Refused` beyond the app's bounds."""
    shapes = measured(graph).shapes
    by_source: dict[Ref, list[Head]] = {}
    for position, ref in enumerate(graph.outputs):
        layer = graph.layer_of(ref)
        if isinstance(layer, Dense):
            head = Head(position, ref.call, layer.name, layer.units)
            by_source.setdefault(graph.calls[ref.call].inputs[0], []).append(head)
    return tuple(
        _group(graph, source, shapes[source.call][source.tensor][-1] or 0, tuple(heads))
        for source, heads in by_source.items()
    )


def other_outputs(graph: Graph) -> tuple[str, ...]:
    """What the outputs are that are not Dense layers, a sentence for each."""
    layers = dict.fromkeys((layer.name, layer.kind) for layer in map(graph.layer_of, graph.outputs))
    return tuple(
        f"The output “{name}” is a layer of the class {kind}, not Dense." for name, kind in layers if kind != "Dense"
    )


def _group(graph: Graph, source: Ref, width: int, heads: tuple[Head, ...]) -> HeadGroup:
    reason = _why_not_fused(graph, heads)
    subsets: tuple[tuple[Head, ...], ...] = ()
    if reason and len(heads) > 2:
        alike: dict[tuple[object, ...], list[Head]] = {}
        for head in heads:
            layer = _dense(graph, head)
            alike.setdefault(tuple(str(getattr(layer, field)) for field in _COMMON), []).append(head)
        candidates = (tuple(each) for each in alike.values() if len(each) > 1)
        subsets = tuple(each for each in candidates if not _why_not_fused(graph, each))
    same_outputs_reason = _why_not_fused(graph, heads, same_outputs=True)
    return HeadGroup(source, width, heads, reason, same_outputs_reason, _why_not_split(graph, heads), subsets)


def _dense(graph: Graph, head: Head) -> Dense:
    layer = graph.layers[graph.calls[head.call].layer]
    assert isinstance(layer, Dense)
    return layer


def _why_not_fused(graph: Graph, heads: tuple[Head, ...], *, same_outputs: bool = False) -> str | None:
    """Why one Dense layer cannot take the place of these, in a sentence; None if it can.

    With `same_outputs` its columns are cut apart again, and each head keeps its activation.
    """
    if len(heads) < 2:
        return f"“{heads[0].name}” is the only Dense output that reads its tensor."
    layers = [_dense(graph, head) for head in heads]
    if used := _used_elsewhere(graph, heads):
        return used
    for field, what in _COMMON.items():
        kinds = {str(getattr(layer, field)) for layer in layers}
        if len(kinds) > 1 and not (same_outputs and field == "activation"):
            examples = f" ({shortened(sorted(kinds), 4)})" if field in ("activation", "dtype") else ""
            return f"One Dense layer cannot take the place of {_named(heads)}: they have different {what}{examples}."
    first = layers[0]
    if same_outputs and first.activity_regularizer and {layer.activation for layer in layers} != {"linear"}:
        return f"{_named(heads)} have an activity regularizer, which acts after their activation."
    if first.activation in _ACROSS_UNITS and not same_outputs:
        return (
            f"One Dense layer cannot take the place of {_named(heads)}: {first.activation} over all units "
            "would make the probabilities of all heads together sum to 1."
        )
    if not _acts_on_columns(first.kernel_constraint, is_kernel=True) or not _acts_on_columns(first.bias_constraint):
        return f"One Dense layer cannot take the place of {_named(heads)}: their constraint acts on a whole layer."
    return None


def _why_not_split(graph: Graph, heads: tuple[Head, ...]) -> str | None:
    """Why the only head of a group cannot become several, in a sentence; None if it can."""
    if len(heads) > 1:
        return f"{_named(heads)} are several layers already."
    head, layer = heads[0], _dense(graph, heads[0])
    if not 2 <= layer.units <= MOST_HEADS:
        return f"“{head.name}” has {counted(layer.units, 'unit')}. The app splits layers with 2 to {MOST_HEADS}."
    if layer.activation in _ACROSS_UNITS:
        return f"“{head.name}” has {layer.activation}, which computes each output from all units of the layer."
    if not _acts_on_columns(layer.kernel_constraint, is_kernel=True) or not _acts_on_columns(layer.bias_constraint):
        return f"“{head.name}” has a constraint that acts on the whole layer."
    return _used_elsewhere(graph, heads)


def _used_elsewhere(graph: Graph, heads: tuple[Head, ...]) -> str | None:
    """Which of the heads the model uses elsewhere, too, in a sentence; None if none."""
    calls = Counter(call.layer for call in graph.calls)
    read = {ref.call for call in graph.calls for ref in call.reads}
    outputs = Counter(ref.call for ref in graph.outputs)
    for head in heads:
        if calls[graph.calls[head.call].layer] > 1:
            return f"The model calls “{head.name}” more than once."
        if head.call in read:
            return f"Another layer reads the output of “{head.name}”."
        if outputs[head.call] > 1:
            return f"The model returns the output of “{head.name}” more than once."
    return None


def _acts_on_columns(constraint: Limit | None, *, is_kernel: bool = False) -> bool:
    """Whether a constraint of a weight acts on the weights of each unit by themselves."""
    if constraint is None or constraint.kind == "NonNeg":
        return True
    return is_kernel and constraint.axis in (None, 0, (0,))


def _named(heads: tuple[Head, ...]) -> str:
    names = [f"“{head.name}”" for head in heads]
    return listed(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"
