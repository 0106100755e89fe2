"""Whom each participant discusses with: somebody who chose another option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from backend.rooms.model import FEWEST, Answer


def partners(answers: Mapping[int, Answer]) -> dict[int, int]:
    """Somebody who chose otherwise for each who answered, by number; empty with fewer than `FEWEST` answers.

    If no option has more than half of the answers, each is the partner of exactly one. Else those in the minority are
    partners of several. If all chose the same, nobody has a partner.
    """
    if len(answers) < FEWEST:
        return {}
    ordered = sorted(answers, key=lambda number: (answers[number].option, number))
    largest, most = Counter(answers[number].option for number in ordered).most_common(1)[0]
    minority = [number for number in ordered if answers[number].option != largest]
    if not minority:
        return {}
    found: dict[int, int] = {}
    spare = 0
    for i, number in enumerate(ordered):
        other = ordered[(i + most) % len(ordered)]
        if answers[other].option == answers[number].option:  # of the majority
            other = minority[spare % len(minority)]
            spare += 1
        found[number] = other
    return found
