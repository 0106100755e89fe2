"""The verdict of a sweep: whether one layer for all heads is faster at the most heads, with every point in a table."""

from __future__ import annotations

from collections.abc import Sequence

from backend.experiment.styles import STYLES
from backend.questions.base import Verdict
from backend.questions.pictures import Readings, Reference, Spread
from backend.questions.speed import findings
from backend.questions.speed.result import Point, Quantity, quartiles
from backend.questions.speed.sweep import COMPARED, MODES, Mode
from backend.statistics.intervals import CONFIDENCE, Difference
from backend.words import short

OPTIONS = ("longer", "no difference that can be measured", "shorter")
_ANSWERS: dict[Difference, str] = {"slower": OPTIONS[0], "within noise": OPTIONS[1], "faster": OPTIONS[2]}
#: Column title, and the number of its units in a second.
_COLUMNS: dict[Quantity, tuple[str, float]] = {
    "build": ("building (ms)", 1e3),
    "first_call": ("first call (s)", 1),
    "train": ("train step (ms)", 1e3),
    "infer": ("inference (ms)", 1e3),
}
_JOINED = "\u00a0"  # a space that keeps words on one line


def first_mode(points: Sequence[Point]) -> Mode:
    """The first mode that has points, in the order of the page."""
    return next((mode for mode in MODES if findings.of_mode(points, mode)), "fit")


def judge(points: Sequence[Point]) -> Verdict:
    """What the first mode shows at the most heads."""
    mode = first_mode(points)
    points_of_mode = findings.of_mode(points, mode)
    step_ratio = points_of_mode[-1].ratio if points_of_mode else None
    short_answer, figures = findings.answer(points, mode)
    reasons = [findings.explanation(points, mode), findings.compiler(points), findings.control(points, mode)]
    return Verdict(
        answer=_ANSWERS[step_ratio.verdict] if step_ratio else None,
        finding=f"Is {findings.FUSED} faster in `{MODES[mode].title}`? {short_answer}. {figures}".strip(),
        why="\n".join(f"- {reason}" for reason in reasons if reason),
        table=rows(points),
    )


def picture(points: Sequence[Point]) -> Spread:
    """The time of a train step with one layer per head ÷ that with one for all in the first mode, round by round."""
    mode, readings = first_mode(points), []
    for point in findings.of_mode(points, mode):
        above, below = (point.styles[style].train for style in COMPARED)
        ratios, step_ratio = [one / other for one, other in zip(above, below, strict=True)], point.ratio
        ends = (step_ratio.low, step_ratio.high) if step_ratio else (None, None)
        readings.append(Readings(findings.heads(point.k), ratios, "", *ends))
    compared = f"{findings.SEPARATE} ÷ {findings.FUSED}"
    title = f"Train step, {compared}, with the {CONFIDENCE:.0%} interval, in {MODES[mode].title}"
    return Spread(title, readings, Reference(1.0, "equally fast"))


def rows(points: Sequence[Point]) -> list[dict[str, str]]:
    """One row for each mode, number of heads and style: medians with quartiles, and counts."""
    table = []
    for point in points:
        for style, figures in point.styles.items():
            timed = {title: _cell(figures.seconds(key), factor) for key, (title, factor) in _COLUMNS.items()}
            table.append(
                {"mode": MODES[point.mode].title, "heads": str(point.k)}
                | {"style": STYLES[style].title.replace(" ", _JOINED), **timed}
                | {"operations": f"{figures.operations:,}", "variables": f"{figures.variables:,}"}
            )
    return table


def _cell(values: Sequence[float], factor: float) -> str:
    found = quartiles([factor * value for value in values])
    if found is None:
        return f"not{_JOINED}timed"
    if len(values) == 1:
        return short(found.median, 3)
    return f"{short(found.median, 3)}{_JOINED}({short(found.low, 3)}–{short(found.high, 3)})"
