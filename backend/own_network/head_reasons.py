"""Why one layer cannot take the place of several heads, or several heads that of one layer."""

from __future__ import annotations

from collections import Counter

from backend.own_network.graph import Graph
from backend.own_network.head import Head, HeadLayer, layer_of
from backend.own_network.layers.base import Limit
from backend.own_network.layers.core import Dense
from backend.words import counted, listed, shortened

#: Activations that compute each number from all units of their layer.
_ACROSS_UNITS = ("softmax", "log_softmax")
#: What the layers must have in common, and the end of a sentence that says that they do not.
COMMON = {
    "kind": "they have different classes",
    "kernel_size": "they have different kernel sizes",
    "strides": "they have different strides",
    "padding": "they have different paddings",
    "dilation_rate": "they have different dilation rates",
    "activation": "they have different activations",
    "use_bias": "some of them have a bias and some have none",
    "dtype": "they have different dtypes",
    "trainable": "some of them are frozen and some are not",
    "kernel_regularizer": "they have different kernel regularizers",
    "bias_regularizer": "they have different bias regularizers",
    "activity_regularizer": "they have different activity regularizers",
    "kernel_constraint": "they have different kernel constraints",
    "bias_constraint": "they have different bias constraints",
}
#: The fields of which a sentence gives the values as examples.
_WITH_EXAMPLES = ("kind", "activation", "dtype", "padding")
#: The most heads into which one layer is split.
MOST_HEADS = 64


def why_not_fused(graph: Graph, heads: tuple[Head, ...], *, same_outputs: bool = False) -> str | None:
    """Why one layer cannot take the place of these heads, in a sentence; None if it can.

    With `same_outputs` its columns are cut apart again, and each head keeps its activation.
    """
    if len(heads) < 2:
        return f"“{heads[0].name}” is the only head that reads its tensor."
    layers = [layer_of(graph, head) for head in heads]
    if used := _used_elsewhere(graph, heads):
        return used
    refused = f"One layer cannot take the place of {named(heads)}: "
    for field, what in COMMON.items():
        kinds = {str(getattr(layer, field, None)) for layer in layers}
        if len(kinds) > 1 and not (same_outputs and field == "activation"):
            examples = f" ({shortened(sorted(kinds), 4)})" if field in _WITH_EXAMPLES else ""
            return f"{refused}{what}{examples}."
    first = layers[0]
    if same_outputs and first.activity_regularizer and {layer.activation for layer in layers} != {"linear"}:
        return f"{named(heads)} have an activity regularizer, which acts after their activation."
    if first.activation in _ACROSS_UNITS and not same_outputs:
        return (
            f"{refused}{first.activation} over all units would make the probabilities of all heads together sum to 1."
        )
    if not _constraints_act_on_columns(first):
        return f"{refused}their constraint acts on a whole layer."
    return None


def why_not_split(graph: Graph, heads: tuple[Head, ...]) -> str | None:
    """Why the only head of a group cannot become several, in a sentence; None if it can."""
    if len(heads) > 1:
        return f"{named(heads)} are several layers already."
    head, layer = heads[0], layer_of(graph, heads[0])
    what = "unit" if head.kind == "Dense" else "filter"
    if head.units == 1:
        return f"“{head.name}” has one {what}, so there is nothing to split."
    if head.units > MOST_HEADS:
        return f"“{head.name}” has {counted(head.units, what)}. The app splits layers with 2 to {MOST_HEADS}."
    if layer.activation in _ACROSS_UNITS:
        return f"“{head.name}” has {layer.activation}, which computes each number from all units of the layer."
    if not _constraints_act_on_columns(layer):
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


def _constraints_act_on_columns(layer: HeadLayer) -> bool:
    """Whether the constraints of a layer's weights act on the weights of each unit by themselves."""
    rank = 2 if isinstance(layer, Dense) else layer.RANK + 2
    return _acts_on_columns(layer.kernel_constraint, rank) and _acts_on_columns(layer.bias_constraint, 1)


def _acts_on_columns(constraint: Limit | None, rank: int) -> bool:
    """Whether a constraint treats each position on the last axis by itself, for a weight with `rank` axes."""
    if constraint is None or constraint.kind == "NonNeg":
        return True
    axis = 0 if constraint.axis is None else constraint.axis
    return all(each % rank != rank - 1 for each in (axis if isinstance(axis, tuple) else (axis,)))


def named(heads: tuple[Head, ...]) -> str:
    """The names of the heads in a sentence."""
    names = [f"“{head.name}”" for head in heads]
    return listed(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"
