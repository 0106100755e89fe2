"""Measured gradients in words: whether the heads conflict, which pair conflicts most, and whether that grows.

Callers pass the names of heads, already escaped for the place that shows the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.lab.gradients import Gradients, Measurement, Pair
from backend.lab.situation import LARGEST_RATIO
from backend.words import short

#: Pairs of heads whose lines can be told apart in one picture.
MOST_LINES = 6


def rows(measurement: Measurement, pairs: Sequence[Pair], names: Sequence[str]) -> list[dict[str, str]]:
    """One row for each pair: cosine, angle, both lengths, magnitude similarity, and the batches that conflict."""
    return [
        {
            "pair": f"{names[i]}, {names[j]}",
            "cosine": number(measurement.cosine((i, j))),
            "angle (°)": number(measurement.angle((i, j))),
            "first length": number(measurement.length(i)),
            "second length": number(measurement.length(j)),
            "magnitude similarity": number(measurement.similarity((i, j))),
            "batches in conflict": share(measurement.conflicting[i][j], measurement.comparable[i][j]),
        }
        for i, j in pairs
    ]


def when(epoch: int) -> str:
    """`At the start`, `After epoch 7`."""
    return f"After epoch {epoch}" if epoch else "At the start"


def share(count: int, whole: int, what: str = "") -> str:
    """`12 of 32 batches (38%)`; `what` is the plural. If `whole` is 0: `none to compare`."""
    return f"{count:,} of {f'{whole:,} {what}'.rstrip()} ({percent(count, whole)})" if whole else "none to compare"


def percent(count: float, whole: float) -> str:
    """A share in percent. Less than the whole never reads as 100%."""
    text = short(100 * count / whole, 2)
    return "over 99%" if text == "100" and count < whole else f"{text}%"


def number(value: float | None, digits: int = 3) -> str:
    """A number; `not defined` for None."""
    return "not defined" if value is None else short(value, digits)


def answer(gradients: Gradients) -> str:
    """In how many batches of all measured epochs the heads conflict."""
    conflicting, comparable = gradients.counts(gradients.pairs())
    if not comparable:
        return "This measurement cannot tell."
    if len(gradients.heads) == 2:
        return f"Your heads conflict in {share(conflicting, comparable, 'batches')}."
    return f"Two heads conflict in {share(conflicting, comparable, 'comparisons of two heads in a batch')}."


def details(gradients: Gradients, names: Sequence[str]) -> list[str]:
    """What a conflict is, which pair conflicts most, and why the training ended early, if it did."""
    sentences = ["Two heads conflict in a batch if the angle between their gradients is larger than 90°."]
    one, other = gradients.most_conflicting()[0]
    conflicting, comparable = gradients.counts([(one, other)])
    if conflicting and len(names) > 2:
        often = share(conflicting, comparable, "batches")
        sentences.append(f"{names[one]} and {names[other]} conflict most often: in {often} of all measured epochs.")
    if gradients.stopped:
        sentences.append(f"The training ended early. {gradients.stopped}")
    return sentences


def clamp_sentence(ratio: float | None, one: str, other: str) -> str:
    """A sentence if the compass cannot show the ratio of two lengths, with the ratio that it shows in its place."""
    if ratio is None or 1 / LARGEST_RATIO <= ratio <= LARGEST_RATIO:
        return ""
    limit = LARGEST_RATIO if ratio > 1 else 1 / LARGEST_RATIO
    return (
        f"The length of {other} ÷ that of {one} is {short(ratio, 3)}. The compass shows ratios "
        f"from {1 / LARGEST_RATIO:g} to {LARGEST_RATIO:g}; it uses {limit:g} in its place."
    )
