"""The morph in words: which side's box can be pulled apart, and what is true before, after, or instead of it."""

from __future__ import annotations

from pydantic import BaseModel

from backend.experiment.sides import side_titles
from backend.experiment.styles import why_not_fused
from backend.experiment.styles.base import Style
from backend.network.neurons import head_edges
from components.diagram.plan import Plan
from components.diagram.titles import output_layers, shape_words


class Morph(BaseModel):
    """`side` is the side whose box comes apart (0 left, 1 right), None if there is nothing to pull apart.

    `before` and `after` are the sentences beside the button; without a button `before` says why. With reduced motion,
    `still` takes the place of `before`. `layers` and `kernel` are the words of the side once its box has come apart.
    """

    side: int | None = None
    apart: str = "Pull the box apart"
    together: str = "Put it together"
    before: str
    still: str = ""
    after: str = ""
    layers: str = ""
    kernel: str = ""


def morph_of(plan: Plan, left: Style, right: Style) -> Morph:
    """The morph of two styles: of the fused one to the structure of the other."""
    architecture, fused = plan.architecture, [style.outputs == "fused" for style in (left, right)]
    if len(architecture.heads) == 1:
        return Morph(before="With one head, both styles have one output layer: there is no box to pull apart.")
    reason = why_not_fused(architecture)
    if reason:
        return Morph(before=f"There is no box to pull apart: {reason}.")
    titles = side_titles(left.key, right.key)
    if fused[0] == fused[1]:
        words = output_layers(architecture, left)
        return Morph(before=f"{titles[0]} and {titles[1]} both have {words}: their boxes are the same, too.")
    side = fused.index(True)
    own, other = (left, right) if side == 0 else (right, left)
    return apart(
        side, f"{own.title}'s box", _lines(plan, own), output_layers(architecture, other),
        shape_words(architecture, other),
    )  # fmt: skip


def apart(side: int, box: str, lines: str, layers: str, kernel: str) -> Morph:
    """The morph of the `box` on a side to the `layers` of the other, each with a `kernel`."""
    return Morph(
        side=side,
        before=f"Pull {box} apart and watch {lines}: no line moves.",
        still=f"The box is drawn whole and apart: {lines} are the same, and only the boxes differ.",
        after=f"{lines[0].upper()}{lines[1:]} did not move: only the boxes changed.",
        layers=f"drawn as {layers}",
        kernel=kernel,
    )


def _lines(plan: Plan, style: Style) -> str:
    """The lines into the heads: “the 16 lines”, or how many of them are drawn."""
    drawn = sum(rows * columns for rows, columns in (plan.size(block) for block in plan.blocks(style) if block.head))
    count = head_edges(plan.architecture, style)
    return lines_in_words(drawn, count)


def lines_in_words(drawn: int, count: int) -> str:
    """The lines into the heads: “the 16 lines”, or how many of them are drawn."""
    return f"the {count:,} lines" if drawn == count else f"the {drawn:,} lines drawn of {count:,}"
