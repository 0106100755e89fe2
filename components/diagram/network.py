"""The diagram of an experiment's network in two styles."""

from __future__ import annotations

from functools import lru_cache

from backend.experiment.architecture import Architecture, Head
from backend.experiment.sides import side_titles
from backend.experiment.styles import Style, why_not_fused
from backend.network.neurons import groups, head_edges
from backend.network.parameters import parameters
from backend.words import counted
from components.diagram.picture import OUTPUT_UNITS, Morph, Neurons, Picture, Side, apart, draw, output_layers, side
from components.text import one_line

_TITLES = {"inputs": "input feature", "LSTM": "LSTM unit", "Dense": "Dense neuron"}
_LEGEND = "An LSTM edge stands for four gate weights; ↻ counts the edges to the next timestep."


@lru_cache(maxsize=64)
def picture(architecture: Architecture, left: Style, right: Style) -> Picture:
    """The picture of an architecture in two styles."""
    titles = side_titles(left.key, right.key)
    edges = counted(head_edges(architecture, left), "edge")
    heads = "the heads" if len(architecture.heads) > 1 else "the head"
    return draw(
        neurons(architecture),
        [(one_line(head.title) or head.name, f"Dense({head.units})") for head in architecture.heads],
        [_side(architecture, style) for style in (left, right)],
        _morph(architecture, left, right),
        f"{titles[0]} and {titles[1]} have the same {edges} into {heads}",
        reads="reads the whole last shared layer",
        both=" on both sides",
        legend=[_LEGEND],
        timed=True,
    )


@lru_cache(maxsize=64)
def neurons(architecture: Architecture) -> tuple[Neurons, ...]:
    """The neurons of an architecture, which are the same in every style."""
    positions = {head.name: i for i, head in enumerate(architecture.heads)}
    steps = architecture.timesteps
    notes = {"inputs": f"t = 1 … {steps}" if steps > 1 else "t = 1"}
    found = []
    for group in groups(architecture):
        kind, title, numbered = group.title, _TITLES.get(group.title, ""), True
        if group.head is not None:
            kind = OUTPUT_UNITS if group.name == group.head else "hidden"
            numbered = group.units > 1
            head = architecture.heads[positions[group.head]]
            title = one_line(head_title(head) + group.name.removeprefix(group.head), 90) + ", unit" * numbered
        elif kind == "LSTM":
            notes[kind] = f"↻ {group.units} × {group.units}"
        own = (notes[kind],) if kind in notes else ()
        place = None if group.head is None else positions[group.head]
        found.append(Neurons(group.name, title, numbered, kind, group.units, group.depth, place, own))
    return tuple(found)


def layers_of(architecture: Architecture, style: Style) -> str:
    """The output layers of a style in words: “one Dense(2)”, “two Dense(1)”, “3 output layers”."""
    return output_layers(_layers(architecture, style))


def _layers(architecture: Architecture, style: Style) -> list[str]:
    fused = style.outputs == "fused"
    return [f"Dense({units})" for units in ([architecture.output_units] if fused else _units(architecture))]


def _units(architecture: Architecture) -> list[int]:
    return [head.units for head in architecture.heads]


def _side(architecture: Architecture, style: Style) -> Side:
    fused, rows = style.outputs == "fused", architecture.trunk_units
    columns = [head.hidden[0] if head.hidden else head.units for head in architecture.heads]
    kernels = [(rows, units) for units in ([architecture.output_units] if fused else columns)]
    return side(style.title, _layers(architecture, style), kernels, fused=fused)


def head_title(head: Head) -> str:
    """A unique title of a head: its name, preceded by its label if it has one."""
    label = " ".join(head.label.split())
    return f"{label} ({head.name})" if label and label != head.name else head.name


def _morph(architecture: Architecture, left: Style, right: Style) -> Morph:
    """The morph of the fused style to the structure of the other, or why there is none."""
    if len(architecture.heads) == 1:
        return Morph(before="With one head, both styles have one output layer: there is no box to pull apart.")
    if reason := why_not_fused(architecture):
        return Morph(before=f"There is no box to pull apart: {reason}.")
    fused = [style.outputs == "fused" for style in (left, right)]
    if fused[0] == fused[1]:
        return Morph(before=f"Both sides have {layers_of(architecture, left)}: their boxes are the same, too.")
    own, other = (left, right) if fused[0] else (right, left)
    counts = counted(parameters(architecture, left), "parameter"), counted(head_edges(architecture, left), "edge")
    box, equal = f"{own.title}'s box", ", ".join(counts)
    return apart(int(fused[1]), box, neurons(architecture), _side(architecture, other), equal)
