"""The connectivity diagram as one value, which the browser draws: positions, words, and which groups read which.

Every neuron of a group feeds every neuron of the groups that read it. Positions are from 0 to 1, left to right and
bottom to top. They are the same in every style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import BaseModel

from backend.network.neurons import VISIBLE
from backend.words import counted
from components import theme

#: The most output neurons that a diagram draws over all heads, and the most hidden neurons in one of their columns.
OUTPUTS = 16
OUTPUT_UNITS = "output units"
#: Extra distance between two heads, as a share of the distance between two neurons of one head.
_GAP = 0.6
_COLOURS = {"neutral": theme.NEUTRAL, "negative": theme.NEGATIVE, "positive": theme.POSITIVE}
_HOW_TO_READ = ("Each grid is a kernel.", "Press a ringed neuron to highlight it.")


@dataclass(frozen=True)
class Neurons:
    """A layer of the trunk, or the part that head number `head` has of a column. `notes` stand below the column.

    `title` is that of a neuron. If it is `numbered`, its number follows.
    """

    name: str
    title: str
    numbered: bool
    kind: str
    units: int
    column: int
    head: int | None = None
    notes: tuple[str, ...] = ()


class Group(BaseModel):
    """Neurons that are drawn: `count` at `x`, from `y` down in steps of `step`.

    `source` is the index of the group that they read. `findings` are sentences on each neuron, if these can be
    highlighted.
    """

    name: str
    kind: str
    column: int
    x: float
    y: float
    step: float
    count: int
    head: int | None
    source: int | None
    title: str
    numbered: bool
    findings: list[str] = []


class DrawnHead(BaseModel):
    """A head: its title, its colour and its output layer."""

    title: str
    hue: str
    layer: str


class Column(BaseModel):
    """The words above and below a column of neurons."""

    title: str
    notes: list[str]


class Side(BaseModel):
    """One style: its title, its output layers in words, the name of their box if they are one, and their kernels."""

    title: str
    layers: str
    box: str
    kernel: str
    alt: str


class Morph(BaseModel):
    """`side` is the side whose box comes apart (0 left, 1 right), None if there is nothing to pull apart.

    `before` and `after` are the sentences beside the button; without a button `before` says why. `layers` and `kernel`
    are the words of the side once its box has come apart.
    """

    side: int | None = None
    before: str
    after: str = ""
    layers: str = ""
    kernel: str = ""


class Picture(BaseModel):
    """What one or both sides show. `finding` is the title without a highlighted neuron.

    A `simple` picture has no title, no kernels and no legend. `timed` says whether the inputs enter one timestep after
    another.
    """

    groups: list[Group]
    heads: list[DrawnHead]
    columns: list[Column]
    sides: list[Side]
    finding: str
    morph: Morph
    legend: str
    colours: dict[str, str] = _COLOURS
    timed: bool
    simple: bool = False

    def simplified(self, *, asks: bool) -> Picture:
        """The picture for a first look: no neuron can be pressed. If it `asks`, no box can be pulled apart."""
        groups = [group.model_copy(update={"findings": []}) for group in self.groups]
        morph = Morph(before="") if asks else self.morph
        return self.model_copy(update={"groups": groups, "finding": "", "legend": "", "morph": morph, "simple": True})


def draw(
    neurons: Sequence[Neurons],
    heads: Sequence[tuple[str, str]],
    sides: list[Side],
    morph: Morph,
    finding: str,
    *,
    reads: str,
    both: str,
    legend: Sequence[str] = (),
    timed: bool = False,
) -> Picture:
    """The picture of these neurons: the layers of the trunk in their order, then those of each head.

    `heads` are titles and output layers. `reads` says what an output neuron reads, and `both` ends each finding.
    """
    groups = drawn(neurons)
    shared, sources = _shared(neurons), _sources(neurons)
    firsts = [each for each, source in zip(neurons, sources, strict=True) if source == shared]
    feeds = counted(sum(each.units for each in firsts), "edge")
    for group in groups:
        if group.name == shared.name:
            sentence = f"feeds every head: {feeds}"
        elif group.kind == OUTPUT_UNITS:
            chain = [each.units for each in neurons if each.head == group.head][:-1]
            through = " through its hidden layers" * bool(chain)
            count = sum(a * b for a, b in pairwise([shared.units, *chain, 1]))
            sentence = f"{reads}{through}: {counted(count, 'edge')}"
        else:
            continue
        numbers = [f" {i + 1}" * group.numbered for i in range(group.count)]
        group.findings = [f"{group.title}{number} {sentence}{both}" for number in numbers]
    shown, total = edges(neurons)
    partly = [f"{shown:,} of {total:,} edges are drawn."] * (shown < total)
    return Picture(
        groups=groups,
        heads=[
            DrawnHead(title=title, hue=theme.task_hue(i), layer=layer)
            for i, (title, layer) in enumerate(heads[:OUTPUTS])
        ],
        columns=_columns(neurons, groups),
        sides=sides,
        finding=finding,
        morph=morph,
        legend=" ".join([*legend, *partly, *_HOW_TO_READ]),
        timed=timed,
    )


def drawn(neurons: Sequence[Neurons]) -> list[Group]:
    """The groups with their places, without those of the heads that are folded."""
    counts, shared = _counts(neurons), _shared(neurons)
    places = _stacked(neurons, counts)
    wide = max(each.column for each in neurons) + 0.6
    groups = []
    for each, source, count in zip(neurons, _sources(neurons), counts, strict=True):
        if not count:
            continue
        middle, step = (0.5, min(0.25, 1 / count)) if each.head is None else places[each.head]
        groups.append(
            Group(
                name=each.name,
                kind=each.kind,
                column=each.column,
                # The edges into the heads have more room than the others.
                x=round((each.column + 0.6 * (each.column > shared.column)) / wide, 4),
                y=round(middle + step * (count - 1) / 2, 4),
                step=round(step, 4),
                count=count,
                head=each.head,
                source=None if source is None else neurons.index(source),
                title=each.title,
                numbered=each.numbered,
            )
        )
    return groups


def edges(neurons: Sequence[Neurons], *, heads: bool = False) -> tuple[int, int]:
    """How many edges are drawn, and how many there are; those into `heads` alone, or all."""
    shown = dict(zip(neurons, _counts(neurons), strict=True))
    pairs = [
        (source, target)
        for source, target in zip(_sources(neurons), neurons, strict=True)
        if source and (not heads or target.head is not None)
    ]
    return sum(shown[a] * shown[b] for a, b in pairs), sum(a.units * b.units for a, b in pairs)


def side(title: str, layers: Sequence[str], kernels: Sequence[tuple[int, ...]], *, fused: bool, cut: str = "") -> Side:
    """A style with these output layers and kernels. The columns of one layer may be `cut` into heads again."""
    words, shapes = output_layers(layers) + cut, kernel_words(kernels)
    return Side(
        title=title, layers=words, box=layers[0] if fused else "", kernel=shapes, alt=f"{title}: {words}, {shapes}"
    )


def apart(
    number: int, box: str, neurons: Sequence[Neurons], other: Side, equal: str = "Only the boxes change"
) -> Morph:
    """The morph of the `box` of a side to the layers of the `other` side. `equal` begins what the morph shows."""
    shown, count = edges(neurons, heads=True)
    lines = f"the {count:,} lines" if shown == count else f"the {shown:,} lines drawn of {count:,}"
    return Morph(
        side=number,
        before=f"Pull {box} apart and watch {lines}.",
        after=f"{equal}: no line moves.",
        layers=f"drawn as {other.layers}",
        kernel=other.kernel,
    )


def output_layers(layers: Sequence[str]) -> str:
    """Output layers, each as the source has it, in words: “one Dense(2)”, “two Dense(1)”, “3 output layers”."""
    number = len(layers)
    if len(set(layers)) > 1:
        return f"{_number(number)} output layers"
    return f"{_number(number)} {layers[0]}" if number < 5 else f"{number} × {layers[0]}"


def kernel_words(shapes: Sequence[tuple[int, ...]]) -> str:
    """Kernels of these shapes in words: “kernel (8, 2)”, “2 × kernel (8, 1)”, “3 kernels”."""
    if len(set(shapes)) > 1:
        return f"{len(shapes)} kernels"
    return f"{len(shapes)} × " * (len(shapes) > 1) + f"kernel {shapes[0]}"


def _number(count: int) -> str:
    return {1: "one", 2: "two", 3: "three", 4: "four"}.get(count, f"{count:,}")


def _shared(neurons: Sequence[Neurons]) -> Neurons:
    """The last layer of the trunk, which all heads read."""
    return [each for each in neurons if each.head is None][-1]


def _sources(neurons: Sequence[Neurons]) -> list[Neurons | None]:
    """What each group reads: the group before it, or the shared layer if it is the first of a head."""
    shared = _shared(neurons)
    return [None, *(before if before.head == each.head else shared for before, each in pairwise(neurons))]


def _counts(neurons: Sequence[Neurons]) -> list[int]:
    """How many neurons of each group are drawn. The groups of one column of the heads share `OUTPUTS`."""

    def most(column: int) -> int:
        here = [each.units for each in neurons if each.column == column and each.head in range(OUTPUTS)]
        return max(n for n in range(1, VISIBLE + 1) if n == 1 or sum(min(units, n) for units in here) <= OUTPUTS)

    folded = [each.head is not None and each.head >= OUTPUTS for each in neurons]
    return [
        0 if gone else min(each.units, VISIBLE if each.head is None else most(each.column))
        for each, gone in zip(neurons, folded, strict=True)
    ]


def _stacked(neurons: Sequence[Neurons], counts: Sequence[int]) -> dict[int, tuple[float, float]]:
    """The middle and step of each head's neurons. Heads stand one below the other, as high as their largest group."""
    slots: dict[int, int] = {}
    for each, count in zip(neurons, counts, strict=True):
        if each.head is not None and count:
            slots[each.head] = max(count, slots.get(each.head, 0))
    height = sum(slots.values()) + _GAP * (len(slots) - 1)
    step = min(0.28, 1 / (height + 0.2))
    top, places = 0.5 + step * height / 2, {}
    for head, slot in slots.items():
        places[head] = (top - step * slot / 2, step)
        top -= step * (slot + _GAP)
    return places


def _columns(neurons: Sequence[Neurons], groups: Sequence[Group]) -> list[Column]:
    columns = []
    for column in range(groups[-1].column + 1):
        here = [each for each in neurons if each.column == column]
        units = sum(each.units for each in here)
        folded = units - sum(group.count for group in groups if group.column == column)
        notes = [f"… {folded:,} more"] * (folded > 0)
        columns.append(Column(title=f"{here[0].kind} · {units:,}", notes=[*notes, *here[0].notes]))
    return columns
