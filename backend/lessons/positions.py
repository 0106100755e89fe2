"""Reports the positions of the right answers of lessons. A learner who notices a pattern answers without thinking."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from backend.lessons.answers import LETTERS
from backend.lessons.lesson import Step

#: With fewer questions, nothing can be said. A count may differ from chance by this many standard deviations.
_FEWEST, _DEVIATIONS = 8, 2.0


def sentences(steps: Iterable[Step]) -> list[str]:
    """How often each position is right, and a sentence for each position that is right too often or too rarely.

    Only questions with one right option count, and of these only those whose options are not shuffled.
    """
    counted = [(step.right, len(step.options)) for step in steps if step.kind == "one" and not step.block.ask.shuffle]
    if not counted:
        return []
    longest = max(options for _, options in counted)
    found = Counter(right for right, _ in counted)
    letters = ", ".join(f"{LETTERS[i]} {found[i]}" for i in range(longest))
    said = [f"Right answers by position: {letters}."]
    for i in range(longest if len(counted) >= _FEWEST else 0):
        chances = [1 / options if i < options else 0.0 for _, options in counted]
        expected, deviation = sum(chances), math.sqrt(sum(p * (1 - p) for p in chances))
        if abs(found[i] - expected) > _DEVIATIONS * deviation:
            said.append(
                f"{LETTERS[i]} is right in {found[i]} of {len(counted)} questions, and by chance it would be in about "
                f"{expected:.0f}. Change the order of some options, or write “shuffle: true” in `ask`."
            )
    return said
