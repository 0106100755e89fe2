"""The connectivity diagram of a visitor's heads, as the value that the app's own diagram draws."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from backend.own_model.found import Group, Rewriting
from backend.words import counted
from components.diagram.picture import OUTPUT_UNITS, Morph, Neurons, Picture, Side, apart, draw, side

#: The name of the group of values. It has a space, so it is no head's name.
_VALUES = "values read"
_OWN = "Your model"


def picture_of(rewriting: Rewriting) -> Picture:
    """The heads of a rewriting in both styles. The box of the one layer can be pulled apart."""
    group, units, fuses = rewriting.group, rewriting.units, rewriting.fuses
    neurons = _neurons(group, rewriting.parts, units)
    cut = ", cut apart" * rewriting.keeps_outputs
    sides = [
        _side(_OWN, group, units, fused=not fuses, cut=cut),
        _side("One layer" if fuses else "Several layers", group, units, fused=fuses, cut=cut),
    ]
    morph = apart(int(fuses), "the box of one layer" if fuses else "your layer's box", neurons, sides[1 - fuses])
    edges = counted(group.width * sum(units), "edge")
    finding = f"Both styles have the same {edges} into the heads{_where(group)}"
    return _draw(group, rewriting.parts, units, neurons, sides, morph, finding, " on both sides")


def picture_of_one_style(group: Group) -> Picture:
    """Heads that have no other style, with the reason in place of the button."""
    have = "head has" if len(group.units) == 1 else "heads have"
    finding = f"Your {have} {counted(group.width * sum(group.units), 'edge')}{_where(group)}"
    neurons, sides = _neurons(group, group.layers, group.units), [_side(_OWN, group, group.units, fused=False)]
    return _draw(group, group.layers, group.units, neurons, sides, Morph(before=group.why), finding, "")


def _where(group: Group) -> str:
    return " at each position" if group.positions else ""


def _neurons(group: Group, names: Sequence[str], units: Sequence[int]) -> list[Neurons]:
    notes = ("at each position",) if group.positions else ()
    heads = [
        Neurons(name, name + ", unit" * (count > 1), count > 1, OUTPUT_UNITS, count, 1, i)
        for i, (name, count) in enumerate(zip(names, units, strict=True))
    ]
    return [Neurons(_VALUES, "value", True, "values", group.width, 0, notes=notes), *heads]


def _side(title: str, group: Group, units: Sequence[int], *, fused: bool, cut: str = "") -> Side:
    """A style: one layer, whose columns may be `cut` into heads again, or a layer for each head."""
    units = [sum(units)] if fused else units
    kernels = [(*group.window, group.channels, each) for each in units]
    return side(title, list(map(group.written, units)), kernels, fused=fused, cut=cut * fused)


def _draw(
    group: Group,
    names: Sequence[str],
    units: Sequence[int],
    neurons: Sequence[Neurons],
    sides: list[Side],
    morph: Morph,
    finding: str,
    both: str,
) -> Picture:
    window = " × ".join(map(str, group.window))
    moves = f"The values are those of a window of {window} positions, which moves over the input."
    return draw(
        neurons,
        list(zip(names, map(group.written, units), strict=True)),
        sides,
        morph,
        finding,
        reads="reads every value",
        both=both,
        legend=[moves] * (prod(group.window) > 1),
    )
