"""The findings of a sweep as sentences: pure functions of its points. The Markdown holds only our words and numbers.

A model is named by its output layers, because two of the timed styles have one layer for all heads.
"""

from __future__ import annotations

from collections.abc import Sequence

from backend.experiment import Experiment
from backend.experiment.styles import STYLES
from backend.questions.pictures import Readings, Reference, Spread
from backend.questions.speed.result import Point, Quantity, quartiles, recorded
from backend.questions.speed.sweep import COMPARED, CONTROL, MODES, Mode
from backend.statistics.intervals import CONFIDENCE, Ratio
from backend.words import listed, ratio_words, short

#: Column title, and the number of its units in a second.
_COLUMNS: dict[Quantity, tuple[str, float]] = {
    "build": ("building (ms)", 1e3),
    "first_call": ("first call (s)", 1),
    "train": ("train step (ms)", 1e3),
    "infer": ("inference (ms)", 1e3),
}
_JOINED = "\u00a0"  # a space that keeps words on one line
#: The output layers of the two compared models, as all sentences call them.
SEPARATE, FUSED = "one layer per head", "one layer for all"


def of_mode(points: Sequence[Point], mode: Mode) -> list[Point]:
    """The points of one mode, few heads first."""
    return sorted((point for point in points if point.mode == mode), key=lambda point: point.k)


def heads(*ks: int) -> str:
    """`1 head`, `1, 2 and 8 heads`."""
    return f"{listed(ks)} {'head' if ks == (1,) else 'heads'}"


def trunk(experiment: Experiment) -> str:
    """What was timed besides the heads, in a few words: `10 × 2 → LSTM(32) → Dense(8), adam, batches of 32`."""
    architecture, training = experiment.architecture, experiment.training
    layers = [f"LSTM({units})" for units in architecture.lstm] + [f"Dense({d.units})" for d in architecture.dense]
    shape = f"{architecture.timesteps} × {architecture.features}"
    return f"{' → '.join([shape, *layers])}, {training.optimizer}, batches of {training.batch}"


def recorded_difference(heads: int) -> tuple[int, Ratio] | None:
    """The ratio of a train step in the recorded sweep, with the number of heads for which it was measured.

    That is `heads`, or the nearest smaller number. None if the sweep found no difference there.
    """
    points = [point for point in of_mode(recorded().points, "fit") if point.k <= heads]
    found = points[-1].ratio if points else None
    return (points[-1].k, found) if found is not None and found.decided else None


def times(found: Ratio) -> str:
    """`1.08 times (1.05 to 1.12)`."""
    interval = f" ({found.low:.2f} to {found.high:.2f})" if found.low is not None and found.high is not None else ""
    return f"{found.median:.2f} times{interval}"


def answered(points: Sequence[Point], mode: Mode, own: int) -> Point | None:
    """The point that the answer is about: the visitor's `own` number of heads, or the most heads if that is missing."""
    mine = {point.k: point for point in of_mode(points, mode)}
    return mine.get(own) or (mine[max(mine)] if mine else None)


def answer(point: Point | None) -> tuple[str, str]:
    """Whether one layer for all is faster: in a word or three, and in a sentence."""
    found = point.ratio if point else None
    if point is None or found is None:
        return "Not measured yet", "The first measurement will be here."
    where = f"With {heads(point.k)}"
    if found.low is None or found.high is None:
        return "No difference found", f"{where}, there are too few timings to find a difference."
    if not found.decided:
        return "No difference found", (
            f"{where}, no difference was found: {SEPARATE} takes {found.low:.2f} to {found.high:.2f} times as long as "
            f"{FUSED}."
        )
    low, high = (1 / found.high, 1 / found.low) if found.verdict == "faster" else (found.low, found.high)
    return "No" if found.verdict == "faster" else "Yes", (
        f"{where}, {FUSED} is {quicker(found)} than {SEPARATE} ({low:.2f} to {high:.2f})."
    )


def quicker(found: Ratio) -> str:
    """How a train step with one layer for all compares: `1.1 × quicker per step`."""
    if found.verdict == "faster":
        return f"{ratio_words(1 / found.median, 2)} × slower per step"
    return f"{ratio_words(found.median, 2)} × quicker per step"


def picture(points: Sequence[Point]) -> Spread:
    """The ratio of the train steps at each number of heads: of each round, with its interval."""
    rows = []
    for point in points:
        found = point.ratio
        above, below = (point.styles[style].train for style in COMPARED)
        ratios = [one / other for one, other in zip(above, below, strict=True)]
        low, high = (found.low, found.high) if found else (None, None)
        rows.append(Readings(heads(point.k), ratios, "", low, high))
    title = f"Train step, {SEPARATE} ÷ {FUSED}, with the {CONFIDENCE:.0%} interval"
    return Spread(title, rows, Reference(1.0, "equally fast"))


def control(points: Sequence[Point], mode: Mode) -> str:
    """By how much the timings of one network, built and compiled twice, differ."""
    ratios = [found.median for point in of_mode(points, mode) if (found := point.control)]
    if not ratios:
        return ""
    one, other = (STYLES[style].title for style in CONTROL)
    return (
        f"**Control.** {one} and {other} are the same network, with {FUSED}. The measured times of their "
        f"train steps differ by up to {max(abs(ratio - 1) for ratio in ratios):.1%}. Each interval covers the ratio of "
        f"{SEPARATE} to both of them."
    )


def explanation(points: Sequence[Point], mode: Mode) -> str:
    """Why separate heads can take longer, by the operations of the traced graphs."""
    mine = of_mode(points, mode)
    if not mine:
        return ""
    separate, fused = (mine[-1].styles[style].operations for style in COMPARED)
    at = heads(mine[-1].k)
    if separate <= fused:
        return f"With {at}, both models have the same graph: {fused:,} operations."
    return (
        f"Both models do the same arithmetic on the heads, but {SEPARATE} splits it into more operations: {separate:,} "
        f"at {at}, and {fused:,} with {FUSED}. {_COMPILED if mode == 'xla' else 'TensorFlow spends time on each.'}"
    )


_COMPILED = (
    "XLA compiles this graph before it runs, and may fuse several operations into one. So this number does not say how "
    "many run."
)


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
