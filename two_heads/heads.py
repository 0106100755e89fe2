"""Finds the heads of a model that read the same tensor, and says which of them can be one layer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from two_heads import columns
from two_heads.graph import Call, Graph, Layer, Model, Tensor, is_masked, is_nested, source_name
from two_heads.losses import why_no_single_loss


@dataclass(frozen=True)
class Heads:
    """Heads that read one tensor.

    `layers` are the names of the layers (those inside a nested model as "model/layer"), and `units` the number of
    columns of each. `reads` is the name of the layer or input whose result they read. `reason` says in a sentence why
    they cannot become one layer; None if they can.
    """

    layers: tuple[str, ...]
    units: tuple[int, ...]
    reads: str
    reason: str | None

    @property
    def fusible(self) -> bool:
        """Whether `fuse_heads` makes one layer of them."""
        return self.reason is None


@dataclass
class Head:
    """The last layer with weights before one or more outputs.

    `between` are the layers after it, up to the outputs, and `positions` the positions of these outputs in the model.
    `columns_of` are the names of the outputs that are only some of its columns, as `fuse_heads` makes them.
    """

    call: Call
    between: list[Layer]
    positions: list[int]
    columns_of: list[str] = field(default_factory=list)

    @property
    def layer(self) -> Layer:
        return self.call.layer

    @property
    def reads(self) -> Tensor:
        return self.call.inputs[0]

    def units(self) -> int:
        """The number of its columns; for a layer of another class than `columns.KINDS`, the size of the last axis."""
        if columns.is_kind(self.layer):
            return columns.units(self.layer)
        return self.call.outputs[0].shape[-1] or 0


@dataclass(frozen=True)
class Group:
    """Heads that read one tensor and have equal settings, and why they cannot become one layer; None if they can."""

    heads: list[Head]
    reason: str | None


def find_heads(model: Model, keep_outputs: bool = True) -> list[Heads]:
    """The heads of a Functional or Sequential model, in groups that read the same tensor, in the order of the outputs.

    A head is the last layer with weights before an output; layers without weights may follow it. Heads that differ in
    a setting that one layer has only once, such as its regularizer, are in separate groups. With `keep_outputs`,
    `reason` says why the heads cannot be one layer in a model with the same outputs; without, why they cannot be one
    output. The values of the weights are not read.

    Raises `ValueError` for a model that `Graph` cannot read.
    """
    graph = Graph(model)
    found: list[Heads] = []
    for group in groups_of(graph, model, keep_outputs):
        nested = group.heads[0].layer
        if has_heads_inside(group.heads[0]):
            reason = None if keep_outputs else f"The heads are inside of the model '{nested.name}'."
            for each in find_heads(nested):
                names = tuple(f"{nested.name}/{name}" for name in each.layers)
                found.append(replace(each, layers=names, reason=each.reason or reason))
        else:
            names = tuple(head.layer.name for head in group.heads)
            units = tuple(head.units() for head in group.heads)
            found.append(Heads(names, units, source_name(group.heads[0].reads), group.reason))
    return found


def groups_of(graph: Graph, model: Model, keep_outputs: bool) -> list[Group]:
    """The groups of `find_heads`, with their calls. The losses are those of `model`; `graph.model` is not compiled."""
    by_tensor: dict[int, list[Head]] = {}
    for head in heads_of(graph):
        by_tensor.setdefault(id(head.reads), []).append(head)
    groups: list[Group] = []
    for heads in by_tensor.values():
        groups += _alike(graph, model, heads, keep_outputs)
    return sorted(groups, key=lambda group: group.heads[0].positions[0])


def has_heads_inside(head: Head) -> bool:
    """Whether the head is a nested Functional model with several outputs. Then the heads are inside it."""
    return type(head.layer).__name__ == "Functional" and len(head.call.outputs) > 1


def heads_of(graph: Graph) -> list[Head]:
    """The heads of a model, in the order of its outputs. An output that is also an input has no head."""
    found: dict[int, Head] = {}
    for position, tensor in enumerate(graph.model.outputs):
        if head := _head(graph, tensor, position):
            known = found.setdefault(id(head.call), head)
            if known is not head:
                known.positions.append(position)
                known.between += head.between
                known.columns_of += head.columns_of
    return list(found.values())


def fused_layers(graph: Graph) -> list[Layer]:
    """The layers that are cut into columns for several outputs, as `fuse_heads` makes them; also in nested models."""
    found: list[Layer] = []
    for head in heads_of(graph):
        if has_heads_inside(head):
            with suppress(ValueError):  # what `Graph` cannot read, `fuse_heads` has not made
                found += fused_layers(Graph(head.layer))
        elif len(head.columns_of) > 1:
            found.append(head.layer)
    return found


def split_of(graph: Graph, call: Call) -> Call | None:
    """The call of `ops.split` that cuts this call's result into columns; None if there is none, or others read it."""
    result = call.outputs[0]
    readers = graph.consumers(result)
    if len(readers) != 1 or graph.is_output(result) or type(readers[0].layer).__name__ != "Split":
        return None
    rank = len(result.shape)
    return readers[0] if (readers[0].layer.axis - columns.axis(call.layer, rank)) % rank == 0 else None


def _head(graph: Graph, tensor: Tensor, position: int) -> Head | None:
    """The head of an output, found through layers without weights that only this output reads.

    It is a layer of `columns.KINDS`. If there is none, it is the layer that makes the output; None for an input.
    """
    first = call = graph.producer(tensor)
    between: list[Layer] = []
    while call is not None:
        if columns.is_kind(call.layer):
            return Head(call, between, [position])
        if type(call.layer).__name__ == "Split":
            cut = graph.producer(call.inputs[0])
            if cut and columns.is_kind(cut.layer) and split_of(graph, cut) is call:
                return Head(cut, between, [position], [between[-1].name if between else call.layer.name])
        plain = not getattr(call.layer, "weights", []) and len(call.inputs) == len(call.outputs) == 1
        source = call.inputs[0] if call.inputs else None
        if not plain or len(graph.consumers(source)) != 1 or graph.is_output(source):
            break
        between.append(call.layer)
        call = graph.producer(source)
    return Head(first, [], [position]) if first is not None and first.inputs else None


def _alike(graph: Graph, model: Model, heads: list[Head], keep_outputs: bool) -> list[Group]:
    """The heads of one tensor, in groups with equal settings. Each has the reason why it cannot become one layer."""
    groups: list[Group] = []
    kinds: dict[str, list[Head]] = {}
    for head in heads:
        if reason := _of_its_own(graph, head, keep_outputs, alone=len(heads) == 1):
            groups.append(Group([head], reason))
        else:
            kinds.setdefault(repr(_traits(head, keep_outputs)), []).append(head)
    for kind in kinds.values():
        reason = None
        if len(kind) > 1:
            if not keep_outputs:
                members = [(head.layer.name, head.positions[0], head.units()) for head in kind]
                reason = why_no_single_loss(model, members)
        elif others := [each for each in kinds.values() if each is not kind]:
            reason = _difference(kind[0], max(others, key=len)[0], keep_outputs)
        else:
            reason = _alone(kind[0], "head that can be fused")
        groups.append(Group(kind, reason))
    return groups


def _of_its_own(graph: Graph, head: Head, keep_outputs: bool, alone: bool) -> str | None:
    """Why this head cannot be fused, whatever the other heads are; None if it can."""
    name = f"'{head.layer.name}'"
    if head.columns_of:
        names = ", ".join(f"'{each}'" for each in head.columns_of)
        return f"{names} are columns of the one layer {name} already."
    if reason := why_fixed(graph, head):
        return reason
    if alone:
        return _alone(head)
    if keep_outputs:
        masked = f"The input of {name} has a mask, which the outputs of a fused layer would lose."
        return masked if is_masked(head.reads) else None
    readers = graph.consumers(head.call.outputs[0])
    read = f"'{readers[0].layer.name}' reads the output of {name}, too." if readers else None
    return why_no_output(head) or read or why_mixed(head)


def why_fixed(graph: Graph, head: Head) -> str | None:
    """Why the columns of a head cannot move to another layer; None if they can."""
    if is_nested(head.layer):
        return f"'{head.layer.name}' is a model of its own. Only single layers are converted."
    return columns.obstacle(head.layer) or why_called_again(graph, head.layer)


def why_called_again(graph: Graph, layer: Layer) -> str | None:
    """Why the result of a layer is not one tensor; None if it is."""
    times = len(graph.calls_of(layer))
    return f"'{layer.name}' is called {times} times, each time on another tensor." if times > 1 else None


def why_no_output(head: Head) -> str | None:
    """Why the result of a head is not one output of the model; None if it is."""
    if head.between:
        return f"'{head.between[-1].name}' stands between '{head.layer.name}' and the output."
    return f"'{head.layer.name}' is {len(head.positions)} outputs of the model." if len(head.positions) > 1 else None


def why_mixed(head: Head) -> str | None:
    """Why the columns of a head's result depend on each other; None if they do not."""
    if not columns.is_elementwise(head.layer):
        return f"The activation of '{head.layer.name}' is not known to be elementwise."
    if not columns.is_additive(head.layer.activity_regularizer):
        return f"'{head.layer.name}' has an activity regularizer, which need not be a sum over the columns."
    return None


def _alone(head: Head, which: str = "head") -> str:
    return f"No other {which} reads the same result of '{source_name(head.reads)}' as '{head.layer.name}'."


def _traits(head: Head, keep_outputs: bool) -> dict[str, Any]:
    traits = columns.traits(head.layer)
    if not keep_outputs:
        traits["activation"] = columns.activation(head.layer)
        traits["activity regularizer"] = columns.serialized(head.layer.activity_regularizer)
    return traits


def _difference(head: Head, other: Head, keep_outputs: bool) -> str:
    mine, theirs = _traits(head, keep_outputs), _traits(other, keep_outputs)
    word = next(word for word in mine if mine[word] != theirs[word])
    return f"'{head.layer.name}' and '{other.layer.name}' differ in their {word}."
