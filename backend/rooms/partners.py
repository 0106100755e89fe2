"""Whom each participant discusses with: somebody who chose another option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from backend.rooms.model import FEWEST, Answer


def partners(answers: Mapping[int, Answer]) -> dict[int, int]:
    """The partner of each participant, by number; empty with fewer than `FEWEST` answers.

    Partners chose different options. There are as many pairs as possible, and whoever remains has no partner.
    """
    if len(answers) < FEWEST:
        return {}
    ordered = sorted(answers, key=lambda number: (answers[number].option, number))
    largest, most = Counter(answers[number].option for number in ordered).most_common(1)[0]
    half = len(ordered) // 2
    if most <= half:  # no option has more than half, so two answers that are half a list apart differ
        pairs = zip(ordered[:half], ordered[half:], strict=False)
    else:
        others = [number for number in ordered if answers[number].option != largest]
        pairs = zip((number for number in ordered if answers[number].option == largest), others, strict=False)
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}
