"""The connectivity diagram in words: its title, and the titles of neurons and output layers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from backend.experiment.architecture import Architecture, Head
from backend.experiment.sides import side_titles
from backend.experiment.styles import Style
from backend.network.neurons import edges, head_edges
from backend.words import counted
from components.diagram.plan import Focus, Plan


def head_title(head: Head) -> str:
    """A unique title of a head: its name, preceded by its label if it has one."""
    label = " ".join(head.label.split())
    return f"{label} ({head.name})" if label and label != head.name else head.name


def neuron_title(plan: Plan, neuron: Focus) -> str:
    """The title of a neuron: “Dense neuron 3”, “level”, “level, unit 2”, “level hidden 1, unit 2”."""
    group = plan.groups[neuron.group].group
    if group.head is None:
        kind = {"inputs": "input feature", "LSTM": "LSTM unit"}.get(group.title, "Dense neuron")
        return f"{kind} {neuron.index + 1}"
    head = next(head for head in plan.heads if head.name == group.head)
    layer = head_title(head) + group.name.removeprefix(group.head)
    return layer + (f", unit {neuron.index + 1}" if group.units > 1 else "")


def finding(plan: Plan, left: Style, right: Style, focus: Focus | None = None) -> str:
    """The diagram's title: how many edges both styles have, in words; those of one neuron if there is a focus.

    Without a focus the edges are those from the last shared layer into the heads (which the question asks about).
    """
    shared, styles = plan.shared.group, (left, right)
    titles = side_titles(left.key, right.key)
    both = "on both sides" if left.key == right.key else "in both styles"
    if focus is None:
        heads = "the heads" if len(plan.architecture.heads) > 1 else "the head"
        counts = [head_edges(plan.architecture, style) for style in styles]
        pairs = [
            {(block.key, block.count) for block in edges(plan.architecture, style) if block.source == shared.name}
            for style in styles
        ]
        if pairs[0] == pairs[1]:
            return f"{titles[0]} and {titles[1]} have the same {counted(counts[0], 'edge')} into {heads}"
        return f"{titles[0]} has {counted(counts[0], 'edge')} into {heads}, {titles[1]} has {counts[1]:,}"
    name = neuron_title(plan, focus)
    if focus.group == shared.name:
        counts = [
            sum(block.count for block in edges(plan.architecture, style) if block.head and block.source == shared.name)
            // shared.units
            for style in styles
        ]
        every = "every head" if len(plan.architecture.heads) > 1 else "the head"
        if counts[0] == counts[1]:
            return f"{name} feeds {every}: {counted(counts[0], 'edge')} {both}"
        return f"{name} feeds {every}: {counted(counts[0], 'edge')} in {titles[0]}, {counts[1]:,} in {titles[1]}"
    hidden = [drawn.group.units for drawn in plan.chain(_head(plan, focus))][:-1]
    widths = [shared.units, *hidden, 1]
    count = sum(a * b for a, b in pairwise(widths))
    listed = " and ".join(f"{units:,}" for units in hidden)
    through = f" through its {listed} hidden neuron{'' if hidden == [1] else 's'}" if hidden else ""
    reads = f"all {shared.units:,} neurons" if shared.units > 1 else "the only neuron"
    return f"{name} reads {reads} of the last shared layer{through}: the same {counted(count, 'edge')} {both}"


def output_layers(architecture: Architecture, style: Style) -> str:
    """The output layers of a style in words: “one Dense(2)”, “two Dense(1)”, “3 output layers”."""
    if style.outputs == "fused":
        return f"one Dense({architecture.output_units})"
    return several_layers([f"Dense({head.units})" for head in architecture.heads])


def several_layers(layers: Sequence[str]) -> str:
    """Output layers, each as the source has it, in words: “two Dense(1)”, “3 output layers”."""
    number = len(layers)
    if len(set(layers)) > 1:
        return f"{_number(number)} output layers"
    return f"{_number(number)} {layers[0]}" if number < 5 else f"{number} × {layers[0]}"


def shape_words(architecture: Architecture, style: Style) -> str:
    """The shapes of the kernels that read the last shared layer: “kernel (8, 2)”, “2 × kernel (8, 1)”."""
    rows = architecture.trunk_units
    if style.outputs == "fused":
        return kernels([(rows, architecture.output_units)])
    return kernels([(rows, head.hidden[0] if head.hidden else head.units) for head in architecture.heads])


def kernels(shapes: Sequence[tuple[int, ...]]) -> str:
    """Kernels of these shapes in words."""
    words = list(map(str, shapes))
    if len(set(words)) == 1:
        return ("" if len(words) == 1 else f"{len(words)} × ") + f"kernel {words[0]}"
    return f"{len(words)} kernels: {', '.join(words[:4])}" + (", …" if len(words) > 4 else "")


def _head(plan: Plan, focus: Focus) -> Head:
    return next(head for head in plan.heads if head.name == plan.groups[focus.group].group.head)


def _number(count: int) -> str:
    return {1: "one", 2: "two", 3: "three", 4: "four"}.get(count, f"{count:,}")
