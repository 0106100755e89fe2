"""Measured gradients in words: whether the heads conflict, which pair conflicts most, and whether that grows.

Callers pass the names of heads, already escaped for the place that shows the sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from backend.lab.angles import degrees
from backend.lab.gradients import ROUNDING, Gradients, Measurement, Pair, ratio_of
from backend.lab.situation import LARGEST_RATIO
from backend.questions.base import Verdict
from backend.questions.pictures import Line, Lines, of_task
from backend.words import listed, short

_FRACTIONS = {"a quarter": 1 / 4, "a third": 1 / 3, "half": 1 / 2, "two thirds": 2 / 3, "three quarters": 3 / 4}
#: Pairs of heads whose lines can be told apart in one picture.
MOST_LINES = 6
#: Lengths whose ratio differs from 1 by less than this are called equal.
_EQUAL = 5e-3


#: What a visitor predicts: the share of the comparable batches in which two heads conflict.
OPTIONS = ("in none", "in fewer than half", "in half or more")


def judge(gradients: Gradients) -> Verdict:
    """How often the heads conflict, with all pairs at the last measured epoch in a table."""
    conflicting, comparable = gradients.counts(gradients.pairs())
    option = OPTIONS[0] if not conflicting else OPTIONS[2] if 2 * conflicting >= comparable else OPTIONS[1]
    return Verdict(
        answer=option if comparable else None,
        finding=answer(gradients),
        why=" ".join(details(gradients, gradients.heads)),
        table=rows(gradients.at(None), gradients.pairs(), gradients.heads),
    )


def picture(gradients: Gradients) -> Lines:
    """The share of the batches in which a pair conflicts, by epoch, for the pairs that conflict most often."""
    lines = [
        Line(
            f"{gradients.heads[i]}, {gradients.heads[j]}",
            [math.nan if (rate := each.conflict_rate((i, j))) is None else rate for each in gradients.measurements],
            of_task(position),
        )
        for position, (i, j) in enumerate(gradients.most_conflicting()[:MOST_LINES])
    ]
    return Lines(
        f"Share of {gradients.batches:,} batches in which two heads conflict, by epoch", gradients.epochs(), lines
    )


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
    """`12 of 32 batches (38%)`; `what` is the singular (`batch`). If `whole` is 0: `none to compare`."""
    of = f"{whole:,} {what}{'es' if what and whole != 1 else ''}".rstrip()
    return f"{count:,} of {of} ({percent(count, whole)})" if whole else "none to compare"


def fraction(count: int, whole: int) -> str:
    """A share in words if they are simple, else in percent: `a third`, `about half`, `38%`."""
    name, value = min(_FRACTIONS.items(), key=lambda each: abs(count / whole - each[1]))
    if count == round(value * whole) and abs(count - value * whole) < 1e-9:
        return name
    return f"about {name}" if abs(count / whole - value) < 0.01 else percent(count, whole)


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
    what = "batches" if len(gradients.heads) == 2 else "comparisons of two heads in a batch"
    if comparable == 1:
        return f"Your heads {'conflict' if conflicting else 'do not conflict'} in the only batch that was compared."
    if not conflicting:
        return f"Your heads conflict in none of the {comparable:,} {what}."
    if conflicting == comparable:
        return f"Your heads conflict in all {comparable:,} {what}."
    part = fraction(conflicting, comparable)
    return f"Your heads conflict in {part} of the {what} ({conflicting:,} of {comparable:,})."


def details(gradients: Gradients, names: Sequence[str]) -> list[str]:
    """Which pair conflicts most, whether more often at the end than at the start, and what is not defined.

    There is always a sentence.
    """
    sentences = []
    pair = gradients.most_conflicting()[0]
    conflicting, comparable = gradients.counts([pair])
    both = f"{names[pair[0]]} and {names[pair[1]]}"
    if conflicting:
        if len(gradients.heads) > 2:
            sentences.append(
                f"The heads {both} conflict most often: in {share(conflicting, comparable, 'batch')} of all epochs."
            )
        sentences.append(growth_sentence(gradients, pair, both))
    elif comparable:
        sentences.append("No pair of heads conflicts in any batch.")
    silent = [name for i, name in enumerate(names) if all(each.length(i) == 0 for each in gradients.measurements)]
    if silent:
        one = len(silent) == 1
        sentences.append(
            f"The {'gradient' if one else 'gradients'} of {listed(silent)} {'is' if one else 'are'} zero at every "
            f"measured epoch: the {'loss has' if one else 'losses have'} no effect on the trunk."
        )
    if any(each.length(i) is None for each in gradients.measurements for i in range(len(names))):
        sentences.append("Some gradients became NaN or infinite. They are not compared.")
    if gradients.stopped:
        sentences.append(f"The training ended early. {gradients.stopped}")
    return sentences or ["In every batch, each pair of heads has a gradient that is zero, NaN or infinite."]


def growth_sentence(gradients: Gradients, pair: Pair, both: str) -> str:
    """In how many batches two heads conflict at the first and at the last comparable epoch, and how far it varies."""
    i, j = pair
    comparable = [each for each in gradients.measurements if each.comparable[i][j]]
    first, last = comparable[0], comparable[-1]
    rates = [each.conflicting[i][j] / each.comparable[i][j] for each in (first, last)]
    verdict = "more often than" if rates[1] > rates[0] else "less often than" if rates[1] < rates[0] else "as often as"
    counts = [share(each.conflicting[i][j], each.comparable[i][j], "batch") for each in (first, last)]
    if first is last:
        return f"{when(first.epoch)}, {both} conflict in {counts[0]}. They can be compared at this epoch alone."
    return (
        f"{when(first.epoch)}, {both} conflict in {counts[0]}, {when(last.epoch).lower()} in {counts[1]}: "
        f"{verdict} {'at the start' if first.epoch == 0 else 'before'}.{_between(comparable, pair)}"
    )


def _between(measurements: Sequence[Measurement], pair: Pair) -> str:
    """How far the share of batches in conflict varies over several epochs: it often goes up and down."""
    rates = [100 * rate for each in measurements if (rate := each.conflict_rate(pair)) is not None]
    if len(rates) < 3:
        return ""
    if min(rates) == max(rates):
        return f" It is the same at all {len(rates)} measured epochs."
    return f" At the {len(rates)} measured epochs it is between {short(min(rates), 2)}% and {short(max(rates), 2)}%."


def epoch_sentences(measurement: Measurement, pair: Pair, names: Sequence[str]) -> str:
    """What the mean gradients of two heads do at a measured epoch, and their gradients in the batches that follow."""
    start = when(measurement.epoch)
    cosine, angle, ratio = measurement.cosine(pair), measurement.angle(pair), ratio_of(measurement, pair)
    one, other = (names[head] for head in pair)
    if cosine is None or angle is None or ratio is None:
        reasons = []
        for head in pair:
            length = measurement.length(head)
            if not length:
                reasons.append(f"the gradient of {names[head]} is {'NaN or infinite' if length is None else 'zero'}")
        cause = listed(reasons) or "the product of the two gradients is NaN or infinite"
        return f"{start}, {cause}, so the angle between {one} and {other} is not defined."
    longer = ""
    if abs(ratio - 1) < _EQUAL:
        longer = "They are equally long."
    elif ratio > 1:
        longer = f"That of {other} is {short(ratio, 3)} times as long as that of {one}."
    else:
        longer = f"That of {one} is {short(1 / ratio, 3)} times as long as that of {other}."
    if abs(cosine) < ROUNDING:
        angle, verdict = 90.0, "they neither help nor harm each other"
    elif cosine > 1 - ROUNDING:
        angle, verdict = 0.0, "they have the same direction"
    else:
        verdict = "they conflict" if cosine < 0 else "they do not conflict"
    return (
        f"{start}, the gradients of {one} and {other} over all training sequences are {degrees(angle, 3)} apart: "
        f"{verdict}. {longer}{_in_batches(measurement, pair, cosine)}"
    )


def _in_batches(measurement: Measurement, pair: Pair, cosine: float) -> str:
    """In how many of the following batches two heads conflict, and why that differs from the gradients over all."""
    i, j = pair
    conflicting, comparable = measurement.conflicting[i][j], measurement.comparable[i][j]
    if not comparable:
        return ""
    sentence = f" {_conflicts_in(conflicting, comparable)}"
    whole = comparable if cosine <= -ROUNDING else 0
    if conflicting == whole:
        return f"{sentence}, too." if conflicting else f"{sentence}."
    if comparable == 1:  # it may have all sequences
        return f"{sentence}."
    return (
        f"{sentence}. A batch has only some of the sequences, so its gradients differ from those over all sequences, "
        "and so does the angle between them."
    )


def _conflicts_in(conflicting: int, comparable: int) -> str:
    """In how many batches the gradients conflict, as a sentence without its full stop."""
    if comparable == 1:
        return f"In the only batch that was compared, the gradients {'conflict' if conflicting else 'do not conflict'}"
    some = "all" if conflicting == comparable else f"{conflicting:,} of the" if conflicting else "none of the"
    return f"In {some} {comparable:,} batches, the gradients of the batch conflict"


def clamp_sentence(ratio: float | None, one: str, other: str) -> str:
    """A sentence if the compass cannot show the ratio of two lengths, with the ratio that it shows in its place."""
    if ratio is None or 1 / LARGEST_RATIO <= ratio <= LARGEST_RATIO:
        return ""
    limit = LARGEST_RATIO if ratio > 1 else 1 / LARGEST_RATIO
    return (
        f"The length of {other} ÷ that of {one} is {short(ratio, 3)}. The compass shows ratios "
        f"from {1 / LARGEST_RATIO:g} to {LARGEST_RATIO:g}; it uses {limit:g} in its place."
    )
