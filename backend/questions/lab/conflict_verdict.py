"""Question 2, what it says: the most related tasks compared with the least related ones, seed by seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from backend.questions.base import Verdict
from backend.questions.lab.base import Question
from backend.questions.lab.conflict import Evidence, Series, Settings, code, refuse, seconds
from backend.questions.lab.words import CANNOT_TELL, MARGIN, MARKS, RHO, ends, finite_interval, median, shortened
from backend.questions.pictures import Line, Lines, Readings, Reference, Spread, of_task, on_dial
from backend.statistics.intervals import Interval
from backend.words import minus

#: The question compares tasks with little and with much in common, so the least and the largest |ρ| have bounds.
LEAST, LARGEST = 0.25, 0.75
#: The most pairs that are drawn: those that conflict most often.
MOST_PAIRS = 6
DASHES = ("solid", "dot", "dash", "dashdot", "longdash", "longdashdot")
OPTIONS = (
    "less often, the more the tasks have in common",
    "as often, whatever the tasks have in common",
    "more often, the more the tasks have in common",
)
_CONFLICT = (
    "Two heads conflict in a batch if the cosine between their gradients is below 0: a small step of gradient descent "
    "for one head alone makes the other head's loss rise. A gradient is that of a head's own loss with respect to the "
    "trunk. The gradients of a batch scatter around those of all training sequences, to which the cosine in the table "
    "belongs. So heads with a cosine above 0 may conflict in many batches. Rates and cosines are means over the "
    "measured epochs after the start, and medians over the seeds with their intervals."
)
_DIAL = (
    "ρ is the cosine between the directions that the two tasks read. At 0 they read uncorrelated values, and gradients "
    "without a common direction conflict in about half of the batches. At −1 one task reads the opposite direction. A "
    "head can turn the sign round with its own weights, so only |ρ| counts."
)


def judge(evidence: Evidence) -> Verdict:
    """Compare the least related tasks with the most related ones, seed by seed."""
    rows = _table(evidence)
    if not evidence.settings.dial:
        most = drawn_series(evidence)[0]
        finding = f"`{most.heads[0]}` and `{most.heads[1]}` conflict most often: in {_share(most)} of the batches. "
        finding += "Without the related pair of tasks, no relatedness can be set, so none of the answers applies."
        return Verdict(None, finding, _CONFLICT, rows)
    by_rho = sorted(evidence.series, key=lambda each: abs(each.rho or 0))
    low, high = by_rho[0], by_rho[-1]
    finding = (
        f"The two heads conflict in {_share(low)} of the batches at {low.label}, and in {_share(high)} at {high.label}."
    )
    answer = None
    if abs(low.rho or 0) > LEAST or abs(high.rho or 0) < LARGEST:
        finding += (
            f" These values of ρ do not reach far enough, so these runs cannot tell. Choose one ρ with |ρ| at most "
            f"{LEAST:g}, and one with |ρ| at least {LARGEST:g}."
        )
    else:
        answer = _answer(finite_interval(np.subtract(high.of_seeds("rates"), low.of_seeds("rates")).tolist()))
        finding += "" if answer else CANNOT_TELL
    return Verdict(answer, finding, f"{_CONFLICT}\n\n{_DIAL}", rows)


def _answer(interval: Interval | None) -> str | None:
    """The option that the interval of the differences between the most and the least related tasks gives."""
    if interval is None:
        return None
    if interval.low > -MARGIN and interval.high < MARGIN:
        return OPTIONS[1]
    if interval.high < 0:
        return OPTIONS[0]
    return OPTIONS[2] if interval.low > 0 else None


def _table(evidence: Evidence) -> list[dict[str, str]]:
    first = "relatedness" if evidence.settings.dial else "heads"
    return [
        {
            first: each.label,
            "batches in conflict": _share(each),
            "cosine": _value(each.of_seeds("cosines"), _two_digits),
            "batches in conflict at the start": _percent(median([rates[0] for rates in each.rates])),
        }
        for each in evidence.series
    ]


def _share(series: Series) -> str:
    return _value(series.of_seeds("rates"), _percent)


def _value(values: list[float], text: Callable[[float], str]) -> str:
    """The median with its interval."""
    bounds = finite_interval(values)
    return text(median(values)) + (f" ({text(bounds.low)} to {text(bounds.high)})" if bounds else "")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else "undefined"


def _two_digits(value: float) -> str:
    return minus(f"{value:z.2f}") if np.isfinite(value) else "undefined"


def picture(evidence: Evidence) -> Spread:
    """A row for each relatedness or pair: the share of the batches in which two heads conflict, by seed."""
    rows, note = _rows(evidence, "rates"), _note(evidence)
    return Spread("Share of the batches in conflict", rows, Reference(0.5, "half"), "percent", note=note)


def cosines(evidence: Evidence) -> Spread:
    """The same rows with the cosine between the gradients. Below 0 they conflict."""
    rows, note = _rows(evidence, "cosines"), _note(evidence)
    return Spread("Cosine between the gradients", rows, Reference(0.0, "90°"), "linear", note=note)


def by_epoch(evidence: Evidence) -> Lines:
    """The share of the batches in conflict over the epochs: a line for each row, the median of its seeds."""
    lines = [
        Line(
            series.label, [median(column) for column in zip(*series.rates, strict=True)], colour(evidence, row),
            DASHES[row % len(DASHES)],
        )
        for row, series in enumerate(drawn_series(evidence))
    ]  # fmt: skip
    title = "Share of the batches in conflict, by epoch"
    return Lines(title, evidence.settings.measured_epochs, lines, x_name="epoch")


def _note(evidence: Evidence) -> str:
    return f"{MARKS} {RHO}" if evidence.settings.dial else MARKS


def drawn_series(evidence: Evidence) -> list[Series]:
    """The series that are drawn: every relatedness in order, or the pairs that conflict most often."""
    if evidence.settings.dial:
        return sorted(evidence.series, key=lambda each: each.rho or 0.0)
    return sorted(evidence.series, key=lambda each: -np.nan_to_num(median(each.of_seeds("rates")), nan=-1))[:MOST_PAIRS]


def colour(evidence: Evidence, row: int) -> str:
    """The colour of a row: by its place on the dial, or by the position of its pair."""
    return on_dial(row / max(len(evidence.series) - 1, 1)) if evidence.settings.dial else of_task(row)


def _rows(evidence: Evidence, what: Literal["rates", "cosines"]) -> list[Readings]:
    heads = list(dict.fromkeys(head for series in evidence.series for head in series.heads))
    rows, names = [], dict(zip(heads, shortened(heads), strict=True))
    for row, series in enumerate(drawn_series(evidence)):
        values = series.of_seeds(what)
        label = series.label if series.rho is not None else ", ".join(names[head] for head in series.heads)
        rows.append(Readings(label, values, colour(evidence, row), *ends(finite_interval(values))))
    return rows


QUESTION = Question(
    key="conflict",
    number=2,
    title="Do my heads conflict?",
    question="Two heads train one trunk. In some batches their gradients conflict: a small step of gradient descent "
    "for one head alone raises the loss of the other. Two tasks can have nothing in common, or be equal. How often do "
    "their heads conflict?",
    options=OPTIONS,
    settings=Settings,
    evidence=Evidence,
    seconds=seconds,
    test=judge,
    draw=picture,
    code=code,
    refuse=refuse,
    needs="Keras and NumPy",
    published=(Settings(),),
)
