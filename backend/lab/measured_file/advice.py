"""What to try after a measurement that a visitor opens, with the evidence of a question of the Lab.

Callers pass the names of heads, already escaped for the place that shows the sentences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, mean
from typing import Any

from backend.experiment.optimizers import RULES
from backend.lab.gradients_words import percent
from backend.lab.measured_file.reader import MeasuredFile
from backend.lab.questions import QUESTIONS
from backend.lab.recorded import Recorded, recorded
from backend.statistics.intervals import CONFIDENCE
from backend.words import counted, listed, short

#: With fewer batches, a share of them says little.
FEWEST_BATCHES = 8
#: From this ratio on, a gradient counts as much longer than another one.
LONG = 10.0
#: Pairs that a sentence names.
_NAMED = 3
CRITERIA = (
    "Two heads clearly conflict here if the cosine between their gradients is below 0 at every measured epoch after "
    "the start, and the mean of their conflict rates is above a half by more than chance explains with this many "
    f"batches and pairs ({CONFIDENCE:.0%} confidence)."
)


@dataclass(frozen=True)
class Advice:
    """A headline, its reasons, and the questions of the Lab that are its evidence, by their keys."""

    headline: str
    sentences: Sequence[str]
    questions: Sequence[str] = ()


@dataclass(frozen=True)
class _Found:
    """Positions of pairs by what they show after the start. `longer` are those with one gradient much longer."""

    conflicting: Sequence[int]
    longer: Sequence[int]
    unclear: Sequence[int]
    undefined: Sequence[int]


def advise(file: MeasuredFile, names: Sequence[str]) -> Advice:
    """Advise what to try, or that there is no reason to change anything, or say why the file cannot tell."""
    if sentence := _too_little(file):
        return Advice("This file cannot tell whether to change anything.", [sentence])
    found = _found(file)
    both = [f"{names[i]} and {names[j]}" for i, j in file.pairs]
    conflicts, lengths = _conflict_sentences(file, found, both), _length_sentences(file, found, names)
    doubts = _doubts(found, both)
    if conflicts or lengths:
        questions = [*(["beat"] if conflicts else []), *(["scale"] if lengths else [])]
        return Advice("Try other loss weights.", [*conflicts, *lengths, *doubts], questions)
    if doubts:
        return Advice("This file cannot tell whether to change anything.", doubts)
    return Advice("These gradients give no reason to change anything.", _calm_sentences(file, both), ["conflict"])


def _too_little(file: MeasuredFile) -> str:
    """Why the measurement is too short to tell anything; empty if it is not."""
    if not file.after_start:
        return "It has only the start of the training, and gradients change in the first steps. Train for some epochs."
    if file.batches < FEWEST_BATCHES:
        return (
            f"Each measurement has {file.batches} batch{'' if file.batches == 1 else 'es'}, and a share of fewer than "
            f"{FEWEST_BATCHES} says little. Pass more rows to GradientConflict, or a smaller batch_size."
        )
    return ""


def _found(file: MeasuredFile) -> _Found:
    tested = len(file.pairs)
    above = 0.5 + NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / tested) * 0.5 / file.batches**0.5
    groups: dict[str, list[int]] = {"conflicting": [], "longer": [], "unclear": [], "undefined": []}
    for position in range(tested):
        figures = [entry.pairs[position] for entry in file.after_start]
        cosines = [each.cosine for each in figures if each.cosine is not None]
        rates = [each.conflict_rate for each in figures if each.conflict_rate is not None]
        ratios = [each.length_ratio for each in figures if each.length_ratio]
        if min(map(len, (cosines, rates, ratios))) < len(figures):
            groups["undefined"].append(position)
            continue
        against, often = max(cosines) < 0, mean(rates) > above
        if against and often:
            groups["conflicting"].append(position)
        elif against or often:
            groups["unclear"].append(position)
        if min(ratios) >= LONG or max(ratios) <= 1 / LONG:
            groups["longer"].append(position)
    return _Found(**groups)


def _conflict_sentences(file: MeasuredFile, found: _Found, both: Sequence[str]) -> list[str]:
    ranked = [position for position in file.most_conflicting if position in set(found.conflicting)]
    if not ranked:
        return []
    more = len(ranked) - 1
    also = f" So do {counted(more, 'other pair')}." if more > 1 else " So does one other pair." if more else ""
    return [
        f"{both[ranked[0]]} clearly conflict: after the start, the cosine between their gradients is below 0 at every "
        f"measured epoch, and they conflict in {_rate(file, ranked[0])} of the batches on average.{also}",
        "Tune the `loss_weights` before you use a method that removes conflict. " + _evidence("beat"),
    ]


def _length_sentences(file: MeasuredFile, found: _Found, names: Sequence[str]) -> list[str]:
    """The pair of heads whose gradients differ most in length, and by how much; empty if none is much longer."""
    if not found.longer:
        return []

    def least(position: int) -> float:
        ratios = [entry.pairs[position].length_ratio or 1.0 for entry in file.after_start]
        return max(min(ratios), 1 / max(ratios))

    position = max(found.longer, key=least)
    pair = file.pairs[position]
    first_is_longer = (file.after_start[0].pairs[position].length_ratio or 1.0) < 1
    long, other = (names[head] for head in (pair if first_is_longer else pair[::-1]))
    return [
        f"The gradient of {long} is at least {_at_least(least(position))} times as long as that of {other} at every "
        "measured epoch after the start. In the sum of the losses, it adds that much more to the trunk’s step. "
        f"Unless your `loss_weights` make up for that, give {long} a smaller one, or {other} a larger one. "
        + _evidence("scale")
    ]


def _at_least(ratio: float) -> str:
    """A ratio from `LONG` on with two digits, rounded down, so that it is a true lower bound."""
    ratio = min(ratio, 1e12)
    step = 10.0 ** (math.floor(math.log10(ratio)) - 1)
    return short(math.floor(ratio / step) * step, 2)


def _doubts(found: _Found, both: Sequence[str]) -> list[str]:
    """What the file leaves open."""
    sentences = []
    if found.undefined:
        sentences.append(
            f"After the start, not all figures of {_some(found.undefined, both)} are defined: a gradient is zero, NaN "
            "or infinite there. A loss whose gradient is zero does not move the trunk."
        )
    if found.unclear:
        sentences.append(
            f"Whether {_some(found.unclear, both)} conflict is not clear: the gradients over all rows and those of the "
            "batches disagree, or there are too few batches."
        )
    return sentences


def _calm_sentences(file: MeasuredFile, both: Sequence[str]) -> list[str]:
    most = file.most_conflicting[0]
    often = " most often:" if len(both) > 1 else ""
    return [
        f"No two heads clearly conflict, and no gradient is {LONG:g} times as long as another one at every measured "
        f"epoch after the start. {both[most]} conflict{often} in {_rate(file, most)} of the batches on average.",
        _evidence("conflict"),
    ]


def _rate(file: MeasuredFile, position: int) -> str:
    rates = [rate for entry in file.after_start if (rate := entry.pairs[position].conflict_rate) is not None]
    return percent(mean(rates), 1)


def _some(positions: Sequence[int], both: Sequence[str]) -> str:
    """The first pairs by name, and how many others there are."""
    if len(positions) == 1:
        return both[positions[0]]
    named = [f"({both[position]})" for position in positions[:_NAMED]]
    more = len(positions) - len(named)
    return listed([*named, *([counted(more, "other pair")] if more else [])])


def _evidence(key: str) -> str:
    """The recorded answers to a question; for "scale", each with its optimizer."""
    question = QUESTIONS[key]
    answers = {
        _settings(each).optimizer if key == "scale" else "": question.judge(each.evidence).answer or "not clear"
        for each in recorded()
        if each.question == key and _settings(each).problem != "own"
    }
    said = [f"“{answer}”{f' with {RULES[rule]}' if rule else ''}" for rule, answer in answers.items()]
    return (
        f"The recorded answer to question {question.number}, “{question.title}”, is {listed(said)}. It was measured on "
        "other networks than yours."
    )


def _settings(each: Recorded) -> Any:
    evidence: Any = each.evidence
    return evidence.settings
