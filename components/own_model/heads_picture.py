"""The connectivity diagram of a visitor's heads, as the value that the app's own diagram draws."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class _Heads:
    """Heads on the same values. `names` and `units` are those of the separate heads, in either style.

    `whole` is the name of the one layer that has all units in the fused style. `cut` says whether its columns are
    split into heads again.
    """

    group: Group
    names: tuple[str, ...]
    units: tuple[int, ...]
    whole: str = ""
    cut: bool = False

    @property
    def all_units(self) -> int:
        return sum(self.units)

    @property
    def edges(self) -> int:
        return self.group.width * self.all_units

    @property
    def shown(self) -> list[int]:
        """How many units of each drawn head are drawn."""
        most = cap(self.units[:OUTPUTS])
        return [min(count, most) for count in self.units[:OUTPUTS]]

    @property
    def drawn_edges(self) -> int:
        return visible(self.group.width) * sum(self.shown)

    def layers(self, *, fused: bool) -> list[str]:
        """The layers of a style, as source has them."""
        return list(map(self.group.written, [self.all_units] if fused else self.units))

    def kernel(self, *, fused: bool) -> str:
        """The kernels of a style in words."""
        shape = (*self.group.window, self.group.channels)
        return kernels([(*shape, units) for units in ([self.all_units] if fused else self.units)])


def picture_of(rewriting: Rewriting) -> Picture:
    """The heads of a rewriting in both styles. The box of the one layer can be pulled apart."""
    heads = _Heads(rewriting.group, rewriting.parts, rewriting.units, rewriting.whole, rewriting.keeps_outputs)
    other = "One layer" if rewriting.fuses else "Several layers"
    sides = [_side(heads, _OWN, fused=not rewriting.fuses), _side(heads, other, fused=rewriting.fuses)]
    morph = apart(
        int(rewriting.fuses), "the box of one layer" if rewriting.fuses else "your layer's box",
        lines_in_words(heads.drawn_edges, heads.edges), several_layers(heads.layers(fused=False)),
        heads.kernel(fused=False),
    )  # fmt: skip
    finding = f"Both styles have the same {counted(heads.edges, 'edge')} into the heads{_where(heads.group)}"
    return _picture(heads, sides, morph, finding, " in both styles")


def picture_of_one_style(group: Group) -> Picture:
    """Heads that have no other style, with the reason in place of the button."""
    heads = _Heads(group, group.layers, group.units)
    one = len(group.layers) == 1
    finding = f"Your {'head has' if one else 'heads have'} {counted(heads.edges, 'edge')}{_where(group)}"
    return _picture(heads, [_side(heads, _OWN, fused=False)], Morph(before=group.why), finding, "")


def _where(group: Group) -> str:
    return " at each position" if group.positions else ""


def _side(heads: _Heads, title: str, *, fused: bool) -> Side:
    layers = heads.layers(fused=fused)
    words = f"one {layers[0]}{', cut apart' * heads.cut}" if fused else several_layers(layers)
    return Side(
        title=title,
        layers=words,
        fused=fused,
        box=layers[0] if fused else "",
        kernel=heads.kernel(fused=fused),
        alt=f"{title}: {words} on {heads.group.values}",
    )


def _picture(heads: _Heads, sides: list[Side], morph: Morph, finding: str, both: str) -> Picture:
    count, width = len(heads.shown), heads.group.width
    names = heads.names[:count]
    focusable = [f"{name}:{i}" for name, shown in zip(names, heads.shown, strict=True) for i in range(shown)]
    findings = [f"{name} reads {_all(width)}: {counted(width, 'edge')}{both}" for name in _unit_names(heads)]
    every = "every head" if len(heads.units) > 1 else "the head"
    values = range(visible(width))
    return Picture(
        groups=_groups(heads, sides),
        blocks=[(0, head + 1) for head in range(count)],
        heads=[
            DrawnHead(title=name, hue=theme.task_hue(i), layer=layer, output=i + 1, first=i + 1)
            for i, (name, layer) in enumerate(zip(names, heads.layers(fused=False), strict=False))
        ],
        columns=_columns(heads),
        shared=0,
        sides=sides,
        drawn=_drawn_cells(heads),
        more_heads=f"… {counted(len(heads.units) - count, 'more head')}" if len(heads.units) > count else "",
        finding=finding,
        focusable=[*focusable, *(f"{_VALUES}:{i}" for i in values)],
        findings=[
            *findings,
            *(f"Value {i + 1} feeds {every}: {counted(heads.all_units, 'edge')}{both}" for i in values),
        ],
        morph=morph,
        legend=_legend(heads),
        colours=COLOURS,
        timed=False,
    )


def _all(width: int) -> str:
    return "the only value" if width == 1 else f"all {width:,} values"


def _unit_names(heads: _Heads) -> list[str]:
    """The titles of the drawn output neurons."""
    return [
        name + (f", unit {i + 1}" if units > 1 else "")
        for name, units, shown in zip(heads.names, heads.units, heads.shown, strict=False)
        for i in range(shown)
    ]


def _groups(heads: _Heads, sides: list[Side]) -> list[DrawnGroup]:
    width, shown = heads.group.width, visible(heads.group.width)
    at = of_layer(0.0, shown)
    values = DrawnGroup(
        name=_VALUES, kind="values", column=0, x=0.0, y=round(float(at.ys[0]), 4), step=round(at.step, 4), count=shown,
        more=width - shown, head=None, title="value", numbered=True, about=[f"one of {width:,}"] * (width > 1),
        layers=[],
    )  # fmt: skip
    drawn = [values]
    layer = heads.group.kind
    for i, (middle, step) in enumerate(stacked(heads.shown)):
        ys = place(1.0, heads.shown[i], middle, step).ys
        units, name = heads.units[i], heads.names[i]
        about = [f"one of {counted(units, 'unit')}"] * (units > 1) + [f"reads {_all(width)}"]
        drawn.append(
            DrawnGroup(
                name=name, kind=layer, column=1, x=1.0, y=round(float(ys[0]), 4), step=round(step, 4),
                count=heads.shown[i], more=units - heads.shown[i], head=i, title=name + ", unit" * (units > 1),
                numbered=units > 1, about=about, layers=[heads.whole if side.fused else name for side in sides],
            )
        )  # fmt: skip
    return drawn


def _columns(heads: _Heads) -> list[Column]:
    width = heads.group.width
    notes = [(f"… {width - visible(width):,} more", f"+{width - visible(width):,}")] * (width > visible(width))
    if heads.group.positions:
        notes.append(("at each position", "each position"))
    return [
        Column(kind="values", count=f"{width:,}", notes=notes),
        Column(kind="output units", count=f"{heads.all_units:,}", notes=[]),
    ]


def _drawn_cells(heads: _Heads) -> str:
    rows, columns = visible(heads.group.width), sum(heads.shown)
    return "" if rows * columns == heads.edges else f"{rows} × {columns} drawn"


def _legend(heads: _Heads) -> list[str]:
    lines = []
    if heads.drawn_edges < heads.edges:
        lines.append(f"{heads.drawn_edges:,} of {heads.edges:,} edges are drawn.")
    if heads.group.width > heads.group.channels:
        window = " × ".join(map(str, heads.group.window))
        lines.append(f"The values are those of a window of {window} positions, which moves over the input.")
    return [*lines, *HOW_TO_READ]
