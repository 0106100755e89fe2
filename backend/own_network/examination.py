"""What the app says about a visitor's own model without a worker: its heads, their other style, and a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from backend.own_network import json_text
from backend.own_network.conversion import Conversion, fused, fused_with_same_outputs, split
from backend.own_network.graph import Graph
from backend.own_network.head import Head
from backend.own_network.heads import HeadGroup, find_heads, other_outputs
from backend.own_network.layer_configs import name_of
from backend.own_network.names import cleaned
from backend.own_network.reader import read
from backend.own_network.refusal import Refused
from backend.own_network.settings import AsSettings, NotExpressible, as_settings
from backend.own_network.size import measured
from backend.own_network.writer import write


@dataclass(frozen=True)
class Rewriting:
    """Heads of a `group`, all or some of it, that can be written in the other style.

    `fuses` says whether several heads become one layer; if not, one layer becomes several. `parameters` are those of
    the whole model, in either style. `own` is the source of the visitor's model, and `other` that of the other style.
    `keys` are those of the model's outputs, if they are a dictionary, and `only_heads` is whether it has no other
    outputs than these heads.
    """

    heads: tuple[Head, ...]
    group: HeadGroup
    fuses: bool
    conversion: Conversion
    parameters: int
    own: str
    other: str
    keys: tuple[str, ...]
    only_heads: bool

    @property
    def units(self) -> int:
        """The units of all heads together."""
        return sum(head.units for head in self.heads)

    @property
    def connections(self) -> int:
        """The connections from the tensor that the heads read to all heads."""
        return self.group.width * self.units

    @property
    def loss_weights(self) -> dict[str, float]:
        """The loss weights of the separate heads, by the names under which Keras takes them."""
        weights = self.conversion.loss_weights
        if self.fuses and self.keys and not self.conversion.same_outputs:
            return {self.keys[head.output]: weights[head.name] for head in self.heads}
        return weights

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the separate heads, the visitor's own or those that the other style has."""
        return tuple(name for name, *_ in self.conversion.columns)

    @property
    def title(self) -> str:
        """The heads in a few words."""
        return self.group.title

    @property
    def answer(self) -> str:
        """Whether the heads can be one layer, in a sentence."""
        if self.fuses:
            which = "your" if self.only_heads else "these"
            return f"Yes: {which} {len(self.heads)} heads can be one layer."
        return f"Yes: it is one layer now, and it can also be {len(self.conversion.columns)} heads."

    @property
    def choice(self) -> str:
        """When to choose which style, in sentences."""
        if self.conversion.same_outputs:
            return (
                "The outputs, their names and their losses stay as they are. What you can gain is time, which you can "
                "measure below."
            )
        return (
            "Choose a layer for each head if a head needs a loss, a metric or frozen weights of its own. Otherwise "
            "choose one layer. What you can gain is time, which you can measure below."
        )

    @property
    def finding(self) -> str:
        """Why both styles are the same network, in sentences."""
        values, head = self.group.reads, self.heads[0]
        same = (
            f"Both styles have {self.parameters:,} parameters and the same {self.connections:,} connections to the "
            f"heads{' at each position' if self.group.positions else ''}."
        )
        if self.conversion.same_outputs:
            return (
                f"{self.title} are {len(self.heads)} heads that read the same {values}. "
                f"One {head.written(self.units)} whose columns are cut apart, each with its activation after it, is "
                f"the same network. {same}"
            )
        if self.fuses:
            return (
                f"{self.title} are {len(self.heads)} heads that read the same {values}. "
                f"One {head.written(self.units)} is the same network. {same}"
            )
        layers = len(self.conversion.columns)
        return (
            f"Your layer “{head.name}” is a {head.written()} that reads {values}. "
            f"{layers} {head.written(1)} layers are the same network. {same}"
        )


@dataclass(frozen=True)
class Examination:
    """What follows from the graph of a model.

    `others` has a sentence for each output that is no head. `rewritings` has the heads that can be written in the other
    style. `too_large` says which bound another style exceeds, which `rewritings` leave out; empty if there is none.
    `settings` are those with which the app writes the same network; if there are none, it is None, and
    `why_no_settings` says why.
    """

    graph: Graph
    name: str
    source: str
    parameters: int
    multiplications: int
    activations: int
    groups: tuple[HeadGroup, ...]
    others: tuple[str, ...]
    rewritings: tuple[Rewriting, ...]
    too_large: str
    settings: AsSettings | None
    why_no_settings: str

    @property
    def without_other_style(self) -> tuple[HeadGroup, ...]:
        """The groups of which no head can be written in the other style, and whose heads have the same window."""
        rewritten = {(each.group.path, each.group.source) for each in self.rewritings}
        return tuple(
            group for group in self.groups if group.window is not None and (group.path, group.source) not in rewritten
        )

    @property
    def answer(self) -> str:
        """Whether heads can be one layer, in a sentence. The page shows it if there is no rewriting."""
        if not self.groups:
            return (
                "The app cannot tell: it converts only Dense layers and convolutions without groups, and no output "
                "of this model is such a layer."
            )
        if self.too_large:
            return "The app does not build the other style of these heads: it would be too large."
        if len(self.graph.outputs) == 1 == sum(len(group.heads) for group in self.groups):
            return "There is one head, and nothing to rewrite."
        return "No: leave these heads as they are."

    @property
    def finding(self) -> str:
        """Why no heads can be written in the other style, in a sentence. The page shows it if there is no rewriting."""
        if not self.groups:
            return (
                "No output of this model is a Dense layer or a convolution without groups, and the app writes only "
                "those in the other style."
            )
        if self.too_large:
            return f"In the other style, {self.too_large[0].lower()}{self.too_large[1:]}"
        if len(self.groups) == 1 and len(self.groups[0].heads) > 1:
            return self.groups[0].same_outputs_reason or ""
        if any(len(group.heads) > 1 for group in self.groups):
            return "No heads of this model can be written in the other style. The table says why."
        if len(self.graph.outputs) == 1:
            return self.groups[0].split_reason or ""
        return "No two heads in the table read the same values, and none of them can become several layers."


@lru_cache(maxsize=32)
def examine(text: str) -> Examination:
    """Examine the model with this configuration. Raises `Refused` if the app does not read it."""
    graph = read(text)
    size = measured(graph)
    groups = find_heads(graph)
    source = write(graph)
    settings, why_not = _settings(graph)
    rewritings, too_large = [], ""
    for group in groups:
        for heads, conversion, fuses in _conversions(graph, group):
            try:
                parameters = measured(conversion.graph).parameters
            except Refused as error:  # the other style exceeds the bounds
                too_large = error.reason
                continue
            rewritings.append(
                Rewriting(
                    heads=heads,
                    group=replace(group, heads=heads),
                    fuses=fuses,
                    conversion=conversion,
                    parameters=parameters,
                    own=source,
                    other=write(conversion.graph),
                    keys=graph.output_form.keys,
                    only_heads=len(heads) == len(graph.outputs),
                )
            )
    return Examination(
        graph=graph,
        name=cleaned(name_of(json_text.parse(text))),
        source=source,
        parameters=size.parameters,
        multiplications=size.multiplications,
        activations=size.activations,
        groups=groups,
        others=other_outputs(graph),
        rewritings=tuple(rewritings),
        too_large=too_large,
        settings=settings,
        why_no_settings=why_not,
    )


def _settings(graph: Graph) -> tuple[AsSettings | None, str]:
    try:
        return as_settings(graph), ""
    except NotExpressible as reason:
        return None, str(reason)


def _conversions(graph: Graph, group: HeadGroup) -> Iterator[tuple[tuple[Head, ...], Conversion, bool]]:
    """The heads that can be written in the other style, the conversion, and whether it makes one layer of them."""
    if group.fusible:
        yield group.heads, fused(graph, group), True
    elif group.same_outputs_reason is None:
        yield group.heads, fused_with_same_outputs(graph, group), True
    for subset in group.subsets:
        yield subset, fused(graph, subset), True
    for subset in group.cut_subsets:
        if subset not in group.subsets:
            yield subset, fused_with_same_outputs(graph, subset), True
    if group.split_reason is None:
        yield group.heads, split(graph, group), False
