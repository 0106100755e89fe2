"""The compass as plain data for the browser: arrows, and what each step does in words."""

from __future__ import annotations

from typing import Any

from backend.lab import words
from backend.lab.compass import steps
from backend.lab.situation import LARGEST_RATIO
from backend.lab.state import LabState
from backend.lab.table import ANGLES, RATIOS, table
from components.theme import method_colour, task_hue
from two_heads.weightings import AGGREGATORS

#: By the position of the method in `AGGREGATORS`: dashes and gaps in pixels; the mean's line is solid.
_DASHES = ("", "10 4", "5 2.5", "14 3 3 3", "7 2", "2 5", "12 6", "5 3 1 3", "16 4", "1 3")


def data(state: LabState, turn: int) -> dict[str, Any]:
    """What the renderer `compass` draws. `turn` is the number of the last message from the browser."""
    situation = state.possible()
    gradients = situation.gradients()
    method_steps = steps(situation, state.methods, same_length=state.same_length)
    notes = words.notes(state, method_steps, same_length=state.same_length)
    # With three heads an arrow may be short only in the plane of the picture.
    if not situation.third and (hint := words.too_short_to_see(gradients.tolist(), method_steps)):
        notes.append(hint)
    return {
        "turn": turn,
        "values": {"angle": situation.angle, "ratio": situation.ratio},
        "largest": LARGEST_RATIO,
        "heads": [{"name": head, "colour": task_hue(i)} for i, head in enumerate(situation.heads)],
        "third": gradients[2, :2].tolist() if situation.third else None,
        "steps": [{**look(step.key), "at": list(step.direction[:2]), "still": step.still} for step in method_steps],
        "answer": words.conflict(situation),
        "sentences": [[list(part) for part in words.effect(step, situation.heads)] for step in method_steps],
        "notes": [words.DEFINITION, *notes],
        "label": "The gradients of the heads and the steps of the methods, as arrows that point downhill",
        "hint": "Arrows point downhill: a head’s arrow is minus its gradient, the step that it alone would take. "
        + "Drag the tip of B, or move it with the arrow keys."
        + (" You see the plane of A and B, with the shadows of C and of the steps on it." if situation.third else ""),
    }


def tables(state: LabState) -> dict[str, Any]:
    """What the renderer `compass_table` keeps: the steps of the shown methods in all situations of two heads."""
    return {
        "angles": list(ANGLES),
        "ratios": list(RATIOS),
        "steps": {key: table(key, same_length=state.same_length) for key in state.methods},
    }


def look(key: str) -> dict[str, str]:
    """The name, colour and pattern of a method."""
    position = list(AGGREGATORS).index(key)
    return {
        "key": key,
        "title": AGGREGATORS[key].title,
        "colour": method_colour(key),
        "dash": _DASHES[position % len(_DASHES)],
    }
