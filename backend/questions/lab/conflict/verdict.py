"""The verdict of question 2: the most related tasks compared with the least related ones, seed by seed."""

from __future__ import annotations

import numpy as np

from backend.questions.base import Verdict
from backend.questions.lab.conflict.evidence import Evidence, Series, spread
from backend.statistics.intervals import Interval
from backend.words import listed, minus

#: Conflict rates that differ by less than this count as equal.
EQUAL = 0.05
#: The question compares tasks with little and with much in common, so the least and the largest |ρ| have bounds.
LEAST, LARGEST = 0.25, 0.75
OPTIONS = (
    "less often, the more the tasks have in common",
    "as often, whatever the tasks have in common",
    "more often, the more the tasks have in common",
)


def judge(evidence: Evidence) -> Verdict:
    """Compare the least related tasks with the most related ones, seed by seed."""
    settings = evidence.settings
    often = f"These are medians of {settings.seeds} seeds with their intervals, after the start of the training."
    if not settings.dial:
        rows = sorted(evidence.series, key=lambda each: -_median(each.of_seeds("rates")))[:3]
        clauses = [f"heads {_quoted_names(each)} conflict in {_share(each)} of the batches" for each in rows]
        finding = (
            f"{_capital(listed(clauses))}. {often} Without the related pair of tasks, no relatedness can be set, so "
            "none of the answers applies."
        )
        return Verdict(None, finding, _why(evidence), _table(evidence))
    ends = evidence.ends
    if ends is None:
        finding = "All these values of ρ are equal except for the sign, so these runs cannot tell."
        return Verdict(None, finding, _why(evidence), _table(evidence))
    low, high = ends
    difference = np.subtract(high.of_seeds("rates"), low.of_seeds("rates")).tolist()
    interval = spread(difference)
    finding = (
        f"The two heads conflict in {_share(low)} of the batches at {low.label}, and in {_share(high)} at "
        f"{high.label}. {often}"
    )
    if abs(low.rho or 0) > LEAST or abs(high.rho or 0) < LARGEST:
        finding += (
            " These values of ρ do not reach far enough, so these runs cannot tell. Choose one ρ with |ρ| at "
            f"most {LEAST:g}, and one with |ρ| at least {LARGEST:g}."
        )
        return Verdict(None, finding, _why(evidence), _table(evidence))
    answer = _answer(interval)
    if answer is None:
        finding += " These runs cannot tell which answer is right."
    return Verdict(answer, finding, _why(evidence), _table(evidence))


def _answer(interval: Interval | None) -> str | None:
    """The option that the interval of the differences between the most and the least related tasks gives."""
    if interval is None:
        return None
    if interval.low > -EQUAL and interval.high < EQUAL:
        return OPTIONS[1]
    if interval.high < 0:
        return OPTIONS[0]
    return OPTIONS[2] if interval.low > 0 else None


def _why(evidence: Evidence) -> str:
    settings = evidence.settings
    parts = [
        "Two heads conflict in a batch if the cosine between their gradients is below 0: a small step of gradient "
        "descent for one head alone makes the other head's loss rise. A gradient is that of a head's own loss with "
        "respect to the trunk. Each head's loss counts 1 in the training. In the table, the cosine is that between the "
        "gradients of all training sequences. A batch has only some of the sequences, so its gradients scatter around "
        "these: heads with a cosine above 0 may conflict in many batches."
    ]
    if settings.dial:
        parts.append(
            "ρ is the cosine between the directions that the two tasks read. At 1 the tasks are equal except for their "
            "noise. At 0 they read uncorrelated values, and gradients without a common direction conflict in about "
            "half of the batches. At −1 one task reads the opposite direction. A head can turn the sign round with its "
            "own weights. So the tasks have nearly as much in common as at 1, and only |ρ| counts."
        )
    parts.append(
        "At the start, the weights are random, and the rate says little about the tasks. It counts from the first "
        "measured epoch after the start."
    )
    if len(settings.experiment.architecture.heads) > 2 and settings.dial:
        parts.append("The other heads of the network are trained, too; only the related pair is compared.")
    if any(not np.isfinite(each.of_seeds("rates")).all() for each in evidence.series):
        parts.append(
            "In some trainings a gradient was zero, NaN or infinite in every batch. Such a training has no rate, and "
            "its row has no interval."
        )
    return "\n\n".join(parts)


def _table(evidence: Evidence) -> list[dict[str, str]]:
    first = "relatedness" if evidence.settings.dial else "heads"
    return [
        {
            first: each.label,
            "batches in conflict": _share(each),
            "cosine": _cosine(each),
            "batches in conflict at the start": _percent(_median([rates[0] for rates in each.rates])),
        }
        for each in evidence.series
    ]


def _share(series: Series) -> str:
    """The median of the conflict rate with its interval."""
    values = series.of_seeds("rates")
    interval = spread(values)
    median = _percent(_median(values))
    return median if interval is None else f"{median} ({100 * interval.low:.0f} to {_percent(interval.high)})"


def _cosine(series: Series) -> str:
    values = series.of_seeds("cosines")
    interval = spread(values)
    median = _two_digits(_median(values))
    return median if interval is None else f"{median} ({_two_digits(interval.low)} to {_two_digits(interval.high)})"


def _median(values: list[float]) -> float:
    """The median; NaN if a value is undefined."""
    return float(np.median(values)) if np.isfinite(values).all() else float("nan")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else "undefined"


def _two_digits(value: float) -> str:
    return minus(f"{value:z.2f}") if np.isfinite(value) else "undefined"


def _quoted_names(series: Series) -> str:
    return " and ".join(f"`{name}`" for name in series.heads)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
