"""Question 5, what it says: each method against the tuned fixed weights, seed by seed.

Rates and weights are tuned on seeds of their own, so chance on the test seeds does not choose the best of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.questions.base import Verdict
from backend.questions.lab.base import Question
from backend.questions.lab.beat import (
    Entry,
    Evidence,
    Settings,
    best_rate,
    code,
    delta_m,
    passes,
    refuse,
    relative,
    score,
    seconds,
)
from backend.questions.lab.words import CANNOT_TELL, MARGIN, MARKS, ends, median, percent, with_interval
from backend.questions.pictures import Readings, Reference, Spread, of_method
from backend.statistics.intervals import Interval, interval
from backend.words import counted, listed, short

#: The least probability that the intervals of all methods contain their true medians. The rest, the probability to miss
#: one, is divided equally among the intervals (Bonferroni).
CONFIDENCE = 0.95
OPTIONS = (
    "yes: at least one method beats them",
    "no: at best, there is no difference",
    "no: every method is worse",
)
#: What is compared, in one sentence. The page shows it above the pictures.
DEFINITION = (
    "Δm compares a method with the tuned fixed weights on the same test seed: it is the geometric mean, over the "
    "heads, of the method’s test loss ÷ the test loss of the tuned fixed weights, minus 1. A lower loss is better, so "
    "a negative Δm is better."
)
Outcome = Literal["better", "worse", "no difference", "not better", "cannot tell"]


@dataclass(frozen=True)
class Difference:
    """Δm of a method against the tuned fixed weights: for each test seed, the median, and the interval of the median.

    `heads` are the median relative changes of the loss of each head. All are shares: -0.1 is 10 % lower.
    """

    entry: Entry
    seeds: tuple[float, ...]
    median: float
    interval: Interval | None
    heads: tuple[float, ...]

    @property
    def outcome(self) -> Outcome:
        """What the interval says. "not better" means that the method is better by at most `MARGIN`, or worse."""
        bounds = self.interval
        if bounds is None or np.isnan([bounds.low, bounds.high]).any():
            return "cannot tell"
        if bounds.high < 0:
            return "better"
        if bounds.low > 0:
            return "worse"
        if bounds.low < -MARGIN:
            return "cannot tell"
        return "no difference" if bounds.high <= MARGIN else "not better"


def reference(evidence: Evidence) -> Entry:
    """The tuned fixed weights: those with the least score on the tuning seeds, at their best rate."""
    return min(evidence.fixed, key=_tuning_score)


def _tuning_score(entry: Entry) -> float:
    return min(score(losses) for losses in entry.tuned)


def changes(entry: Entry, other: Entry) -> np.ndarray:
    """The relative change of each loss against `other` on the same seed, (seeds, heads)."""
    return relative(np.array(entry.tested, float), np.array(other.tested, float))


def difference(evidence: Evidence, entry: Entry) -> Difference:
    """Δm of the entry against the tuned fixed weights. A seed that compares nothing leaves no interval."""
    changed = changes(entry, reference(evidence))
    each = delta_m(changed)
    bounds = None if np.isnan(each).any() else interval(each.tolist(), confidence(evidence))
    return Difference(
        entry, seeds=tuple(each.tolist()), median=median(each), interval=bounds,
        heads=tuple(median(column) for column in changed.T),
    )  # fmt: skip


def differences(evidence: Evidence) -> tuple[Difference, ...]:
    """The difference of each method."""
    return tuple(difference(evidence, entry) for entry in evidence.methods)


def confidence(evidence: Evidence) -> float:
    """The confidence of each interval."""
    return 1 - (1 - CONFIDENCE) / len(evidence.methods)


def vertices(evidence: Evidence) -> list[Entry]:
    """The fixed weights that no others beat on both losses on the tuning seeds. The tuned ones are among them."""
    with np.errstate(all="ignore"):
        means = [np.log(np.array(each.tuned[best_rate(each.tuned)], float)).mean(axis=0) for each in evidence.fixed]
    front = [
        entry
        for entry, mean in zip(evidence.fixed, means, strict=True)
        if np.isfinite(mean).all() and not any((other < mean).all() for other in means)
    ]
    return front or [reference(evidence)]


def judge(evidence: Evidence) -> Verdict:
    """Compare each method with the tuned fixed weights, seed by seed."""
    compared, best = differences(evidence), reference(evidence)
    first = min(compared, key=lambda each: (each.outcome != "better", np.nan_to_num(each.median, nan=np.inf)))
    answer = None
    if math.isinf(_tuning_score(best)) or math.isnan(first.median):
        finding = (
            "With the tuned fixed weights, a loss became 0, NaN or infinite, so there is nothing to compare with. Try "
            "smaller rates."
        )
    else:
        answer = _answer([each.outcome for each in compared])
        finding = (
            f"Against the tuned fixed weights {best.title}, {first.entry.title} has a median Δm of "
            f"{with_interval(first.median, first.interval)}; lower is better.{'' if answer else CANNOT_TELL}"
        )
    return Verdict(answer, finding, _why(evidence), _table(evidence, compared))


def _answer(outcomes: list[Outcome]) -> str | None:
    """The option that holds; None if a method may be better and these seeds cannot tell."""
    if "better" in outcomes:
        return OPTIONS[0]
    if "cannot tell" in outcomes:
        return None
    return OPTIONS[2] if set(outcomes) == {"worse"} else OPTIONS[1]


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    margin = f"{100 * MARGIN:.0f}\u00a0%"
    parts = [
        f"Every fixed weighting and every method has the same effort: {counted(len(settings.rates), 'learning rate')} "
        f"× {counted(settings.tuning, 'tuning seed')}. Of {len(evidence.fixed)} fixed weightings, "
        f"{reference(evidence).title} has the least geometric mean of the losses in tuning. The test has other seeds "
        "and other sequences, so luck in the test chooses neither weights nor rates.",
        f"Each interval is that of the median Δm over {settings.seeds} test seeds, with a confidence of at least "
        f"{100 * confidence(evidence):.1f}\u00a0%; all together hold with {100 * CONFIDENCE:.0f}\u00a0% (Bonferroni). "
        f"“better” and “worse”: it excludes 0. “no difference”: it lies within ±{margin}. “not better”: the method may "
        f"be worse, or better by at most {margin}. “cannot tell”: it may be better by more.",
        "Research does not agree: see [Kurin et al. 2022](https://arxiv.org/abs/2201.04122) for the plain sum, and "
        "[Hu et al. 2023](https://arxiv.org/abs/2308.13985) against fixed weights. This is one network on one set of "
        "sequences.",
    ]
    if settings.problem == "related":
        # Ten variants of the trunk, the inputs, the noise, ρ and the rates were measured before this one was chosen.
        parts.append(
            "The problem is not a typical one. It was chosen among about ten because its intervals are narrow; on most "
            "of the others, these methods gave “cannot tell”."
        )
    return "\n\n".join(parts)


def _table(evidence: Evidence, compared: Iterable[Difference]) -> list[dict[str, str]]:
    best = reference(evidence)
    equal = next((each for each in evidence.fixed if np.ptp(each.weights) < 1e-9), best)
    rows = [_row(evidence, best, None, f"fixed weights {best.title}, tuned")]
    if equal is not best:
        rows.append(_row(evidence, equal, None, f"fixed weights {equal.title}, the sum"))
    return [*rows, *(_row(evidence, each.entry, each, each.entry.title) for each in compared)]


def _row(evidence: Evidence, entry: Entry, compared: Difference | None, title: str) -> dict[str, str]:
    own = difference(evidence, entry)
    is_best = entry is reference(evidence)
    row = {"method": title, "median Δm": "reference" if is_best else percent(own.median)}
    bounds = compared.interval if compared else None
    row["interval"] = f"{percent(bounds.low)} to {percent(bounds.high)}" if bounds else "–"
    row["verdict"] = compared.outcome if compared else "–"
    for position, head in enumerate(evidence.settings.heads):
        change = "" if is_best else f" ({percent(own.heads[position])})"
        row[f"median loss of {head}"] = short(median([each[position] for each in entry.tested]), 3) + change
    row["rate"] = short(entry.rate, 3)
    row["backward passes a step"] = str(passes(entry.key, len(evidence.settings.heads)))
    return row


def picture(evidence: Evidence) -> Spread:
    """A row for each method: Δm against the tuned fixed weights, by test seed."""
    compared, best = differences(evidence), reference(evidence).title
    rows = [
        Readings(each.entry.short_title, each.seeds, of_method(each.entry.key), *ends(each.interval))
        for each in compared
    ]
    better = [each.entry.short_title for each in compared if each.outcome == "better"]
    title = f"No method clearly beats the tuned fixed weights {best}"
    if better:
        title = f"{listed(better)} {'beats' if len(better) == 1 else 'beat'} the tuned fixed weights {best}"
    about = f"Change of the losses (Δm) against the tuned fixed weights {best}: negative is better"
    return Spread(title, rows, Reference(0.0, "fixed weights"), "percent", about, MARKS)


QUESTION = Question(
    key="beat",
    number=5,
    title="Does any method beat tuned fixed weights?",
    question="You try several pairs of `loss_weights`, tune the learning rate of each, and keep the best. Each method "
    "gets its rates tuned with the same effort. On new seeds, does any method beat the fixed weights that you kept?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    refuse=refuse,
    test=judge,
    draw=picture,
    code=code,
    needs="Keras and NumPy",
    published=(Settings(),),
)
