"""The connectivity diagram of a visitor's heads, as the value that the app's own diagram draws."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from backend.network.neurons import visible
from backend.own_model.found import Group, Rewriting
from backend.words import counted
from components import theme
from components.diagram.morph import Morph, apart, lines_in_words
from components.diagram.picture import COLOURS, HOW_TO_READ, Column, DrawnGroup, DrawnHead, Picture, Side
from components.diagram.places import of_layer, place, stacked
from components.diagram.plan import OUTPUTS, cap
from components.diagram.titles import kernels, several_layers

#: The name of the group of values. It has a space, so it is no head's name.
_VALUES = "values read"
_OWN = "Your model"


def picture_of(rewriting: Rewriting) -> Picture:
    """The heads of a rewriting in both styles. The box of the one layer can be pulled apart."""
    group, units, fuses = rewriting.group, rewriting.units, rewriting.fuses
    cut = ", cut apart" * rewriting.keeps_outputs
    sides = [
        _side(_OWN, group, units, fused=not fuses, cut=cut),
        _side("One layer" if fuses else "Several layers", group, units, fused=fuses, cut=cut),
    ]
    edges = group.width * sum(units)
    morph = apart(
        int(fuses), "the box of one layer" if fuses else "your layer's box",
        lines_in_words(visible(group.width) * sum(_shown(units)), edges),
        several_layers(list(map(group.written, units))), _kernels(group, units),
    )  # fmt: skip
    finding = f"Both styles have the same {counted(edges, 'edge')} into the heads{_where(group)}"
    return _picture(group, rewriting.parts, units, rewriting.whole, sides, morph, finding, " in both styles")


def picture_of_one_style(group: Group) -> Picture:
    """Heads that have no other style, with the reason in place of the button."""
    units = group.units
    have = "head has" if len(units) == 1 else "heads have"
    finding = f"Your {have} {counted(group.width * sum(units), 'edge')}{_where(group)}"
    side = _side(_OWN, group, units, fused=False)
    return _picture(group, group.layers, units, "", [side], Morph(before=group.why), finding, "")


def _where(group: Group) -> str:
    return " at each position" if group.positions else ""


def _shown(units: Sequence[int]) -> list[int]:
    """How many units of each drawn head are drawn."""
    most = cap(units[:OUTPUTS])
    return [min(count, most) for count in units[:OUTPUTS]]


def _kernels(group: Group, units: Sequence[int]) -> str:
    return kernels([(*group.window, group.channels, each) for each in units])


def _side(title: str, group: Group, units: Sequence[int], *, fused: bool, cut: str = "") -> Side:
    """A style: one layer, whose columns may be `cut` into heads again, or a layer for each head."""
    units = [sum(units)] if fused else units
    layers = list(map(group.written, units))
    words = f"one {layers[0]}{cut}" if fused else several_layers(layers)
    return Side(
        title=title, layers=words, fused=fused, box=layers[0] if fused else "", kernel=_kernels(group, units),
        alt=f"{title}: {words} on {group.values}",
    )  # fmt: skip


def _picture(
    group: Group,
    names: Sequence[str],
    units: Sequence[int],
    whole: str,
    sides: list[Side],
    morph: Morph,
    finding: str,
    both: str,
) -> Picture:
    """Heads with these names and units. `whole` is the one layer of the fused side, and `both` ends each finding."""
    width, shown, every = group.width, _shown(units), "every head" if len(units) > 1 else "the head"
    values, hidden = visible(width), width - visible(width)
    reads = f"reads {'the only value' if width == 1 else f'all {width:,} values'}"
    at = of_layer(0.0, values)
    groups = [
        DrawnGroup(
            name=_VALUES, kind="values", column=0, x=0.0, y=round(float(at.ys[0]), 4), step=round(at.step, 4),
            count=values, more=hidden, head=None, title="value", numbered=True,
            about=[f"one of {width:,}"] * (width > 1), layers=[],
        )
    ]  # fmt: skip
    heads, focusable, findings = [], [], []
    for i, (name, count, drawn, (middle, step)) in enumerate(zip(names, units, shown, stacked(shown), strict=False)):
        several = ", unit" * (count > 1)
        ys = place(1.0, drawn, middle, step).ys
        groups.append(
            DrawnGroup(
                name=name, kind=group.kind, column=1, x=1.0, y=round(float(ys[0]), 4), step=round(step, 4),
                count=drawn, more=count - drawn, head=i, title=name + several, numbered=count > 1,
                about=[f"one of {counted(count, 'unit')}"] * (count > 1) + [reads],
                layers=[whole if side.fused else name for side in sides],
            )
        )  # fmt: skip
        hue, layer = theme.task_hue(i), group.written(count)
        heads.append(DrawnHead(title=name, hue=hue, layer=layer, output=i + 1, first=i + 1))
        for unit in range(drawn):
            focusable.append(f"{name}:{unit}")
            title = f"{name}{several} {unit + 1}" if several else name
            findings.append(f"{title} {reads}: {counted(width, 'edge')}{both}")
    for value in range(values):
        focusable.append(f"{_VALUES}:{value}")
        findings.append(f"Value {value + 1} feeds {every}: {counted(sum(units), 'edge')}{both}")
    notes = [(f"… {hidden:,} more", f"+{hidden:,}")] * bool(hidden)
    notes += [("at each position", "each position")] * group.positions
    edges, more = width * sum(units), len(units) - len(heads)
    whole_picture = values * sum(shown) == edges
    legend = [] if whole_picture else [f"{values * sum(shown):,} of {edges:,} edges are drawn."]
    if prod(group.window) > 1:
        window = " × ".join(map(str, group.window))
        legend.append(f"The values are those of a window of {window} positions, which moves over the input.")
    return Picture(
        groups=groups,
        blocks=[(0, i + 1) for i in range(len(heads))],
        heads=heads,
        columns=[
            Column(kind="values", count=f"{width:,}", notes=notes),
            Column(kind="output units", count=f"{sum(units):,}", notes=[]),
        ],
        shared=0,
        sides=sides,
        drawn="" if whole_picture else f"{values} × {sum(shown)} drawn",
        more_heads=f"… {counted(more, 'more head')}" if more else "",
        finding=finding,
        focusable=focusable,
        findings=findings,
        morph=morph,
        legend=[*legend, *HOW_TO_READ],
        colours=COLOURS,
        timed=False,
    )
