"""The heads of a graph: output layers that read one tensor, and whether one layer can take their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backend.own_network.graph import Graph, Network, Ref, makes_masks
from backend.own_network.head import KINDS, Head, layer_of
from backend.own_network.head_reasons import COMMON, named, why_not_fused, why_not_split
from backend.own_network.layers.base import Layer
from backend.own_network.layers.convolution import Full
from backend.own_network.layers.core import Dense
from backend.own_network.shapes import Shape, Shapes, product
from backend.own_network.size import inner_shapes, measured
from backend.words import counted, listed


@dataclass(frozen=True)
class HeadGroup:
    """Heads that read the same tensor, whose last axis has `channels` numbers; `positions` is whether it has more axes.

    `path` has the positions, among the layers, of the nested models that contain the heads, from the outermost, and
    `prefix` has their names, each with a slash.

    `reason` says why one layer cannot take the place of the heads; None if it can. `same_outputs_reason` says so of
    a layer whose columns are cut apart again, each with its own activation. If not all heads can become one
    layer, `subsets` has those of them that can; `cut_subsets` has the same for a layer whose columns are cut apart.
    `split_reason` says why the only layer of a group cannot become several; None if it can. Reasons are sentences.
    """

    source: Ref
    channels: int
    positions: bool
    heads: tuple[Head, ...]
    reason: str | None
    same_outputs_reason: str | None
    split_reason: str | None
    subsets: tuple[tuple[Head, ...], ...] = ()
    cut_subsets: tuple[tuple[Head, ...], ...] = ()
    path: tuple[int, ...] = ()
    prefix: str = ""

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers."""
        return tuple(self.prefix + head.name for head in self.heads)

    @property
    def title(self) -> str:
        """The names of the layers in a few words."""
        names = [f"“{name}”" for name in self.layers]
        return listed(names) if len(names) <= 3 else f"{names[0]}, {names[1]}, … and {names[-1]}"

    @property
    def units(self) -> tuple[int, ...]:
        """The units of each layer."""
        return tuple(head.units for head in self.heads)

    @property
    def fusible(self) -> bool:
        """Whether one layer can take the place of all heads."""
        return self.reason is None

    @property
    def window(self) -> tuple[int, ...] | None:
        """The window of all convolutions; None if they differ."""
        windows = {head.window for head in self.heads}
        return windows.pop() if len(windows) == 1 else None

    @property
    def width(self) -> int:
        """How many numbers each unit reads; with different windows, the number of channels."""
        return product(self.window or ()) * self.channels

    @property
    def reads(self) -> str:
        """What all heads read: “64 values”, “144 values (3 × 3 positions of 16 channels) at each position”."""
        window = self.window or ()
        if self.window is None:
            return f"{counted(self.channels, 'channel')} in different windows"
        values = counted(self.width, "value")
        if product(window) > 1:
            values += f" ({' × '.join(map(str, window))} positions of {counted(self.channels, 'channel')})"
        return f"{values} at each position" if self.positions else values


def find_heads(graph: Graph) -> tuple[HeadGroup, ...]:
    """The groups of heads in the order of the outputs, also those in nested models that have several outputs.

    Raises `Refused` beyond the app's bounds.
    """
    return tuple(_groups(graph, measured(graph).shapes, any(map(makes_masks, graph.layers))))


def _groups(graph: Graph, shapes: tuple[Shapes, ...], masked: bool) -> Iterator[HeadGroup]:
    found: dict[object, list[Head]] = {}
    for position, ref in enumerate(graph.outputs):
        call, layer = graph.calls[ref.call], graph.layer_of(ref)
        if type(layer) in KINDS and getattr(layer, "groups", 1) == 1:
            found.setdefault(call.inputs[0], []).append(_head(position, ref.call, layer))
        elif has_heads_inside(layer):
            found.setdefault(call.layer, [])
    for source, heads in found.items():
        if isinstance(source, Ref):
            shape = shapes[source.call][source.tensor]
            yield _group(graph, source, shape, tuple(heads), masked=masked and len(shape) > 1)
        elif isinstance(source, int):
            yield from _inside(graph, source, masked)


def _inside(graph: Graph, position: int, masked: bool) -> Iterator[HeadGroup]:
    """The groups in a nested model. Its outputs stay as they are, because the model around it reads them."""
    network = graph.layers[position]
    assert isinstance(network, Network)
    reason = f"The heads are inside of the model “{network.name}”, whose outputs stay as they are."
    for group in _groups(network.graph, inner_shapes(network.graph), masked):
        yield replace(
            group,
            path=(position, *group.path),
            prefix=f"{network.name}/{group.prefix}",
            reason=group.reason or reason,
            split_reason=group.split_reason or reason,
            subsets=(),
            cut_subsets=(),
        )


def has_heads_inside(layer: Layer) -> bool:
    """Whether a layer is a nested model with several outputs, whose heads are inside of it."""
    return isinstance(layer, Network) and len(layer.graph.outputs) > 1


def other_outputs(graph: Graph) -> tuple[str, ...]:
    """A sentence for each output that is no head, which says what it is instead."""
    sentences: dict[str, None] = {}
    for layer in map(graph.layer_of, graph.outputs):
        if isinstance(layer, Network) and has_heads_inside(layer):
            sentences |= dict.fromkeys(other_outputs(layer.graph))
        elif type(layer) not in KINDS:
            sentences[
                f"The output “{layer.name}” is a layer of the class {layer.kind}, neither Dense nor a convolution."
            ] = None
        elif getattr(layer, "groups", 1) > 1:
            sentences[f"The output “{layer.name}” has its filters in groups, each of which reads other channels."] = (
                None
            )
    return tuple(sentences)


def _head(output: int, call: int, layer: Layer) -> Head:
    if isinstance(layer, Dense):
        return Head(output, call, layer.name, layer.units)
    assert isinstance(layer, Full)
    return Head(output, call, layer.name, layer.filters, layer.kind, layer.kernel_size)


def _group(graph: Graph, source: Ref, shape: Shape, heads: tuple[Head, ...], *, masked: bool) -> HeadGroup:
    reason, same_outputs_reason = (why_not_fused(graph, heads, same_outputs=same) for same in (False, True))
    subsets, cut_subsets = (_subsets(graph, heads, same_outputs=same) for same in (False, True))
    if masked:
        lost = f"What {named(heads)} read may have a mask, which columns of one layer would lose."
        same_outputs_reason, cut_subsets = same_outputs_reason or lost, ()
    return HeadGroup(
        source=source,
        channels=shape[-1] or 0,
        positions=len(shape) > 1,
        heads=heads,
        reason=reason,
        same_outputs_reason=same_outputs_reason,
        split_reason=why_not_split(graph, heads),
        subsets=subsets if reason else (),
        cut_subsets=cut_subsets if same_outputs_reason else (),
    )


def _subsets(graph: Graph, heads: tuple[Head, ...], *, same_outputs: bool) -> tuple[tuple[Head, ...], ...]:
    """Sets of at least two but not all heads, with equal arguments: one layer can replace each set."""
    alike: dict[tuple[str, ...], list[Head]] = {}
    for head in heads:
        layer = layer_of(graph, head)
        fields = (field for field in COMMON if not (same_outputs and field == "activation"))
        alike.setdefault(tuple(str(getattr(layer, field, None)) for field in fields), []).append(head)
    candidates = (tuple(each) for each in alike.values() if 1 < len(each) < len(heads))
    return tuple(each for each in candidates if not why_not_fused(graph, each, same_outputs=same_outputs))
