"""Verdicts on a topology in words: the epochs, the confidence, and the difference that the seeds could miss."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist, stdev

from backend import words
from backend.questions.base import Verdict
from backend.questions.pictures import Readings, Reference, Spread
from backend.questions.topologies.base import ANSWERS, Outcome, Topology, confidence

#: A difference counts as detectable if this share of repeated experiments would find it.
POWER = 0.8
_POWER_IN_WORDS = "four of five"
#: The cell of a table if there is no verdict.
NONE = "none"


def verdict(topology: Topology, epochs: int, result: Outcome) -> str:
    """What the seeds show after `epochs` epochs. If they show no difference, also what they could have missed."""
    seeds = len(result.differences)
    ours, theirs = f"“{topology.model.title}”", f"“{topology.baseline.title}”"
    if result.finding == "no verdict":
        unusable = sum(not math.isfinite(difference) for difference in result.differences)
        return (
            f"After {epochs} epochs there is no verdict on {ours} and {theirs}: for {unusable} of {seeds} seeds, a "
            "score is NaN or infinite."
        )
    name = topology.metric.name + ("" if topology.metric.higher_is_better else " (less is better)")
    gain = f"the median gain in {name} is {signed(result.median)}"
    interval = f"the {result.confidence:.0%} interval, {signed(result.low)} to {signed(result.high)},"
    if result.finding == "no difference":
        return (
            f"After {epochs} epochs, {seeds} seeds show no difference between {ours} and {theirs}: {gain}, and "
            f"{interval} contains 0. {_sensitivity_sentence(result)}"
        )
    return (
        f"After {epochs} epochs, over {seeds} seeds, {ours} is {result.finding} than {theirs}: {gain}, and {interval} "
        "does not contain 0."
    )


def judge(topology: Topology, short: Outcome, long: Outcome) -> Verdict:
    """The verdict after the longer training. The shorter one tells a better result from faster learning."""
    epochs, more = topology.lengths
    before, change = verdict(topology, epochs, short), comparison(topology, short, long)
    return Verdict(
        answer=ANSWERS.get(long.finding),
        finding=verdict(topology, more, long),
        why=" ".join(filter(None, [before, change, method(long.confidence)])),
        table=[_row(topology, *each) for each in ((epochs, short), (more, long))],
    )


def spread(topology: Topology, outcomes: Iterable[Outcome]) -> Spread:
    """The gain of each seed with its interval, a row for each length of the training."""
    rows = []
    for epochs, result in zip(topology.lengths, outcomes, strict=True):
        ends = (None, None) if result.finding == "no verdict" else (result.low, result.high)
        rows.append(Readings(f"after {epochs} epochs", result.differences, "", *ends))
    ours, theirs = topology.model.title, topology.baseline.title
    title = f"Gain in {topology.metric.name} of “{ours}” over “{theirs}”, seed by seed"
    return Spread(title, rows, Reference(0.0, "equal"), "linear")


def method(confidence: float) -> str:
    """How the scores are measured and compared."""
    return (
        "The scores are measured on the validation sequences. The interval contains the median of such differences "
        f"with {confidence:.0%} confidence, whatever their distribution. Its ends are two of the sorted differences, "
        "as in a sign test. The problems were tuned on other seeds."
    )


def _row(topology: Topology, epochs: int, result: Outcome) -> dict[str, str]:
    none = result.finding == "no verdict"
    return {
        "epochs": f"{epochs}",
        f"{topology.model.title}, median": words.short(result.model, 3),
        f"{topology.baseline.title}, median": words.short(result.baseline, 3),
        "median gain": NONE if none else signed(result.median),
        "interval": NONE if none else f"{signed(result.low)} to {signed(result.high)}",
    }


def comparison(topology: Topology, short: Outcome, long: Outcome) -> str:
    """What the longer training changes; empty if one of the outcomes has no verdict."""
    if "no verdict" in (short.finding, long.finding):
        return ""
    sign = 1 if topology.metric.higher_is_better else -1
    worse = sign * long.model < sign * short.model and sign * long.baseline < sign * short.baseline
    change = _change_sentence(topology, short, long)
    return (
        f"{change} Both median scores are worse than after {topology.epochs} epochs: the models overfit."
        if worse
        else change
    )


def _change_sentence(topology: Topology, short: Outcome, long: Outcome) -> str:
    """How the longer training changes the first finding."""
    epochs, more = topology.lengths
    before, after = signed(short.median), signed(long.median)
    gains = f"the median gain changed from {before} after {epochs} epochs to {after} after {more}"
    if short.finding == "no difference":
        if long.finding == "no difference":
            return "More training does not change this finding."
        return f"Only the longer training shows a difference: {gains}."
    if long.finding not in (short.finding, "no difference"):
        return f"More training reverses the finding: {gains}."
    rest = abs(long.median) / abs(short.median) if long.finding == short.finding else 0.0
    if rest >= 0.5:
        return f"The finding lasts: {gains}."
    left = "less than half of the lead is left" if rest else "the lead can no longer be told from chance"
    change = f"After {more} epochs, {left}: {gains}."
    seeds, shrunk = len(short.differences), _shrunk(short, long)
    if shrunk <= seeds / 2 or not _caught_up(topology, short, long):
        return change
    return (
        f"{change} In {shrunk} of {seeds} seeds, more than half of the lead is gone, and the other model has improved: "
        "most of the lead was faster learning."
    )


def _shrunk(short: Outcome, long: Outcome) -> int:
    """The number of seeds in which less than half of the first lead is left."""
    sign = 1 if short.finding == "better" else -1
    pairs = zip(short.differences, long.differences, strict=True)
    return sum(sign * first > 0 and sign * second < sign * first / 2 for first, second in pairs)


def _caught_up(topology: Topology, short: Outcome, long: Outcome) -> bool:
    """Whether the median score of the model behind has improved by more than the leader's has fallen."""
    sign = 1 if topology.metric.higher_is_better else -1
    model, baseline = sign * (long.model - short.model), sign * (long.baseline - short.baseline)
    leader, behind = (model, baseline) if short.finding == "better" else (baseline, model)
    return behind > 0 and behind > -leader


def _sensitivity_sentence(result: Outcome) -> str:
    size = smallest_detectable(result)
    if size == 0:
        return "All seeds gave the same difference, so these runs cannot tell what difference they could miss."
    return (
        f"These runs could miss a true difference below about {words.short(size, 3)}. With the scatter seen here, "
        f"{len(result.differences)} seeds would find a difference of that size in {_POWER_IN_WORDS} repetitions."
    )


def smallest_detectable(result: Outcome) -> float:
    """The true difference that as many seeds would find in `POWER` of repetitions; 0 if all differences are equal.

    This assumes that the differences are normally distributed, with the standard deviation of the observed ones. A
    difference is found if all seeds but at most `result.omitted` have its sign, because the interval then does not
    contain 0.
    """
    n = len(result.differences)
    low, high = 0.5, 1.0
    for _ in range(40):  # bisects the chance that one seed's difference has the right sign
        middle = (low + high) / 2
        power = sum(
            math.comb(n, wrong) * (1 - middle) ** wrong * middle ** (n - wrong) for wrong in range(result.omitted + 1)
        )
        low, high = (middle, high) if power < POWER else (low, middle)
    return stdev(result.differences) * NormalDist().inv_cdf(high)


def chance_of_false_finding(confidences: Iterable[float]) -> float:
    """The chance that at least one of several independent intervals misses its true median."""
    return 1 - math.prod(confidences)


def false_findings(topologies: Iterable[Topology]) -> str:
    """How likely it is that at least one of these verdicts finds a difference that does not exist, in sentences."""
    levels = [confidence(topology.seeds) for topology in topologies]
    least, most = min(levels), max(levels)
    percent = f"{least:.0%}" if f"{least:.0%}" == f"{most:.0%}" else f"{100 * least:.0f} to {most:.0%}"
    return (
        f"Each of the {len(levels)} models is judged by an interval with {percent} confidence. If none of them "
        f"differed from its baseline, the chance of at least one false finding would still be about "
        f"{chance_of_false_finding(levels):.0%}. The longer trainings raise this chance, and so does every other "
        "relatedness that you try."
    )


def signed(value: float) -> str:
    """`value` with its sign and three significant digits."""
    return ("−" if value < 0 else "+") + words.short(abs(value), 3)
