"""The connectivity diagram as one value, which the browser draws: positions, blocks of edges, texts. Arithmetic alone.

The browser derives the edges: every neuron of a block's source group feeds every neuron of its target group.
"""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel

from backend.experiment.architecture import Architecture, Head
from backend.experiment.styles.base import Style
from backend.network.neurons import Edges, Group, edges, recurrences
from components import theme
from components.diagram.morph import Morph, morph_of
from components.diagram.places import positions
from components.diagram.plan import Focus, Plan, drawn_of_all, plan_of
from components.diagram.titles import finding, neuron_title, output_layers, shape_words
from components.text import one_line

#: The colours that are not those of a head.
COLOURS = {"neutral": theme.NEUTRAL, "negative": theme.NEGATIVE, "positive": theme.POSITIVE}
#: The end of every legend.
HOW_TO_READ = ("Each grid is a kernel.", "Press a ringed neuron to highlight it.")


class DrawnGroup(BaseModel):
    """The drawn neurons of a group: `count` neurons at `x`, from `y` down in steps of `step` (0 to 1, y upwards).

    A neuron's title is `title`, with its number if it is `numbered`. `about` are the lines below it. For output units,
    `layers` has the name of their layer in each style; it is empty for other groups. `more` neurons are folded.
    """

    name: str
    kind: str
    column: int
    x: float
    y: float
    step: float
    count: int
    more: int
    head: int | None
    title: str
    numbered: bool
    about: list[str]
    layers: list[str]


class DrawnHead(BaseModel):
    """A head: its title, its colour, its output layer, and the indices of its `output` and `first` group."""

    title: str
    hue: str
    layer: str
    output: int
    first: int


class Column(BaseModel):
    """The words above and below a column of neurons. Each note has a short form for narrow pictures."""

    kind: str
    count: str
    notes: list[tuple[str, str]]


class Side(BaseModel):
    """One style: its title, its output layers in words, whether they are one box, and the shape of its kernels."""

    title: str
    layers: str
    fused: bool
    box: str
    kernel: str
    alt: str


class Picture(BaseModel):
    """What one or both sides show. A block is the indices of its source and its target in `groups`.

    `findings` belong to `focusable`, neurons as `group:index`; `finding` is the title without a focus. `timed` says
    whether the inputs enter one timestep after another.
    """

    groups: list[DrawnGroup]
    blocks: list[tuple[int, int]]
    heads: list[DrawnHead]
    columns: list[Column]
    shared: int
    sides: list[Side]
    drawn: str
    more_heads: str
    finding: str
    focusable: list[str]
    findings: list[str]
    morph: Morph
    legend: list[str]
    colours: dict[str, str]
    timed: bool = True


@lru_cache(maxsize=64)
def picture(architecture: Architecture, left: Style, right: Style) -> Picture:
    """The picture of an architecture in two styles."""
    plan, styles = plan_of(architecture), (left, right)
    names = list(plan.groups)
    places = positions(architecture)
    layers = [{block.target: block.layer for block in edges(architecture, style)} for style in styles]
    blocks = plan.blocks(left)
    reads = {block.target: block for block in blocks}
    groups = []
    for name, visible in plan.groups.items():
        group, (x, ys, step) = visible.group, places[name]
        head = plan.position(group.head) if group.head else None
        title, numbered = _title(plan, group)
        groups.append(
            DrawnGroup(
                name=name,
                kind="Dense" if group.head else group.title,
                column=group.depth,
                x=round(x, 4),
                y=round(float(ys[0]), 4),
                step=round(step, 4),
                count=visible.shown,
                more=visible.folded,
                head=head,
                title=title,
                numbered=numbered,
                about=_about(plan, group, reads.get(name)),
                layers=[each[name] for each in layers] if name == group.head else [],
            )
        )
    title_sentence = finding(plan, *styles)
    return Picture(
        groups=groups,
        blocks=[(names.index(block.source), names.index(block.target)) for block in blocks],
        heads=[_head(plan, i, head, names) for i, head in enumerate(plan.heads)],
        columns=[_column(plan, depth) for depth in range(plan.columns)],
        shared=names.index(plan.shared.group.name),
        sides=[_side(plan, style, title_sentence) for style in styles],
        drawn=_drawn_cells(plan),
        more_heads=f"… {plan.folded_heads} more head{'s' * (plan.folded_heads > 1)}" if plan.folded_heads else "",
        finding=title_sentence,
        focusable=[entry(focus) for focus in plan.focusable],
        findings=[one_line(finding(plan, *styles, focus), 300) for focus in plan.focusable],
        morph=morph_of(plan, *styles),
        legend=_legend(plan, left),
        colours=COLOURS,
    )


def entry(focus: Focus) -> str:
    """A neuron as text, as a link has it: `dense:2`."""
    return f"{focus.group}:{focus.index}"


def _title(plan: Plan, group: Group) -> tuple[str, bool]:
    """The title of a group's neurons without the number at its end, and whether there is a number."""
    first = one_line(neuron_title(plan, Focus(group.name, 0)), 90)
    numbered = group.head is None or group.units > 1
    return first.removesuffix(" 1") if numbered else first, numbered


def _head(plan: Plan, i: int, head: Head, names: list[str]) -> DrawnHead:
    return DrawnHead(
        title=one_line(head.title) or head.name,
        hue=theme.task_hue(i),
        layer=f"Dense({head.units})",
        output=names.index(head.name),
        first=names.index(plan.first(head).group.name),
    )


def _about(plan: Plan, group: Group, block: Edges | None) -> list[str]:
    """The facts about each neuron of a group; `block` are the edges into it, None for an input."""
    units = [f"one of {group.units:,}"] if group.units > 1 else []
    if block is None:
        steps = plan.architecture.timesteps
        return [*units, "one timestep" if steps == 1 else f"{steps} timesteps, one after the other"]
    before = block.count // group.units
    lines = [*units, f"reads {'the only neuron' if before == 1 else f'all {before:,} neurons'} of the layer before"]
    if block.kind == "LSTM":
        itself = f"all {group.units:,} units" if group.units > 1 else "itself"
        lines.append(f"and {itself} at the previous timestep, with four gate weights per edge")
    return lines


def _column(plan: Plan, depth: int) -> Column:
    groups = [visible.group for visible in plan.groups.values() if visible.group.depth == depth]
    outputs = depth == plan.columns - 1
    kind = "output units" if outputs else "hidden" if groups[0].head else groups[0].title
    notes = []
    if depth == 0:
        steps = plan.architecture.timesteps
        notes.append((f"t = 1 … {steps}", f"t ≤ {steps}") if steps > 1 else ("t = 1", "t = 1"))
    units = plan.units_at(depth)
    if (folded := units - plan.shown_at(depth)) and not outputs:
        notes.append((f"… {folded:,} more", f"+{folded:,}"))
    if any(loop.group == group.name for loop in recurrences(plan.architecture) for group in groups):
        notes.append((f"↻ {units} × {units}", f"↻ {units}²"))
    return Column(kind=kind, count=f"{units:,}", notes=notes)


def _side(plan: Plan, style: Style, title_sentence: str) -> Side:
    fused = style.outputs == "fused"
    layers, shape = output_layers(plan.architecture, style), shape_words(plan.architecture, style)
    return Side(
        title=style.title,
        layers=layers,
        fused=fused,
        box=f"Dense({plan.architecture.output_units})" if fused else "",
        kernel=shape,
        alt=f"{style.title}: neurons, edges and {shape}. {title_sentence}",
    )


def _drawn_cells(plan: Plan) -> str:
    """How many rows and columns of the kernels are drawn; empty if all are."""
    rows, columns = plan.shared.shown, sum(plan.first(head).shown for head in plan.heads)
    complete = not plan.shared.folded and not plan.folded_heads
    complete = complete and not any(plan.first(head).folded for head in plan.heads)
    return "" if complete else f"{rows} × {columns} drawn"


def _legend(plan: Plan, style: Style) -> list[str]:
    """What an edge stands for, how many of all edges are drawn, and what is beside or below them."""
    lines = ["An LSTM edge stands for four gate weights; ↻ counts the edges to the next timestep."]
    shown, count = drawn_of_all(plan, style)
    if shown < count:
        lines.append(f"{shown:,} of {count:,} edges are drawn.")
    return [*lines, *HOW_TO_READ]
