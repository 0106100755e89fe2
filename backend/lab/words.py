"""The compass in words: what each step does to each head's loss, and notes on them.

Every sentence is computed from the steps, so that it is true in each situation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from backend.lab.angles import degrees
from backend.lab.compass import Step, steps
from backend.lab.situation import Situation
from backend.words import listed, short

Kind = Literal["", "method", "rises"]
#: In exact arithmetic and without their regularisation, these methods let no head's loss rise.
NEVER_RAISE = ("mgda", "upgrad", "dualproj")
#: What the numbers mean.
DEFINITION = (
    "To first order, with learning rate 1: the step −d makes the loss of head i fall by ⟨gᵢ, d⟩; gᵢ is its gradient."
)
#: A step shorter than this share of the longest arrow is hard to see.
_VISIBLE = 0.03


class Part(NamedTuple):
    """A piece of a sentence, and its style."""

    text: str
    kind: Kind = ""


def number(value: float) -> str:
    """A number of the table."""
    return short(value, 3)


def signed(value: float) -> str:
    """A change of the table, with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)


def effect(step: Step, heads: Sequence[str]) -> list[Part]:
    """What the step of a method does: "Next step with PCGrad: head A's loss falls by 2.1, head B's rises by 0.4."."""
    parts = [Part("Next step with "), Part(step.title, "method"), Part(": ")]
    if step.still:
        return [*parts, Part("the trunk stays where it is.")]
    for i, (head, sign, fall) in enumerate(zip(heads, step.signs(), step.falls, strict=True)):
        parts.append(Part(f"{', ' if i else ''}head {head}’s {'' if i else 'loss '}"))
        amount = short(abs(fall), 3)
        if sign > 0:
            parts.append(Part(f"falls by {amount}"))
        elif sign < 0:
            parts += [Part("rises", "rises"), Part(f" by {amount}")]
        else:
            parts.append(Part("does not change"))
    return [*parts, Part(".")]


def notes(situation: Situation, method_steps: Sequence[Step], *, same_length: bool) -> list[str]:
    """Notes on these steps: an impossible angle that was replaced, and lengths that were scaled.

    Also losses that rise although the method lets none rise in theory, and the order of PCGrad's projections.
    """
    sentences = []
    possible = situation.possible()
    if situation.third and abs(possible.angle_bc - situation.angle_bc) > 1e-3:
        low, high = map(degrees, situation.possible_bc())
        sentences.append(
            f"{degrees(situation.angle_bc)} between B and C is impossible: the other two angles leave {low} to "
            f"{high}. Used {degrees(possible.angle_bc)} in its place."
        )
    if same_length:
        sentences.append(
            "Every step is as long as the mean’s, in the picture and in the numbers."
            if not steps(situation, ["mean"])[0].still
            else "The mean has no step here, so the steps keep their own lengths."
        )
    for step in method_steps:
        if step.key in NEVER_RAISE and -1 in step.signs():
            heads = listed(head for head, sign in zip(situation.heads, step.signs(), strict=True) if sign < 0)
            sentences.append(
                f"In theory {step.title} lets no loss rise. That of head {heads} rises here through a rounding "
                "error or the method’s numerical setting."
            )
    if situation.third and any(step.key == "pcgrad" for step in method_steps) and _conflicting_pairs(situation):
        sentences.append(
            "PCGrad is drawn with the order A, B, C. In a training it draws an order for each gradient in every step, "
            "and with another order other losses may rise."
        )
    return sentences


def _conflicting_pairs(situation: Situation) -> list[tuple[int, int]]:
    """The pairs of heads whose gradients are more than 90° apart."""
    angles = {(0, 1): situation.angle}
    if situation.third:
        angles |= {(0, 2): situation.angle_ac, (1, 2): situation.possible().angle_bc}
    return [pair for pair, angle in angles.items() if angle > 90]


def too_short_to_see(gradients: Iterable[Sequence[float]], method_steps: Sequence[Step]) -> str:
    """A hint if some steps are hard to see beside the longest arrow; else empty."""
    longest = max([*(float(np.linalg.norm(row)) for row in gradients), *(step.length for step in method_steps)])
    hidden = [step.title for step in method_steps if not step.still and step.length < _VISIBLE * longest]
    if not hidden:
        return ""
    arrow = "The arrow of" if len(hidden) == 1 else "The arrows of"
    return f"{arrow} {listed(hidden)} can hardly be seen at this scale. “Same step length” shows the direction."


def conflict(situation: Situation) -> str:
    """Which heads conflict: the answer to the question of the page, in a sentence."""
    clashing = [f"{situation.heads[i]}–{situation.heads[j]}" for i, j in _conflicting_pairs(situation)]
    if not situation.third:
        angle = degrees(situation.angle)
        if situation.angle == 180:
            return f"At {angle} the heads want opposite things: no step lowers both losses."
        if clashing:
            return f"The heads conflict: their gradients are {angle} apart, more than 90°."
        if situation.angle == 90:
            return f"At {angle} the heads neither help nor harm each other."
        return f"The heads agree: their gradients are {angle} apart, less than 90°."
    if not clashing:
        return "No two heads conflict: no two gradients are more than 90° apart."
    return f"{'This pair conflicts' if len(clashing) == 1 else 'These pairs conflict'}: {listed(clashing)}."
