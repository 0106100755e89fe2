"""The compass in words: what each step does to each head's loss, which methods coincide, and notes on them.

Every sentence is computed from the steps, so that it is true in each situation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from backend.lab.angles import degrees
from backend.lab.compass import Step, direction, groups, has_mean_length, same_direction, steps
from backend.lab.situation import LARGEST_RATIO, Situation
from backend.words import listed, short
from two_heads.weightings import AGGREGATORS

Kind = Literal["", "method", "rises"]
#: In exact arithmetic and without their regularisation, these methods let no head's loss rise.
NEVER_RAISE = ("mgda", "upgrad", "dualproj")
#: What the numbers mean.
DEFINITION = (
    "To first order, with learning rate 1: the step −d makes the loss of head i fall by ⟨gᵢ, d⟩; gᵢ is its gradient."
)
#: From this angle (degrees) on, float32 gradients may not resolve IMTL-G's step. The mean then takes its place.
_ALMOST_OPPOSITE = 179.9
#: Aligned-MTL leaves out the smaller of two eigenvalues if it is below this share of the larger one.
_DROPPED = 2 * 1.2e-7
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


def coincidences(situation: Situation, method_steps: Sequence[Step]) -> list[str]:
    """Which of these steps have one direction and why, how their lengths compare, and which do not count.

    The sentences have no Markdown.
    """
    sentences = []
    for group in groups(method_steps):
        if len(group) > 1:
            first, *others = group
            titles = listed(step.title for step in group)
            equal = all(abs(step.length / first.length - 1) <= 2e-3 for step in others)
            lengths = (
                "and the same length" if equal
                else "and differ in length: " + listed(f"{step.title} {short(step.length, 3)}" for step in group)
            )  # fmt: skip
            sentences.append(
                f"{titles} have the same direction here, {lengths}. {_coincidence_reason(situation, group)}".strip()
            )
    if still := [step.title for step in method_steps if step.still]:
        stay = "stays where it is: its step is" if len(still) == 1 else "stay where they are: their steps are"
        sentences.append(
            f"{listed(still)} {stay} shorter than a thousandth of the shortest gradient, or than a hundred-thousandth "
            "of the longest."
        )
    return sentences


def _coincidence_reason(situation: Situation, group: Sequence[Step]) -> str:
    gradients = situation.gradients()
    units = gradients / np.linalg.norm(gradients, axis=1, keepdims=True)
    almost = "" if situation.on_one_line else "almost "
    if (units @ units.T).min() > 1 - 1e-9:
        return f"All gradients have {almost}one direction, so their weighted sums have it, too."
    if np.abs(units @ units.T).min() > 1 - 1e-9:
        return f"The gradients lie {almost}on one line, so their weighted sums do, too."
    keys = {step.key for step in group}
    if keys <= {"mean", "pcgrad", "upgrad", "dualproj"} and (units @ units.T).min() > -1e-12:
        return "No two gradients conflict, so there is nothing to project, and the gradients are only added up."
    # Do they still coincide if angles and lengths are a little different? If not, the sentence says so.
    near = replace(
        situation, angle=situation.angle + (1 if situation.angle < 90 else -1),
        ratio=situation.ratio * (1.1 if situation.ratio < LARGEST_RATIO / 2 else 0.9),
        ratio_c=situation.ratio_c * (1.2 if situation.ratio_c < LARGEST_RATIO / 2 else 0.8),
    )  # fmt: skip
    moved = steps(near.possible(), [step.key for step in group])
    if not all(same_direction(moved[0], step) for step in moved[1:]):
        special = "That is special to these angles and lengths: change them a little, and the directions differ."
        return f"{special} {_coincidence_sentence(situation, group)}"
    return _coincidence_sentence(situation, group)


def _coincidence_sentence(situation: Situation, group: Sequence[Step]) -> str:
    """What `Aggregator.coincides` of one of these methods says about another, as far as it is true here; or ""."""
    gradients = situation.gradients()
    k = len(gradients)
    elsewhere = [step.title.casefold() for step in steps(situation, AGGREGATORS) if not same_direction(step, group[0])]
    for step in group:
        if step.key == "aligned_mtl" and not np.allclose(gradients @ gradients.T, np.eye(k), rtol=0, atol=1e-9):
            continue  # its text is about orthogonal gradients of one length
        others = [other.title.casefold() for other in group if other is not step]
        claim = AGGREGATORS[step.key].coincides.rstrip(".")
        parts = re.split(r"; |\. ", claim)
        true_parts = [part for part in parts if not any(title in part.casefold() for title in elsewhere)]
        for part in map(str.casefold, true_parts):
            if any(other in part for other in others) and (k == 2 or "two heads" not in part):
                sentence = claim if true_parts == parts else "; ".join(true_parts)
                return f"{step.title}: “{sentence[0].upper()}{sentence[1:]}.”"
    return ""


def notes(situation: Situation, method_steps: Sequence[Step], *, same_length: bool) -> list[str]:
    """Notes on these steps: an impossible angle that was replaced, and lengths that were scaled.

    Also losses that rise although the method lets none rise in theory, and what is special about single methods.
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
            if has_mean_length(situation)
            else "The mean has no step here, so the steps keep their own lengths."
        )
    for step in method_steps:
        if step.key in NEVER_RAISE and -1 in step.signs():
            heads = listed(head for head, sign in zip(situation.heads, step.signs(), strict=True) if sign < 0)
            sentences.append(
                f"In theory {step.title} lets no loss rise. That of head {heads} rises here {_cause(step.key)}"
            )
    return [*sentences, *_method_notes(situation, method_steps)]


def _method_notes(situation: Situation, method_steps: Sequence[Step]) -> list[str]:
    """Notes on the order of PCGrad's projections, and on IMTL-G and Aligned-MTL if their step is the mean's."""
    steps_by_key = {step.key: step for step in method_steps}
    sentences = []
    if situation.third and "pcgrad" in steps_by_key and _conflicting_pairs(situation):
        sentences.append(
            "PCGrad is drawn with the order A, B, C. In a training it draws an order for each gradient in every step, "
            "and with another order other losses may rise."
        )
    if situation.third:
        return sentences
    imtl_g, aligned = steps_by_key.get("imtl_g"), steps_by_key.get("aligned_mtl")
    if situation.angle >= _ALMOST_OPPOSITE and imtl_g is not None and {-1, 1} <= {*imtl_g.signs()}:
        sentences.append(
            "IMTL-G: no step goes equally far along two opposite gradients, so the mean takes its place."
            if situation.angle == 180
            else f"IMTL-G: at {degrees(situation.angle)} the gradients are almost opposite, and a step that goes "
            "equally far along both is too short to compute. The mean takes its place."
        )
    if aligned is not None and not aligned.still and _one_dropped(situation) and _is_the_mean(situation, aligned):
        almost = "" if situation.on_one_line else "almost "
        sentences.append(
            f"Aligned-MTL: at {degrees(situation.angle)} the gradients lie {almost}on one line, so one eigenvalue is "
            f"{almost}0 and does not count. The step is the mean’s."
        )
    return sentences


def _one_dropped(situation: Situation) -> bool:
    """Whether Aligned-MTL leaves out the smaller eigenvalue of two gradients (`aligned_mtl_weights`)."""
    gradients = situation.gradients()
    smallest, largest = np.linalg.eigvalsh(gradients @ gradients.T)
    return bool(smallest <= _DROPPED * largest)


def _is_the_mean(situation: Situation, step: Step) -> bool:
    """Whether this step has the direction of the mean's."""
    mean = direction(situation, "mean")
    return same_direction(step, replace(step, direction=mean))


def _conflicting_pairs(situation: Situation) -> list[tuple[int, int]]:
    """The pairs of heads whose gradients are more than 90° apart."""
    if not situation.third:
        return [(0, 1)] if situation.angle > 90 else []
    angles = {(0, 1): situation.angle, (0, 2): situation.angle_ac, (1, 2): situation.possible().angle_bc}
    return [pair for pair, angle in angles.items() if angle > 90]


def _cause(key: str) -> str:
    if key == "mgda":
        return "by a rounding error: three gradients lie in one plane and differ much in length."
    return f"through the method’s numerical setting: “{AGGREGATORS[key].default.rstrip('.')}.”"


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
